"""What `make load` says of an installation is read from its rows, and the limits of the nginx it puts in front are those of the page."""

import http.client
import sqlite3
from pathlib import Path

import pytest

from bench.load import proxies
from bench.load.afterwards import became, without_case
from bench.load.verdict import Line, at_most, exit_code, none_of, reached, spread
from leeward.demo.ports import free_port
from tests.blocklist.servers.running import program
from tests.tables import give_tables

ROWS = """
PRAGMA foreign_keys = OFF;
{reports}
INSERT INTO casework_caseitem (id, hotline_id, case_id, item_id) VALUES (1, 1, 1, 1), (2, 1, 2, 2), (4, 1, 2, 4);
INSERT INTO audit_auditrow (chain, number, at, event, actor, subject, facts, facts_sha256, previous, hash) VALUES
  (1, 1, '2026-11-29T05:00:03.5Z', 'case.opened', '', '', '{{"report": 1}}', '', '', ''),
  (1, 2, '2026-11-29T05:01:10Z', 'case.opened', '', '', '{{"report": 2}}', '', '', ''),
  (1, 4, '2026-11-29T05:02:10Z', 'case.joined', '', '', '{{"report": 2}}', '', '', '');
INSERT INTO oncall_pagedreport (id, hotline_id, page_id, report_id, urgency, is_rehearsal, received_at, added_at) VALUES
  (1, 1, 1, 2, 'danger', 0, '2026-11-29 05:00:00', '2026-11-29 05:00:02'), (2, 1, 1, 4, 'danger', 0, '2026-11-29 05:00:00', '2026-11-29 05:00:20');
INSERT INTO oncall_pagemessage (id, hotline_id, page_id, round, way, "to", state, created_at, sent_at, attempts, code, problem) VALUES
  (1, 1, 1, 1, 'mail', 'a@a.example', 'sent', '2026-11-29 05:00:03', '2026-11-29 05:00:09', 1, 250, '');
"""
REPORT = (
    'INSERT INTO intake_report (id, hotline_id, portal_id, kind, under_18, threat, urgency, marked_because, language, "where", when_seen, '
    "contact, needs_login, password, referrer, source, received_at, receipt_turn, text, happened, wish, fingerprints) VALUES "
    "({number}, 1, 1, 'page', 0, '', '', '', 'en', '{where}', '', '', 0, '', '', 'web', '2026-11-29 05:00:00', 0, '', '', '', '');"
    "INSERT INTO intake_item (id, hotline_id, report_id, kind, typed, display, comparable, service, state, reason, state_changed_at) VALUES "
    "({number}, 1, {number}, 'url', '', '', '', '', '', '', '2026-11-29 05:00:00');"
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    place = give_tables(tmp_path / "leeward.sqlite3")
    wheres = {1: "http://a.example/", 2: "http://b.example/", 3: "http://c.example/", 4: "http://d.example/"}
    with sqlite3.connect(place) as rows:
        rows.executescript(ROWS.format(reports="".join(REPORT.format(number=n, where=w) for n, w in wheres.items())))
    return place


def test_what_was_lost_late_or_never_paged_is_found(database: Path) -> None:
    accepted = [("http://a.example/", "page"), ("http://b.example/", "danger"), ("http://c.example/", "page")]
    found = became(database, [*accepted, ("http://d.example/", "danger"), ("http://lost.example/", "page")])
    assert (found.lost, found.twice) == (1, 0)
    assert found.until_case == [3.5, 70.0], "the first time that it became one"
    assert found.without_case == 2
    assert found.until_paged == [9.0], "no message from before it joined its page can have named a report"
    assert found.unpaged == 1
    assert found.missing_rows == 1
    assert without_case(database) == 1


def test_the_verdict_fails_what_was_not_met_and_what_was_not_measured() -> None:
    met = [at_most("desk", 300.0, 300, "ms"), none_of("lost", 0), reached("reports", 95.0, 100), Line("memory", "4 MB")]
    assert exit_code(met) == 0
    for line in (
        at_most("desk", 300.1, 300, "ms"),
        at_most("desk", None, 300, "ms"),
        none_of("lost", 1),
        reached("r", 94.9, 100),
    ):
        assert exit_code([*met, line]) == 1, line
        assert str(line).startswith("✗")
    assert spread([1.0, 2.0, 3.0]) == "p50 2.0, p95 2.9, longest 3.0 s"
    assert (spread([]), spread([2.0])) == ("nothing", "p50 2.0, p95 2.0, longest 2.0 s")


@pytest.mark.servers
def test_nginx_as_the_page_sets_it_up_refuses_a_flood_from_one_address_only(tmp_path: Path) -> None:
    """Nothing listens behind it: what is let through gets 502, and that is quick enough to exceed any rate."""
    program("nginx", "nginx")
    with proxies.in_front("nginx", tmp_path / "proxy", free_port()) as port:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

        def ask(caller: str) -> int:
            line.request("HEAD", "/jm/", headers={"X-Load-From": caller})
            with line.getresponse() as answer:
                return answer.status

        assert {ask("203.0.113.9") for _ in range(1200)} == {502}
        assert any(ask("203.0.113.9") == 429 for _ in range(20_000))
        assert ask("203.0.113.10") == 502
        line.close()
