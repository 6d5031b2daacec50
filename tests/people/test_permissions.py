"""The table of acts and roles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.actor import SYSTEM, Actor
from leeward.people.rules.permissions import ACTS, ROLES, acts_of, may

ACT = st.sampled_from(sorted(ACTS))
KIND = st.sampled_from(["reporter", "host", "police", "owner"])


@given(ACT, st.sets(st.sampled_from(ROLES)), st.integers(1, 3), st.integers(1, 3))
def test_staff_act_in_their_own_hotline_and_by_role_only(act: str, roles: set[str], own: int, other: int) -> None:
    allowed = bool(may(Actor("staff", 1, "x", own, frozenset(roles)), act, other))
    assert allowed == (own == other and bool(roles & ACTS[act]))


@given(ACT, KIND)
def test_outsiders_may_nothing(act: str, kind: str) -> None:
    assert not may(Actor(kind), act, None)
    assert may(SYSTEM, act, None)


def test_an_auditor_reads_the_log_and_nothing_else() -> None:
    assert acts_of(frozenset({"auditor"})) == {"log.read", "account.own", "care.own"}


def test_administrators_see_no_case() -> None:
    assert not [act for act in acts_of(frozenset({"administrator"})) if act.startswith(("case.", "report.", "appeal."))]


def test_every_refusal_has_a_reason() -> None:
    refused = may(Actor("staff", 1, "x", 1, frozenset({"auditor"})), "limits.edit", 1)
    assert str(refused.reason) == "it needs the role of Administrator or Supervisor"


def test_each_refusal_says_what_is_missing() -> None:
    ana = Actor("staff", 1, "Ana", 1, frozenset({"analyst"}))
    assert str(may(Actor("host"), "case.read", None).reason) == "only staff may do this"
    assert str(may(ana, "case.read", 2).reason) == "it belongs to another hotline"
    assert str(may(ana, "log.read", 1).reason) == "it needs the role of Auditor"
    assert str(may(ana, "page.acknowledge", 2).reason) == "it belongs to another hotline"
    reason = may(Actor("staff", 1, "x", 1, frozenset({"translator"})), "oncall.read", 1).reason
    assert str(reason) == "it needs the role of Administrator or Supervisor or Analyst or Police liaison"
    assert may(ana, "case.read", None), "where no hotline is named, only the role counts"
    assert may(Actor("command"), "log.read", 7)
    with pytest.raises(ValueError, match=r"unknown act 'case\.burn'"):
        may(ana, "case.burn", 1)
