"""Words and small pieces for the pages about lists: `{% load blocklist %}`."""

from typing import Any

from django import template

from leeward.blocklist import words
from leeward.blocklist.models import Entry
from leeward.blocklist.queries import target_of

register = template.Library()
TABLES: dict[str, words.Words] = {
    "kind": words.KINDS,
    "state": words.STATES,
    "scope": words.SCOPES,
    "scope_hint": words.SCOPE_HINTS,
    "tried": words.TRIED,
    "ending": words.ENDINGS,
    "relation": words.RELATIONS,
    "appeal": words.APPEAL_STATES,
    "names": words.NAME_KINDS,
}


@register.filter
def word(code: Any, table: str) -> str:
    """The word of a code in one of the tables."""
    return str(TABLES[table].get(str(code)) or code)


@register.filter
def sign(state: str) -> str:
    """The state of the desk's common table whose sign an entry's state has."""
    return words.STATE_TAGS[state]


@register.filter
def target(entry: Entry) -> str:
    """What an entry blocks, as people write it."""
    return target_of(entry)
