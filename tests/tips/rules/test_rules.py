"""Doubts, bundles, the report of a tip, feedback, and the pace."""

import csv
from datetime import UTC, datetime

import pytest

from leeward.tips.rules.becoming import place_of, report_of
from leeward.tips.rules.doubts import doubts_of, is_urgent
from leeward.tips.rules.facts import addresses, countries, hash_pair, moment, number
from leeward.tips.rules.folding import fold_of
from leeward.tips.rules.outcomes import COLUMNS, feedback_csv, outcome_now
from leeward.tips.rules.pace import MOST_AT_ONCE, MOST_WAITING, URGENT_AN_HOUR, ordinary_now, urgent_now
from leeward.tips.rules.tip import Tip, TipFile, joined
from leeward.tips.rules.trees import flag, listed, text_of

NOW = datetime(2026, 3, 4, tzinfo=UTC)  # a Wednesday
MD5, OTHER = "ab" * 16, "cd" * 16
ONE = TipFile("one.jpg", (("md5", MD5),))


def tip(**changes: object) -> Tip:
    return Tip(**({"system": "cybertip", "number": "1", "provider": "One", "files": (ONE,), "addresses": ("https://a.example/p?q=1",)} | changes))  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "doubts"),
    [
        ({}, ()),
        ({"countries": ("JM", "TO")}, ()),
        ({"countries": ("TO",)}, ("other_country",)),
        ({"files": (TipFile("a", (), False, "A1"),)}, ("contradiction",)),
        ({"files": (TipFile("a", (), None, "A1"),)}, ()),
        ({"files": (ONE, TipFile("one.jpg", (("md5", OTHER),)))}, ("contradiction",)),
        ({"files": (ONE, TipFile("two.jpg", (("md5", OTHER),)))}, ()),
        ({"files": (TipFile("", (("md5", MD5),)), TipFile("", (("md5", OTHER),)))}, ()),
        ({"happened": "2026-03-03T00:00:00Z", "dated": "2026-03-01"}, ("contradiction",)),
        ({"happened": "2026-03-01T23:00:00Z", "dated": "2026-03-01"}, ()),
        ({"dated": "2026-03-06T00:00:00Z"}, ("from_the_future",)),
        ({"happened": "some day", "dated": "0001-01-01T00:00:00+23:59"}, ()),
        ({"is_cut": True}, ("was_cut",)),
    ],
)
def test_what_a_person_has_to_decide(changes: dict[str, object], doubts: tuple[str, ...]) -> None:
    assert doubts_of(tip(**changes), own_countries={"JM"}, by_mail=False, now=NOW) == doubts


def test_nobody_signs_a_mail() -> None:
    assert doubts_of(tip(), own_countries=(), by_mail=True, now=NOW) == ("unsigned_mail",)


def test_a_bundle_is_one_providers_file_at_one_address_in_one_week() -> None:
    fold = fold_of(tip(), arrived=NOW)
    assert fold == fold_of(tip(number="2", provider="ONE", addresses=("https://A.example/p?q=2",)), arrived=NOW)
    others = [
        fold_of(tip(provider="Two"), arrived=NOW),
        fold_of(tip(files=()), arrived=NOW),
        fold_of(tip(addresses=()), arrived=NOW),
        fold_of(tip(addresses=("https://a.example/other",)), arrived=NOW),
        fold_of(tip(), arrived=NOW.replace(day=12)),
        fold_of(tip(system="iccam"), arrived=NOW),
    ]
    assert len({fold, *others}) == 7
    assert fold_of(tip(files=(), addresses=()), arrived=NOW) == "", "nothing to fold by"
    assert fold_of(tip(addresses=("magnet:?xt=urn:btih:" + "a" * 40,)), arrived=NOW)
    assert fold_of(tip(addresses=("http://[x",)), arrived=NOW)
    assert not is_urgent(tip())
    assert is_urgent(tip(raised=("access",)))


