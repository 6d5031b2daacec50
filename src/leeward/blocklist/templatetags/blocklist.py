"""Template filters for the pages about lists: `{% load blocklist %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise

from leeward.blocklist import labels
from leeward.blocklist.models import Entry
from leeward.blocklist.queries import target_of
from leeward.laws.labels import BASES

register = template.Library()
TABLES: dict[str, Mapping[str, str | Promise]] = {
    "kind": labels.KINDS,
    "state": labels.STATES,
    "scope": labels.SCOPES,
    "scope_hint": labels.SCOPE_HINTS,
    "tried": labels.TRIED,
    "base": BASES,
    "ending": labels.ENDINGS,
    "relation": labels.RELATIONS,
    "appeal": labels.APPEAL_STATES,
    "names": labels.NAME_KINDS,
}


@register.filter
def word(code: Any, table: str) -> str:
    """Return the wording of a code from one of the tables."""
    return str(TABLES[table].get(str(code)) or code)


@register.filter
def sign(state: str) -> str:
    """Return the state of the desk's common table whose sign is used for an entry's state."""
    return labels.STATE_TAGS[state]


@register.filter
def target(entry: Entry) -> str:
    """Return the displayed form of what an entry blocks."""
    return target_of(entry)
