"""The words of every message: subject, body and attachments from plain values. Templates are in `templates/notices/mail/`."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template import loader
from django.utils.translation import gettext, ngettext, override

from leeward.notices.blocks import Line, has_law, notice_values, police_values
from leeward.notices.rules.plain_text import one_line
from leeward.notices.rules.wordings import VARIABLES, Kind, filled
from leeward.people.queries import HotlineRow, PortalRow

WIDTH = 76
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
    """A message as people read it. With `feedback` it goes as a report that programs read (RFC 5965), the last attachment being
    what is reported; with `payload` it can be posted instead of being mailed."""

    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()
    feedback: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and body with places to fill (`rules/wordings.py`)."""

    subject: str
    body: str


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
    own: Words | None = None,
) -> Mail:
    """What our own police get: a plain summary, the same as JSON, and the link on which they answer; in the hotline's own words
    where it has some."""
    brief = line.brief
    with override(language):
        if is_assessed:
            subject = gettext("Referral %(reference)s: child sexual abuse material") % {"reference": brief.reference}
        else:
            subject = gettext("Report %(reference)s, passed on unassessed") % {"reference": brief.reference}
        subject = _with_signs(subject, brief.urgent)
        values = police_values(
            line,
            portal=portal,
            police_name=police_name,
            link=link,
            mark=mark,
            tells_host=tells_host,
            wait_hours=wait_hours,
        )
        if own:
            subject, body = _in_own_words(own, values, urgent=brief.urgent)
        else:
            shape = {"is_assessed": is_assessed, "tells_host": tells_host}
            body = _tidied(loader.render_to_string("notices/mail/referral.txt", {**values, **shape}))
    return Mail(_subject(subject, mark), body, (_json_file(f"referral-{brief.reference}.json", [line], link),))


def notice_mail(
    kind: str,
    lines: Sequence[Line],
    *,
    hotline: HotlineRow,
    link: str,
    mark: str,
    page: str = "",
    language: str = "en",
    own: Words | None = None,
) -> Mail:
    """What a host, an owner, a network, a registrar or the authorities of another country get; in the hotline's own words where
    it has some."""
    step = min((line.step for line in lines), default=1)
    with override(language):
        values = notice_values(kind, lines, hotline=hotline, link=link, mark=mark, page=page)
        is_urgent = any(line.brief.urgent for line in lines)
        if own:
            if own.subject == _open_subject(kind):  # left as it came: then it counts as it should, also one address
                own = Words(_notice_subject(kind, len(lines)), own.body)
            subject, body = _in_own_words(own, values, urgent=is_urgent, step=0 if kind == "foreign_police" else step)
        else:
            subject = _with_signs(_notice_subject(kind, len(lines)), is_urgent, 0 if kind == "foreign_police" else step)
            template = "notices/mail/abroad.txt" if kind == "foreign_police" else "notices/mail/notice.txt"
            body = _tidied(
                loader.render_to_string(template, {**values, "count": len(lines), "has_law": has_law(lines)})
            )
    attached = (_json_file(f"referral-{mark}.json", lines, link),) if kind == "foreign_police" else ()
    return Mail(_subject(subject, mark), body, attached)


def reply_mail(what: str, *, reference: str, mark: str, language: str = "en", **values: str) -> Mail:
    """What somebody who was told hears of a review."""
    with override(language):
        if what == "withdrawn":
            subject = gettext("Taken back: %(reference)s") % {"reference": reference}
        else:
            subject = gettext("Looked at again: %(reference)s") % {"reference": reference}
        shown = {"what": what, "reference": reference, "mark": mark, **values}
        body = _tidied(loader.render_to_string("notices/mail/reply.txt", shown))
    return Mail(_subject(subject, mark), body)


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


def _open_subject(kind: str) -> str:
    """The subject of a notice with a place for the number: what a hotline's own begins from."""
    return _notice_subject(kind, 2).replace("2", "{count}", 1)


def _subject(text: str, mark: str) -> str:
    return one_line(f"{text} [{mark}]", 190)


def _with_signs(subject: str, urgent: bool, step: int = 1) -> str:  # noqa: FBT001
    """The subject with what must be seen first: that it is a reminder, that it is urgent."""
    if step > 1:
        subject = gettext("Reminder %(number)s: %(subject)s") % {"number": step - 1, "subject": subject}
    return gettext("URGENT: %(subject)s") % {"subject": subject} if urgent else subject


def _in_own_words(own: Words, values: Mapping[str, str], *, urgent: bool, step: int = 1) -> tuple[str, str]:
    return _with_signs(filled(own.subject, values), urgent, step), _tidied(filled(own.body, values))


def shipped_words(kind: Kind, language: str) -> Words:
    """The text that we bring along, with its places unfilled: what a hotline's own wording begins from."""
    values = {name: f"{{{name}}}" for name in VARIABLES[kind]}
    with override(language):
        if kind == "police":
            shape = {"is_assessed": True, "tells_host": True}
            subject = gettext("Referral %(reference)s: child sexual abuse material") % {"reference": "{reference}"}
            body = loader.render_to_string("notices/mail/referral.txt", {**values, **shape})
        else:
            template = "notices/mail/abroad.txt" if kind == "abroad" else "notices/mail/notice.txt"
            told = "foreign_police" if kind == "abroad" else kind
            subject = _open_subject(told)
            body = loader.render_to_string(template, {**values, "count": 2, "has_law": True})
    return Words(subject, _tidied(body, is_wrapped=False))  # what fills the places decides where lines end


def _tidied(text: str, *, is_wrapped: bool = True) -> str:
    """The text with single blank lines and lines of readable length; addresses are never broken."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line and (not lines or not lines[-1]):
            continue
        if len(line) <= WIDTH or "://" in line or not is_wrapped:
            lines.append(line)
        else:
            indent = " " * len(_LEAD.match(line)[0])  # type: ignore[index]
            lines += textwrap.wrap(
                line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
    return "\n".join(lines).strip() + "\n"


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
