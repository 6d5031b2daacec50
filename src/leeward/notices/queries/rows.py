"""Single notices, referrals, contacts and messages as other slices and pages see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, Max, OuterRef

from leeward.jobs.queries import due_at
from leeward.notices.models import SET_ASIDE, TO_POLICE, InboundMail, NoticeCase, NoticeItem, Referral
from leeward.notices.queries.entered import waiting_parts
from leeward.notices.queries.labels import problem_word
from leeward.notices.recipients import abroad, police_of, protection_of
from leeward.notices.rules.police_first import REFERRAL_TIME
from leeward.people.queries import portal
from leeward.sealing.fields import opened_rows


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral to the police about a case, and its state."""

    id: int
    case_id: int
    reference: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    wait_until: datetime | None
    hold_until: datetime | None
    answered_at: datetime | None
    note: str
    tells_host: bool
    portal_id: int
    hotline_id: int
    kind: str
    urgent: bool
    acknowledged_at: datetime | None
    outcome: str

    @property
    def is_to_police(self) -> bool:
        """Return whether it went to the police rather than to child protection."""
        return self.kind in TO_POLICE


@dataclass(frozen=True, slots=True)
class PoliceStanding:
    """An urgent case's standing with the police: when they were sent its newest urgent referral (None if not yet, or if
    there is none, which `is_made` tells apart; `referral_id` is its number), when they confirmed that or a later one,
    and its outcome. `earlier` are the outcomes of earlier referrals, each with the time of its message: they don't
    answer anything that was told later.

    What staff entered by hand counts once a second person confirms it; `waits_for_second` is the number of the referral
    with an unconfirmed entry (0 if there is none).
    """

    is_made: bool
    referral_id: int
    sent_at: datetime | None
    acknowledged_at: datetime | None
    outcome: str
    earlier: tuple[tuple[datetime, str], ...] = ()
    waits_for_second: int = 0

    @property
    def is_settled(self) -> bool:
        """Return whether they have it and an outcome was recorded."""
        return self.is_made and self.acknowledged_at is not None and bool(self.outcome)


@dataclass(frozen=True, slots=True)
class NoticeItemRow:
    """One address of a notice and the contact's answer."""

    id: int
    notice_id: int
    case_id: int
    location_id: int
    address: str
    kind: str
    step: int
    to: str
    state: str
    sent_at: datetime | None
    answer: str
    answered_at: datetime | None
    note: str
    moved_to: str
    instead_of: str


@dataclass(frozen=True, slots=True)
class NoticeCaseRow:
    """How far a case's notices have got; `problem` names what is blocking it."""

    id: int
    case_id: int
    reference: str
    state: str
    step: int
    next_at: datetime | None
    problem: str
    stopped_why: str
    tells_police: bool
    tells_host: bool
    tells_abroad: bool
    problem_sentence: str = ""


@dataclass(frozen=True, slots=True)
class MailRow:
    """An incoming mail."""

    id: int
    notice_id: int | None
    referral_id: int | None
    sender: str
    subject: str
    text: str
    was_cut: bool
    dropped: int
    is_bounce: bool
    received_at: datetime
    read_at: datetime | None
    is_set_aside: bool


def referral_row(referral: Referral) -> ReferralRow:
    """Return the row of a referral; expects its notice case to be loaded."""
    return ReferralRow(
        id=referral.pk,
        case_id=referral.case_id,
        reference=referral.reference,
        state=referral.state,
        created_at=referral.created_at,
        sent_at=referral.sent_at,
        wait_until=referral.wait_until,
        hold_until=referral.hold_until,
        answered_at=referral.answered_at,
        note=referral.note,
        tells_host=referral.notice_case.tells_host,
        portal_id=referral.portal_id,
        hotline_id=referral.hotline_id,
        kind=referral.kind,
        urgent=referral.urgent,
        acknowledged_at=referral.acknowledged_at,
        outcome=referral.outcome,
    )


def item_row(item: NoticeItem) -> NoticeItemRow:
    """Return the row of an item; expects its notice and contact to be loaded."""
    return NoticeItemRow(
        id=item.pk,
        notice_id=item.notice_id,
        case_id=item.case_id,
        location_id=item.location_id,
        address=item.address,
        kind=item.notice.kind,
        step=item.step,
        to=item.notice.contact.email,
        state=item.notice.state,
        sent_at=item.notice.sent_at,
        answer=item.answer,
        answered_at=item.answered_at,
        note=item.note,
        moved_to=item.moved_to,
        instead_of=item.instead_of,
    )


def mail_rows(mails: Iterable[InboundMail]) -> list[MailRow]:
    """Return mails as the desk shows them, opened together."""
    return [_mail_row(mail) for mail in opened_rows(mails)]


