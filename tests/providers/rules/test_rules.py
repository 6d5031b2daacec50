"""What a line becomes, what the law of a place makes of it, how long its evidence is kept, and classes of urgency."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.providers.rules import becoming, clocks, priorities
from leeward.providers.rules.becoming import fold_of, place_in, raised_by, report_of, text_of
from leeward.providers.rules.clocks import clock_of, countries_of, kept_until, next_reminder, standing_of, step_of
from leeward.providers.rules.hearing import feedback_of
from leeward.providers.rules.line import Line, canonical_of, read_line
from leeward.providers.rules.table import rows_of
from leeward.providers.rules.turns import in_turn

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KNOWN = "2026-11-28T09:00:00Z"
ADDRESS, HASH = "https://A.example/x?s=1", {"hashes": {"sha256": "AB" * 32}}


def line(**more: Any) -> Line:
    return read_line({"known_at": KNOWN, "words": "x"} | more, NOW)


def fold(provider: int = 3, at: datetime = NOW, **more: Any) -> str:
    return fold_of(line(**more), provider=provider, arrived=at)


def test_lines_about_one_thing_fold_and_no_others() -> None:
    one = fold(addresses=[ADDRESS], files=[HASH])
    assert len(one) == 32
    assert one == fold(
        addresses=["https://a.example/x?s=2", "https://b.example"], files=[{"hashes": {"sha256": "ab" * 32}}]
    )
    others = [
        fold(4, addresses=[ADDRESS], files=[HASH]),
        fold(addresses=["https://a.example/y"], files=[HASH]),
        fold(addresses=["http://a.example/x"], files=[HASH]),
        fold(addresses=[ADDRESS], files=[{"hashes": {"sha256": "0" * 64}}]),
        fold(addresses=[ADDRESS]),
        fold(files=[HASH]),
        fold(at=NOW + timedelta(days=7), addresses=[ADDRESS], files=[HASH]),
        fold(at=NOW + timedelta(days=371), addresses=[ADDRESS], files=[HASH]),
        fold(addresses=["magnet:?xt=1"]),
        fold(addresses=["magnet:?xt=2"]),
        fold(addresses=["https://[broken/x"]),
        fold(addresses=["https://[broken/y"]),
        fold(addresses=["https://a.example/watch?v=1"]),
        fold(addresses=["https://a.example/watch?v=2"]),
        fold(files=[HASH], accounts=[{"service": "Chatter", "id": "1"}]),
        fold(files=[HASH], accounts=[{"service": "Chatter", "id": "2"}]),
        fold(files=[HASH], accounts=[{"service": "Other", "id": "2"}]),
    ]
    assert len({one, *others}) == 18
    assert fold(at=NOW + timedelta(days=1), addresses=[ADDRESS], files=[HASH]) == one, "the same week"
    assert fold() == "", "what names neither folds with none"


def test_what_makes_a_line_urgent() -> None:
    assert raised_by(is_danger=True, priority="P1") == "danger"
    assert raised_by(is_danger=False, priority="P1") == "class"
    assert raised_by(is_danger=False, priority="P2") == ""
    assert set(becoming.REASONS) == {"danger", "class"}


def test_where_a_line_is() -> None:
    accounts = [
        {"service": "Chatter", "name": "somebody", "id": "7"}, {"service": "Chatter", "id": "8"}, {"id": "9"}, {"service": "Chatter"},
    ]  # fmt: skip
    files = [{"hashes": {"pdq": "0" * 64, "md5": "1" * 32}}, HASH]
    assert (
        place_in({"addresses": ["a", "b", "a"], "accounts": accounts, "files": files})
        == "a\nb\nsomebody on Chatter\n8 on Chatter"
    )
    assert place_in({"files": files}) == "1" * 32
    assert place_in({"files": [{"hashes": {"pdq": "0" * 64}}]}) == ""
    assert place_in({}) == ""
    long = [f"https://a.example/{number}/" + "x" * 1900 for number in range(100)]
    text = place_in({"addresses": long})
    assert len(text) <= becoming.MOST_WHERE_CHARACTERS
    assert text.split("\n") == long[: text.count("\n") + 1], "whole addresses only"


def test_a_line_as_a_report() -> None:
    stated = {
        "known_at": KNOWN, "addresses": [ADDRESS], "words": "I found a bad page.", "reference": "R-1", "priority": "P2", "cybertip": "77",
        "kind": "correction", "of": "P000012-00003",
        "files": [{"hashes": {"md5": "1" * 32}, "viewed": True, "name": "a.jpg", "classification": "A1"},
                  {"hashes": {"md5": "2" * 32}, "viewed": False}],
        "events": [{"at": KNOWN, "kind": "upload", "ip": "192.0.2.7", "port": 443, "account": "7"}, {"at": KNOWN}],
    }  # fmt: skip
    text = text_of(stated, incident="P000013-00001", provider="Harbour")
    assert text.split("\n") == [
        "P000013-00001 Harbour", "correction of P000012-00003", "reference: R-1", "priority: P2", f"known_at: {KNOWN}", "cybertip: 77",
        "I found a bad page.", f"a.jpg A1 viewed md5:{'1' * 32}", f"not viewed md5:{'2' * 32}",
        f"{KNOWN} upload 192.0.2.7 443 7", KNOWN,
    ]  # fmt: skip
    draft = report_of(canonical_of(stated), incident="P000013-00001", provider="Harbour", raised="", reason="unused")
    assert (draft.kind, draft.where, draft.text, draft.is_marked, draft.marked_because) == (
        "page",
        ADDRESS,
        text,
        False,
        "",
    )
    assert [item.kind for item in draft.items] == ["url"]
    urgent = report_of(canonical_of(stated), incident="x", provider="y", raised="danger", reason="r" * 900)
    assert (urgent.is_marked, urgent.urgency, urgent.marked_because) == (True, "marked", "r" * 500)
    many = {
        "words": "w" * 100,
        "files": [{"hashes": {"md5": f"{number:032x}"}} for number in range(30)],
        "kind": "first",
    }
    lines = text_of(many, incident="i", provider="p").split("\n")
    assert lines[:2] == ["i p", "w" * 100]
    assert len(lines) == 22, "twenty files are named"
    accounts = {"accounts": [{"service": "Chatter", "id": "7"}, {"email": "who@a.example", "phone": "1"}]}
    assert text_of(accounts, incident="i", provider="p").split("\n")[1:] == [
        "account id:7 service:Chatter", "account email:who@a.example phone:1",
    ], "also what names no place"  # fmt: skip
    assert len(text_of({"words": "w" * 30_000}, incident="i", provider="p")) == becoming.MOST_CHARACTERS


def duty(**more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "who": "whoever", "applies": "yes", "to": "the police", "trigger": "knowledge", "trigger_words": "knows it", "speed_words": "fast",
        "report_by": None, "keep_until": None, "destroy_after": None, "secrecy": "none", "immunity": "civil", "foreign_report": "yes",
        "foreign_report_words": "yes (s 9)", "citations": ("s 1",),
    }  # fmt: skip
    return made | more


def due(*duties: dict[str, Any], no_duty: str | None = None) -> dict[str, Any]:
    return {
        "jurisdiction": "CA",
        "name": "Canada",
        "duties": duties,
        "no_duty": no_duty,
        "reviewed": False,
        "law_version": "7",
    }


def standing(*duties: dict[str, Any], no_duty: str | None = None) -> clocks.Standing:
    return standing_of(due(*duties, no_duty=no_duty), known_at=NOW, reported_at=NOW)


def test_how_a_line_stands_in_a_country() -> None:
    found = standing(duty(report_by=NOW, keep_until=NOW, destroy_after=NOW))
    assert (found.country, found.name, found.bound, found.none, found.is_reviewed, found.version) == (
        "CA", "Canada", "yes", "", False, "7",
    )  # fmt: skip
    assert found.duties == (
        clocks.DutyStanding(
            country="CA", who="whoever", applies="yes", to="the police", trigger="knows it", speed_words="fast", report_by=NOW,
            clock="met", keep_until=NOW, is_destroyed=True, secrecy="none", immunity="civil", counts_abroad="yes",
            counts_words="yes (s 9)", citations=("s 1",),
        ),
    )  # fmt: skip
    (bare,) = standing(
        duty(
            to=None,
            trigger_words=None,
            speed_words=None,
            secrecy=None,
            immunity=None,
            foreign_report="unknown",
            foreign_report_words=None,
        )
    ).duties
    assert (bare.to, bare.trigger, bare.speed_words, bare.clock, bare.secrecy, bare.immunity, bare.counts_words) == (
        "", "knowledge", "", "none", "", "", "",
    )  # fmt: skip
    assert (bare.is_destroyed, bare.counts_abroad) == (False, "unknown")
    assert standing(duty(trigger=None, trigger_words=None)).duties[0].trigger == ""


def test_whether_a_law_binds_is_never_guessed() -> None:
    assert standing(duty(applies="unknown")).bound == "unknown"
    assert standing(duty(applies="unknown"), duty()).bound == "yes"
    assert standing().bound == "unknown"
    none = standing(no_duty="no such section")
    assert (none.bound, none.none) == ("no", "no such section")
    assert standing(duty(applies="unknown"), no_duty="no such section").bound == "unknown"


def test_a_clock_needs_a_time_of_the_law() -> None:
    assert clock_of(NOW, "", NOW) == "met"
    assert clock_of(NOW, "", NOW + timedelta(seconds=1)) == "later"
    assert clock_of(None, "as soon as feasible", NOW) == "words"
    assert clock_of(None, "", NOW) == "none"


def test_evidence_is_kept_as_long_as_the_longest_law_says() -> None:
    later = NOW + timedelta(days=365)
    short = standing(duty(keep_until=NOW, destroy_after=NOW))
    assert kept_until([short, standing(duty(keep_until=later), duty())]) == (later, False)
    assert kept_until([short]) == (NOW, True)
    assert kept_until([standing(duty())]) == (None, False)


@pytest.mark.parametrize(
    ("keep", "held", "is_destroyed", "step"),
    [
        (8, None, False, "kept"), (7, None, False, "soon"), (1, None, False, "soon"), (0, None, False, "over"), (-1, None, False, "over"),
        (-1, 1, False, "held"), (8, 1, False, "held"), (-1, 0, False, "over"), (None, None, False, "not_recorded"),
        (None, 1, False, "held"), (-1, 1, True, "destroyed"),
    ],
)  # fmt: skip
def test_where_preservation_stands(keep: int | None, held: int | None, is_destroyed: bool, step: str) -> None:
    def in_days(days: int | None) -> datetime | None:
        return None if days is None else NOW + timedelta(days=days)

    assert step_of(keep_until=in_days(keep), held_until=in_days(held), is_destroyed=is_destroyed, now=NOW) == step


def test_each_is_reminded_before_its_end_and_at_it_and_an_order_puts_both_off() -> None:
    end, week, second = NOW + 30 * DAY, 7 * DAY, timedelta(seconds=1)
    held = end + 60 * DAY

    def at(after: datetime, held_until: datetime | None = None) -> datetime | None:
        return next_reminder(keep_until=end, held_until=held_until, after=after)

    assert [at(NOW), at(end - week - second), at(end - week), at(end - second), at(end)] == [
        end - week,
        end - week,
        end,
        end,
        None,
    ]
    assert [at(NOW, held), at(held - week, held), at(held, held)] == [held - week, held, None]
    assert at(NOW, NOW + DAY) == end - week, "an order that ends earlier changes nothing"
    assert next_reminder(keep_until=None, held_until=held, after=NOW) is None


def test_whose_law_is_asked() -> None:
    assert countries_of(["CA", "JM", "GB"], "JM") == ("JM", "CA", "GB")


def test_the_classes_of_a_country_and_when_they_are_telephoned() -> None:
    friday, saturday = datetime(2026, 11, 27, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    night = {hour: priorities.also_by_telephone("GB", "P1", friday.replace(hour=hour)) for hour in (6, 7, 16, 17, 23)}
    assert night == {6: True, 7: False, 16: False, 17: True, 23: True}
    assert priorities.also_by_telephone("GB", "P2", saturday.replace(hour=12))
    assert not priorities.also_by_telephone("GB", "P3", saturday)
    assert not priorities.also_by_telephone("JM", "P1", saturday)
    assert priorities.also_by_telephone("GB", "P1", datetime(2026, 7, 3, 5, 59, tzinfo=UTC)), (
        "seven in summer time is six in UTC"
    )
    assert not priorities.also_by_telephone("GB", "P1", datetime(2026, 7, 3, 6, 0, tzinfo=UTC))
    assert str(priorities.speed_of("GB", "P1")) == "immediately"
    assert str(priorities.speed_of("GB", "P3")) == "without undue delay"
    assert priorities.speed_of("GB", "") is None
    assert priorities.speed_of("JM", "P1") is None


def test_the_canonical_form_is_what_is_kept() -> None:
    assert json.loads(line(addresses=[ADDRESS]).canonical)["addresses"] == [ADDRESS]


def test_folding_is_the_same_for_ever() -> None:
    """What is stored of earlier lines is compared with what is worked out today."""
    assert fold(addresses=[ADDRESS], files=[HASH]) == "22002b6acb21ab430616842718a8ef57"
    exact = "https://a.example/" + "x" * (becoming.MOST_WHERE_CHARACTERS - 18)
    assert place_in({"addresses": [exact]}) == exact
    assert place_in({"addresses": ["first", "second", "x" * becoming.MOST_WHERE_CHARACTERS]}) == "first\nsecond"
    assert place_in({"accounts": [{"service": "Chatter", "name": "only a name"}]}) == "only a name on Chatter"
    assert text_of({"files": [{"hashes": {"md5": "1" * 32}}]}, incident="i", provider="p") == f"i p\nmd5:{'1' * 32}"


def test_a_law_with_words_only_and_a_review() -> None:
    assert standing(duty(speed_words="at once")).duties[0].clock == "words"
    reviewed = standing_of(due(duty()) | {"reviewed": True}, known_at=NOW, reported_at=NOW)
    assert reviewed.is_reviewed
    same = [standing(duty(keep_until=NOW, destroy_after=None)), standing(duty(keep_until=NOW, destroy_after=NOW))]
    assert kept_until(same) == (NOW, False), "of two that end together the first on record counts"


@pytest.mark.parametrize(
    ("told", "is_known", "feedback"),
    [
        ([], False, "received"), ([("received", "")], True, "known"), ([("looking", "")], True, "known"),
        ([("looking", "again")], False, "received"), ([("acted", "")], True, "acted"), ([("acted", "police_told")], False, "acted"),
        ([("closed", "removed")], False, "acted"), ([("closed", "forwarded"), ("received", "")], False, "acted"),
        ([("closed", "not_illegal")], False, "not_illegal"), ([("closed", "adults"), ("closed", "virtual")], True, "not_illegal"),
        ([("closed", "not_illegal"), ("looking", "")], False, "received"), ([("closed", "not_illegal"), ("acted", "")], False, "acted"),
        ([("closed", "not_illegal"), ("closed", "not_found")], False, "done"), ([("closed", "")], False, "done"),
        ([("closed", "")], True, "known"), ([("closed", "out_of_scope")], True, "done"),
        ([("closed", "insufficient")], False, "more_needed"), ([("closed", "password_protected"), ("received", "")], False, "more_needed"),
        ([("closed", "insufficient"), ("closed", "removed")], False, "acted"),
    ],
)  # fmt: skip
def test_what_a_provider_hears_follows_from_what_was_told_of_the_case(
    told: list[tuple[str, str]], is_known: bool, feedback: str
) -> None:
    assert feedback_of(told, is_known=is_known, has_question=False) == feedback
    assert feedback_of(told, is_known=is_known, has_question=True) == "more_needed"


def test_each_reason_that_decides_is_one_that_the_desk_may_give() -> None:
    from leeward.intake.rules.standing import REASONS
    from leeward.providers.rules import hearing

    every = [("closed", reason) for reason in hearing._NOT_ILLEGAL]
    assert feedback_of(every, is_known=False, has_question=False) == "not_illegal"
    assert set(REASONS["closed"]) >= hearing._ACTED | hearing._NOT_ILLEGAL | hearing._MORE_NEEDED


def test_no_flood_of_one_provider_keeps_another_waiting() -> None:
    queues = {1: [10, 11, 12, 13], 2: [20, 21], 3: [5]}
    assert in_turn(queues, {}, 9) == [5, 10, 20, 11, 21, 12, 13]
    assert in_turn(queues, {}, 2) == [5, 10]
    assert in_turn(queues, {1: 2, 3: 1}, 4) == [20, 5, 21, 10], "whoever had most before comes last"
    assert in_turn(queues, {}, 0) == in_turn(queues, {}, -1) == in_turn({}, {}, 3) == []


@pytest.mark.parametrize(
    "table",
    [
        "known_at;words\r\n2026-11-01T09:00:00Z;one, two\r\n", "sep=;\r\nknown_at;words\r\n2026-11-01T09:00:00Z;one, two\r\n",
        "known_at\twords\n2026-11-01T09:00:00Z\tone, two\n", "SEP=\t\nknown_at\twords\n2026-11-01T09:00:00Z\tone, two\n",
        '\ufeffsep=,\nknown_at,words\n2026-11-01T09:00:00Z,"one, two"\n', 'known_at,words\n2026-11-01T09:00:00Z,"one, two"\n',
    ],
)  # fmt: skip
def test_a_table_is_read_as_spreadsheets_of_any_country_write_it(table: str) -> None:
    assert list(rows_of(table)) == [(1, {"known_at": "2026-11-01T09:00:00Z", "words": "one, two"})]


def test_a_heading_of_one_column_is_a_table_too() -> None:
    assert list(rows_of("words\nonly;one\n")) == [(1, {"words": "only;one"})]
    with pytest.raises(ValueError, match="sep=x"):
        list(rows_of("sep=x\nwords\n"))


def test_a_mark_of_parting_is_found_in_the_heading_alone() -> None:
    said = "sep=;\nknown_at;words\n2026-11-01T09:00:00Z;a,b,c,d\n"
    assert list(rows_of(said)) == [(1, {"known_at": "2026-11-01T09:00:00Z", "words": "a,b,c,d"})]
    assert list(rows_of("words\na,b\n")) == [(1, None)], "commas, where the heading has no mark"


CARD = "4111 1111 1111 1111"


def test_a_whole_number_of_a_card_is_kept_nowhere() -> None:
    found = {
        "words": CARD, "files": [{"name": CARD, "hashes": {}}, "x"],
        "accounts": [
            {"service": "Visa Card", "id": CARD, "name": CARD, "phone": CARD}, {"service": f"card {CARD}"}, {"service": "Chatter", "id": CARD},
            {"id": CARD}, {"service": 1, "id": CARD}, "x",
        ],
    }  # fmt: skip
    kept = json.loads(canonical_of(found))
    assert CARD not in json.dumps(kept)
    assert kept["accounts"][5] == "x"
    assert kept["accounts"][0]["service"] == "Visa Card"
    assert kept["files"][1] == "x"
    assert canonical_of(["x"]) == '["x"]'  # type: ignore[arg-type]
    assert canonical_of({"words": "é"}) == '{"words":"é"}'