def test_the_report_of_a_tip() -> None:
    draft = report_of(tip(incident="A type", happened="2026-01-01"), marked_because="never shown")
    assert (draft.kind, draft.urgency, draft.marked_because) == ("page", "", "")
    assert draft.where == "https://a.example/p?q=1"
    assert [item.kind for item in draft.items] == ["url"]
    assert draft.text == f"CyberTip 1\nOne\nA type\n2026-01-01\none.jpg md5:{MD5}"
    marked = report_of(tip(raised=("escalated",)), marked_because="why " * 200)
    assert (marked.urgency, len(marked.marked_because)) == ("marked", 500)
    assert report_of(tip(raised=("contact", "sextortion")), marked_because="w").urgency == "contact"
    assert place_of(tip(addresses=())) == MD5
    long = tuple(f"https://a.example/{number:0>1500}" for number in range(100))
    assert set(place_of(tip(addresses=long)).split("\n")) < set(long), "no address is cut in the middle"
    assert [item.kind for item in report_of(tip(addresses=()), marked_because="").items] == ["file_hash"]
    bare = report_of(tip(addresses=(), files=(TipFile("x", (("pdq", "00" * 32),)),)), marked_because="")
    assert (bare.where, [item.kind for item in bare.items]) == ("", ["words"]), "a tip that names no place counts too"


def test_what_senders_hear() -> None:
    assert [outcome_now("", is_folded=False), outcome_now("", is_folded=True), outcome_now("arrest", is_folded=True)] == [
        "received", "duplicate", "arrest",
    ]  # fmt: skip
    row = dict.fromkeys(COLUMNS, "a") | {"provider": "=1+1", "number": "-5", "sender": 'a "b", c'}
    (read,) = csv.DictReader(feedback_csv([row]).splitlines())
    assert read == row | {"provider": "'=1+1", "number": "'-5"}
    assert feedback_csv([]) == ",".join(COLUMNS) + "\n"


def test_tips_hold_back_while_other_work_waits() -> None:
    assert [ordinary_now(waiting) for waiting in (0, MOST_WAITING - 3, MOST_WAITING - 2, MOST_WAITING, 10_000)] == [
        MOST_AT_ONCE, 1, 0, 0, 0,
    ]  # fmt: skip
    assert [urgent_now(lately) for lately in (0, URGENT_AN_HOUR - 1, URGENT_AN_HOUR, 1000)] == [MOST_AT_ONCE, 1, 0, 0]


def test_facts_are_taken_only_where_they_are_some() -> None:
    assert hash_pair("SHA-1", f" {'AB' * 20} ") == ("sha1", "ab" * 20)
    assert hash_pair("", MD5) == ("md5", MD5)
    assert (
        hash_pair("", "ab" * 7)
        is hash_pair("md5", "xy" * 16)
        is hash_pair("md5", "ab" * 20)
        is hash_pair("crc", MD5)
        is None
    )
    assert addresses(["https://a.example/", "https://a.example/", "two words", "", "+1 876 555 0100"]) == (
        "https://a.example/",
    )
    assert len(addresses(f"https://a.example/{n}" for n in range(200))) == 100
    assert addresses(["https://a.example/" + "x" * size for size in (1981, 1982)]) == (
        "https://a.example/" + "x" * 1981,
    )
    assert [number(text) for text in ("A-1/2", "a b", "", "-1", "x" * 101)] == ["A-1/2", "", "", "", ""]
    assert countries(["jm ", "JM", "éé", "J1", "USA"]) == ("JM",)
    assert moment("2026-01-01T00:00:00") == datetime(2026, 1, 1, tzinfo=UTC) == moment("2026-01-01T02:00:00+02:00")
    assert moment("") is moment("soon") is None


def test_trees() -> None:
    assert listed({"a": {"a": [1, None, [2]]}}, "a") == [1, 2]
    assert listed(None) == listed("") == listed({"a": None}, "a") == []
    assert listed({"b": 1}, "a") == [{"b": 1}]
    assert listed("x") == ["x"]
    assert text_of({"a": {"value": " x\ny "}}, "a") == "x y"
    assert text_of({"a": {"#": "t", "@k": "v"}}, "a") == "t"
    assert text_of({"a": [1]}, "a") == text_of({"a": True}, "a") == text_of(None, "a") == ""
    assert text_of({"a": 5}, "a") == "5"
    assert [flag(node) for node in (True, "Yes", False, "0", None, "maybe")] == [True, True, False, False, None, None]


def test_a_files_part_joins_its_tip_once() -> None:
    part = Tip("cybertip", "1", files=(ONE, TipFile("two")), leaves=(("a", "b"),), is_cut=True)
    whole = joined(tip(leaves=(("x", "y"),)), part)
    assert [file.name for file in whole.files] == ["one.jpg", "two"]
    assert whole.leaves == (("x", "y"), ("a", "b"))
    assert whole.is_cut
