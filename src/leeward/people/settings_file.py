"""What of a hotline's settings goes into a file and comes back: each slice names its sections in its module `portable`.

A section reads plain values (text, numbers, lists, tables) and takes them back by the services that its pages use, so that a
file is checked as a form is. Nothing secret is in a section.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from leeward.ground.actor import Actor

VERSION = 1
type Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the file.

    `read(hotline_id)` gives its values; `take(hotline_id, values, actor)` changes what differs, in the caller's transaction.
    `keys` are the only ones it knows, each with the kind of its value; with `is_table` they are those of every row, and the
    keys of the section are names. Where `applies` says no of a hotline, the section is neither written nor taken for it.
    `missing` names the secrets that have to be typed again after a file was taken.
    """

    name: str
    keys: Mapping[str, type]
    read: Callable[[int], Plain]
    take: Callable[[int, Plain, Actor], None]
    is_table: bool = False
    applies: Callable[[int], bool] = lambda _: True
    missing: Callable[[int], list[str]] = lambda _: []


_SECTIONS: dict[str, Section] = {}


def offer(section: Section) -> None:
    """Put a section into the file."""
    _SECTIONS[section.name] = section


def sections() -> list[Section]:
    """Every section, in the order in which they are taken: lower slices first."""
    for config in apps.get_app_configs():
        if config.name.startswith("leeward.") and find_spec(f"{config.name}.portable"):
            import_module(f"{config.name}.portable")
    return list(_SECTIONS.values())


def sections_for(hotline_id: int) -> list[Section]:
    """The sections that this hotline's file has."""
    return [section for section in sections() if section.applies(hotline_id)]
