"""Generates the message behind a row of the outbox when it is sent, from what is true then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min

from leeward.foundation.crypto.tokens import make_token
from leeward.hosting import queries as hosting_queries
from leeward.installation.queries import config_now
from leeward.monitoring.queries import watch_of
from leeward.notices.going_on import TOLD
from leeward.notices.machine import for_programs
from leeward.notices.models import (
    WITHDRAWN_AFTER_REVIEW,
    Alert,
    Contact,
    Message,
    NameAct,
    Notice,
    NoticeCase,
    NoticeItem,
    PaymentAlert,
    Referral,
    Reply,
    StaffNote,
)
from leeward.notices.queries.entered import takes_two
from leeward.notices.queries.labels import OUTCOMES
from leeward.notices.queries.name_acts import times_asked_before
from leeward.notices.queries.others import gates_of
from leeward.notices.recipients import place_of
from leeward.notices.rules.at_risk import read as read_statement
from leeward.notices.rules.briefs import CaseBrief, read
from leeward.notices.rules.claims import SentCounts
from leeward.notices.rules.ladder import LADDER_KINDS
from leeward.notices.rules.name_acts import ACTS, NAME_KINDS, TO_OUR_POLICE
from leeward.notices.rules.overviews import purpose
from leeward.notices.rules.payments import read as read_payment
from leeward.notices.rules.payments import supporting
from leeward.notices.rules.reference import Letter, mark
from leeward.notices.sent_before import sent_counts_of, stands_with
from leeward.notices.staff import staff_mail
from leeward.notices.timing import deadline_of, short, time_to_answer
from leeward.notices.writing.alerts import ALERT_SHOWS, alert_mail
from leeward.notices.writing.blocks import Line, PoliceLetter
from leeward.notices.writing.kept_brief import kept, opened
from leeward.notices.writing.log_head import head_of
from leeward.notices.writing.names import name_mail
from leeward.notices.writing.own_words import wording_for
from leeward.notices.writing.texts import (
    Mail,
    at_risk_mail,
    language_for,
    notice_mail,
    payment_mail,
    police_mail,
    reply_mail,
    summary_mail,
)
from leeward.people import queries as people_queries

NOTICE = "notice"
REFERRAL = "referral"
PAYMENT = "payment"


def link_to(purpose: str, number: int) -> str:
    """Return the address of the page on which a notice or a referral is answered."""
    return f"{settings.LEEWARD.base_url}/{purpose}/{make_token(settings.LEEWARD.secret_bytes, purpose, number)}"


def overview_link(contact_id: int, serial: int) -> str:
    """Return the address of a contact's page with every open address."""
    return (
        f"{settings.LEEWARD.base_url}/notices/{make_token(settings.LEEWARD.secret_bytes, purpose(serial), contact_id)}"
    )


def page_for(contact: Contact | None) -> str:
    """Return the link to the contact's page if its notices should include it, else empty."""
    has_page = contact is not None and contact.page_is_open and contact.page_is_told and not contact.retired
    return overview_link(contact.pk, contact.page_serial) if contact is not None and has_page else ""


def mark_of(letter: Letter, number: int) -> str:
    """Return the mark by which an answer by e-mail is recognised."""
    return mark(settings.LEEWARD.secret_bytes, letter, number)


@dataclass(frozen=True, slots=True)
class Doors:
    """What lets a reader answer: the link of a letter, the page of a contact with all that is open, and the mark in a subject line."""

    link: Callable[[str, int], str]
    page: Callable[[Contact | None], str]
    mark: Callable[[Letter, int], str]


def _shown_link(purpose: str, _number: int) -> str:
    return f"{settings.LEEWARD.base_url}/{purpose}/…"


def _shown_page(contact: Contact | None) -> str:
    return _shown_link("notices", 0) if page_for(contact) else ""


OPEN = Doors(link_to, page_for, mark_of)
# Whoever reads a letter on the desk must not be able to answer it in its reader's name.
CLOSED = Doors(_shown_link, _shown_page, lambda letter, number: f"LW-{letter}{number}-…")


def items_to_send(notice: Notice) -> list[NoticeItem]:
    """Return the addresses of a notice that are still worth writing about, oldest first."""
    items = notice.items.select_related("notice_case").order_by("pk")
    if notice.kind in TO_OUR_POLICE:
        return list(items.exclude(notice_case__state__in=("untold", "stopped")))
    if notice.kind in LADDER_KINDS or notice.kind in NAME_KINDS:
        return list(items.filter(notice_case__state="open"))
    return list(items.exclude(notice_case__state="untold").exclude(notice_case__stopped_why=WITHDRAWN_AFTER_REVIEW))


