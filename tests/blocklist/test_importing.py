"""Partners' lists: their own provenance, bad lines named, nothing mixed by accident, the file is the state."""

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from leeward.blocklist.models import Entry
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, LeewardError, NotAllowed
from tests.blocklist.conftest import Lists, listed
from tests.personas import Cast

COMMAND = Actor(kind="command")


@pytest.fixture
def partner(cast: Cast, lists: Lists) -> int:
    from leeward.blocklist.services import open_list

    made = open_list(
        "barbados", title="Barbados", kind="partner", source="Barbados", hotline_id=cast.hotline_id, actor=COMMAND
    )
    return made.id


def take(list_id: int, *lines: str, **given: Any) -> Any:
    from leeward.blocklist.services import import_list

    values = {"source": "Barbados", "basis": "Agreement of 3 May 2026, section 4", "actor": COMMAND}
    return import_list(list_id, "\n".join(lines).encode("utf-8", "surrogateescape"), **values | given)


def live(list_id: int) -> set[tuple[str, str]]:
    from leeward.blocklist.queries import live_entries

    return {(row.entry.scope.value, row.entry.host) for row in live_entries(list_id)}


@pytest.mark.parametrize("name", ["b", "Barbados", "2nd", "b" * 41])
def test_a_name_that_no_list_can_have_is_refused_with_the_rule(cast: Cast, name: str) -> None:
    from leeward.blocklist.services import open_list

    with pytest.raises(
        BadInput, match="begin with a lower-case letter and have 2 to 40 lower-case letters, digits and hyphens"
    ):
        open_list(name, title="B", kind="partner", hotline_id=cast.hotline_id, actor=COMMAND)


def test_the_file_is_the_state_of_the_list(partner: int) -> None:
    first = take(partner, "# a list", "one.example", "*.two.example", "one.example.")
    assert (first.form, first.added, first.removed, first.repeated) == ("plain", 2, 0, 1)
    second = take(partner, "two.example", "three.example")
    assert (second.added, second.kept, second.removed) == (2, 0, 2)
    assert live(partner) == {("host", "two.example"), ("host", "three.example")}
    again = take(partner, "two.example", "three.example")
    assert (again.added, again.kept, again.removed) == (0, 2, 0)


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        ("csv", ["url;scope;note", "https://one.example/a;url;“seen”", "two.example;domain;"]),
        ("rpz", ["$TTL 60", "@ SOA a. b. 1 1 1 1 1", "two.example CNAME .", "*.two.example CNAME ."]),
        ("plain", ["https://one.example/a", "*.two.example"]),
    ],
)
def test_each_form_is_told_by_the_file(partner: int, form: str, lines: list[str]) -> None:
    report = take(partner, *lines)
    assert report.form == form
    assert report.bad == ()
    assert ("domain", "two.example") in live(partner)


def test_bad_lines_are_named_and_take_nothing_off(partner: int) -> None:
    take(partner, "old.example")
    lines = ["bad..example" if number % 10 == 0 else f"p{number}.example" for number in range(1, 101)]
    report = take(partner, *lines)
    assert (report.good, report.added, report.removed) == (90, 90, 0)
    assert [line.line for line in report.bad] == list(range(10, 101, 10))
    assert ("host", "old.example") in live(partner)


def test_refused_lines_speak_the_language_of_whoever_imports(partner: int) -> None:
    """Every reason goes through the catalogue: those of the rules, those of the limits, those of the whole file."""
    lines = ("a" * 64 + ".example", "gov.jm", "good.example")
    english = take(partner, *lines, dry_run=True)
    with override("fr"):
        french = take(partner, *lines, dry_run=True)
        with pytest.raises(LeewardError) as caught:
            take(partner, "name;when", form="csv")
    assert [line.why for line in english.bad] == [
        "a label of its host is longer than 63 characters",
        "the name is the government’s; many others share this name",
    ]
    assert french.bad[0].why == "une étiquette de son nom d’hôte dépasse 63 caractères"
    assert french.bad[1].why not in {"", english.bad[1].why}
    assert "address, url, domain, host" in caught.value.text


def test_limits_hold_for_partners_too(partner: int, lists: Lists) -> None:
    report = take(
        partner, "good-target.example", "gov.jm", "www.amazon.com", "jm.example", "192.0.2.1", "a\udcffb.example"
    )
    assert [line.line for line in report.bad] == [2, 3, 4, 6]
    assert live(partner) == {("host", "good-target.example"), ("host", "192.0.2.1")}
    worst = take(lists.worst_of, "one.example", "*.two.example", mix=True)
    assert [line.why for line in worst.bad] == ["this list has whole domains only"]


def test_sources_are_never_mixed_by_accident(cast: Cast, lists: Lists, partner: int) -> None:
    with pytest.raises(LeewardError, match="our own"):
        take(lists.national, "two.example")  # also while nothing stands there
    listed(cast, lists.national)
    take(partner, "one.example")
    for list_id, source in ((lists.national, "Barbados"), (partner, "Trinidad")):
        with pytest.raises(LeewardError) as caught:
            take(list_id, "two.example", source=source)
        assert caught.value.code == "other_source"
    report = take(lists.national, "two.example", mix=True)
    assert (report.added, report.removed) == (1, 0)
    assert take(lists.national, "three.example", mix=True).removed == 1
    assert live(lists.national) == {("url", "bad.example"), ("host", "three.example")}


