"""What a country's bill has to do: what somebody read comes first, unknown is not missing, and nothing is drafted for nothing."""

from datetime import date
from typing import Any

import pytest

from leeward.laws.register import packaged_register
from leeward.laws.rules.bill_need import Principal, Reported, need_of

TODAY = date(2026, 11, 27)
MET = dict.fromkeys(("c1", "c2", "c3", "c4", "c5"), "yes")
ACT = {
    "id": "act",
    "title": "Electronic Crimes Act 2013",
    "short": "Act",
    "kind": "act",
    "made": "2013",
    "expressions": [],
}
TOPIC = {
    "c1": "specific_law",
    "c2": "definition",
    "c3": "computer_facilitated",
    "c4": "possession",
    "c5": "provider_duty",
    "grooming": "grooming",
}


def law_file(
    criteria: dict[str, str] | None = None, readings: tuple[dict[str, Any], ...] = (), **more: Any
) -> dict[str, Any]:
    rows = (
        [{"edition": "10", "year": 2026, **dict.fromkeys(MET, "unknown"), **criteria}] if criteria is not None else []
    )
    return {
        "code": "XX",
        "name": "Exland",
        "kind": "state",
        "known_on": None,
        "review": "unreviewed",
        "criteria": rows,
        "works": [ACT],
        "readings": list(readings),
        **more,
    }


def law_reading(
    criterion: str, value: str, seen: str = "yes", at: str = "s 10", status: str = "in_force"
) -> dict[str, Any]:
    names = ("penalty", "commenced", "source", "source_url", "read_on", "note")
    return {
        "work": "act",
        "at": at,
        "topic": TOPIC[criterion],
        "value": value,
        "says": "",
        "status": status,
        "seen": seen,
        "confidence": "high",
        "reports": criterion == "c5",
        "source_kind": "statute_text",
        **dict.fromkeys(names),
    }


ALL_READ = tuple(law_reading(name, "yes") for name in TOPIC)


@pytest.mark.parametrize("name", TOPIC)
def test_what_was_read_to_be_there_in_part_is_named_so(name: str) -> None:
    need = need_of(
        law_file(readings=(*(row for row in ALL_READ if row["topic"] != TOPIC[name]), law_reading(name, "partial"))),
        TODAY,
    )
    assert (need.missing, need.partly) == ((name,), (name,))


def test_nothing_to_draft_where_nothing_is_missing() -> None:
    need = need_of(law_file(readings=ALL_READ), TODAY)
    assert (need.kind, need.missing, need.unknown) == (None, (), ())
    assert need_of(law_file(readings=ALL_READ), TODAY, clauses="all").kind == "model", (
        "never an Act beside the one in force"
    )


@pytest.mark.parametrize("missing", ["c2", "c3", "c4", "c5"])
def test_a_state_with_an_act_gets_an_amendment_of_what_is_missing(missing: str) -> None:
    rows = tuple(law_reading(name, "no" if name == missing else "yes") for name in TOPIC)
    need = need_of(law_file(readings=rows), TODAY)
    assert (need.kind, need.missing) == ("amending", (missing,))
    assert need.wanted == {missing}
    assert need.principal is not None
    assert need.principal.title == "Electronic Crimes Act 2013"
    assert need.principal.insert_after == "10"


def test_an_imported_edition_counts_where_nobody_read_the_law() -> None:
    need = need_of(law_file({**MET, "c2": "no"}), TODAY)
    assert (need.kind, need.missing, need.unknown) == ("model", ("c2",), ("grooming",))
    assert need_of(law_file({**MET, "c1": "no"}), TODAY).kind == "act"


def test_what_was_read_comes_before_an_edition() -> None:
    need = need_of(law_file(dict.fromkeys(MET, "no"), ALL_READ), TODAY)
    assert need.kind is None


