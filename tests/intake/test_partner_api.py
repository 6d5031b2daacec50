"""Another organisation's own form: the same limits, lanes and receipt as ours."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from leeward.audit.models import AuditRow
from leeward.intake.models import Report
from leeward.intake.receipts import find_receipt
from leeward.intake.services import withdraw_report
from leeward.intake.views import slowing
from leeward.people.models import Portal
from leeward.people.services.tokens import issue_token
from leeward.web_security.shaping import Shaper
from tests.personas import Cast

PAGE = {"portal": "jm", "kind": "page", "where": "http://a.example/x", "text": "I found a bad page"}


@pytest.fixture
def key(cast: Cast) -> str:
    return issue_token(name="Youth Line", scopes=["intake"], actor=cast["adam"].actor)


def send(key: str, once: str = "a" * 16, **more: object) -> HttpResponse:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": once}
    return Client().post("/api/v1/intake", json.dumps(PAGE | more), content_type="application/json", headers=headers)


def test_a_report_shows_our_receipt(within: Cast, key: str) -> None:
    answer = send(key, language="fr")
    found: Any = answer.json()
    assert answer.status_code == 201
    report = Report.objects.get()
    assert (report.kind, report.source, report.language, report.text) == ("page", "partner", "fr", "I found a bad page")
    assert [item.comparable for item in report.items.all()] == ["a.example/x"]
    assert find_receipt(found["receipt"]) == report
    assert "".join(found["groups"]) == found["receipt"]
    assert found["follow"].endswith("/jm/fr/receipt")
    page = Client().get(found["page"].partition("//")[2].partition("/")[2].join(["/", ""]))
    assert found["groups"][0] in page.content.decode()
    row = AuditRow.objects.get(event="report.received")
    assert row.actor.startswith("token:")


def test_the_same_form_again_is_the_same_report_and_another_keys_is_not(within: Cast, key: str) -> None:
    first = send(key).json()
    again = send(key, where="http://a.example/x\nhttp://b.example/y")
    assert (again.status_code, again.json()["receipt"], again.json()["is_new"]) == (200, first["receipt"], False)
    assert Report.objects.get().items.count() == 2
    other = issue_token(name="School", scopes=["intake"], actor=within["adam"].actor)
    assert send(other).json()["receipt"] != first["receipt"]
    withdraw_report(Report.objects.earliest("pk").pk)
    assert send(key).status_code == 409


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "me"}, "report_not_complete"), ({"contact": "x@"}, "report_not_complete"),
        ({"text": "a\x00b"}, "report_not_complete"), ({"where": "\n".join(f"http://a.example/{n}" for n in range(201))}, "report_not_complete"),
        ({"kind": "other"}, "bad_input"), ({"picture": "AAAA"}, "bad_input"), ({"language": "xx"}, "bad_input"),
        ({"portal": "bb"}, "not_found"), ({"portal": "zz"}, "not_found"),
    ],
)  # fmt: skip
def test_what_ours_would_not_take_is_refused_with_a_code(
    within: Cast, key: str, more: dict[str, object], code: str
) -> None:
    answer = send(key, **more)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert not Report.objects.exists()


def test_an_urgent_report_is_in_the_urgent_lane_and_has_room_of_its_own(
    within: Cast, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = {what: Shaper(burst=1, per_second=0.001) for what in ("urgent", "report")}
    monkeypatch.setattr(slowing, "_shapers", lambda at_once: room)
    assert send(key).status_code == 201
    assert send(key, "b" * 16).json()["code"] == "too_fast"
    urgent = send(key, "c" * 16, kind="me", threat="unsure")
    assert (urgent.status_code, urgent.json()["urgent"]) == (201, True)
    assert Report.objects.get(urgency="threat").kind == "me"


def test_who_gets_in(within: Cast, key: str) -> None:
    assert send("nokey").status_code == 401
    assert send(issue_token(name="x", scopes=["sms"], actor=within["adam"].actor)).status_code == 403
    assert send(key, "short").status_code == 422
    Portal.objects.update(takes_reports=False)
    assert send(key).json()["code"] == "portal_is_closed"
    assert not Report.objects.exists()