def test_our_own_entries_have_no_place_on_a_partners_list(cast: Cast, partner: int) -> None:
    from leeward.blocklist.errors import ListTakesNoEntries

    with pytest.raises(ListTakesNoEntries):
        listed(cast, partner)


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"\x00\xff\xfe", b"<html><body>Not found</body></html>"])
def test_a_file_that_is_no_list_changes_nothing(partner: int, content: bytes) -> None:
    from leeward.blocklist.services import import_list

    take(partner, "one.example")
    with pytest.raises(LeewardError):
        import_list(partner, content, source="Barbados", basis="Agreement, section 4", actor=COMMAND)
    assert live(partner) == {("host", "one.example")}


def test_a_file_does_not_bring_back_what_was_lifted_here(cast: Cast, partner: int) -> None:
    from leeward.blocklist.models import BlockAppeal, Entry
    from leeward.blocklist.services import decide_block_appeal, open_block_appeals, withdraw_entry

    carl = cast["carl"].actor
    take(partner, "one.example", "two.example", "three.example")
    open_block_appeals(1, address="one.example", relation="owner", text="Mine.", hotline_id=cast.hotline_id)
    decide_block_appeal(BlockAppeal.objects.get().pk, lifted=True, reasons="Too wide.", actor=carl)
    withdraw_entry(Entry.objects.get(host="two.example").pk, comment="A shop.", actor=carl)
    report = take(partner, "one.example", "two.example", "three.example")
    assert (report.added, report.kept, report.lifted) == (0, 1, 2)
    assert live(partner) == {("host", "three.example")}


def test_who_asked_hears_when_the_partner_drops_it(cast: Cast, partner: int) -> None:
    from leeward.blocklist.models import BlockAppeal
    from leeward.blocklist.services import open_block_appeals

    take(partner, "one.example", "two.example")
    open_block_appeals(1, address="one.example", relation="owner", text="Mine.", hotline_id=cast.hotline_id)
    assert take(partner, "two.example").removed == 1
    assert BlockAppeal.objects.get().state == "lifted"


def test_a_dry_run_only_says(partner: int) -> None:
    from leeward.blocklist.models import Import

    assert take(partner, "one.example", dry_run=True).added == 1
    assert live(partner) == set()
    assert not Import.objects.exists()


def test_staff_do_not_import(cast: Cast, partner: int) -> None:
    for name in ("ana", "carl"):
        with pytest.raises(NotAllowed):
            take(partner, "one.example", actor=cast[name].actor)


def test_names_come_in_with_their_day(cast: Cast, lists: Lists) -> None:
    from datetime import date

    from leeward.blocklist.queries import name_lists, popular_names
    from leeward.blocklist.services import import_names

    for kind, content in (("platforms", b"name\nx"), ("popular", b"nothing here"), ("other", b"a.example")):
        with pytest.raises(LeewardError):
            import_names(kind, content, source="x", as_of=date(2026, 11, 1), hotline_id=cast.hotline_id, actor=COMMAND)
    top = b"1,top-site.example\n2,next.example\n"
    import_names("popular", top, source="A list", as_of=date(2026, 11, 1), hotline_id=cast.hotline_id, actor=COMMAND)
    assert popular_names() == {"top-site.example", "next.example"}
    assert {row.kind: row.names for row in name_lists()}["popular"] == 2
    assert [line.line for line in take(lists.worst_of, "*.top-site.example", "*.a.example", mix=True).bad] == [1]


def test_the_command(cast: Cast, lists: Lists, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from leeward.cli.main import run

    file = tmp_path / "list.txt"
    file.write_text("one.example\nbad..example\n", encoding="utf-8")
    told = ["--list", "partner", "--hotline", "jm"]
    assert run(["blocklist", "import", str(file), *told, "--source", "P", "--dry-run", "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["added"] == 1
    assert [one["line"] for one in json.loads(said.out)["bad_lines"]] == [2]
    assert "Line 2: its host has an empty label" in said.err
    assert run(["blocklist", "entries", *told]) == 2  # the dry run has made no list
    assert run(["blocklist", "import", str(file), *told, "--source", "P"]) == 2
    assert (
        "The legal basis can't be read: it must have 1 to 500 characters, and none is recorded for P."
        in capsys.readouterr().err
    )
    bad = tmp_path / "bad.csv"
    taken = ["blocklist", "import", str(file), *told, "--source", "P", "--basis", "Agreement, section 4"]
    assert run([*taken, "--bad-lines", str(bad)]) == 1
    assert f"Lines that can't be listed: 1, each with its reason in {bad}." in capsys.readouterr().err
    assert bad.read_text().splitlines() == ["line,why,text", "2,its host has an empty label,bad..example"]
    assert run(["blocklist", "import", str(file), *told, "--source", "P"]) == 1, (
        "the basis is known from the first time"
    )
    capsys.readouterr()
    assert run(["blocklist", "lists", "--hotline", "jm", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["name"], row["listed"]) for row in rows] == [("national", 0), ("worst-of", 0), ("partner", 1)]
    assert run(["blocklist", "check", "http://one.example/x", "two.example", *told, "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["url"], row["blocked"], row["expression"]) for row in rows] == [
        ("http://one.example/x", True, "one.example/"),
        ("two.example", False, ""),
    ]
    assert run(["blocklist", "check", "http://", *told]) == 2
    assert run(["blocklist", "import", str(tmp_path / "none"), *told, "--source", "P"]) == 2
    assert run(["blocklist", "entries", *told, "--state", "lost"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 3


def test_nothing_of_a_partner_is_listed_without_a_legal_basis(partner: int) -> None:
    for none in ("", "  ", "x" * 501):
        with pytest.raises(BadInput, match="legal basis"):
            take(partner, "one.example", basis=none)
    assert not Entry.objects.exists()
    take(partner, "one.example")
    take(partner, "one.example", "two.example", basis="")
    assert set(Entry.objects.values_list("basis", flat=True)) == {"Agreement of 3 May 2026, section 4"}
