"""The exact text of every message that a plan would send."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.hosting import queries as hosting_queries
from leeward.installation.queries import config_now
from leeward.notices import machine
from leeward.notices.channels import registry
from leeward.notices.models import Contact, Message, Notice, NoticeItem, Wording
from leeward.notices.queries.labels import problem_word
from leeward.notices.queries.recipients import Known, host_of, known_contacts, may_tell_host, recipients
from leeward.notices.recipients import most_addresses, place_of, police_of
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.rules.claims import Police
from leeward.notices.rules.ladder import LADDER_KINDS
from leeward.notices.sent_before import sent_counts_of, was_passed, was_referred
from leeward.notices.writing import compose
from leeward.notices.writing.blocks import Line, PoliceLetter
from leeward.notices.writing.own_words import in_force, wording_for
from leeward.notices.writing.texts import Attachment, Mail, notice_mail, police_mail
from leeward.people import queries as people_queries

# Placeholders for a link that doesn't exist yet, and for the mark in the subject line.
LINK = "{base}/{page}/…"
MARK = "LW-…"


@dataclass(frozen=True, slots=True)
class MessagePreview:
    """A message as it would be sent now: `kind` is referral, forward or a kind of notice, `when` says what it waits for."""

    kind: str
    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...]
    when: str = ""


def preview_of_message(message: Message, now: datetime) -> MessagePreview | None:
    """Return a message of the outbox as it would be sent now; None if there is nothing left to say. In the hotline's scope."""
    mail = compose.mail_of(message, now, is_shown=True)
    return MessagePreview(message.kind, message.to, mail.subject, mail.body, mail.attachments) if mail else None


def previews(
    brief: CaseBrief, plan: Plan, *, known: Known | None = None, own_words: Sequence[Wording] | None = None
) -> list[MessagePreview]:
    """Return every first message that the plan would send, in the order in which they would go.

    A host's message shows the addresses that already wait for the same contact, since it would include them too.
    """
    known = known or _known(brief)
    line = Line(brief, place_of(known.where))
    own_words = in_force() if own_words is None else own_words
    passed = brief.urgent and was_passed(brief.case_id)
    sent = recipients(known, plan)
    tells_host = plan.host and may_tell_host(known, plan)
    shown = []
    for one in sent:
        if one.kind == "police":
            stands = Police(
                tells_host=tells_host,
                host_is_informed=False,
                was_passed=passed,
                was_referred=False,
                time_runs=host_of(known) is not None,
            )
            police = (one.name, one.email)
            shown.append(_police(line, known.portal, police, known.listed.entries, stands=stands, own_words=own_words))
            continue
        is_first = one.kind == "foreign_police"
        lines = [line] if is_first else _lines(line, one.entry, one.kind, known.listed.waits)
        when = _after_police() if not is_first and sent[0].kind == "police" else ""
        shown.append(_notice(one.kind, one.email, one.entry, lines=lines, known=known, when=when, own_words=own_words))
    return shown


def _known(brief: CaseBrief) -> Known:
    where = hosting_queries.whereabouts(brief.location_id)
    return known_contacts(
        where, people_queries.portal(brief.portal_id), people_queries.hotline(brief.hotline_id), country=brief.country
    )


def preview_of_forward(brief: CaseBrief) -> list[MessagePreview]:
    """Return the message with which a post-box hotline would pass a report on."""
    portal = people_queries.portal(brief.portal_id)
    police = police_of(portal)
    if police is None:
        return []
    line = Line(brief, place_of(hosting_queries.whereabouts(brief.location_id)))
    listed = list(Contact.objects.filter(email=police[1]))
    stands = Police(
        tells_host=False, host_is_informed=False, was_passed=False, was_referred=was_referred(brief.case_id)
    )
    return [_police(line, portal, police, listed, stands=stands, own_words=in_force())]