def test_what_was_only_reported_is_unknown_and_unknown_is_not_missing() -> None:
    need = need_of(law_file(dict.fromkeys(MET, "no"), (law_reading("c1", "yes", seen="heading"),)), TODAY)
    assert "c1" in need.unknown
    assert need.kind != "act", "a parallel Act would be born dead"
    nobody = need_of(law_file({}), TODAY)
    assert (nobody.kind, nobody.missing) == ("model", ())


def test_a_bill_before_a_parliament_meets_nothing() -> None:
    rows = tuple(law_reading(name, "yes", status="bill") for name in TOPIC)
    assert need_of(law_file(dict.fromkeys(MET, "no"), rows), TODAY).missing == ("c1", "c2", "c3", "c4", "c5")


def test_half_is_missing_and_named_as_half() -> None:
    rows = tuple(law_reading(name, "partial" if name == "c4" else "yes") for name in TOPIC)
    need = need_of(law_file(readings=rows), TODAY)
    assert (need.kind, need.missing, need.partly) == ("amending", ("c4",), ("c4",))


def test_readings_at_odds_settle_nothing() -> None:
    rows = (*ALL_READ, law_reading("c2", "no", at="s 2"))
    assert need_of(law_file(readings=rows), TODAY).unknown == ("c2",)


def test_civil_law_gets_instructions() -> None:
    assert need_of(law_file({**MET, "c1": "no"}), TODAY, civil=True).kind == "instructions"


@pytest.mark.parametrize("value", ["no", "partial"])
@pytest.mark.parametrize("name", TOPIC)
def test_what_somebody_else_says_is_missing_is_unknown(name: str, value: str) -> None:
    """Whatever the edition said: a parallel Act, or an amendment, needs somebody who read the law."""
    account = law_reading(name, value) | {"source_kind": "secondary"}
    rows = tuple(account if other == name else law_reading(other, "yes") for other in TOPIC)
    need = need_of(law_file(dict.fromkeys(MET, "no"), rows), TODAY)
    assert (need.kind, need.missing, need.unknown) == ("model", (), (name,))


@pytest.mark.parametrize("name", TOPIC)
def test_what_somebody_else_says_is_met_is_drafted_and_says_who(name: str) -> None:
    """An account may not decide what a draft leaves out."""
    account = law_reading(name, "yes", at="s 20") | {
        "source_kind": "secondary",
        "source": "A survey",
        "read_on": "2026-01-02",
    }
    rows = tuple(account if other == name else law_reading(other, "yes") for other in TOPIC)
    need = need_of(law_file(MET, rows), TODAY)
    assert (need.kind, need.unknown, need.wanted) == ("model", (name,), {name})
    (told,) = need.reported
    assert (told.criterion, told.citation) == (name, "Electronic Crimes Act 2013 s 20")
    assert (told.source, told.read_on) == ("A survey", "2026-01-02")
    other = "c2" if name != "c2" else "c4"
    amended = tuple(law_reading(other, "no") if row["topic"] == TOPIC[other] else row for row in rows)
    need = need_of(law_file(MET, amended), TODAY)
    assert (need.kind, need.missing, need.wanted) == ("amending", (other,), {other, name})
    both = need_of(law_file(MET, (*rows, law_reading(name, "yes"))), TODAY)
    assert (both.kind, both.reported) == (None, ()), "somebody read the law as well"
    assert need_of(law_file(MET, (*rows, account | {"value": "no"})), TODAY).reported == (), "accounts differ"
    half = need_of(law_file(MET, (*rows, law_reading(name, "partial"))), TODAY)
    assert (half.unknown, half.reported) == ((name,), (told,)), "the text read has it in part"


def test_an_act_that_nobody_read_is_not_amended_and_gets_no_other_beside_it() -> None:
    account = law_reading("c4", "yes") | {"source_kind": "secondary"}
    for criterion in ("c1", "c2"):
        need = need_of(law_file({**MET, criterion: "no"}, (account,)), TODAY)
        assert (need.kind, criterion in need.missing) == ("model", True)


