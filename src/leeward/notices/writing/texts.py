"""The texts of every message: subject, body and attachments from plain values. Templates are in `templates/notices/mail/`."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import loader
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, override

from leeward.foundation.patterns import Pattern
from leeward.notices.rules.at_risk import AtRisk
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.claims import Known, claim_holds_for, times_sent
from leeward.notices.rules.name_acts import NAME_KINDS
from leeward.notices.rules.payments import PaymentBrief
from leeward.notices.rules.plain_text import one_line
from leeward.notices.rules.reference import without_marks
from leeward.notices.rules.wordings import VARIABLES, Kind, filled, missing
from leeward.notices.writing.blocks import (
    Line,
    PoliceLetter,
    notice_sentences,
    notice_values,
    police_sentences,
    police_values,
)
from leeward.notices.writing.payments import alert_subject, payment_subject, payment_values
from leeward.people.queries import HotlineRow, PortalRow

WIDTH = 76
FORMAT = "leeward-referral-1"
# A hotline's own text starts from one with every placeholder that a message can have.
EVERY_SENTENCE = frozenset(
    {"address", "open_with_care", "reporter_texts", "facts", "opinions", "hashes", "in_your_country"}
)
# What precedes the words of a line: blanks, and a dash or a number in lists.
_LEAD = Pattern(r"\s*(?:- |[0-9]\. )?")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to the message."""

    name: str
    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as people read it. With `feedback` it is sent as a machine-readable report (RFC 5965) whose last
    attachment is the reported item; with `payload` it can be posted instead of being mailed. `words_of` are the reports whose words
    it holds."""

    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()
    feedback: str = ""
    payload: str = ""
    words_of: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class MessageText:
    """Subject and body with placeholders (`rules/wordings.py`)."""

    subject: str
    body: str


def language_for(languages: Sequence[str]) -> str:
    """Return the first of a contact's languages that the installation has, else English."""
    installed = {tag for tag, _ in settings.LANGUAGES}
    for wanted in languages:
        for tag in (wanted, wanted.partition("-")[0]):
            if tag in installed:
                return tag
    return "en"


def police_mail(line: Line, letter: PoliceLetter, *, language: str = "en", own: MessageText | None = None) -> Mail:
    """Return the message to our own police: a plain summary, the same as JSON, and the link for their answer. It uses
    the hotline's own text if that is true of the case and omits nothing that the police need (an older text may)."""
    brief = line.brief
    with override(language):
        subject = with_signs(_police_subject(brief), urgent=brief.urgent)
        values = police_values(line, letter)
        if own and not missing("police", own.body) and text_holds_for(own, "opening", [line.known]):
            subject, body = in_own_wording(_with_reporter_texts(own), values, urgent=brief.urgent)
        else:
            shown = {**values, "says": police_sentences(line, letter)}
            body = tidied(loader.render_to_string("notices/mail/referral.txt", shown))
    attached = _json_file(f"referral-{brief.reference}.json", [line], letter.link, with_reporter_texts=True)
    files = (attached, *head_file(letter.head))
    return marked(Mail(subject, body, files, words_of=_words_of(brief)), letter.mark)


def summary_mail(entries: Sequence[tuple[Line, PoliceLetter]], *, mark: str, language: str = "en") -> Mail:
    """Return several referrals in one message, each with its own link: urgent reports within a minute, or cases that
    were acted on together."""
    urgent = any(line.brief.urgent for line, _letter in entries)
    with override(language):
        if urgent:
            subject = ngettext("%(count)s urgent report", "%(count)s urgent reports", len(entries))
        else:
            subject = ngettext("%(count)s referral", "%(count)s referrals", len(entries))
        subject %= {"count": len(entries)}
        parts = [{**police_values(line, letter), "says": police_sentences(line, letter)} for line, letter in entries]
        values = {"parts": parts, "count": len(entries), "hotline": entries[0][1].portal.hotline_name, "urgent": urgent}
        values |= {"email": entries[0][1].portal.email, "mark": mark}
        body = tidied(loader.render_to_string("notices/mail/summary.txt", values))
        files = tuple(
            _json_file(f"referral-{line.brief.reference}.json", [line], letter.link, with_reporter_texts=True)
            for line, letter in entries
        )
    subject, files = with_signs(subject, urgent=urgent), (*files, *head_file(entries[0][1].head))
    words_of = frozenset(chain.from_iterable(_words_of(line.brief) for line, _letter in entries))
    return marked(Mail(subject, body, files, words_of=words_of), mark)


def _words_of(brief: CaseBrief) -> frozenset[int]:
    return frozenset((*brief.texts_from, *brief.named_by))


def head_file(head: str) -> tuple[Attachment, ...]:
    """Return the head of our log as a file to attach, if there is one."""
    return (Attachment("log-head.txt", "text/plain", head),) if head else ()


