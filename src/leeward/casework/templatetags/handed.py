"""Template tags for what another hotline had made of a report before it came with its portal: `{% load handed %}`."""

from collections.abc import Mapping
from typing import Any

from django import template

from leeward.casework.acting.services.case_briefs import summary_of
from leeward.casework.labels import EVENTS
from leeward.laws.rules.facts import parse_facts

register = template.Library()


@register.filter
def done_word(name: str) -> str:
    """Return what was done at another hotline, in words."""
    return str(EVENTS.get(f"case.{name}", name))


@register.filter
def facts_of_others(facts: Mapping[str, Any]) -> list[str]:
    """Return the facts that another hotline has stated, one a line."""
    return summary_of(parse_facts(facts))
