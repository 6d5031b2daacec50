"""Words of the hash bank for templates."""

from django import template

from leeward.hashbank import words

register = template.Library()
_TABLES = {
    "state": words.STATES,
    "verdict": words.VERDICTS,
    "doubt": words.DOUBTS,
    "victim": words.VICTIMS,
    "offender": words.OFFENDERS,
    "media": words.MEDIA,
    "upload": words.UPLOADS,
}


@register.filter
def bank_word(code: str, table: str) -> str:
    """A code of a closed vocabulary as people read it."""
    return str(_TABLES[table].get(code, code))


@register.filter
def bank_sign(code: str) -> str:
    """The look of a state's tag."""
    return words.SIGNS.get(code, "word")
