"""The recipes that end in `make docs` are true: followed by script in one copy, their checks pass, and what is new is everywhere."""

from pathlib import Path

import pytest

from tests.contracts.recipes import ROOT, copied

NEEDED = ("docs/reference", "tests/casework", *(f"tests/{path.name}" for path in (ROOT / "tests").glob("*.py")))
# What a person does with a parked case, by the steps of the table alone.
A_PARKED_CASE = r'''
"""A case is parked, waits where its record says, and goes on."""

import re

import pytest

from leeward.audit.services import hotline_transaction
from leeward.casework.errors import WrongTransition
from leeward.casework.queries import counts
from leeward.casework.steps import now_utc, take_step
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db


def test_a_case_is_parked_and_goes_on(desk: Desk) -> None:
    case, ana = desk.case(), desk.cast["ana"].actor
    with hotline_transaction():
        with pytest.raises(WrongTransition):
            take_step(case, "park", actor=ana)
        take_step(case, "park", actor=ana, reason="the register of names doesn't answer today")
        case.save()
    found = counts(desk.cast.hotline_id, ana.id, now_utc())
    assert (found["parked"], found["waiting"]) == (1, 0)
    page = desk.signed_in("ana").get("/desk/").content.decode()
    assert re.search(r'view=parked"\s*>\s*Parked\s+1\s*</a>', page)
    with hotline_transaction():
        take_step(case, "resume", actor=ana)
        case.save()
    assert desk.assess(case) == "find_illegal"
'''


@pytest.mark.slow
def test_a_setting_a_command_and_a_case_state(tmp_path: Path) -> None:
    copy = copied(tmp_path, *NEEDED)
    copy.write("tests/casework/test_parked.py", A_PARKED_CASE)
    titles = ("A setting", "A command", "A case state")
    _, listed, printed = copy.follow(*titles, PYTEST_ADDOPTS="tests/casework/test_parked.py -rp")
    made = {
        name: (tmp_path / f"docs/reference/{name}.md").read_text(encoding="utf-8") for name in ("settings", "commands")
    }
    assert "| `LEEWARD_MAIL_ORGANISATION` |  |" in made["settings"]
    assert '{"code": "JM", "name": "Jamaica"}' in listed
    assert "## leeward country list" in made["commands"]
    assert "PASSED tests/casework/test_parked.py::test_a_case_is_parked_and_goes_on" in printed
    reference = (tmp_path / "docs/reference/states.md").read_text(encoding="utf-8")
    assert "| parked | Parked | parked | received | first assessment |" in reference
    assert "    triaged --> parked: park\n    parked --> triaged: resume\n" in reference
    assert "| parked | merge | closed |" in reference, "what is so of every new case is so of it"