def _mail_row(mail: InboundMail) -> MailRow:
    """Return the row of a mail."""
    return MailRow(
        id=mail.pk,
        notice_id=mail.notice_id,
        referral_id=mail.referral_id,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.text,
        was_cut=mail.was_cut,
        dropped=mail.dropped,
        is_bounce=mail.is_bounce,
        received_at=mail.received_at,
        read_at=mail.read_at,
        is_set_aside=mail.message_id.endswith(SET_ASIDE),
    )


def matter_row(notice_case: NoticeCase) -> NoticeCaseRow:
    """Return the row of a notice case."""
    return NoticeCaseRow(
        id=notice_case.pk,
        case_id=notice_case.case_id,
        reference=notice_case.brief["reference"],
        state=notice_case.state,
        step=notice_case.step,
        next_at=notice_case.next_at,
        problem=notice_case.problem,
        stopped_why=notice_case.stopped_why,
        tells_police=notice_case.tells_police,
        tells_host=notice_case.tells_host,
        tells_abroad=notice_case.tells_abroad,
        problem_sentence=problem_word(notice_case.problem) if notice_case.problem else "",
    )


def referral(referral_id: int) -> ReferralRow | None:
    """Return the referral of this number in this hotline, or None."""
    found = Referral.objects.select_related("notice_case").filter(pk=referral_id).first()
    return referral_row(found) if found else None


def referral_of(case_id: int) -> ReferralRow | None:
    """Return a case's newest referral to the police, or None."""
    found = (
        Referral.objects.select_related("notice_case")
        .filter(case_id=case_id, kind__in=TO_POLICE)
        .order_by("-pk")
        .first()
    )
    return referral_row(found) if found else None


def referrals_of(case_id: int) -> list[ReferralRow]:
    """Return everything that the police and child protection were told about a case, oldest first."""
    found = Referral.objects.select_related("notice_case").filter(case_id=case_id).order_by("pk")
    return [referral_row(row) for row in found]


def is_held_by_police(case_ids: Sequence[int]) -> bool:
    """Return whether the police hold any of these cases now, by whichever letter about it; one query."""
    return bool(Referral.objects.filter(case_id__in=case_ids, kind__in=TO_POLICE, state="held").exists())


def held_until(case_id: int) -> datetime | None:
    """Return until when the police hold a case, by whichever letter, for those of another country may hold it still; None if nobody does. One
    query."""
    held = Referral.objects.filter(case_id=case_id, kind__in=TO_POLICE, state="held")
    found: datetime | None = held.aggregate(last=Max("hold_until"))["last"]
    return found


def holds_that_end(case_ids: Sequence[int]) -> set[int]:
    """Return which of these cases the police hold until a day that ends it by itself, which none does after a restoring; two queries."""
    letters = Referral.objects.filter(case_id__in=case_ids, kind__in=TO_POLICE, state="held")
    held = dict(letters.values_list("pk", "case_id"))
    return {held[pk] for pk in due_at(REFERRAL_TIME, list(held))}


def do_hosts_wait_for_two(case_ids: Sequence[int]) -> bool:
    """Return whether the host of any of these cases waits for the police, and only they or two people here can end that sooner; one
    query."""
    urgent = Referral.objects.filter(notice_case=OuterRef("pk"), kind__in=TO_POLICE, urgent=True)
    waiting = NoticeCase.objects.filter(
        case_id__in=case_ids, state__in=("untold", "police", "address"), tells_host=True
    )
    return bool(waiting.filter(Exists(urgent)).exists())


def police_standing(case_ids: Sequence[int]) -> PoliceStanding:
    """Return the standing of a case and those merged into it with the police, as far as it is urgent; one query. An
    outcome belongs to the message that it answers: it settles what was told about the same case before, and nothing
    told later."""
    rows = list(Referral.objects.filter(case_id__in=case_ids, kind__in=TO_POLICE).order_by("pk"))
    owed = [_since_newest([row for row in rows if row.case_id == number]) for number in case_ids]
    owed = [since for since in owed if since]
    if not owed:
        return PoliceStanding(is_made=False, referral_id=0, sent_at=None, acknowledged_at=None, outcome="")
    parts = [_part(since) for since in owed]
    newest = max(parts, key=lambda part: (not part.is_settled, part.referral_id))
    first = {row.pk for since in owed for row in since}
    earlier = [(row.created_at, row.outcome) for row in rows if row.outcome and row.pk not in first]
    return replace(newest, earlier=tuple(earlier))


def _since_newest(rows: list[Referral]) -> list[Referral]:
    """Return the newest urgent message about one case, and those after it."""
    urgent = [number for number, row in enumerate(rows) if row.urgent]
    return rows[urgent[-1] :] if urgent else []


