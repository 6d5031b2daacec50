"""The API's door: who gets in with which key, and errors that a programme can read."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from ninja import NinjaAPI, Router, Schema
from ninja.testing import TestClient

from leeward.api.app import api, make
from leeward.audit.queries import verdict
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.people import queries
from leeward.people.bearer import bearer, in_hotline, token_actor
from leeward.people.errors import FieldIsWrong
from leeward.people.models import ApiToken
from leeward.people.rules.permissions import may
from leeward.people.services.tokens import issue_token, revoke_token
from tests.personas import Cast

ROOT = Path(__file__).resolve().parents[2]


class Body(Schema):
    number: int


def client() -> TestClient:
    """An API with two routes: one that says which hotline it runs in, one that takes a body."""
    router = Router()

    @router.get("/where", auth=bearer("check"))
    @in_hotline
    def where(request: HttpRequest) -> dict[str, object]:
        from django_scopes import get_scope

        row = request.auth
        return {"hotline": get_scope()["hotline"], "actor": token_actor(row).label}

    @router.post("/body", auth=bearer("check", per_minute=1, burst=2))
    def take(request: HttpRequest, body: Body) -> dict[str, int]:
        return {"number": body.number}

    made = make()
    made.add_router("/trial", router)
    return TestClient(made)


@pytest.fixture(autouse=True)
def _one_more_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        NinjaAPI, "_validate", lambda self: None
    )  # the library allows one per process; this is a second


def key(cast: Cast, *scopes: str, name: str = "adam") -> str:
    return issue_token(name="Harbour Host", scopes=scopes or ("check",), actor=cast[name].actor)


def with_key(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.django_db
def test_a_good_key_opens_its_own_hotline(cast: Cast) -> None:
    answer = client().get("/trial/where", headers=with_key(key(cast)))
    row = ApiToken.objects.get()
    assert answer.json() == {"hotline": cast.hotline_id, "actor": f"token:{row.pk}"}
    assert row.last_used_on is not None
    assert verdict(cast.hotline_id).fault is None


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["", "leeward_short", "x" * 300, "leeward_" + "a" * 43, "leeward_" + "ä" * 43])
def test_what_is_no_key_of_ours_opens_nothing(cast: Cast, sent: str) -> None:
    answer = client().get("/trial/where", headers=with_key(sent))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == "key_is_wrong"
    assert client().get("/trial/where").status_code == 401


@pytest.mark.django_db
def test_a_key_taken_back_or_out_of_date_opens_nothing(cast: Cast) -> None:
    first, second = key(cast), key(cast)
    found = queries.token_of(first)
    assert found
    revoke_token(found.id, actor=cast["adam"].actor)
    revoke_token(found.id, actor=cast["adam"].actor)
    assert client().get("/trial/where", headers=with_key(first)).status_code == 401
    ApiToken.objects.exclude(pk=found.id).update(expires_on=datetime.now(UTC).date())
    assert client().get("/trial/where", headers=with_key(second)).status_code == 401


@pytest.mark.django_db
def test_a_narrow_key_is_told_what_it_takes(cast: Cast) -> None:
    answer = client().get("/trial/where", headers=with_key(key(cast, "statistics")))
    assert answer.status_code == 403
    assert "check" in json.loads(answer.content)["title"]


@pytest.mark.django_db
def test_too_much_is_slowed_and_a_wrong_body_is_named(cast: Cast) -> None:
    mine = with_key(key(cast))
    wrong = client().post("/trial/body", json={"number": "a secret word"}, headers=mine)
    assert wrong.status_code == 422
    assert "body.body.number" in wrong.content.decode()
    assert "a secret word" not in wrong.content.decode()
    assert client().post("/trial/body", json={"number": 1}, headers=mine).json() == {"number": 1}
    assert client().post("/trial/body", json={"number": 1}, headers=mine).status_code == 429


@pytest.mark.django_db
def test_who_makes_and_takes_back(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        key(cast, name="ana")
    mine = queries.token_of(key(cast))
    assert mine
    with pytest.raises(NotFound):
        revoke_token(mine.id, actor=cast["dora"].actor)
    with pytest.raises(FieldIsWrong):
        issue_token(name="Police", scopes=("police",), actor=cast["adam"].actor)
    with pytest.raises(FieldIsWrong):
        issue_token(name="Nothing", scopes=(), actor=cast["adam"].actor)
    with pytest.raises(FieldIsWrong):
        issue_token(name="Late", scopes=("check",), expires_on=date(2020, 1, 1), actor=cast["adam"].actor)
    assert not may(token_actor(mine), "case.read", cast.hotline_id)


@pytest.mark.django_db
def test_the_key_itself_is_kept_nowhere(cast: Cast) -> None:
    secret = key(cast)
    assert secret not in str(list(ApiToken.objects.values()))


def test_the_snapshot_is_the_api() -> None:
    kept = json.loads((ROOT / "docs/reference/openapi.json").read_text(encoding="utf-8"))
    assert kept["openapi"].startswith("3.1")
    assert kept == json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


@pytest.mark.django_db
def test_each_operation_names_how_it_refuses(cast: Cast) -> None:
    """By statuses that it has: those of a key on every operation that takes one, and no others without a key."""
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    said = {(how, path): one for path, many in paths.items() for how, one in many.items()}
    secured = {name for name, one in said.items() if one.get("security")}
    assert {name for name, one in said.items() if {"401", "403", "429"} & set(one["responses"])} == secured
    assert {name for name, one in said.items() if "404" in one["responses"]} == {
        name for name in said if "{" in name[1]
    }
    assert all("422" in one["responses"] for one in said.values() if one.get("requestBody"))
    assert len(secured) > 20
    programs = Client()
    for how, path in secured:
        where = re.sub(r"{[^}]*}", "1", path)
        assert programs.generic(how.upper(), where).status_code == 401, (how, path)
    other = key(cast, "check")
    answer = programs.post("/api/v1/police/ask", "{}", "application/json", headers={"Authorization": f"Bearer {other}"})
    assert answer.status_code == 403


def test_an_unknown_address_below_the_api_says_so_as_a_problem() -> None:
    from leeward.api.app import _missing

    answer = _missing(RequestFactory().get("/api/v1/nothing"), None)
    assert json.loads(answer.content)["code"] == "not_found"