def mail_of(message: Message, now: datetime, *, is_shown: bool = False) -> Mail | None:
    """Return the message's text, or None if there is nothing left to say. What it says of time counts from when it was
    worded first, if that text may have arrived, else from `now`. Raises WordsLocked where it has reporters' words that can't be opened
    here; `is_shown`: it is only shown here, with the sentence that says so in their place, and nothing by which it could be answered."""
    doors = CLOSED if is_shown else OPEN
    if message.kind == "alert":
        return _alert(Alert.objects.get(pk=message.subject_id))
    if message.kind == "notice":
        notice = Notice.objects.select_related("contact").get(pk=message.subject_id)
        return _notice(notice, message.worded_at or now, doors)
    if message.kind == "payment":
        return _payment(PaymentAlert.objects.select_related("contact").get(pk=message.subject_id), now, doors)
    if message.kind == "staff":
        return staff_mail(StaffNote.objects.get(pk=message.subject_id))
    if message.kind == "reply":
        found = Reply.objects.select_related("contact", "item__notice_case", "referral__notice_case")
        return _reply(found.get(pk=message.subject_id), doors)
    referral = Referral.objects.select_related("notice_case", "contact").get(pk=message.subject_id)
    return _referral(referral, kept if is_shown else opened, doors)


def _referral(referral: Referral, brief_of: Callable[[NoticeCase], CaseBrief], doors: Doors) -> Mail | None:
    """Return a letter to police or child protection; None if the police are to hear of none of its cases any more, whoever sends it again."""
    assert referral.contact is not None  # without a portal there is no message
    languages = referral.contact.languages
    if referral.kind == "protection":
        return _to_protection(referral, referral.contact, doors)
    carried = list(referral.carried.select_related("notice_case", "contact").order_by("pk"))
    rows = [one for one in (referral, *carried) if not _is_withdrawn(one.notice_case)]
    if not rows:
        return None
    if carried:
        letters = [_letter(one, brief_of, doors) for one in rows]
        return summary_mail(letters, mark=doors.mark("R", referral.pk), language=language_for(languages))
    line, letter = _letter(referral, brief_of, doors)
    own, language = wording_for("referral", country=letter.portal.country, languages=languages)
    return police_mail(line, letter, language=language, own=own)


def _is_withdrawn(notice_case: NoticeCase) -> bool:
    return notice_case.state == "stopped" and notice_case.stopped_why == WITHDRAWN_AFTER_REVIEW


def _to_protection(referral: Referral, office: Contact, doors: Doors) -> Mail:
    return at_risk_mail(
        read_statement(referral.statement),
        reference=referral.reference,
        office=office.name,
        portal=people_queries.portal(referral.portal_id),
        link=doors.link(REFERRAL, referral.pk),
        mark=doors.mark("R", referral.pk),
        urgent=referral.urgent,
        language=language_for(office.languages),
    )


def _letter(referral: Referral, brief_of: Callable[[NoticeCase], CaseBrief], doors: Doors) -> tuple[Line, PoliceLetter]:
    letter = PoliceLetter(
        portal=people_queries.portal(referral.portal_id),
        police_name=referral.contact.name if referral.contact else "",
        link=doors.link(REFERRAL, referral.pk),
        mark=doors.mark("R", referral.pk),
        stands=stands_with(referral),
        wait_hours=config_now().police_wait_hours,
        head="" if referral.kind == "protection" else head_of(referral.hotline_id),
    )
    where = place_of(hosting_queries.whereabouts(referral.notice_case.location_id))
    return Line(brief_of(referral.notice_case), where), letter


def _reply(reply: Reply, doors: Doors) -> Mail | None:
    """Return an answer to somebody who was told; None if the case was decided otherwise since: then it isn't so, and they hear that."""
    purpose: tuple[str, Letter, int]
    if reply.item is not None:
        notice_case, purpose = reply.item.notice_case, (NOTICE, "N", reply.item.notice_id)
    else:
        assert reply.referral is not None
        notice_case, purpose = reply.referral.notice_case, (REFERRAL, "R", reply.referral.pk)
    page, letter, number = purpose
    is_withdrawn = notice_case.stopped_why == WITHDRAWN_AFTER_REVIEW
    # What was only passed on since was decided by nobody.
    is_decided_again = not is_withdrawn and bool(read(notice_case.brief).judged)
    if (reply.what == "kept" and is_withdrawn) or (reply.what == "withdrawn" and is_decided_again):
        return None
    watch = watch_of(notice_case.location_id) if reply.what == "kept" else None
    names_no_address = reply.referral is not None and reply.referral.kind == "protection"
    hotline = people_queries.hotline(reply.hotline_id)
    return reply_mail(
        reply.what,
        reference=notice_case.brief["reference"],
        mark=doors.mark(letter, number),
        language=language_for(reply.contact.languages),
        hotline=hotline.name,
        address="" if names_no_address else notice_case.brief["address"],
        reasons=reply.reasons,
        asks_again=watch is None or watch.state != "removed",
        entered=_entered(reply),
        report_stands=reply.referral is not None and (reply.referral.urgent or takes_two(reply.referral)),
        link=doors.link(page, number),
        email=hotline.email,
    )


