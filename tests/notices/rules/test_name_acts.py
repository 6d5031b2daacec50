"""Which act about a name is possible when, on what basis, and what can be answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leeward.notices.rules.answers import ANSWERS
from leeward.notices.rules.name_acts import (
    ACTS,
    Situation,
    What,
    answers_for,
    basis_of,
    hindrance,
    is_never,
    is_of_a_country,
    is_overdue,
    is_refuted,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
EVERYBODY = frozenset({"registrar", "registry", "police", "icann"})
GOOD = Situation(
    gate="open",
    name="kite.test",
    home="JM",
    readers=EVERYBODY,
    odd=frozenset({"odd_phone"}),
    registrar_informed_at=NOON - timedelta(hours=72),
)


def test_only_what_was_sent_and_has_no_final_answer_is_overdue() -> None:
    for answer in ("none", "acknowledged"):
        assert is_overdue(answer, NOON, NOON, NOON)
        assert not is_overdue(answer, NOON, NOON + timedelta(seconds=1), NOON)
        assert not is_overdue(answer, None, NOON, NOON)
    for answer in set(ANSWERS) - {"none", "acknowledged"}:
        assert not is_overdue(answer, NOON, NOON, NOON)


def test_an_answer_is_refuted_only_by_what_was_seen_after_it() -> None:
    later = NOON + timedelta(seconds=1)
    for answer, seen, other in (("suspended", "free_at", "up_at"), ("removed", "up_at", "free_at")):
        assert is_refuted(answer, NOON, **{seen: later, other: None})
        assert not is_refuted(answer, NOON, **{seen: NOON, other: later})
        assert not is_refuted(answer, NOON, **{seen: None, other: later})
        assert not is_refuted(answer, None, **{seen: later, other: later})
    assert not is_refuted("declined", NOON, free_at=later, up_at=later)


@pytest.mark.parametrize("what", [what for what in ACTS if what != "registry"])
def test_nothing_stands_in_the_way(what: What) -> None:
    assert hindrance(what, GOOD, NOON) == ""
    assert hindrance(what, replace(GOOD, already=frozenset({what})), NOON) == "already"
    for gate in ("untold", "police", "person", "stopped"):
        assert hindrance(what, replace(GOOD, gate=gate), NOON) == "police_first"
    assert hindrance(what, replace(GOOD, readers=EVERYBODY - {ACTS[what].reader}), NOON) == f"no_{ACTS[what].reader}"


@pytest.mark.parametrize(
    ("name", "home", "why"),
    [("kite.jm", "JM", ""), ("kite.com.jm", "JM", ""), ("kite.uk", "GB", ""), ("kite.jm", "GB", "other_country"), ("kite.gb", "GB", "other_country"),
     ("kite.test", "JM", "other_country")],
)  # fmt: skip
def test_a_registry_is_our_own_countrys(name: str, home: str, why: str) -> None:
    assert hindrance("registry", replace(GOOD, name=name, home=home), NOON) == why


def test_icann_wants_proof_and_time_and_has_no_say_over_countries() -> None:
    assert hindrance("icann", replace(GOOD, registrar_informed_at=None), NOON) == "no_proof"
    assert hindrance("icann", replace(GOOD, registrar_informed_at=NOON - timedelta(hours=71)), NOON) == "too_early"
    for name in ("kite.jm", "kite.xn--p1ai", "kite.com.xn--p1ai"):
        assert is_of_a_country(name)
        assert hindrance("icann", replace(GOOD, name=name), NOON) == "not_icanns"
    assert not is_of_a_country("kite.test")


def test_only_what_stands_out_in_the_data_is_reported() -> None:
    for odd in (frozenset(), frozenset({"young", "elsewhere"})):
        assert hindrance("accuracy", replace(GOOD, odd=odd), NOON) == "nothing_odd"


@pytest.mark.parametrize(
    ("what", "name", "basis"),
    [
        ("registrar", "kite.test", "raa_abuse"), ("police", "kite.test", "raa_police"), ("accuracy", "kite.test", "raa_accuracy"),
        ("registrar", "kite.jm", "terms"), ("police", "kite.jm", "terms"), ("registry", "kite.jm", "terms"), ("icann", "kite.test", "icann"),
        ("data", "kite.mt", "nis2"), ("data", "kite.com.mt", "nis2"),
        ("registry", "kite.test", "terms"), ("data", "kite.cy", "nis2"), ("data", "kite.jm", "own_law"), ("data", "kite.test", "own_law"),
    ],
)  # fmt: skip
def test_what_an_act_rests_on(what: What, name: str, basis: str) -> None:
    assert basis_of(what, name) == basis


def test_clocks_and_answers() -> None:
    hours = {what: act.time // timedelta(hours=1) for what, act in ACTS.items()}
    assert hours == {"registrar": 72, "registry": 72, "police": 24, "data": 72, "accuracy": 360, "icann": 720}
    assert answers_for("name_registrar") == ("acknowledged", "suspended", "declined")
    assert (answers_for("name_data")[1], answers_for("name_accuracy")[1]) == ("provided", "corrected")
    assert answers_for("host") == answers_for("registrar") == ()
    assert all(answer in ANSWERS for act in ACTS.values() for answer in answers_for(act.kind))


@pytest.mark.parametrize(
    ("email", "never"),
    [("report@netbeacon.org", True), ("a@mail.NetBeacon.org", True), ("a@b@netbeacon.org", True),
     ("a@notnetbeacon.org", False), ("a@netbeacon.org.test", False)],
)  # fmt: skip
def test_who_must_not_get_it(email: str, never: bool) -> None:
    assert is_never(email) is never
