"""Template filters for what hotlines write to each other: `{% load exchange %}`."""

from django import template

from leeward.exchange import labels
from leeward.exchange.queries import EntryRow, ExchangeRow, Held
from leeward.exchange.rules.saying import Sayable
from leeward.exchange.rules.standing import STAGES

register = template.Library()


@register.filter
def entry_word(entry: EntryRow | Held) -> str:
    """Return what a message says."""
    return labels.entry_label(entry.kind, entry.what)


@register.filter
def kind_word(entry: EntryRow) -> str:
    """Return what kind of message it is, and not what was found."""
    return labels.entry_label(entry.kind, entry.what if entry.kind == "action" else "")


@register.filter
def effect_word(entry: EntryRow) -> str:
    """Return why a message has no effect, or ""."""
    return labels.effect_words(entry.effect, entry.code)


@register.filter
def problem_word(entry: EntryRow | Held) -> str:
    """Return why a message has not arrived, or ""."""
    return labels.problem_words(entry.problem) if entry.problem else ""


@register.filter
def sayable_word(one: Sayable) -> str:
    """Return what a choice means."""
    return labels.sayable_words(one)


@register.filter
def stage_word(row: ExchangeRow) -> str:
    """Return how far an item is."""
    return str(STAGES[row.stage])
