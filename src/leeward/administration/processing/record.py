"""Reads the record of processing and holds it against the tables."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

FILE = Path(__file__).with_name("record.toml")
NONE, STAFF_ACT = "none", "staff_act"  # says nothing about a person; who of the staff did it
# Fields that say something only with the row they stand in.
_PLAIN = (
    models.AutoField,
    models.BooleanField,
    models.DateField,
    models.DurationField,
    models.FloatField,
    models.IntegerField,
    models.TimeField,
)


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose for which data about people are kept."""

    name: str
    purpose: str
    about: tuple[str, ...]
    recipients: tuple[str, ...]
    kept: tuple[tuple[str, str], ...]
    promises: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]  # by class of data: table and field


def activities() -> list[Activity]:
    """Return every activity in the order of the file."""
    return [
        Activity(
            name=name,
            purpose=row["purpose"],
            about=tuple(row["about"]),
            recipients=tuple(row["recipients"]),
            kept=tuple((what, how) for what, how in row["kept"]),
            promises=tuple(row["promises"]),
            fields=_by_class(row["tables"]),
        )
        for name, row in _file()["activities"].items()
    ]


def classes() -> dict[str, str]:
    """Return the classes of data with what each is."""
    return dict(_file()["classes"])


def erasers() -> dict[str, str]:
    """Return the fields that can hold the name or the address of a member of staff, and by what it is taken out."""
    return dict(_file()["erased_with_staff"])


def texts() -> dict[str, str]:
    """Return every text field that the record names, and its class."""
    return {
        f"{label}.{field}": name
        for row in _file()["activities"].values()
        for label, fields in row["tables"].items()
        for name, listed in fields.items()
        for field in listed.split()
    }


def is_about_nobody(label: str, name: str) -> bool:
    """Return whether a field of a table holds text that says nothing about a person."""
    rows = [row["tables"][label] for row in _file()["activities"].values() if label in row["tables"]]
    return any(name in row.get(NONE, "").split() for row in rows)


def faults() -> Iterator[str]:
    """Return what the record leaves out, names twice, or names without it being there."""
    named = [(label, fields) for row in _file()["activities"].values() for label, fields in row["tables"].items()]
    tables = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
    labels = [label for label, _fields in named]
    yield from (f"{label} stands twice" for label in {one for one in labels if labels.count(one) > 1})
    yield from (f"{label} is in no activity" for label in sorted(tables.keys() - set(labels)))
    yield from (f"{label} is no table" for label in sorted(set(labels) - tables.keys()))
    for label, fields in named:
        yield from (f"{label}: there is no class {name}" for name in fields.keys() - classes().keys() - {NONE})
        classed = [field for listed in fields.values() for field in listed.split()]
        wanted = set(texts_of(tables[label])) if label in tables else set()
        yield from (f"{label}.{field} is in no class" for field in sorted(wanted - set(classed)))
        yield from (f"{label}.{field} is not there, holds no text, or stands twice" for field in _odd(classed, wanted))


def texts_of(model: type[models.Model]) -> list[str]:
    """Return the fields of a table that can hold text, or anything else that could say who somebody is."""
    return [field.name for field in model._meta.local_fields if not field.is_relation and not isinstance(field, _PLAIN)]


def _odd(classed: list[str], wanted: set[str]) -> list[str]:
    return sorted({field for field in classed if field not in wanted or classed.count(field) > 1})


def _by_class(tables: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {name: [] for name in classes()}
    for label, fields in tables.items():
        for name, listed in fields.items():
            if name != NONE:
                found[name] += [f"{label}.{field}" for field in listed.split()]
        found[STAFF_ACT] += [f"{label}.{field}" for field in _accounts(label)]
    return {name: tuple(sorted(fields)) for name, fields in found.items() if fields}


def _accounts(label: str) -> list[str]:
    """Return the fields of a table that name an account."""
    fields = apps.get_model(label)._meta.local_fields
    return [field.name for field in fields if field.is_relation and _is_account(field.related_model)]


def _is_account(model: Any) -> bool:
    return bool(model is apps.get_model(settings.AUTH_USER_MODEL))


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