def plan_problems(brief: CaseBrief, plan: Plan, *, known: Known | None = None) -> list[str]:
    """Return what a plan could not do, one sentence each."""
    known = known or _known(brief)
    may_tell = may_tell_host(known, plan)
    found: list[tuple[bool, str]] = [
        (plan.police and known.police is None, "no_police_contact"),
        (plan.foreign and bool(known.country) and known.abroad is None, "no_contact_abroad"),
        (plan.host and not may_tell, "foreign_host_not_told"),
    ]
    if plan.host and may_tell:
        found.append((host_of(known) is None, "no_contact"))
    return [problem_word(problem) for is_so, problem in found if is_so]


def _police(
    line: Line,
    portal: people_queries.PortalRow,
    police: tuple[str, str],
    listed: Sequence[Contact],
    *,
    stands: Police,
    own_words: Sequence[Wording],
) -> MessagePreview:
    name, email = police
    entry = next(
        (one for one in listed if (one.kind, one.country, one.email) == ("police", portal.country, email)), None
    )
    languages = entry.languages if entry else ()
    own, language = wording_for("police", country=portal.country, languages=languages, known=own_words)
    letter = PoliceLetter(
        portal=portal,
        police_name=name,
        link=_link(compose.REFERRAL),
        mark=MARK,
        stands=stands,
        wait_hours=config_now().police_wait_hours,
    )
    mail = police_mail(line, letter, language=language, own=own)
    return _preview("referral" if line.brief.judged else "forward", email, mail, _("at once"))


def _notice(
    kind: str,
    email: str,
    contact: Contact | None,
    *,
    lines: Iterable[Line],
    known: Known,
    when: str,
    own_words: Sequence[Wording],
) -> MessagePreview:
    every = list(lines)
    languages = contact.languages if contact else ()
    own, language = wording_for(kind, country=every[0].brief.country, languages=languages, known=own_words)
    link = _link(compose.NOTICE)
    mail = notice_mail(
        kind,
        every,
        hotline=known.hotline,
        link=link,
        mark=MARK,
        deadline=None,
        page=_link("notices") if compose.page_for(contact) else "",
        language=language,
        own=own,
        portals=[known.portal],
    )
    mail = machine.for_programs(mail, contact, every, kind=kind, hotline=known.hotline, link=link, mark=MARK)
    return _preview(
        kind, registry.of_contact(contact).address_of(contact) if contact else email, mail, when or _("at once")
    )


def _preview(kind: str, to: str, mail: Mail, when: str) -> MessagePreview:
    attached = mail.attachments
    if mail.payload:
        text = json.dumps(json.loads(mail.payload), ensure_ascii=False, indent=2)
        attached = (*attached, Attachment(machine.PAYLOAD_FILE, "application/json", text))
    return MessagePreview(kind, to, mail.subject, mail.body, attached, when)


def _lines(line: Line, contact: Contact | None, kind: str, waits: Collection[int]) -> list[Line]:
    """Return the lines already waiting for the same contact (if it is one of those for which a notice waits) and the
    case's own line, each with what this contact was told about it before; the number of queries doesn't depend on the
    number of lines."""
    items = _waiting(contact, kind, line.brief.case_id) if contact is not None and contact.pk in waits else []
    places = [(item.case_id, item.location_id) for item in items]
    places.append((line.brief.case_id, line.brief.location_id))
    sent = sent_counts_of(places, contact_id=contact.pk if contact else None)
    return [*compose.lines_with(items, sent), replace(line, sent=sent[line.brief.case_id])]


def _waiting(contact: Contact, kind: str, case_id: int) -> list[NoticeItem]:
    """Return the addresses in the newest notice that waits for a contact."""
    if most_addresses(contact) == 1:
        return []
    newest = Notice.objects.filter(contact=contact, kind=kind, state="waiting").order_by("-pk").values("pk")[:1]
    items = NoticeItem.objects.select_related("notice_case").filter(notice__in=newest).exclude(case_id=case_id)
    if kind in LADDER_KINDS:
        items = items.filter(notice_case__state="open")
    return list(items.order_by("pk"))


def _after_police() -> str:
    hours = f"{config_now().police_wait_hours:g}"
    return _("when the police agree, or %(hours)s hours after they were told") % {"hours": hours}


def _link(page: str) -> str:
    return LINK.format(base=settings.LEEWARD.base_url, page=page)