def test_an_act_that_somebody_read_is_amended_even_if_it_lacks_the_first_criterion() -> None:
    rows = tuple(law_reading(name, "partial" if name == "c1" else "yes") for name in TOPIC)
    assert need_of(law_file(readings=rows), TODAY).kind == "amending"


@pytest.mark.parametrize(
    ("places", "after"),
    [
        (("s 163.1",), ""),
        (("Part 18",), ""),
        (("s 376EB",), "376EB"),
        (("s 62A(1)(a)", "s 62"), "62A"),
        (("ss 17-19", "s 18"), "19"),
        (("ss 17–19",), "19"),
        (("s 9", "s 10"), "10"),
        (("s 10A", "s 10"), "10A"),
        (("s 10AA", "s 10B"), "10B"),
    ],
)
def test_new_sections_go_after_the_last_on_the_material(places: tuple[str, ...], after: str) -> None:
    """Not between two of a range, and not before a section that was itself inserted."""
    rows = [law_reading("c1", "yes", at=place) for place in places] + [law_reading("c4", "no", at=places[0])]
    principal = need_of(law_file(readings=tuple(rows)), TODAY).principal
    assert principal is not None
    assert principal.insert_after == after


def test_those_on_grooming_go_after_the_acts_own() -> None:
    rows = (law_reading("c1", "yes", at="s 85"), law_reading("grooming", "partial", at="s 86(1)"))
    principal = need_of(law_file(readings=rows), TODAY).principal
    assert principal is not None
    assert (principal.insert_after, principal.grooming_in) == ("85", "86")
    for off in (law_reading("grooming", "no", at="s 86"), law_reading("grooming", "partial", at="s 86", status="bill")):
        other = need_of(law_file(readings=(rows[0], off)), TODAY).principal
        assert other is not None
        assert other.grooming_in == ""


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("US", None),
        ("GH", "model"),
        ("JM", "amending"),
        ("DM", "model"),
        ("TV", "model"),
        ("LS", "amending"),
        ("KE", "model"),
        ("CA", "model"),
        ("BB", "model"),
        ("RW", "instructions"),
    ],
)
def test_the_shipped_register(code: str, kind: str | None) -> None:
    is_civil = code == "RW"
    assert need_of(packaged_register().file(code), TODAY, civil=is_civil).kind == kind


def test_jamaica_lacks_the_duty_only() -> None:
    need = need_of(packaged_register().file("JM"), TODAY)
    assert need.missing == ("c5",)
    assert need.principal is not None
    assert need.principal.title.startswith("Child Pornography (Prevention) Act")


def _answers(file: dict[str, Any]) -> dict[str, str]:
    """What is known of each criterion, by its name."""
    need = need_of(file, TODAY)
    rows = {"met": need.met, "missing": need.missing, "unknown": need.unknown}
    return {name: answer for answer, names in rows.items() for name in names}


def test_each_criterion_is_met_missing_or_unknown() -> None:
    assert _answers(law_file(readings=ALL_READ)) == dict.fromkeys(TOPIC, "met")
    assert _answers(law_file({**MET, "c3": "partial", "c4": "maybe"})) == {
        **dict.fromkeys(TOPIC, "met"),
        "c3": "missing",
        "c4": "unknown",
        "grooming": "unknown",
    }


@pytest.mark.parametrize(
    ("value", "seen", "status", "answer"),
    [
        ("no", "heading", "in_force", "missing"),
        ("yes", "heading", "in_force", "unknown"),
        ("yes", "yes", "unknown", "unknown"),
        ("no", "yes", "unknown", "missing"),
        ("yes", "yes", "repealed", "missing"),
    ],
)
def test_a_reported_provision_makes_an_edition_uncertain_unless_it_is_a_lack(
    value: str, seen: str, status: str, answer: str
) -> None:
    row = law_reading("c2", value, seen=seen, status=status)
    assert _answers(law_file({**MET, "c2": "no"}, (row,)))["c2"] == answer


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"meeting": "yes", "sexual_communication": "no"}, "met"),
        ({"meeting": "no", "sexual_communication": "yes"}, "met"),
        ({"meeting": "no", "sexual_communication": "no"}, "unknown"),
        ({"meeting": "no", "sexual_communication": "no", "provisions": ["p"]}, "met"),
        ({"meeting": "no", "sexual_communication": "no", "provisions": []}, "unknown"),
    ],
)
def test_a_recorded_law_on_grooming_meets_it(row: dict[str, Any], answer: str) -> None:
    assert _answers(law_file(MET, solicitation=[row]))["grooming"] == answer


