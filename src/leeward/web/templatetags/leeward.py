"""Tags and filters for every page: `{% load leeward %}`."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from leeward.people.access import actor_of
from leeward.web.desk import Bar, bar_for
from leeward.web.house import name_of, unused_parts_of
from leeward.web.place import NOWHERE, Place
from leeward.web.rules.clocks import Left, time_left
from leeward.web.rules.states import shown

register = template.Library()
DAY = "j F Y"
MOMENT = "j F Y, H:i"


def _place(context: Context) -> Place:
    return context.get("place") or NOWHERE


@register.simple_tag(takes_context=True)
def portal_path(context: Context, page: str = "") -> str:
    """Return the path of another page of this portal in this language: `{% portal_path 'report' %}`."""
    return _place(context).path(page)


@register.simple_tag(takes_context=True)
def site_path(context: Context, page: str = "") -> str:
    """Return the path of a page that belongs to no portal, in this language: `{% site_path 'accessibility' %}`."""
    return _place(context).site_path(page)


def _sentence(left: Left) -> str:
    values = {"days": left.days, "hours": left.hours, "minutes": f"{left.minutes:02d}", "plain_minutes": left.minutes}
    if left.days and left.hours:
        text = gettext("%(days)s d %(hours)s h over") if left.is_over else gettext("%(days)s d %(hours)s h left")
    elif left.days:
        text = gettext("%(days)s d over") if left.is_over else gettext("%(days)s d left")
    elif left.hours and left.minutes:
        text = gettext("%(hours)s h %(minutes)s over") if left.is_over else gettext("%(hours)s h %(minutes)s left")
    elif left.hours:
        text = gettext("%(hours)s h over") if left.is_over else gettext("%(hours)s h left")
    else:
        text = gettext("%(plain_minutes)s min over") if left.is_over else gettext("%(plain_minutes)s min left")
    return text % values


@register.simple_tag
def clock(due: datetime | None, now: datetime | None = None) -> SafeString:
    """Show "2 h left" or "3 h over" for a due time, with its symbol; a dash if there is none."""
    if due is None:
        return format_html('<span class="clock">{}</span>', "—")
    left = time_left(due, now or timezone.now())
    css = "clock" if left.state == "plain" else f"clock {left.state}"
    return format_html(
        '<time class="{}" datetime="{}">{}</time>', css, due.isoformat(timespec="minutes"), _sentence(left)
    )


@register.simple_tag
def state_tag(state: str, word: str = "") -> SafeString:
    """Show a state as a tag: word and symbol from the table, or an own `word` with the same symbol."""
    known = shown(str(state))
    return format_html('<span class="tag {}">{}</span>', known.css, word or gettext(known.word))


@register.simple_tag
def state_word(state: str) -> str:
    """Show only the word of a state, for running text."""
    return gettext(shown(str(state)).word)


@register.simple_tag
def bdi_number(text: Any) -> SafeString:
    """Show a number, range, telephone number or time so that it keeps its order inside right-to-left text."""
    return format_html('<bdi dir="ltr">{}</bdi>', text)


@register.filter
def input_of(option: BoundWidget) -> SafeString:
    """Return the input of one choice of a field, for which Django renders four templates: the page of a case has seventy
    of them.
    """
    given = option.data
    value = "" if given["value"] is None else format_html(' value="{}"', given["value"])
    return format_html('<input type="{}" name="{}"{}{}>', given["type"], given["name"], value, flatatt(given["attrs"]))


@register.filter
def apart(text: Any) -> str:
    """Isolate text of another language inside a sentence, so that its punctuation stays with it in either writing
    direction."""
    return f"\u2068{text}\u2069"


@register.filter
def tel(number: str) -> str:
    """Return a telephone number for a `tel:` link: digits and a leading plus."""
    return "".join(
        letter for position, letter in enumerate(str(number)) if letter.isdigit() or (letter == "+" and position == 0)
    )


def _distance(here: datetime) -> str:
    """Return how far a time's zone is from UTC: "UTC", "UTC−5" or "UTC+5:30"."""
    minutes = round((here.utcoffset() or timedelta(0)).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def _shown_time(
    context: Context, value: date | None, form: str, zone: str, *, is_named: bool = False
) -> str | SafeString:
    if value is None:
        return "—"
    if not isinstance(value, datetime):  # a calendar date is the same everywhere
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.date_format(value, DAY))
    try:
        here = timezone.localtime(value, ZoneInfo(str(zone or context.get("time_zone") or "UTC")))
    except (ZoneInfoNotFoundError, ValueError):
        here = timezone.localtime(value, ZoneInfo("UTC"))
    shown = formats.date_format(here, form)
    if is_named:
        shown = format_html('{} <span class="nowrap" dir="ltr">({})</span>', shown, _distance(here))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="minutes"), shown)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None, zone: str = "") -> str | SafeString:
    """Show a day in the portal's time zone: "12 March 2026"."""
    return _shown_time(context, value, DAY, zone)


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None, zone: str = "") -> str | SafeString:
    """Show a day and time in the portal's time zone: "12 March 2026, 14:05"."""
    return _shown_time(context, value, MOMENT, zone)


@register.simple_tag(takes_context=True)
def zoned_moment(context: Context, value: datetime | None, zone: str) -> str | SafeString:
    """Show the same with the zone's distance from UTC, for readers of another country: "12 March 2026, 14:05 (UTC−5)"."""
    return _shown_time(context, value, MOMENT, zone, is_named=True)


@register.simple_tag(takes_context=True)
def desk_bar(context: Context) -> Bar | None:
    """Return the groups and pages of the desk's bar for whoever is signed in."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return None
    return bar_for(actor_of(request), request.get_full_path(), unused_parts_of(request))


@register.simple_tag(takes_context=True)
def desk_hotline(context: Context) -> str:
    """Return the name of the signed-in person's hotline."""
    request = context.get("request")
    return name_of(request) if request is not None else ""


@register.simple_tag
def changed_line(sign: str, line: str) -> str | SafeString:
    """Show one line of a comparison of two texts, with every space visible; a sign, and a word for those who only hear
    it, say what became of it."""
    if sign == "gone":
        return format_html('<del><span class="vh">{}</span>− {}</del>', gettext("removed:"), line)
    if sign == "new":
        return format_html('<ins><span class="vh">{}</span>+ {}</ins>', gettext("new:"), line)
    return line
