"""A small flood from one address, every report of it urgent, then a child in danger: a case and a page all the same, and nothing lost."""

from pathlib import Path

import pytest

from bench.flood import flood, rows
from bench.installed import SETUP
from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.demo.world import World
from tests.tables import give_tables

pytestmark = [pytest.mark.xdist_group("serve"), pytest.mark.slow]
AT_ONCE = 20


def test_a_child_in_danger_gets_through_a_flood(tmp_path: Path) -> None:
    with World(mailbox=tmp_path / "mailbox") as world:
        environment = world.environment() | {"LEEWARD_CALLER_REPORTS": str(AT_ONCE)}
        made = Installation(data=tmp_path / "data", port=free_port(), environment=environment)
        give_tables(made.data / "leeward.sqlite3")
        made.command("setup", "--open", *SETUP.split())
        with made:
            said = list(flood(made, rate=30, seconds=2, kind="danger"))
            received = rows(made, "SELECT count(*), sum(kind = 'danger') FROM intake_report")[0]
            without_case = rows(
                made,
                "SELECT count(*) FROM intake_item i WHERE NOT EXISTS (SELECT 1 FROM casework_caseitem c WHERE c.item_id = i.id)",
            )
            pages = rows(made, "SELECT count(*) FROM oncall_page")
            sent = rows(made, "SELECT count(*) FROM oncall_pagemessage WHERE sent_at IS NOT NULL")
    assert sum("danger: " in line for line in said) == 4, said
    assert any(line.startswith("honest: 10 of 10") for line in said), "each pressed until it was taken"
    assert int(str(received[1])) >= AT_ONCE
    assert without_case == [(0,)]
    assert pages == [(1,)], "one page with a count"
    assert int(str(sent[0][0])) >= 1
