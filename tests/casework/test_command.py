"""`leeward case`: fixed rows, one clear line for what is wrong."""

import json
from typing import Any

import pytest

from leeward.cli.main import run
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db


def test_list_has_id_state_and_location(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    case = desk.first()
    assert run(["case", "list", "--hotline", "jm", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["id"], row["state"], row["location"]) == (case.reference, "triaged", desk.world.gallery_url)
    assert run(["case", "list", "--hotline", "jm", "--state", "closed", "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["case", "list", "--hotline", "jm"]) == 0
    assert capsys.readouterr().out == f"{case.reference}\ttriaged\t{desk.world.gallery_url}\n"


def test_show_tells_how_far_it_is(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    case = desk.first()
    desk.assess(case, outcome="not_found", facts={}, reason=9)
    assert run(["case", "show", case.reference, "--hotline", "jm", "--json"]) == 0
    row: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (row["state"], row["outcome"], row["close_reason"], row["assessments"]) == ("closed", "not_found", 9, 1)
    assert row["country"] == "JM"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list"], "several: say --hotline with one of"),
        (["list", "--hotline", "atlantis"], "no hotline"),
        (["list", "--hotline", "jm", "--state", "lost"], "not one of received, triaged"),
        (["show", "2026-9999", "--hotline", "jm"], "no case"),
        (["show", "x", "--hotline", "bb"], "no case"),
        (["list", "--most", "0", "--hotline", "jm"], "--most"),
    ],
)
def test_what_is_wrong_is_one_line(
    desk: Desk, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(["case", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1
