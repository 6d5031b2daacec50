"""Template filters and tags of the hash bank."""

from collections.abc import Mapping

from django import template
from django.template import Context

from leeward.foundation.lazy_text import lazy_text_from
from leeward.hashbank import labels
from leeward.people.access import actor_of
from leeward.people.rules.permissions import acts_of

register = template.Library()
_TABLES: dict[str, Mapping[str, object]] = {
    "state": labels.STATES,
    "verdict": labels.VERDICT_LABELS,
    "doubt": labels.DOUBTS,
    "ruling": labels.RULINGS,
    "meaning": labels.MEANINGS,
    "profile": labels.PROFILES,
    "victim": labels.VICTIMS,
    "offender": labels.OFFENDERS,
    "media": labels.MEDIA,
    "upload": labels.UPLOADS,
    "scheme": labels.SCHEMES,
    "source_state": labels.SOURCE_STATES,
    "source_sign": labels.SOURCE_SIGNS,
    "protocol": labels.PROTOCOLS,
}


@register.filter
def worded(found: object) -> str:
    """Translate a stored text into the reader's language."""
    return str(lazy_text_from(found))


@register.filter
def bank_word(code: str, table: str) -> str:
    """Return the wording of a code from a closed vocabulary."""
    return str(_TABLES[table].get(code, code))


@register.filter
def bank_sign(code: str) -> str:
    """Return the style of a state's tag."""
    return labels.SIGNS.get(code, "word")


@register.simple_tag(takes_context=True)
def bank_acts(context: Context) -> frozenset[str]:
    """Return what the signed-in person may do."""
    return frozenset(acts_of(actor_of(context["request"]).roles))