@pytest.mark.parametrize(
    ("value", "more", "answer"),
    [
        ("yes", {}, "met"),
        ("no", {}, "missing"),
        ("partial", {}, "missing"),
        ("unknown", {}, "unknown"),
        ("no", {"seen": "heading"}, "unknown"),
        ("no", {"source_kind": "secondary"}, "unknown"),
        ("no", {"status": "bill"}, "unknown"),
    ],
)
def test_a_reading_of_the_law_on_grooming_counts_where_somebody_read_it(
    value: str, more: dict[str, Any], answer: str
) -> None:
    assert _answers(law_file(MET, (law_reading("grooming", value) | more,)))["grooming"] == answer


@pytest.mark.parametrize("name", TOPIC)
def test_only_accounts_by_which_a_criterion_is_met_are_named(name: str) -> None:
    told = law_reading(name, "yes", at="s 20") | {
        "source_kind": "secondary",
        "source": "A survey",
        "read_on": "2026-01-02",
    }
    other = "c2" if name != "c2" else "c4"
    rows = [
        told,
        told | {"at": "s 21", "topic": TOPIC[other]},
        told | {"at": "s 22", "status": "bill"},
        told | {"at": "s 23", "seen": "heading"},
        told | {"at": "s 24", "value": "partial"},
    ]
    if name == "c5":
        rows.append(told | {"at": "s 25", "reports": False})
    found = [row for row in need_of(law_file(MET, tuple(rows)), TODAY).reported if row.criterion == name]
    assert found == [Reported(name, "Electronic Crimes Act 2013 s 20", "A survey", "2026-01-02")]


def _principal(*rows: dict[str, Any], **more: Any) -> Principal | None:
    return need_of(law_file(readings=rows, **more), TODAY).principal


def _work(id: str, title: str, kind: str = "act") -> dict[str, Any]:
    return {**ACT, "id": id, "title": title, "kind": kind}


WORKS = [_work("act", "B Act"), _work("other", "A Act"), _work("change", "C (Amendment) Act")]


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([("act", "c1", {}), ("other", "c1", {})], "B Act"),
        ([("act", "c1", {}), ("other", "c1", {}), ("other", "c4", {})], "A Act"),
        ([("other", "c1", {}), ("change", "c1", {}), ("change", "c4", {})], "A Act"),
        ([("change", "c1", {})], "C (Amendment) Act"),
        ([("change", "c1", {}), ("other", "c1", {"seen": "heading"})], "A Act"),
        ([("change", "c1", {}), ("other", "c1", {"value": "partial"})], "C (Amendment) Act"),
        ([("act", "c1", {"seen": "heading"}), ("act", "c4", {"seen": "heading"}), ("other", "c1", {})], "A Act"),
        ([("act", "c1", {"source_kind": "secondary"}), ("other", "c1", {})], "A Act"),
        ([("act", "c1", {"value": "no"}), ("other", "c1", {})], "A Act"),
        ([("act", "c1", {"value": "no"}), ("other", "c1", {"value": "partial"})], "A Act"),
        ([("act", "c1", {"source_kind": "secondary"}), ("other", "c2", {"value": "partial"})], "B Act"),
        ([("act", "c1", {"value": "partial"}), ("other", "c2", {"value": "partial", "seen": "no"})], "B Act"),
        ([("act", "c1", {"status": "bill"}), ("other", "c1", {})], "A Act"),
        ([("act", "c5", {}), ("other", "c1", {})], "A Act"),
        ([("", "c1", {}), ("", "c4", {}), ("other", "c1", {})], "A Act"),
    ],
)
def test_the_act_that_is_amended_is_one_that_was_read_and_has_most_on_the_material(
    rows: list[tuple[str, str, dict[str, Any]]], title: str
) -> None:
    principal = _principal(
        *(law_reading(name, "yes") | {"work": work, **more} for work, name, more in rows), works=WORKS
    )
    assert principal is not None
    assert principal.title == title


