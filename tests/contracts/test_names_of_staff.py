"""Whoever did something is kept by number. Where a field holds a name or an address of staff, the record of processing names what takes
it out when they are erased; a field that is called by who did it and holds neither is listed here."""

import ast
import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from leeward.administration.processing import record
from leeward.installation.models import Change
from leeward.languages.models import LanguageReview
from tests.personas import Cast

SOURCE = Path(__file__).parents[2] / "src" / "leeward"
WHO = re.compile(r"(^|_)(by|by_name|by_label|reader)$")
LABEL = 40  # characters of what the log calls somebody ("staff:12"), as in the log's own column
LONGER = {"installation.Change.by"}  # labels too, in a column that held names before
NOT_STAFF = {
    "blocklist.Entry.confirmed_by": "the bodies that confirm what an entry rests on",
    "blocklist.Entry.tried_by": "in which way removal was tried",
    "hashbank.Inquiry.by": "the key of a police agency",
    "hosting.NameHop.by": "by what two names belong together",
    "intake.HandedItem.by": "a hotline",
    "jobs.Job.leased_by": "a process",
    "people.Portal.run_by": "the organisation behind a portal",
}


def field_of(path: str) -> Any:
    label, _dot, name = path.rpartition(".")
    return apps.get_model(label)._meta.get_field(name)


def called_by_who_did_it() -> list[str]:
    """The text fields of every table that are called by who did something."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        found += [f"{model._meta.label}.{name}" for name in record.texts_of(model) if WHO.search(name)]
    return sorted(found)


def without_an_eraser(fields: list[str]) -> list[str]:
    """Those that could hold a name and have nothing that takes it out."""
    return [one for one in fields if one not in record.erasers() and one not in NOT_STAFF and not is_label(one)]


def is_label(path: str) -> bool:
    """Whether the record calls a field one of who did what, and it has room for a number only."""
    field = field_of(path)
    is_short = isinstance(field, models.CharField) and field.max_length is not None and field.max_length <= LABEL
    return record.texts()[path] == record.STAFF_ACT and (is_short or path in LONGER)


def test_every_field_called_by_who_did_something_holds_a_number_or_has_an_eraser() -> None:
    fields = called_by_who_did_it()
    assert len(fields) > 20
    assert without_an_eraser(fields) == []
    assert set(fields) >= NOT_STAFF.keys()


def test_a_name_without_an_eraser_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = record.erasers()
    for path in ("languages.ReviewedText.by", "languages.TextProposal.reader"):
        monkeypatch.setattr(record, "erasers", lambda path=path: {one: by for one, by in kept.items() if one != path})
        assert without_an_eraser(called_by_who_did_it()) == [path]


def test_every_eraser_is_there_and_erasing_a_member_of_staff_calls_it() -> None:
    service = import_module("leeward.administration.services.persons")
    used = {value for value in vars(service).values() if callable(value)}
    for path, name in record.erasers().items():
        assert field_of(path) is not None
        assert record.texts()[path] in (record.STAFF_ACT, "account", "contact", "letters"), path
        module, _dot, eraser = name.rpartition(".")
        there = import_module(module)
        assert getattr(there, eraser) in used or there in vars(service).values(), f"{name} is used nowhere"


def test_no_name_of_an_actor_is_stored_elsewhere() -> None:
    """Who does something comes with their name, for pages; what is stored of it is named here."""
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        if "/demo/" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "name" and ast.unparse(node.value).endswith("actor"):
                found.add(str(path.relative_to(SOURCE)))
    assert found == {"hosting/services/locating.py", "languages/services/proposals.py", "languages/services/texts.py"}


@pytest.mark.django_db
def test_a_name_that_would_stay_is_refused_while_tests_run(cast: Cast) -> None:
    """As it would be of a new act that keeps the name of who does it, in words or within what is kept as JSON."""
    now = datetime.now(UTC)
    for fields in ({"by": "Ana"}, {"names": ["x", "Ana"]}, {"reason": "asked by ana@staff.example"}):
        whole = {"group": "times", "names": [], "by": "staff:1", "reason": "x", "at": now} | fields
        with pytest.raises(AssertionError, match="erasing a member of staff would leave"), transaction.atomic():
            Change.objects.create(**whole)
    Change.objects.create(group="times", names=[], by=cast["ana"].actor.label, reason="Ana told me", at=now)
    LanguageReview.objects.create(language="fr", by="Ana", at=now)
    with pytest.raises(AssertionError, match=r"installation\.Change\.by"), transaction.atomic():
        Change.objects.update(by="Ana")
