"""The text of a message to the hotline's own staff: cases and times, and nothing of their content."""

from collections.abc import Sequence
from datetime import datetime

from django.template import loader
from django.utils.translation import gettext, ngettext, override

from leeward.notices.queries.labels import CLOCKS
from leeward.notices.rules.plain_text import one_line
from leeward.notices.writing.texts import Mail
from leeward.people.queries import HotlineRow

ALERT_SHOWS = 50


def alert_mail(
    what: str,
    cases: Sequence[tuple[str, str, datetime]],
    *,
    count: int,
    is_over: bool,
    hotline: HotlineRow,
    link: str,
    language: str = "en",
) -> Mail:
    """Return a reminder, an assignment, or a page; of many cases only the first are named. `is_over`: every deadline
    has passed."""
    with override(language):
        lines = [
            f"{reference}: {CLOCKS.get(clock, clock)}, {due:%Y-%m-%d %H:%M} ({due.tzname()})"
            for reference, clock, due in cases
        ]
        values = {"what": what, "lines": lines, "more": count - len(lines), "hotline": hotline, "link": link}
        body = loader.render_to_string("notices/mail/alert.txt", values).strip() + "\n"
        subject = one_line(_subject(what, count, is_over=is_over), 190)
    return Mail(subject, body)


def _subject(what: str, count: int, *, is_over: bool) -> str:
    if what == "page" and not is_over:
        text = ngettext("%(count)s case is nearly overdue", "%(count)s cases are nearly overdue", count)
    elif what == "page":
        text = ngettext("%(count)s case is overdue", "%(count)s cases are overdue", count)
    elif what == "reassign":
        text = ngettext("%(count)s case was given to you", "%(count)s cases were given to you", count)
    else:
        text = ngettext("%(count)s case that you hold is due soon", "%(count)s cases that you hold are due soon", count)
    return f"{gettext('Leeward')}: {text % {'count': count}}"
