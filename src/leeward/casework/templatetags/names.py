"""Template tags for what is shown of registered names: `{% load names %}`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from leeward.casework.names import labels
from leeward.hosting.queries import FindingRow
from leeward.hosting.rules.registrant import Statement
from leeward.notices.queries.labels import HINDRANCES, NAME_ACTS, NAME_BASES

register = template.Library()


@register.simple_tag
def name_statement(one: Statement) -> str:
    """Return what can be said about a registrant's data, as a sentence."""
    return str(labels.STATEMENTS[one.code]) % {"more": one.more}


@register.filter
def name_standing(standing: str) -> str:
    """Return how such a statement stands."""
    return _word(labels.STANDINGS, standing)


@register.filter
def name_link(by: str) -> str:
    """Return why two names belong together."""
    return _word(labels.BY, by)


@register.filter
def name_act(what: str) -> str:
    """Return what is done about a name."""
    return _word(NAME_ACTS, what)


@register.filter
def name_basis(basis: str) -> str:
    """Return what an act about a name rests on."""
    return _word(NAME_BASES, basis)


@register.filter
def name_hindrance(hindrance: str) -> str:
    """Return what stands in the way of an act about a name."""
    return _word(HINDRANCES, hindrance) if hindrance else ""


@register.filter
def shown_findings(findings: Iterable[FindingRow]) -> list[FindingRow]:
    """Return the findings that a case page shows; the registrant's name is read for a reason, on the page of the name."""
    return [one for one in findings if one.kind != "registrant"]


def _word(table: Mapping[str, Any], key: str) -> str:
    return str(table.get(key, key))
