"""The opinions over HTTP, with problem+json for what is wrong."""

import json
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FACTS = {"real_person": "yes", "known_age": 8, "apparent_age": 8, "medium": "photograph", "sap_level": 4}


def _post(body: Any) -> tuple[int, str, dict[str, Any]]:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    answer = client.post("/api/v1/law/opinion", text, content_type="application/json")
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
    assert len(_post({"facts": FACTS})[2]["opinions"]) == 64


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"\xff", 400, "JSON"),
        ("{", 400, "JSON"),
        ([], 400, "facts"),
        ({"facts": {"medium": "clay"}}, 400, "medium"),
        ({"facts": {"age_band": "adult", "pubertal_stage": "infant"}}, 400, "infant"),
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
