"""Clocks of urgent cases: how long they may be, and that nobody takes the page from them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django_scopes import scope

from leeward.administration.errors import SettingsRefused
from leeward.administration.services.settings_file import take_settings
from leeward.clocks.errors import RuleIsWrong
from leeward.clocks.models import RuleVersion
from leeward.clocks.queries import rule_of
from leeward.clocks.rules.due import Rule, Step
from leeward.clocks.rules.recommended import MOST_URGENT_HOURS, RECOMMENDED, URGENT, in_force, wrong_with
from leeward.clocks.services import set_rule
from leeward.foundation.actor import Actor
from tests.people.signing import signed_in
from tests.personas import Cast

PAGE = (Step("page", 0.0),)
WRONG = [
    (Rule(168, "hours", (), PAGE), ("amount", "urgent_too_long")),
    (Rule(2, "hours", (), ()), ("page", "urgent_must_page")),
    (Rule(2, "hours", (), (Step("remind", 1.0),)), ("page", "urgent_must_page")),
    (Rule(2, "hours", (), (Step("page", -1.0),)), ("page", "urgent_must_page")),
    (Rule(2, "hours", (), (Step("page", float("nan")),)), ("page", "urgent_must_page")),
    (Rule(2, "hours", ("police_hold",), PAGE), ("pauses", "urgent_runs_always")),
    (Rule(2, "hours", ("appeal",), PAGE), ("pauses", "urgent_runs_always")),
    (Rule(2, "open_hours", (), PAGE), ("unit", "urgent_runs_always")),
    (Rule(1, "working_days", (), PAGE), ("unit", "urgent_runs_always")),
]


def test_every_clock_of_urgent_cases_has_a_limit_and_its_recommended_rule_keeps_to_it() -> None:
    assert set(MOST_URGENT_HOURS) == set(URGENT.values())
    assert max(MOST_URGENT_HOURS.values()) <= 12
    assert [kind for kind, rule in RECOMMENDED.items() if wrong_with(kind, rule)] == []


@pytest.mark.parametrize("kind", sorted(MOST_URGENT_HOURS))
def test_an_urgent_clock_is_short_runs_always_and_pages(kind: str) -> None:
    for rule, why in WRONG:
        assert wrong_with(kind, rule) == why, rule
        assert in_force(kind, rule) == RECOMMENDED[kind], "one that was set before counts no more"
    longest = Rule(MOST_URGENT_HOURS[kind], "hours", (), PAGE)
    assert wrong_with(kind, longest) is None
    assert in_force(kind, longest) == longest
    assert wrong_with(kind, replace(longest, amount=longest.amount + 0.5)) == ("amount", "urgent_too_long")
    assert wrong_with("police_answered", Rule(168, "hours", ("police_hold",))) is None, "others are as free as before"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["carl", "adam", "command"])
def test_nobody_sets_an_urgent_clock_to_a_week_or_without_a_page(cast: Cast, who: str) -> None:
    """Not by the service, the file of settings (as the command takes it, too), nor the form."""
    actor = Actor("command", hotline_id=cast.hotline_id) if who == "command" else cast[who].actor
    with scope(hotline=cast.hotline_id):
        for kind in URGENT.values():
            with pytest.raises(RuleIsWrong):
                set_rule(cast.portal_id, kind, Rule(168, "hours", (), PAGE), actor=actor)
            with pytest.raises(RuleIsWrong):
                set_rule(cast.portal_id, kind, Rule(1, "hours", (), ()), actor=actor)
            if who != "carl":
                for fields in ('{"amount": 168}', '{"page": null}', '{"page": -5}', '{"pauses": ["police_hold"]}'):
                    text = f'{{"leeward_settings": 1, "clocks": {{"jm/{kind}": {fields}}}}}'
                    with pytest.raises(SettingsRefused):
                        take_settings(cast.hotline_id, text, actor=actor)
        if who != "command":
            client, path = signed_in(cast, who), f"/desk/time-limits/{cast.portal_id}/urgent_answered"
            assert 'name="pauses"' not in client.get(path).content.decode()
            for typed in ({"amount": "168", "page": "1"}, {"amount": "2"}, {"amount": "2", "page": "-1"}):
                assert client.post(path, {**typed, "act": "set"}).status_code == 422, typed
        assert not RuleVersion.objects.exists()


@pytest.mark.django_db
def test_a_rule_that_was_set_before_the_limit_counts_as_the_recommended_one(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        RuleVersion.objects.create(
            hotline_id=cast.hotline_id, portal_id=cast.portal_id, kind="urgent_answered", number=1, amount=168, unit="hours",
            pauses=[], steps={}, since=datetime.now(UTC),
        )  # fmt: skip
        assert rule_of(cast.portal_id, "urgent_answered").rule == RECOMMENDED["urgent_answered"]