def at_risk_mail(
    statement: AtRisk,
    *,
    reference: str,
    office: str,
    portal: PortalRow,
    link: str,
    mark: str,
    urgent: bool,
    language: str = "en",
) -> Mail:
    """Return the letter to a child-protection office about a child who may be identified. It holds what a person wrote for it
    and what was done: no address of material, no hash, no word of a reporter, and no file."""
    zone = ZoneInfo(portal.time_zone)
    with override(language):
        subject = gettext("A child may be at risk: %(reference)s") % {"reference": reference}
        values = {
            "office": office,
            "hotline": portal.hotline_name,
            "child": statement.child,
            "place": statement.place,
            "done": [(what, _day(at, zone)) for what, at in statement.done],
            "day": _day(statement.answer_by, zone) if statement.answer_by else "",
            "link": link,
            "reference": reference,
            "email": portal.email,
            "mark": mark,
        }
        body = tidied(loader.render_to_string("notices/mail/at_risk.txt", values))
        return marked(Mail(with_signs(subject, urgent=urgent), body), mark)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "j F Y")


def _police_subject(brief: CaseBrief) -> str:
    reference = {"reference": brief.reference}
    if brief.judged:
        return _assessed_subject(brief.reference)
    if brief.is_more:
        return gettext("More about report %(reference)s") % reference
    if brief.assessed_before:
        return gettext("New report about %(reference)s, which we assessed before") % reference
    return gettext("Report %(reference)s, passed on unassessed") % reference


def _assessed_subject(reference: str) -> str:
    return gettext("Referral %(reference)s: child sexual abuse material") % {"reference": reference}


def text_holds_for(own: MessageText, place: str, cases: Sequence[Known]) -> bool:
    """Return whether a hotline's own text is true of these cases: it claims an assessment by people who looked, unless
    it leaves that to the placeholder about how it was judged."""
    return f"{{{place}}}" in own.body or claim_holds_for(cases)


def _with_reporter_texts(own: MessageText) -> MessageText:
    """Add the reporters' words, which belong in every referral, if the hotline's own text has no placeholder for them."""
    return own if "{words}" in own.body else MessageText(own.subject, f"{own.body}\n\n{{words}}")


def notice_mail(
    kind: str,
    lines: Sequence[Line],
    *,
    hotline: HotlineRow,
    link: str,
    mark: str,
    deadline: datetime | None,
    page: str = "",
    language: str = "en",
    own: MessageText | None = None,
    portals: Sequence[PortalRow] = (),
) -> Mail:
    """Return the message to a host, an owner, a network, a registrar or the authorities of another country; in the
    hotline's own text if it has one. `portals` are those that were read already."""
    step = 0 if kind == "foreign_police" else times_sent(line.sent for line in lines) + 1
    with override(language):
        values = notice_values(
            kind, lines, hotline=hotline, link=link, mark=mark, deadline=deadline, page=page, portals=portals
        )
        is_urgent = any(line.brief.urgent for line in lines)
        if own and text_holds_for(own, "finding", [line.known for line in lines]):
            if own.subject == _open_subject(
                kind
            ):  # kept as it came, so that it is counted correctly, also for a single address
                own = MessageText(_notice_subject(kind, len(lines)), own.body)
            subject, body = in_own_wording(own, values, urgent=is_urgent, step=step)
        else:
            subject = with_signs(_notice_subject(kind, len(lines)), urgent=is_urgent, step=step)
            template = "notices/mail/abroad.txt" if kind == "foreign_police" else "notices/mail/notice.txt"
            body = tidied(loader.render_to_string(template, {**values, "says": notice_sentences(kind, lines)}))
    attached = (_json_file(f"referral-{mark}.json", lines, link),) if kind == "foreign_police" else ()
    return marked(Mail(subject, body, attached), mark)


def reply_mail(what: str, *, reference: str, mark: str, language: str = "en", **values: Any) -> Mail:
    """Return the message about a review, or about what was entered as the recipient's answer."""
    with override(language):
        subjects = {
            "withdrawn": gettext("Withdrawn: %(reference)s"),
            "kept": gettext("Reviewed: %(reference)s"),
            "recorded": gettext("Your answer as we recorded it: %(reference)s"),
        }
        subject = subjects[what] % {"reference": reference}
        shown = {"what": what, "reference": reference, "mark": mark, **values}
        body = tidied(loader.render_to_string("notices/mail/reply.txt", shown))
    return marked(Mail(subject, body), mark)