def _entered(reply: Reply) -> dict[str, Any]:
    """Return what was entered as the answer of the police: the outcome is worded when the letter is written, in its language, and the
    day of a hold is that of the portal, as on their page."""
    entered = reply.entered
    if not entered or reply.referral is None:
        return {}
    zone = ZoneInfo(reply.referral.portal.time_zone)
    until = entered["until"] and f"{datetime.fromisoformat(entered['until']).astimezone(zone):%Y-%m-%d}"
    return {**entered, "until": until, "outcome": OUTCOMES.get(entered["outcome"], "")}


def _payment(alert: PaymentAlert, now: datetime, doors: Doors) -> Mail | None:
    """Return an alert to a payment firm; None if it was stopped, or rests on a case by now that would keep it from being written: the police
    hold it, don't have it after all, or were not heard."""
    is_withdrawal = alert.withdraws_id is not None
    cases = [] if is_withdrawal else list(alert.cases.values_list("case_id", flat=True))
    held = Referral.objects.filter(case_id__in=cases, state="held")  # by whichever letter
    if alert.state == "stopped" or held.exists() or len(supporting(cases, gates_of(cases))) < len(cases):
        return None
    contact = alert.contact
    own, language = wording_for(PAYMENT, country=contact.country, languages=contact.languages)
    return payment_mail(
        read_payment(alert.brief),
        hotline=people_queries.hotline(alert.hotline_id),
        link=doors.link(PAYMENT, alert.pk),
        mark=doors.mark("P", alert.pk),
        due_at=now + time_to_answer(PAYMENT),
        language=language,
        is_withdrawal=is_withdrawal,
        own=own,
    )


def _alert(alert: Alert) -> Mail:
    cases = alert.cases.order_by("due_at", "pk")
    return alert_mail(
        alert.what,
        [(row.reference, row.clock, row.due_at.astimezone(ZoneInfo(row.time_zone))) for row in cases[:ALERT_SHOWS]],
        count=cases.count(),
        is_over=not cases.filter(due_at__gt=datetime.now(UTC)).exists(),
        hotline=people_queries.hotline(alert.hotline_id),
        link=f"{settings.LEEWARD.base_url}/desk/",
        language=language_for(alert.languages),
    )


def _notice(notice: Notice, worded_at: datetime, doors: Doors) -> Mail | None:
    lines = lines_of(items_to_send(notice), reader_id=notice.contact_id, notice_id=notice.pk)
    if not lines:
        return None
    hotline, link = people_queries.hotline(notice.hotline_id), doors.link(NOTICE, notice.pk)
    mark = doors.mark("N", notice.pk)
    if notice.kind in NAME_KINDS:
        return _about_name(notice, lines[0], worded_at, hotline=hotline, link=link, mark=mark)
    own, language = wording_for(notice.kind, country=lines[0].brief.country, languages=notice.contact.languages)
    mail = notice_mail(
        notice.kind,
        lines,
        hotline=hotline,
        link=link,
        mark=mark,
        deadline=deadline_of(worded_at),
        page=doors.page(notice.contact),
        language=language,
        own=own,
    )
    return for_programs(
        mail, notice.contact, lines, kind=notice.kind, hotline=hotline, link=link, mark=mark, at=notice.created_at
    )


def _about_name(
    notice: Notice, line: Line, worded_at: datetime, *, hotline: people_queries.HotlineRow, link: str, mark: str
) -> Mail:
    act = NameAct.objects.select_related("item", "proof__notice__contact").get(item=line.number)
    is_here = ACTS[act.what].reader in ("police", "registry")
    own, language = wording_for(
        notice.kind,
        country=notice.contact.country if is_here else line.brief.country,
        languages=notice.contact.languages,
    )
    return name_mail(
        act,
        line,
        registrar=hosting_queries.whereabouts(act.item.location_id).registrar,
        hotline=hotline,
        link=link,
        mark=mark,
        answer_by=worded_at + short(ACTS[act.what].time),
        language=language,
        own=own,
        times=times_asked_before(act) + 1,
    )


def _first_sent(items: list[NoticeItem]) -> dict[int, datetime]:
    """Return when somebody was first told about each of these cases; one query."""
    sent = NoticeItem.objects.filter(TOLD, notice_case__in={item.notice_case_id for item in items})
    return dict(sent.order_by().values_list("notice_case_id").annotate(Min("notice__sent_at")))


def lines_of(items: list[NoticeItem], *, reader_id: int | None, notice_id: int = 0) -> list[Line]:
    """Return the addresses of a notice with everything that its text says about them. `reader_id` is the contact that
    will read it."""
    places = [(item.case_id, item.location_id) for item in items]
    return lines_with(items, sent_counts_of(places, contact_id=reader_id, but_not=notice_id) if items else {})


def lines_with(items: list[NoticeItem], sent: Mapping[int, SentCounts]) -> list[Line]:
    """Return the same if what was told about each case is already known."""
    if not items:
        return []
    where, first_sent = hosting_queries.whereabouts_of({item.location_id for item in items}), _first_sent(items)
    return [
        Line(
            read(item.notice_case.brief),
            place_of(where.get(item.location_id)),
            step=item.step,
            first_told_at=first_sent.get(item.notice_case_id),
            number=item.pk,
            sent=sent[item.case_id],
        )
        for item in items
    ]
