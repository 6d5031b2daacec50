"""What makes a report urgent."""

from itertools import product

import pytest

from leeward.intake.rules.draft import KINDS, ReportDraft
from leeward.intake.rules.urgency import THREATS, URGENCIES, is_more_urgent, made_worse, urgency_of, worse_than

BOTH = (False, True)


@pytest.mark.parametrize(("kind", "threat", "is_shown", "is_marked"), list(product(KINDS, ("", *THREATS), BOTH, BOTH)))
def test_every_kind_answer_and_mark(kind, threat, is_shown, is_marked) -> None:
    found = urgency_of(kind, threat=threat, is_shown=is_shown, is_marked=is_marked)
    by_kind = {"danger": "danger", "contact": "contact"}.get(kind, "")
    by_threat = "threat" if kind == "me" and threat in ("yes", "unsure") else ""
    assert found == (by_kind or by_threat or ("shown" if is_shown else "marked" if is_marked else ""))
    for under_18 in (False, True):
        assert (
            ReportDraft(
                kind=kind, items=(), threat=threat, is_shown=is_shown, is_marked=is_marked, under_18=under_18
            ).urgency
            == found
        )


@pytest.mark.parametrize(("now", "before"), list(product(("", *URGENCIES), ("", *URGENCIES))))
def test_what_is_said_later_calls_for_help_anew_only_where_it_says_more(now, before) -> None:
    expected = bool(now) and (not before or (now == "danger" and before != "danger"))
    assert is_more_urgent(now, before) == expected


def test_what_can_be_said_later_depends_on_what_was_said() -> None:
    assert worse_than("page", "yes") == ("danger", "contact")
    assert worse_than("me", "no") == ("danger", "threat")
    assert worse_than("me", "yes") == worse_than("contact", "") == ("danger",)
    assert made_worse("me", "unsure", ["threat"]) == ("me", "unsure")


@pytest.mark.parametrize(("kind", "threat"), list(product(KINDS, ("", *THREATS))))
def test_whatever_can_get_worse_makes_a_report_as_urgent_as_if_it_had_said_so_at_first(kind, threat) -> None:
    before = urgency_of(kind, threat=threat, is_shown=False, is_marked=False)
    assert ("danger" in worse_than(kind, threat)) == (kind != "danger")
    for worse in worse_than(kind, threat):
        now_kind, now_threat = made_worse(kind, threat, [worse])
        now = urgency_of(now_kind, threat=now_threat, is_shown=False, is_marked=False)
        assert now == worse
        assert is_more_urgent(now, before)
    assert made_worse(kind, threat, ["marked", "page", ""]) == (kind, threat)
    assert made_worse(kind, threat, ["contact", "threat", "danger"])[0] == "danger"