def test_the_act_says_where_it_defines_and_where_its_last_section_on_the_material_is() -> None:
    rows = (
        law_reading("c1", "yes", at="s 10"),
        law_reading("c2", "yes", at="s 50(1)"),
        law_reading("c2", "yes", at="s 60(1)") | {"defines": "bad material"},
        law_reading("c4", "yes", at="s 12"),
    )
    title = "Electronic Crimes Act 2013"
    assert _principal(*rows) == Principal(title, "60", "12", is_read=True, defines="bad material")
    assert _principal(*rows[1:3]) == Principal(title, "60", "60", is_read=True, defines="bad material")
    assert _principal(rows[1]) == Principal(title, "", "50", is_read=True), "a place on the definition defines no term"
    assert _principal(rows[0]) == Principal(title, "", "10", is_read=True)
    account = law_reading("c1", "yes", at="Part 2") | {"source_kind": "secondary"}
    nowhere = law_reading("c2", "yes", at="Part 3")
    assert _principal(nowhere) == Principal("Electronic Crimes Act 2013", "", "", is_read=True)
    assert _principal(account) == Principal("Electronic Crimes Act 2013", "", "", is_read=False)
    assert _principal(*rows, kind="union") is None, "a union of states has no Act of its own"


@pytest.mark.parametrize("settled", [{"settled": True}, {"settled": False}, {}], ids=str)
def test_an_act_of_the_settled_recorded_law_was_read(settled: dict[str, bool]) -> None:
    limb = {"id": "a", "media": ["photograph"], "from": None, "until": None, "provisions": ["p"], **settled}
    conduct = dict.fromkeys(("possession", "production", "distribution"), "unknown")
    found = _principal(
        law_reading("c1", "yes", seen="no"),
        provisions=[{"id": "p", "work": "act", "at": "s 7"}],
        legality={"limbs": [limb], "conduct": conduct},
    )
    assert found is not None
    assert found.is_read is (settled != {"settled": False}), "what says nothing is settled"


def test_without_readings_the_act_of_the_recorded_law_is_amended() -> None:
    provisions = [
        {"id": "of-bill", "work": "bill", "at": "s 1"},
        {"id": "of-act", "work": "act", "at": "s 7(2)"},
        {"id": "more", "work": "other", "at": "s 8"},
    ]
    limb: dict[str, Any] = {"media": ["photograph"], "from": None, "until": None, "settled": False}
    limbs = [{**limb, "id": "a", "provisions": ["of-bill"]}, {**limb, "id": "b", "provisions": ["of-act", "more"]}]
    more = {"works": [*WORKS, _work("bill", "D Bill", "bill")], "provisions": provisions}
    conduct = dict.fromkeys(("possession", "production", "distribution"), "unknown")
    found = _principal(**more, legality={"limbs": limbs, "conduct": conduct})
    assert found == Principal("B Act", "", "7", is_read=True)
    provisions[1]["at"] = "Part 7"
    assert _principal(**more, legality={"limbs": limbs, "conduct": conduct}) == Principal("B Act", "", "", is_read=True)
    assert _principal(**more, legality={"limbs": limbs[:1], "conduct": conduct}) is None
    assert _principal(**more, legality=None) is None
    bare = {name: value for name, value in law_file().items() if name not in ("works", "readings")}
    assert need_of(bare, TODAY).principal is None