def _part(since: Sequence[Referral]) -> PoliceStanding:
    outcomes = [
        (row.outcome_at, row.outcome) for row in since if row.outcome_at and "outcome" not in waiting_parts(row)
    ]
    confirmed = [
        row.acknowledged_at for row in since if row.acknowledged_at and "acknowledged" not in waiting_parts(row)
    ]
    waiting = [row.pk for row in since if waiting_parts(row)]
    return PoliceStanding(
        is_made=True,
        referral_id=since[0].pk,
        sent_at=min((row.sent_at for row in since if row.sent_at), default=None),
        acknowledged_at=min(confirmed, default=None),
        outcome=max(outcomes)[1] if outcomes else "",
        waits_for_second=max(waiting, default=0),
    )


def newest_police_message_at(case_id: int) -> datetime | None:
    """Return when the newest message to the police about a case that was sent was begun, or None."""
    sent = Referral.objects.filter(case_id=case_id, kind__in=TO_POLICE, sent_at__isnull=False)
    found: datetime | None = sent.order_by("-pk").values_list("created_at", flat=True).first()
    return found


def notice_item(item_id: int) -> NoticeItemRow | None:
    """Return the address of this number in a notice of this hotline, or None."""
    found = NoticeItem.objects.select_related("notice__contact").filter(pk=item_id).first()
    return item_row(found) if found else None


def items_of(case_id: int) -> list[NoticeItemRow]:
    """Return every notice about a case, oldest first."""
    items = NoticeItem.objects.select_related("notice__contact").filter(case_id=case_id).order_by("pk")
    return [item_row(item) for item in items]


def is_known_abroad(country: str | None) -> bool:
    """Return whether somebody in charge in another country can be written to."""
    return abroad(country) is not None


def is_hotline_abroad(country: str) -> bool:
    """Return whether a hotline is in charge in another country, and not its police."""
    contact = abroad(country)
    return contact is not None and contact.kind == "hotline"


def is_protection_known(country: str) -> bool:
    """Return whether a child-protection office of a country can be written to."""
    return protection_of(country) is not None


def abroad_informed_at(case_id: int) -> datetime | None:
    """Return when those in charge in another country were first told about a case, or None."""
    items = NoticeItem.objects.filter(case_id=case_id, notice__kind="foreign_police", notice__sent_at__isnull=False)
    found: datetime | None = items.order_by("notice__sent_at").values_list("notice__sent_at", flat=True).first()
    return found


def police_sent_at(case_id: int) -> datetime | None:
    """Return when the newest message to the police about a case was sent, or None."""
    sent = Referral.objects.filter(case_id=case_id, kind__in=TO_POLICE, sent_at__isnull=False)
    found: datetime | None = sent.order_by("-sent_at").values_list("sent_at", flat=True).first()
    return found


def notice_case_of(case_id: int) -> NoticeCaseRow | None:
    """Return the state of a case's notices, or None if nobody was to be told."""
    found = NoticeCase.objects.filter(case_id=case_id).first()
    return matter_row(found) if found else None


def notice_cases_of(case_ids: Iterable[int]) -> dict[int, NoticeCaseRow]:
    """Return the notice cases of several cases, by case; one query."""
    return {
        notice_case.case_id: matter_row(notice_case)
        for notice_case in NoticeCase.objects.filter(case_id__in=list(case_ids))
    }


def open_notice_cases(most: int = 200) -> list[NoticeCaseRow]:
    """Return notice cases that are blocked because no recipient is known, newest first."""
    stuck = NoticeCase.objects.exclude(state="stopped").exclude(problem="").order_by("-pk")[:most]
    return [matter_row(notice_case) for notice_case in stuck]


def notice_cases_to_try_again() -> list[int]:
    """Return notice cases that had no recipient when one is known by now."""
    stuck = NoticeCase.objects.exclude(state="stopped").filter(problem__in=("no_police_contact", "no_contact_abroad"))
    rows = list(stuck.values_list("pk", "problem", "portal_id", "brief__country"))
    portals = {one: police_of(portal(one)) for one in {row[2] for row in rows if row[1] == "no_police_contact"}}
    countries = {one: abroad(one) for one in {row[3] for row in rows if row[1] == "no_contact_abroad"}}
    return [
        pk
        for pk, problem, portal_id, country in rows
        if (portals[portal_id] if problem == "no_police_contact" else countries[country]) is not None
    ]


def mail(mail_id: int) -> MailRow | None:
    """Return the mail of this number in this hotline, or None."""
    return next(iter(mail_rows(InboundMail.objects.filter(pk=mail_id))), None)