def payment_mail(
    brief: PaymentBrief,
    *,
    hotline: HotlineRow,
    link: str,
    mark: str,
    due_at: datetime | None,
    language: str = "en",
    is_withdrawal: bool = False,
    own: MessageText | None = None,
) -> Mail:
    """Return an alert to a payment firm, in the hotline's own text if it has one, or the message that takes one back."""
    with override(language):
        shown = payment_values(brief, hotline=hotline, link=link, mark=mark, due_at=due_at, is_withdrawal=is_withdrawal)
        if own and not is_withdrawal:
            subject, body = in_own_wording(own, shown, urgent=False)
            return marked(Mail(subject, body), mark)
        body = tidied(loader.render_to_string("notices/mail/payment.txt", shown))
        return marked(Mail(payment_subject(brief, is_withdrawal=is_withdrawal), body), mark)


def name_subject(what: str, name: str) -> str:
    """Return the subject of a letter about a name."""
    subjects = {
        "registrar": gettext("Illegal activity on %(name)s"),
        "registry": gettext("Illegal activity on %(name)s"),
        "police": gettext("For the registrar of %(name)s: a report by law enforcement"),
        "data": gettext("For the registrar of %(name)s: a request for the registrant’s data"),
        "accuracy": gettext("The registrant’s data of %(name)s"),
        "icann": gettext("Complaint: no action on a report of illegal activity on %(name)s"),
    }
    return subjects[what] % {"name": name}


def _notice_subject(kind: str, count: int) -> str:
    if kind == "foreign_police":
        text = ngettext(
            "Child sexual abuse material hosted in your country: %(count)s address",
            "Child sexual abuse material hosted in your country: %(count)s addresses",
            count,
        )
    elif kind in ("upstream", "registrar"):
        text = ngettext(
            "Child sexual abuse material on your customer’s service: %(count)s address",
            "Child sexual abuse material on your customer’s service: %(count)s addresses",
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
    """Return the subject of a notice with a placeholder for the number, as a start for a hotline's own text."""
    return _notice_subject(kind, 2).replace("2", "{count}", 1)


def marked(mail: Mail, mark: str) -> Mail:
    """Return the message with its mark in the subject. Any other mark in it is of somebody's words, and is broken."""
    secret = settings.LEEWARD.secret_bytes
    subject, body = (without_marks(secret, text, but=mark) for text in (mail.subject, mail.body))
    return replace(mail, subject=one_line(f"{subject} [{mark}]", 190), body=body)


def with_signs(subject: str, *, urgent: bool, step: int = 1) -> str:
    """Return the subject with what must be seen first: that it is a reminder, that it is urgent."""
    if step > 1:
        subject = gettext("Reminder %(number)s: %(subject)s") % {"number": step - 1, "subject": subject}
    return gettext("URGENT: %(subject)s") % {"subject": subject} if urgent else subject


def in_own_wording(own: MessageText, values: Mapping[str, str], *, urgent: bool, step: int = 1) -> tuple[str, str]:
    """Return subject and body of a hotline's own text with its placeholders filled."""
    return with_signs(filled(own.subject, values), urgent=urgent, step=step), tidied(filled(own.body, values))


def shipped_wording(kind: Kind, language: str) -> MessageText:
    """Return the shipped text with its placeholders unfilled, as a start for a hotline's own text."""
    values: dict[str, Any] = {name: f"{{{name}}}" for name in VARIABLES[kind]} | {"says": EVERY_SENTENCE}
    with override(language):
        if kind == "police":
            subject = _assessed_subject("{reference}")
            body = loader.render_to_string("notices/mail/referral.txt", values)
        elif kind == "payment":
            subject = alert_subject("{kind}")
            body = loader.render_to_string("notices/mail/payment.txt", values)
        elif kind in NAME_KINDS:
            subject = name_subject(NAME_KINDS[kind], "{name}")
            body = loader.render_to_string("notices/mail/name.txt", values | {"what": NAME_KINDS[kind]})
        else:
            template = "notices/mail/abroad.txt" if kind == "abroad" else "notices/mail/notice.txt"
            subject = _open_subject("foreign_police" if kind == "abroad" else kind)
            body = loader.render_to_string(template, values)
    return MessageText(subject, tidied(body, is_wrapped=False))  # line breaks depend on the values filled in


def tidied(text: str, *, is_wrapped: bool = True) -> str:
    """Return the text with single blank lines and lines of readable length; addresses are never broken."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line and (not lines or not lines[-1]):
            continue
        if len(line) <= WIDTH or "://" in line or not is_wrapped:
            lines.append(line)
        else:
            indent = " " * len(_LEAD.match(line)[0])  # type: ignore[index]  # it matches every line
            lines += textwrap.wrap(
                line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
    return "\n".join(lines).strip() + "\n"


def _json_file(name: str, lines: Sequence[Line], link: str, *, with_reporter_texts: bool = False) -> Attachment:
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
            **(
                {"reported": list(line.brief.reporter_texts)}
                if with_reporter_texts and line.brief.reporter_texts
                else {}
            ),
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
