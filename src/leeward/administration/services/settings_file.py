"""A hotline's settings as one file: written, compared, taken back whole or not at all."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, transaction

from leeward.audit.services import record, turn
from leeward.ground.actor import Actor
from leeward.ground.errors import BadInput, NotAllowed
from leeward.people import queries as people
from leeward.people.rules.permissions import may
from leeward.people.settings_file import VERSION, Section, sections, sections_for

MOST_BYTES = 2_000_000
HEAD = "leeward_settings"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the file would change: where, what it is, what it would be; `None` where there is nothing."""

    place: str
    now: Any
    then: Any


def write_settings(hotline_id: int) -> str:
    """The file: JSON, the same settings always the same text."""
    parts = {section.name: section.read(hotline_id) for section in sections_for(hotline_id)}
    head = {HEAD: VERSION, "of": people.hotline(hotline_id).slug}
    return json.dumps(head | parts, indent=2, ensure_ascii=False, sort_keys=False) + "\n"


def differences(hotline_id: int, text: str) -> list[Difference]:
    """What taking a file would change. Raises BadInput for a newer version, unknown keys, and what is no such file."""
    return list(_differing(hotline_id, _read(text)))


def take_settings(hotline_id: int, text: str, *, actor: Actor, dry_run: bool = False) -> list[Difference]:
    """Take a file, in one transaction; return what it changed. A trial run does the same and takes everything back.

    What the file doesn't name stays as it is: nothing is deleted. Raises BadInput, and whatever the services say.
    """
    decision = may(actor, "hotline.edit", hotline_id)
    if not decision:
        raise NotAllowed(reason=decision.reason)
    said = _read(text)
    with turn(hotline_id):
        found = list(_differing(hotline_id, said))
        if found:
            _take(hotline_id, said, found, actor)
        if dry_run:
            transaction.set_rollback(True)
    return found


def to_type_again(hotline_id: int) -> list[str]:
    """The secrets that a file can't bring and that are missing now, by the names that stand before their fields."""
    return [name for section in sections_for(hotline_id) for name in section.missing(hotline_id)]


def _take(hotline_id: int, said: Mapping[str, Any], found: list[Difference], actor: Actor) -> None:
    touched = sorted({one.place.split(".")[0] for one in found})
    for section in sections_for(hotline_id):
        if section.name in touched:
            try:
                section.take(hotline_id, said[section.name], actor)
            except (TypeError, ValueError, AttributeError, ValidationError, DataError) as error:
                raise BadInput(what=section.name, why="a value has the wrong kind") from error
    facts = {"sections": touched, "changes": len(found)}
    record("settings.imported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)


def _read(text: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise BadInput(what="the file", why="it is longer than 2 MB")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(what="the file", why="it is not JSON") from error
    if not isinstance(said, dict) or not isinstance(said.get(HEAD), int):
        raise BadInput(what="the file", why=f"it has no {HEAD}; leeward settings export writes one")
    if said[HEAD] > VERSION:
        raise BadInput(what="the file", why=f"its version is {said[HEAD]}, and this Leeward knows {VERSION}")
    known = {section.name: section for section in sections()}
    for name, values in said.items():
        if name not in (HEAD, "of"):
            _check(known.get(name), name, values)
    return {name: values for name, values in said.items() if name in known}


def _check(section: Section | None, name: str, values: Any) -> None:
    if section is None:
        raise BadInput(what=name, why="there is no such section")
    rows = values.items() if section.is_table and isinstance(values, dict) else [("", values)]
    for key, row in rows:
        place = f"{name}.{key}" if key else name
        if not isinstance(row, dict):
            raise BadInput(what=place, why="it is not a table of names and values")
        for name_of, value in row.items():
            if name_of not in section.keys:
                raise BadInput(what=f"{place}.{name_of}", why="there is no such setting")
            if type(value) is not section.keys[name_of] or not _is_flat(value):
                raise BadInput(
                    what=f"{place}.{name_of}", why=f"it must be of the kind {section.keys[name_of].__name__}"
                )


def _is_flat(value: Any) -> bool:
    """Whether a list holds nothing but texts and numbers."""
    return not isinstance(value, list) or all(type(one) in (str, int) for one in value)


def _differing(hotline_id: int, said: Mapping[str, Any]) -> Iterator[Difference]:
    for section in sections_for(hotline_id):
        if section.name in said:
            now = section.read(hotline_id)
            yield from _compared(section.name, now, said[section.name])


def _compared(place: str, now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[Difference]:
    for name, value in then.items():
        before = now.get(name)
        if isinstance(value, dict):
            yield from _compared(f"{place}.{name}", before if isinstance(before, dict) else {}, value)
        elif before != value:
            yield Difference(f"{place}.{name}", before, value)
