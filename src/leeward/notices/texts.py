"""The words of every message: subject, body and attachments from plain values. Templates are in `templates/notices/mail/`."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.template import loader
from django.utils.translation import gettext, ngettext, override

from leeward.laws.queries import basis_for_notice, time_to_keep
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.plain_text import one_line
from leeward.people.queries import HotlineRow, PortalRow

WIDTH = 76
HASHES_SHOWN = 20
FORMAT = "leeward-referral-1"
# What stands before the words of a line: blanks, and a dash or a number in lists.
_LEAD = re.compile(r"\s*(?:- |[0-9]\. )?")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the message."""

    name: str
    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as people read it."""

    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is, as far as it is known; all empty where it has no host."""

    host: str = ""
    ip: str = ""
    network: str = ""
    asn: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One address of a notice: its case's brief, where it is, and how often this was asked before."""

    brief: CaseBrief
    place: Place
    step: int = 1
    first_told_at: datetime | None = None


def language_for(languages: Sequence[str]) -> str:
    """The first of a contact's languages that the installation has, else English."""
    installed = {tag for tag, _ in settings.LANGUAGES}
    for wanted in languages:
        for tag in (wanted, wanted.partition("-")[0]):
            if tag in installed:
                return tag
    return "en"


def police_mail(
    line: Line,
    *,
    portal: PortalRow,
    police_name: str,
    link: str,
    mark: str,
    is_assessed: bool,
    tells_host: bool,
    wait_hours: float,
    language: str = "en",
) -> Mail:
    """What our own police get: a plain summary, the same as JSON, and the link on which they answer."""
    brief = line.brief
    with override(language):
        if is_assessed:
            subject = gettext("Referral %(reference)s: child sexual abuse material") % {"reference": brief.reference}
        else:
            subject = gettext("Report %(reference)s, passed on unassessed") % {"reference": brief.reference}
        if brief.urgent:
            subject = gettext("URGENT: %(subject)s") % {"subject": subject}
        body = _rendered(
            "notices/mail/referral.txt",
            {
                "brief": brief,
                "place": line.place,
                "portal": portal,
                "police_name": police_name,
                "opinions": _opinion_lines(brief),
                "hashes": brief.file_hashes[:HASHES_SHOWN],
                "more_hashes": max(len(brief.file_hashes) - HASHES_SHOWN, 0),
                "link": link,
                "mark": mark,
                "is_assessed": is_assessed,
                "tells_host": tells_host,
                "wait_hours": f"{wait_hours:g}",
            },
        )
    return Mail(_subject(subject, mark), body, (_json_file(f"referral-{brief.reference}.json", [line], link),))


def notice_mail(
    kind: str, lines: Sequence[Line], *, hotline: HotlineRow, link: str, mark: str, language: str = "en"
) -> Mail:
    """What a host, an owner, a network, a registrar or the authorities of another country get."""
    step = min((line.step for line in lines), default=1)
    with override(language):
        subject = _notice_subject(kind, len(lines))
        if step > 1 and kind != "foreign_police":
            subject = gettext("Reminder %(number)s: %(subject)s") % {"number": step - 1, "subject": subject}
        if any(line.brief.urgent for line in lines):
            subject = gettext("URGENT: %(subject)s") % {"subject": subject}
        template = "notices/mail/abroad.txt" if kind == "foreign_police" else "notices/mail/notice.txt"
        body = _rendered(
            template,
            {
                "kind": kind,
                "lines": lines,
                "count": len(lines),
                "step": step,
                "hotline": hotline,
                "email": hotline.email or settings.LEEWARD.mail_replies or settings.LEEWARD.mail_from,
                "bases": _bases(lines),
                "keep": _keeping(lines),
                "behind": sorted({line.place.behind for line in lines if line.place.behind}),
                "link": link,
                "mark": mark,
            },
        )
    attached = (_json_file(f"referral-{mark}.json", lines, link),) if kind == "foreign_police" else ()
    return Mail(_subject(subject, mark), body, attached)


def _notice_subject(kind: str, count: int) -> str:
    if kind == "foreign_police":
        text = ngettext(
            "Child sexual abuse material hosted in your country: %(count)s address",
            "Child sexual abuse material hosted in your country: %(count)s addresses",
            count,
        )
    elif kind in ("upstream", "registrar"):
        text = ngettext(
            "Child sexual abuse material on a service of your customer: %(count)s address",
            "Child sexual abuse material on a service of your customer: %(count)s addresses",
            count,
        )
    else:
        text = ngettext(
            "Please remove child sexual abuse material: %(count)s address",
            "Please remove child sexual abuse material: %(count)s addresses",
            count,
        )
    return text % {"count": count}


def _subject(text: str, mark: str) -> str:
    return one_line(f"{text} [{mark}]", 190)


def _rendered(template: str, values: Mapping[str, Any]) -> str:
    """The template's text with single blank lines and lines of readable length; addresses are never broken."""
    text = loader.render_to_string(template, dict(values))
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line and (not lines or not lines[-1]):
            continue
        if len(line) <= WIDTH or "://" in line:
            lines.append(line)
        else:
            indent = " " * len(_LEAD.match(line)[0])  # type: ignore[index]
            lines += textwrap.wrap(
                line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
    return "\n".join(lines).strip() + "\n"


def _opinion_lines(brief: CaseBrief) -> list[str]:
    words = {
        "likely": gettext("likely illegal"),
        "unlikely": gettext("likely not illegal"),
        "undetermined": gettext("undetermined"),
        "no_law_recorded": gettext("no law recorded"),
    }
    return [
        f"{country}: {words.get(verdict, verdict)}" + (f" ({citation})" if citation else "")
        for country, verdict, citation in brief.opinions
    ]


def _bases(lines: Sequence[Line]) -> list[str]:
    """The law of each hosting country, said once."""
    countries = dict.fromkeys(line.brief.country or "" for line in lines)
    return list(dict.fromkeys(str(basis_for_notice(country).sentence) for country in countries))


def _keeping(lines: Sequence[Line]) -> list[str]:
    """How long the law of each hosting country wants evidence kept, where that is recorded; by the law of today."""
    today = datetime.now(UTC).date()
    countries = dict.fromkeys(line.brief.country or "" for line in lines)
    found = [time_to_keep(country, today) for country in countries]
    return list(dict.fromkeys(str(basis.sentence) for basis in found if basis.known))


def _json_file(name: str, lines: Sequence[Line], link: str) -> Attachment:
    entries = [
        {
            "reference": line.brief.reference,
            "received_at": line.brief.received_at.isoformat(),
            "urgent": line.brief.urgent,
            "address": line.brief.address,
            "country": line.brief.country,
            "host": line.place.host,
            "ip": line.place.ip,
            "network": line.place.network,
            "asn": line.place.asn,
            "behind": line.place.behind,
            "summary": list(line.brief.summary),
            "opinions": [
                {"country": country, "verdict": verdict, "citation": citation}
                for country, verdict, citation in line.brief.opinions
            ],
            "file_hashes": [{"kind": kind, "value": value} for kind, value in line.brief.file_hashes],
        }
        for line in lines
    ]
    content = {"format": FORMAT, "answer": link, "items": entries}
    return Attachment(name, "application/json", json.dumps(content, ensure_ascii=False, indent=2) + "\n")
