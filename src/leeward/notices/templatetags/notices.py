"""Template tags for the pages about contacts: `{% load notices %}`."""

from django import template
from django.utils.translation import gettext

register = template.Library()
_HOUR = 60
_DAY = 24 * _HOUR


@register.simple_tag
def answer_time(minutes: int | None) -> str:
    """Format a duration in a suitable unit; a dash if there is none."""
    if minutes is None:
        return "—"
    if minutes < _HOUR:
        return gettext("%(number)s min") % {"number": minutes}
    if minutes < 3 * _DAY:
        return gettext("%(number)s h") % {"number": round(minutes / _HOUR)}
    return gettext("%(number)s d") % {"number": round(minutes / _DAY)}
