"""The content of a page, as mail and as webhook payload: how many reports, their numbers, kinds and times, and nothing
else about them; people of a partner's hotline hear only how many.
"""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext, override

from leeward.foundation.crypto.tokens import make_token
from leeward.notices.services import Letter
from leeward.oncall.labels import KINDS
from leeward.oncall.models import Page, PagedReport, PageMessage
from leeward.oncall.queries.links import is_to_a_partner
from leeward.oncall.queries.lists import circles
from leeward.oncall.queries.rotas import police_number
from leeward.oncall.rules.circles import is_after_all
from leeward.oncall.rules.links import PURPOSE, code_of
from leeward.people import queries as people_queries
from leeward.people.queries import PortalRow

FORMAT = "leeward-page-1"
SHOWN = 30


def link_of(message: PageMessage) -> str:
    """Return the address where the recipient of this message acknowledges."""
    return f"{settings.LEEWARD.base_url}/page/{make_token(settings.LEEWARD.secret_bytes, PURPOSE, message.pk)}"


def letter_of(message: PageMessage) -> Letter:
    """Return the mail of a message, with what is true when it is sent."""
    page, portal = message.page, people_queries.portal(message.page.portal_id)
    with override(_language_of(message, portal.languages)):
        reports, is_partner = _reports_of(page), is_to_a_partner(message)
        lines = [] if is_partner else [_line(rows, portal.time_zone) for rows in reports[:SHOWN]]
        values = {
            "is_test": page.kind == "test",
            "portal": portal.name,
            "count": len(reports),
            "lines": lines,
            "more": 0 if is_partner else len(reports) - len(lines),
            "link": link_of(message),
            "code": code_of(settings.LEEWARD.secret_bytes, message.pk),
            "call": _number_to_call(message, portal),
            "is_partner": is_partner,
            "desk": f"{settings.LEEWARD.base_url}/desk/oncall",
            "hotline": portal.hotline_name,
        }
        body = render_to_string("oncall/mail/page.txt", values).strip() + "\n"
        return Letter(message.to, _subject(page, len(reports), portal.name), body, portal.hotline_name)


def payload_of(message: PageMessage, now: datetime) -> bytes:
    """Return the webhook payload: the same content for a program, with the link where a person acknowledges."""
    page, portal = message.page, people_queries.portal(message.page.portal_id)
    reports = _reports_of(page)
    content = {
        "format": FORMAT,
        "page": page.pk,
        "round": message.round,
        "kind": page.kind,
        "hotline": portal.hotline_name,
        "portal": portal.slug,
        "count": len(reports),
        "reports": [
            {
                "report": rows[-1].report_id,
                "urgency": rows[-1].urgency,
                "test": rows[-1].is_rehearsal,
                "received_at": _moment(rows[-1].received_at),
            }
            for rows in reports[:SHOWN]
        ],
        "acknowledge": link_of(message),
        "code": code_of(settings.LEEWARD.secret_bytes, message.pk),
        "call": _number_to_call(message, portal),
    }
    short = {"title": _subject(page, len(reports), portal.name), "body": _short(page, content)}
    made = short | {"type": f"page.{page.kind}", "timestamp": _moment(now), "data": content}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _short(page: Page, content: dict[str, object]) -> str:
    """Return what fits a text message: for gateways that pass on words."""
    if page.kind == "test":
        return str(content["acknowledge"])
    parts = [str(content["acknowledge"]), gettext("or reply %(code)s") % {"code": content["code"]}]
    if content["call"]:
        parts.append(_call_police(str(content["call"])))
    return "\n".join(parts)


def _call_police(number: str) -> str:
    return gettext("All have been paged and nobody has answered: call the police, %(number)s.") % {"number": number}


def _number_to_call(message: PageMessage, portal: PortalRow) -> str:
    """Return the police's number once everybody was paged before this message; "" until then, or if none is entered."""
    number = police_number(portal.id) if message.page.kind == "urgent" else ""
    return number if number and is_after_all(message.round, circles(portal, message.created_at)) else ""


def _subject(page: Page, count: int, portal: str) -> str:
    if page.kind == "test":
        return gettext("Test page of %(portal)s: please acknowledge") % {"portal": portal}
    text = ngettext("URGENT: %(count)s report for %(portal)s", "URGENT: %(count)s reports for %(portal)s", count)
    return text % {"count": count, "portal": portal}


def _line(rows: list[PagedReport], zone: str) -> str:
    row = rows[0]
    at = row.received_at.astimezone(ZoneInfo(zone))
    number = gettext("Report %(number)s") % {"number": row.report_id}
    mark = f" ({gettext('a test report')})" if row.is_rehearsal else ""
    kinds = "; ".join(dict.fromkeys(str(KINDS[one.urgency]) for one in rows))
    return f"{number}: {kinds}{mark}, {at:%Y-%m-%d %H:%M} ({at.tzname()})"


def _reports_of(page: Page) -> list[list[PagedReport]]:
    """Return the reports of a page, each once, with every reason why people are paged about it, oldest first."""
    found: dict[int, list[PagedReport]] = {}
    for row in page.reports.order_by("pk"):
        found.setdefault(row.report_id, []).append(row)
    return list(found.values())


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _language_of(message: PageMessage, portal_languages: tuple[str, ...]) -> str:
    """Return the first of the person's languages that pages are available in, else the portal's first one."""
    person = message.person
    wanted = (*person.languages, *portal_languages) if person is not None else portal_languages
    installed = {tag for tag, _name in settings.LANGUAGES}
    return next((tag for tag in wanted if tag in installed), "en")
