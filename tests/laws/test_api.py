"""The law over HTTP: opinions, duties and their deadlines, with problem+json for what is wrong."""

import json
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FACTS = {"real_person": "yes", "known_age": 8, "apparent_age": 8, "medium": "photograph", "sap_level": 4}


def _post(body: Any, path: str = "opinion") -> tuple[int, str, dict[str, Any]]:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    answer = client.post(f"/api/v1/law/{path}", text, content_type="application/json")
    return answer.status_code, answer["Content-Type"], json.loads(answer.content)


def test_opinions() -> None:
    status, _kind, body = _post({"facts": FACTS, "jurisdictions": ["JM", "NR"], "on": "2026-11-24"})
    assert status == 200
    assert [(row["jurisdiction"], row["opinion"]) for row in body["opinions"]] == [
        ("JM", "likely"),
        ("NR", "undetermined"),
    ]
    assert body["opinions"][0]["law_version"] == body["law_version"]


def test_all_jurisdictions_without_a_list() -> None:
    assert len(_post({"facts": FACTS})[2]["opinions"]) == 70


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"\xff", 400, "JSON"),
        ("{", 400, "JSON"),
        ([], 400, "facts"),
        ({"facts": {"medium": "clay"}}, 400, "medium"),
        ({"facts": {"medium": "photograph", "age_band": "adult", "pubertal_stage": "infant"}}, 400, "infant"),
        ({"facts": FACTS, "on": "soon"}, 400, "YYYY-MM-DD"),
        ({"facts": FACTS, "on": "1500-01-01"}, 400, "before any law"),
        ({"facts": FACTS, "jurisdictions": "JM"}, 400, "list"),
        ({"facts": FACTS, "jurisdictions": ["XX"]}, 404, "XX"),
        ({"facts": FACTS, "colour": 1}, 400, "colour"),
    ],
)
def test_what_is_wrong_is_one_sentence(body: Any, status: int, words: str) -> None:
    found, kind, problem = _post(body)
    assert (found, kind) == (status, "application/problem+json")
    assert words in problem["title"]
    assert problem["code"]


def test_a_duty_with_its_moments() -> None:
    asked = {"role": "host", "known_at": "2026-11-24T09:00:00+01:00", "reported_at": "2026-11-25T09:00:00+01:00"}
    status, _kind, body = _post(asked, "duties/ca/due")
    assert (status, body["jurisdiction"], body["reviewed"]) == (200, "CA", False)
    advised, own = body["duties"]
    assert (own["to"], own["speed_words"], own["report_by"]) == ("a police officer", "as soon as feasible", None)
    assert own["keep_until"] == own["destroy_after"] == "2026-12-16T08:00:00Z"
    assert (own["foreign_report"], advised["keep_until"]) == ("yes", None)
    assert (own["applies"], own["citations"][0]) == ("yes", "S.C. 2011, c. 4 s 3")
    before_it_was_read = _post(asked | {"known_at": "2019-06-21T09:00:00+01:00"}, "duties/ca/due")[2]
    assert {duty["applies"] for duty in before_it_was_read["duties"]} == {"unknown"}


def test_where_the_law_says_at_once_the_report_is_due_when_it_is_known() -> None:
    body = _post({"role": "any_person", "known_at": "2026-11-24T09:00:00Z"}, "duties/IN/due")[2]
    assert [(row["id"], row["report_by"]) for row in body["duties"]] == [("any-person", "2026-11-24T09:00:00Z")]


@pytest.mark.parametrize(
    ("code", "recorded", "words"), [("JM", True, "no such section in the Act (14 sections)"), ("NR", False, None)]
)
def test_no_duty_and_not_recorded_are_two_answers(code: str, recorded: bool, words: str | None) -> None:
    body = _post({"role": "host", "known_at": "2026-11-24T09:00:00Z"}, f"duties/{code}/due")[2]
    assert (body["recorded"], body["no_duty"], body["duties"]) == (recorded, words, [])


def test_a_part_has_the_duties_of_its_state() -> None:
    body = _post({"role": "platform", "known_at": "2026-11-24T09:00:00Z"}, "duties/GB-EAW/due")[2]
    assert [row["to"] for row in body["duties"]] == ["National Crime Agency"]


def test_the_sheet_of_a_day() -> None:
    answer = Client(SERVER_NAME="localhost").get("/api/v1/law/duties/gb?on=2026-03-20")
    body = json.loads(answer.content)
    assert (answer.status_code, body["on"], body["duties"][0]["phase"]) == (200, "2026-03-20", "not yet")
    assert {row["id"]: row["state"] for row in body["works"]}["si-2025-368"] == "revoked"


@pytest.mark.parametrize(
    ("body", "code", "status", "words"),
    [
        ({"role": "judge", "known_at": "2026-11-24T09:00:00Z"}, "CA", 400, "any_person"),
        ({"role": "host"}, "CA", 400, "known_at"),
        ({"role": "host", "known_at": "2026-11-24T09:00:00"}, "CA", 400, "time zone"),
        ({"role": "host", "known_at": "2026-11-24T09:00Z", "reported_at": "2026-11-23T09:00Z"}, "CA", 400, "before"),
        ({"role": "host", "known_at": "2026-11-24T09:00:00Z", "x": 1}, "CA", 400, "no member"),
        ({"role": "host", "known_at": "2026-11-24T09:00:00Z"}, "XX", 404, "XX"),
        ([], "CA", 400, "object"),
    ],
)
def test_a_bad_question_about_a_duty_is_one_sentence(body: Any, code: str, status: int, words: str) -> None:
    found, kind, problem = _post(body, f"duties/{code}/due")
    assert (found, kind) == (status, "application/problem+json")
    assert words in problem["title"]
