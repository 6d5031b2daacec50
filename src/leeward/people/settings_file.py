"""The settings file, in which a hotline's settings are exported and imported: each slice registers its sections in its
module `portable`.

A section exports plain values (text, numbers, lists, tables) and imports them through the services that its pages use,
so that a file is validated like a form. A section never contains secrets; `by_hand` says what must be entered again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import NoneType
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

from leeward.foundation.actor import Actor

VERSION = 1
type Plain = Mapping[str, Any]
type Kind = type | tuple[type, ...]
NUMBER: Kind = (int, float)
NUMBER_OR_NOTHING: Kind = (int, float, NoneType)


def _nothing(hotline_id: int, values: Plain) -> list[str]:
    return []


def _always(hotline_id: int) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the file.

    `read(hotline_id)` gives its values; `take(hotline_id, values, actor)` changes what differs, in the caller's
    transaction. `keys` are the only keys it knows, each with the type or types of its value; with `is_table` they are
    those of every row, and the keys of the section are names. `take` may get only some of the rows, and leaves a row
    alone if it is unchanged. `title` is what pages call it. `by_hand(hotline_id, values)` returns sentences about what
    people still have to do after these rows were imported. If `applies` is false for a hotline, the section is neither
    written nor imported for it.
    """

    name: str
    keys: Mapping[str, Kind]
    read: Callable[[int], Plain]
    take: Callable[[int, Plain, Actor], None]
    is_table: bool = False
    title: str | Promise = ""
    by_hand: Callable[[int, Plain], list[str]] = _nothing
    applies: Callable[[int], bool] = _always


_SECTIONS: dict[str, Section] = {}


def offer(section: Section) -> None:
    """Register a section of the file."""
    _SECTIONS[section.name] = section


def sections() -> list[Section]:
    """Return every section in the order of import: lower slices first, so that whatever a row names exists."""
    places: dict[str, int] = {}
    for place, config in enumerate(apps.get_app_configs()):
        name = f"{config.name}.portable"
        if config.name.startswith("leeward.") and find_spec(name):
            import_module(name)
            places[name] = place
    return sorted(_SECTIONS.values(), key=lambda section: places.get(_module_of(section.read), len(places)))


def _module_of(function: Callable[..., object]) -> str:
    return str(getattr(function, "func", function).__module__)  # also of a partial one


def sections_for(hotline_id: int) -> list[Section]:
    """Return the sections that apply to this hotline; each condition is evaluated once."""
    every = sections()
    applies = {condition: condition(hotline_id) for condition in {section.applies for section in every}}
    return [section for section in every if applies[section.applies]]
