"""A hotline's settings as one file: exported, tried, and imported as a whole or not at all."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.administration.errors import ChangedMeanwhile, SettingsRefused
from leeward.administration.rules.taking_out import WHYS
from leeward.administration.services.settings_text import read, written
from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, LeewardError
from leeward.people import queries as people_queries
from leeward.people.services import authorize
from leeward.people.settings_file import Plain, Section, sections, sections_for

MOST_REFUSED = 50
_WRONG = (TypeError, ValueError, AttributeError, KeyError, OverflowError, ValidationError, DataError, IntegrityError)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the file changes: where, its old and its new value; `now` is None if the row is new."""

    section: str
    row: str
    name: str
    now: Any
    then: Any
    is_new: bool = False

    @property
    def place(self) -> str:
        """Return section, row and name, separated by dots."""
        return ".".join(part for part in (self.section, self.row, self.name) if part)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that can't be imported, and why."""

    section: str
    row: str
    why: str

    @property
    def place(self) -> str:
        """Return section and row."""
        return f"{self.section}.{self.row}" if self.row else self.section


@dataclass(slots=True)
class Outcome:
    """The result of importing a file: what changes, what is refused, how much stays the same, what people still have to
    do by hand."""

    of: str
    parts: list[str]
    changed: list[Difference] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    same: int = 0
    by_hand: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Return a digest that differs if anything else would happen."""
        return sha256(repr((self.changed, self.refused, self.by_hand)).encode()).hexdigest()


def write_settings(
    hotline_id: int, *, only: Collection[str] = (), actor: Actor | None = None, why: str = "by_command"
) -> str:
    """Return the file, or only some of its sections. The log records who exported it, with the reason's code."""
    if actor is not None:
        authorize(actor, "hotline.edit", hotline_id)
    if why not in (*WHYS, "by_command"):
        raise BadInput(what=_("The reason"), why=_("it is not one of the reasons offered"))
    known = {section.name: section for section in sections_for(hotline_id)}
    unknown = sorted(set(only) - set(known))
    if unknown:
        raise BadInput(what=unknown[0][:60], why=_("there is no such section"))
    with hotline_transaction(hotline_id):
        parts = {name: one.read(hotline_id) for name, one in known.items() if not only or name in only}
        text = written(people_queries.hotline(hotline_id).slug, parts)
        if actor is not None:
            facts = {"sections": sorted(parts), "why": why}
            subject = f"hotline:{hotline_id}"
            record("settings.exported", actor=actor, hotline_id=hotline_id, subject=subject, facts=facts)
    return text


def try_settings(hotline_id: int, text: str, *, actor: Actor, only: Collection[str] = ()) -> Outcome:
    """Do what importing a file would do, record the result, and roll everything back. Raises BadInput, NotAllowed."""
    return _done(hotline_id, text, actor=actor, only=only, keep=False)


def take_settings(
    hotline_id: int,
    text: str,
    *,
    actor: Actor,
    dry_run: bool = False,
    only: Collection[str] = (),
    as_seen: str | None = None,
) -> Outcome:
    """Import a file in one transaction; a trial run does the same and rolls everything back.

    Whatever the file doesn't name stays as it is: nothing is deleted. `as_seen` is the digest of the outcome that a
    person confirmed. Raises BadInput, SettingsRefused, ChangedMeanwhile, NotAllowed.
    """
    with hotline_transaction(hotline_id):
        outcome = _done(hotline_id, text, actor=actor, only=only, keep=not dry_run)
        if outcome.refused:
            raise SettingsRefused(lines="\n".join(f"{one.place}: {one.why}" for one in outcome.refused))
        if as_seen is not None and outcome.digest != as_seen:
            raise ChangedMeanwhile
    return outcome


def _done(hotline_id: int, text: str, *, actor: Actor, only: Collection[str], keep: bool) -> Outcome:
    authorize(actor, "hotline.edit", hotline_id)
    of, document = read(text, sections(), only)
    known = [section for section in sections_for(hotline_id) if section.name in document]
    outcome = Outcome(of, [section.name for section in known])
    with hotline_transaction(hotline_id):
        for section in known:
            _take(section, hotline_id, document[section.name], actor, outcome)
        if outcome.changed and not outcome.refused:
            facts = {"sections": sorted({one.section for one in outcome.changed}), "changes": len(outcome.changed)}
            subject = f"hotline:{hotline_id}"
            record("settings.imported", actor=actor, hotline_id=hotline_id, subject=subject, facts=facts)
        if not keep or outcome.refused:
            transaction.set_rollback(True)
    return outcome


def _take(section: Section, hotline_id: int, given: Plain, actor: Actor, outcome: Outcome) -> None:
    """Import what differs and read the result again, so that the changes are what actually differs afterwards."""
    before = section.read(hotline_id)
    if section.is_table:
        wanted: Plain = {name: row for name, row in given.items() if _differs(before.get(name), row)}
        outcome.same += len(given) - len(wanted)
    else:
        wanted = given if _differs(before, given) else {}
        outcome.same += not wanted
    if wanted:
        outcome.refused += list(_refused(section, hotline_id, wanted, actor))[: MOST_REFUSED - len(outcome.refused)]
        outcome.changed += _compared(section, before, section.read(hotline_id))
        outcome.by_hand += section.by_hand(hotline_id, wanted)


def _differs(before: Any, row: Mapping[str, Any]) -> bool:
    return before is None or any(name not in before or before[name] != value for name, value in row.items())


def _refused(section: Section, hotline_id: int, values: Plain, actor: Actor) -> Iterator[Refusal]:
    """Import rows together; if that fails, halve them until the rows that can't be imported are found. The others are
    imported."""
    try:
        with transaction.atomic():
            section.take(hotline_id, values, actor)
        return
    except LeewardError as error:
        why = error.text
    except _WRONG:
        why = _("a value has the wrong kind, or can’t be kept")
    names = list(values)
    if not section.is_table or len(names) == 1:
        yield Refusal(section.name, names[0] if section.is_table else "", why)
        return
    half, found = len(names) // 2, 0
    for some in (names[:half], names[half:]):
        for one in _refused(section, hotline_id, {name: values[name] for name in some}, actor):
            found += 1
            yield one
            if found >= MOST_REFUSED:
                return


def _compared(section: Section, before: Plain, after: Plain) -> list[Difference]:
    if not section.is_table:
        return list(_leaves(section.name, "", before, after, is_new=False))
    return [
        one
        for row, values in after.items()
        if before.get(row) != values
        for one in _leaves(section.name, row, before.get(row, {}), values, is_new=row not in before)
    ]


def _leaves(section: str, row: str, before: Plain, after: Plain, *, is_new: bool) -> Iterator[Difference]:
    for name, value in after.items():
        was = before.get(name)
        if isinstance(value, dict) and value:
            for inner, text in value.items():
                had = was.get(inner) if isinstance(was, dict) else None
                if had != text:
                    yield Difference(section, row, f"{name}.{inner}", had, text, is_new)
        elif was != value or (is_new and value not in ("", [], None)):
            yield Difference(section, row, name, was, value, is_new)
