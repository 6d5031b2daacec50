"""Template tags for quality's pages: `{% load quality %}`."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from leeward.casework.assessment.labels import FACT_NAMES
from leeward.casework.quality.labels import ENDS
from leeward.casework.quality.rules.agreement import Kappa

register = template.Library()


@register.filter
def kappa_words(kappa: Kappa) -> SafeString | str:
    """Return the figure with its interval, or why there is none."""
    if not kappa.pairs:
        return gettext("nothing to compare")
    if kappa.is_small:
        return gettext("too few to show")
    if kappa.value is None:
        return gettext("unknown: all answers were the same")
    if kappa.low is None or kappa.high is None:
        return format_html(
            '<b>{}</b> <span class="muted">({})</span>', number_format(kappa.value, 2), gettext("interval unknown")
        )
    figures = [number_format(figure, 2) for figure in (kappa.value, kappa.low, kappa.high)]
    return format_html('<b>{}</b> <span class="muted">({} – {})</span>', *figures)


@register.filter
def same_words(kappa: Kappa) -> str:
    """Return the share of equal answers, if it may be shown."""
    return "–" if kappa.is_small or kappa.same is None else f"{round(kappa.same * 100)} %"


@register.filter
def pairs_words(kappa: Kappa) -> str:
    """Return how many pairs there are; for a small number, only that there are under 10."""
    return number_format(kappa.pairs) if not kappa.is_small or not kappa.pairs else gettext("under 10")


@register.filter
def compared_word(name: str) -> str:
    """Return the label of a compared fact."""
    return str(FACT_NAMES.get(name, name))


@register.filter
def end_word(state: str) -> str:
    """Return the result of a request for review, in plain words."""
    return str(ENDS.get(state, state))
