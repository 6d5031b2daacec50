"""Figures over HTTP: what is published for any key with the scope, what is counted for the hotline's own, one sentence for the rest."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed
from leeward.indicators import services
from leeward.indicators.definitions import DEFINITIONS
from leeward.indicators.models import Tally
from leeward.people.services.tokens import issue_token
from tests.indicators.test_publishing import YEAR, counted, publish
from tests.personas import Cast

__all__ = ["counted"]
pytestmark = pytest.mark.django_db


class Program:
    """A program with a key of somebody's hotline."""

    def __init__(self, cast: Cast, name: str, key_scope: str = "statistics") -> None:
        made = issue_token(name="Statistics office", scopes=[key_scope], actor=cast[name].actor)
        self.client = Client(HTTP_AUTHORIZATION=f"Bearer {made}")

    def ask(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1/figures{path}")
        return answer.status_code, answer.json()


def test_a_published_year_is_the_same_over_the_api_on_the_page_and_in_the_file(counted: Cast) -> None:
    publish(counted)
    found = Program(counted, "adam").ask(f"/jm/{YEAR}")[1]
    assert found == Program(counted, "dora").ask(f"/jm/{YEAR}")[1], "anybody’s key reads what is published"
    rows = list(csv.DictReader(io.StringIO(Client().get(f"/jm/figures/{YEAR}/data.csv").content.decode())))
    assert len(rows) == len(found["figures"]) > 60
    for row, one in zip(rows, found["figures"], strict=True):
        number = "" if one["number"] is None else one["number"]
        assert {**row, "number": float(row["number"]) if row["number"] else ""} == {
            **one, "year": str(YEAR), "number": number,
        }  # fmt: skip
    assert {one["why"] for one in found["figures"]} == {"", "hidden", "no_data"}
    assert (found["edition"], found["counted_at"], found["country"], found["licence"]) == (1, None, "JM", "CC-BY-4.0")
    page = Client().get("/jm/figures").content.decode()
    assert found["cite"] in page
    (share,) = Program(counted, "adam").ask(f"/jm/{YEAR}?indicator=illegal_share")[1]["figures"]
    assert f">{share['number']}%<" in "".join(page.split())


def test_what_is_only_counted_is_for_the_hotlines_own_key_and_on_record(counted: Cast) -> None:
    own, other = Program(counted, "adam"), Program(counted, "dora")
    status, found = own.ask(f"/jm/{YEAR}?counted=true")
    small = {(one["indicator"], one["of"]): one["number"] for one in found["figures"]}
    assert (status, small["reports_by_kind", "danger"], found["edition"], found["cite"]) == (200, 2, None, "")
    assert json.loads(AuditRow.objects.get(event="figures.exported").facts) == {"portal": "jm", "year": YEAR}
    assert other.ask(f"/jm/{YEAR}?counted=true")[0] == 404
    assert Program(counted, "adam", "read").ask(f"/jm/{YEAR}")[0] == 403
    assert Client().get("/api/v1/figures").status_code == 401
    actor = Actor("token", 1, "x", hotline_id=counted.hotline_id, roles=frozenset({"check"}))
    with pytest.raises(NotAllowed):
        services.note_export("jm", YEAR, actor=actor)


def test_each_indicator_has_its_definition(cast: Cast) -> None:
    program = Program(cast, "adam")
    rows = program.ask("")[1]
    assert [row["name"] for row in rows] == [one.name for one in DEFINITIONS]
    assert all(row["unit"] and row["definition"] and row["formula"] and row["source"] for row in rows)
    assert program.ask("/removed")[1] == next(row for row in rows if row["name"] == "removed")


def test_what_is_not_there_is_said_in_a_sentence(counted: Cast) -> None:
    program = Program(counted, "adam")
    for path, code, words in (
        ("/rumours", "no_such_figure", "No figure is called “rumours”."),
        (f"/jm/{YEAR}?indicator=rumours", "no_such_figure", "No figure is called “rumours”."),
        (f"/jm/{YEAR}", "nothing_published", f"No figures of {YEAR} were published for "),
        ("/jm/2019?counted=true", "nothing_counted", "Nothing is known of 2019 for "),
        (f"/nowhere/{YEAR}", "not_found", "There is no portal with this name or number here."),
    ):
        status, found = program.ask(path)
        assert (status, found["code"]) == (404, code)
        assert words in found["title"]
    for path in ("/jm/1989", f"/jm/{10**30}", "/" + "x" * 61, f"/jm/{YEAR}?counted=perhaps"):
        assert program.ask(path)[0] == 422
    with scope(hotline=counted.hotline_id):
        Tally.objects.all().delete()
    assert program.ask(f"/jm/{YEAR}?counted=true")[1]["code"] == "nothing_counted"
