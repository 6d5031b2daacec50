"""Moodle's web service, asked over a socket: a small server that answers as Moodle's source does."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest
from django_scopes import scope

from leeward.capacity import moodle, services
from leeward.capacity.models import Participation
from leeward.capacity.services import CourseDetails
from leeward.cli.training import ask_moodle
from leeward.foundation.errors import BadInput
from leeward.people.queries import hotline
from tests.personas import Cast

TOKEN = "0123456789abcdef0123456789abcdef"


class Moodle(BaseHTTPRequestHandler):
    """Moodle as far as it is asked here; who completed what stands in `people`."""

    people: ClassVar[dict[int, tuple[str, int | None]]] = {}
    error: ClassVar[str] = ""
    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        self.asked.append(self.path)
        answer = json.dumps(self.answer(given)).encode() if self.error != "html" else b"<html>"
        self.send_response(302 if self.error == "elsewhere" else 200)
        self.send_header("location", "http://127.0.0.1:1/")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def answer(self, given: dict[str, str]) -> Any:
        if given["wstoken"] != TOKEN:
            return {"exception": "core\\exception", "errorcode": "invalidtoken", "message": "Invalid token"}
        if given["wsfunction"] == "core_course_get_courses_by_field":
            known = given["value"] == "POL-1"
            return {"courses": [{"id": 7, "shortname": "POL-1"}] if known else [], "warnings": []}
        assert given["courseid"] == "7"
        if given["wsfunction"] == "core_enrol_get_enrolled_users":
            return [{"id": one, "fullname": name} for one, (name, _at) in self.people.items()]
        if self.error:
            return {"exception": "moodle_exception", "errorcode": self.error, "message": "…"}
        at = self.people[int(given["userid"])][1]
        rows = [{"type": 4, "title": "A", "status": "", "complete": bool(at), "timecompleted": at, "details": {}}]
        return {"completionstatus": {"completed": bool(at), "aggregation": 1, "completions": rows}, "warnings": []}

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a Moodle in which Ana has completed the course, and Ben has not."""
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"fetch_allowed_networks": ("127.0.0.0/8",)})
    monkeypatch.setattr(Moodle, "people", {3: ("Ana Brown", 1_772_452_800), 4: ("Ben", None)})
    monkeypatch.setattr(Moodle, "error", "")
    monkeypatch.setattr(Moodle, "asked", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Moodle)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(cast: Cast, site: str, tmp_path: Path) -> Any:
    """The command, for a course of Jamaica's hotline."""
    with scope(hotline=cast.hotline_id):
        for code in ("POL-1", "POL-2"):
            details = CourseDetails("Digital evidence", code, "police")
            services.add_course(details, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n", "ascii")
    given = {"site": site, "token_file": token, "country": "JM", "hotline": hotline(cast.hotline_id).slug}
    return lambda code="POL-1", **other: ask_moodle(code, **given | other)


def names(cast: Cast) -> list[str]:
    with scope(hotline=cast.hotline_id):
        rows = Participation.objects.order_by("name")
        return [f"{row.name} {row.ended_on} {row.role} {row.country}" for row in rows]


def test_who_completed_it_is_put_on_record_once(cast: Cast, ask: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(dry_run=True) == 0
    assert names(cast) == []
    for _time in range(2):
        assert ask() == 0
    assert capsys.readouterr().out == "new\t1\nsame\t0\n" * 2 + "new\t0\nsame\t1\n"
    assert names(cast) == ["Ana Brown 2026-03-02 police JM"]
    assert {TOKEN in path for path in Moodle.asked} == {False}


def test_with_one_fault_nothing_is_added(cast: Cast, ask: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Moodle.people[5] = ("=1+1", 1_772_452_800)
    assert ask() == 1
    assert "person 3: a cell begins like a formula" in capsys.readouterr().err
    assert names(cast) == []


def test_what_goes_wrong_is_said_in_one_sentence(
    cast: Cast, ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").write_text("f" * 32, "ascii")
    for wrong, why in (
        ({"code": "POL-2"}, "it has no course POL-2"),
        ({"code": "POL-9"}, "there is no course with this short name"),
        ({"token_file": tmp_path / "other"}, "refuses core_course_get_courses_by_field: invalidtoken"),
        ({"token_file": tmp_path / "none"}, "it can't be read"),
        ({"site": "http://moodle.example"}, "over https only"),
        ({"site": "http://127.0.0.1:1"}, "gave no answer"),
    ):
        with pytest.raises(BadInput, match=why):
            ask(**wrong)
    for error, why in (
        ("nocriteriaset", "refuses core_completion_get_course_completion_status: nocriteriaset"),
        ("html", "not of Moodle's web service"),
        ("elsewhere", r"gave no answer \(answered 302\)"),
    ):
        Moodle.error = error
        with pytest.raises(BadInput, match=why):
            ask()
    Moodle.error = ""
    monkeypatch.setattr(moodle, "MOST_PEOPLE", 1)
    with pytest.raises(BadInput, match="more than 1 people"):
        ask()
    assert names(cast) == []
