"""The ladder of one notice case: adds its address to the messages of whoever is to be told next."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, F, Max, OuterRef

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.hosting import queries as hosting_queries
from leeward.hosting import services as hosting_services
from leeward.jobs.clockwatch import WHILE_IN_DOUBT, is_in_doubt
from leeward.jobs.services import cancel, schedule, schedule_all
from leeward.notices.going_on import TOLD, is_held_beside, is_held_itself
from leeward.notices.models import Contact, Message, Notice, NoticeCase, NoticeItem
from leeward.notices.recipients import CONTACT_KIND, most_addresses, recipient_for
from leeward.notices.rules.briefs import read
from leeward.notices.rules.delivery import GIVEN_UP
from leeward.notices.rules.ladder import ADVANCE, LADDER_KINDS, kinds_at, next_step_at
from leeward.notices.rules.name_acts import NAME_KINDS
from leeward.notices.services import outbox
from leeward.notices.timing import GATHER, RECHECK, rungs, short
from leeward.notices.writing.compose import items_to_send

log = logging.getLogger(__name__)
RECHECKS_A_RUN = 40
# Why a step told nobody: over as soon as one does.
_OF_A_STEP = ("no_contact", GIVEN_UP)


def advance(notice_case_id: int) -> datetime | None:
    """Take the next step if it is due; return when to check again (None: another event will trigger it)."""
    with hotline_transaction():
        notice_case = NoticeCase.objects.select_for_update().filter(pk=notice_case_id, state="open").first()
        now = datetime.now(UTC)
        if notice_case is None or notice_case.next_at is None:
            return None
        if notice_case.next_at > now:
            return notice_case.next_at
        if notice_case.step and is_in_doubt():  # nobody knows how long ago the step before was
            return now + WHILE_IN_DOUBT
        held = NoticeCase.objects.filter(is_held_itself() | is_held_beside(), pk=notice_case_id)
        if held.exists():  # its gate follows (`police_first.follow_holds`)
            return now + short(GATHER)
        step = notice_case.step + 1
        where = hosting_queries.whereabouts(notice_case.location_id)
        kinds = kinds_at(step, rungs(), host=notice_case.host_kind)  # type: ignore[arg-type]  # its choices are kinds
        placed = [_place_for(notice_case, kind, where, step=step, now=now) for kind in kinds]
        if any(placed):
            notice_case.step, notice_case.next_at = step, None
            notice_case.problem = "" if notice_case.problem in _OF_A_STEP else notice_case.problem
        else:
            note_problem(notice_case, "no_contact")
            notice_case.next_at = next_step_at(now, rungs())
        notice_case.save()
    return notice_case.next_at


def next_at(notice_case: NoticeCase, now: datetime) -> datetime:
    """Return when a ladder that was held back goes on: now, but never sooner after the last message of this round than it would have, also
    one that may have arrived."""
    sent = notice_case.items.filter(TOLD, round=notice_case.round)
    again = notice_case.items.filter(round=notice_case.round, notice__kind__in=LADDER_KINDS).values("notice")
    if outbox.open_messages().filter(kind="notice", subject_id__in=again).exists():  # a person sends it again
        return next_step_at(now, rungs())
    unsure = Message.objects.filter(kind="notice", subject_id__in=again, state="unsure")
    # What a restoring left unsure before it was tried may never have gone: what the police let go since is told.
    tried = unsure.aggregate(last=Max("sending_since"))["last"]
    last = sent.aggregate(last=Max("notice__sent_at"))["last"]
    known = [at for at in (tried, last) if at is not None]
    return max(now, next_step_at(min(max(known), now), rungs())) if known else now  # the clock may have been ahead


def go_on(notice_case: NoticeCase, at: datetime) -> None:
    """Schedule the next step of an open notice case."""
    NoticeCase.objects.filter(pk=notice_case.pk, state="open").update(next_at=at)
    schedule(ADVANCE, subject_id=notice_case.pk, hotline_id=notice_case.hotline_id, due_at=at)


def move_steps(notice_cases: list[int], after: datetime, by: timedelta) -> None:
    """Move the next step of these ladders by `by` if it is later than `after`, and than any that a clock which is right could have set: the
    one that it was set by was ahead."""
    latest = max(after, next_step_at(datetime.now(UTC), rungs()))
    NoticeCase.objects.filter(pk__in=notice_cases, next_at__gt=latest).update(next_at=F("next_at") + by)


def begin_steps_anew(hotline_id: int, now: datetime, since: datetime | None) -> None:
    """Let the next step of each ladder wait for its whole time from now where the clock by which the step before was taken may have been
    wrong: since `since`, whatever it said then, or at any time. In the hotline's scope and in the caller's transaction."""
    waiting = NoticeCase.objects.filter(state="open", step__gt=0, next_at__isnull=False)
    if since is not None:
        waiting = waiting.filter(next_at__gte=next_step_at(since, rungs()))
    numbers, at = list(waiting.values_list("pk", flat=True)), next_step_at(now, rungs())
    waiting.update(next_at=at)
    schedule_all(ADVANCE, dict.fromkeys(numbers, at), hotline_id=hotline_id)


def place(
    notice_case: NoticeCase, contact: Contact, kind: str, *, step: int, now: datetime, instead_of: str = ""
) -> NoticeItem:
    """Add the notice case's address to the message that waits for this contact; start one if there is none."""
    Contact.objects.select_for_update().get(pk=contact.pk)  # one at a time, so that one message is started, not two
    notice = _waiting_notice(contact, kind, notice_case) or _new_notice(
        contact, kind, urgent=notice_case.brief["urgent"], now=now
    )
    item, is_new = NoticeItem.objects.get_or_create(
        notice=notice,
        notice_case=notice_case,
        defaults={
            "hotline_id": notice_case.hotline_id,
            "round": notice_case.round,
            "case_id": notice_case.case_id,
            "location_id": notice_case.location_id,
            "address": read(notice_case.brief).address,
            "step": step,
            "instead_of": instead_of,
        },
    )
    if is_new:
        Notice.objects.filter(pk=notice.pk, step__lt=step).update(step=step)
        Message.objects.filter(kind="notice", subject_id=notice.pk).update(edition=F("edition") + 1)
    elif item.round != notice_case.round:
        item.round = notice_case.round
        item.save(update_fields=["round"])
    return item


def contact_for(kind: str, email: str, *, hotline_id: int, source: str, country: str = "", name: str = "") -> Contact:
    """Return the directory's entry for an address, creating it if necessary."""
    contact, _ = Contact.objects.get_or_create(
        hotline_id=hotline_id,
        kind=kind,
        country=country,
        email=email,
        defaults={"source": source, "name": name, "checked_at": datetime.now(UTC)},
    )
    return contact


def pull_back(notice_case: NoticeCase, *, also_abroad: bool = False, also_names: bool = False) -> None:
    """Remove the notice case's address from every unsent message of the ladder and, if requested, from one to those in
    charge abroad and from those about its name, which else wait (`delivery`); the step counts as not taken."""
    kinds = {*LADDER_KINDS, *(("foreign_police",) if also_abroad else ()), *(NAME_KINDS if also_names else ())}
    waiting = NoticeItem.objects.filter(notice_case=notice_case, notice__state="waiting", notice__kind__in=kinds)
    for item in waiting.select_related("notice"):
        message = Message.objects.select_for_update().get(kind="notice", subject_id=item.notice_id)
        if not outbox.is_open(message):
            outbox.change(message)  # a text that was made before isn't sent
            continue
        _step_back(notice_case, item)
        _take_out(item, message)
    cancel(ADVANCE, subject_id=notice_case.pk, hotline_id=notice_case.hotline_id)
    notice_case.next_at = None


def _step_back(notice_case: NoticeCase, item: NoticeItem) -> None:
    """Count the step by which its address came into a message as not taken; the caller saves it."""
    if item.notice.kind == "foreign_police":
        notice_case.abroad_asked = False
    elif item.notice.kind in LADDER_KINDS:
        notice_case.step = min(notice_case.step, item.step - 1)


def leave_out(notice: Notice) -> None:
    """Take out of a notice, before its text is made, every address that isn't written about now: only what is in the letter counts as
    told, and the others are told by another one. Where none is left, nothing is sent, and all stays."""
    numbers = [item.pk for item in items_to_send(notice)]
    left_out = notice.items.exclude(pk__in=numbers)
    if not numbers or not left_out.exists():
        return
    with hotline_transaction():
        list(NoticeCase.objects.select_for_update().filter(items__notice=notice).order_by("pk"))
        message = Message.objects.select_for_update().get(kind="notice", subject_id=notice.pk)
        numbers = [item.pk for item in items_to_send(notice)]
        if not numbers or message.state not in outbox.UNSENT:
            return
        for item in left_out.exclude(pk__in=numbers).select_related("notice", "notice_case"):
            _step_back(item.notice_case, item)
            item.notice_case.save(update_fields=["step", "abroad_asked"])
            _take_out(item, message)


def reroute(items: Sequence[NoticeItem], *, now: datetime, problem: str) -> None:
    """Tell somebody else at once, if possible, because their contact can't be reached, or a person gave the message up."""
    for item in items:
        notice_case = NoticeCase.objects.select_for_update().get(pk=item.notice_case_id)
        if notice_case.state != "open" or item.notice.kind not in LADDER_KINDS:
            continue
        where = hosting_queries.whereabouts(notice_case.location_id)
        kind = notice_case.host_kind if item.notice.kind in ("host", "foreign_host") else item.notice.kind
        if _place_for(notice_case, kind, where, step=item.step, now=now, instead_of=item.notice.contact.email):
            continue
        if item.notice.kind in ("host", "foreign_host") or problem == GIVEN_UP:
            note_problem(notice_case, problem)
            notice_case.save(update_fields=["problem"])
        go_on(notice_case, next_step_at(now, rungs()))


def recheck(notice: Notice) -> bool:
    """Look up again who is to be told, for each address whose last lookup is too old; return True when all are fresh.

    An address whose contact has changed moves to the new contact's message.
    """
    if notice.kind not in LADDER_KINDS:
        return True
    fresh = datetime.now(UTC) - short(RECHECK)
    old = [item for item in notice.items.order_by("pk") if item.checked_at is None or item.checked_at < fresh]
    for item in old[:RECHECKS_A_RUN]:
        try:
            hosting_services.locate(item.location_id, at_most_old=short(RECHECK))
        except Exception:  # a failed lookup must not hold the notice back: what is known stays valid
            log.warning("contact.not_checked", extra={"item": item.pk}, exc_info=True)
        _settle_contact(item.pk)
    return len(old) <= RECHECKS_A_RUN


def _settle_contact(item_id: int) -> None:
    with hotline_transaction():
        now = datetime.now(UTC)
        item = NoticeItem.objects.select_related("notice__contact", "notice_case").filter(pk=item_id).first()
        if item is None:
            return
        notice, notice_case = item.notice, item.notice_case
        message = Message.objects.select_for_update().get(kind="notice", subject_id=notice.pk)
        found = recipient_for(notice.kind, hosting_queries.whereabouts(item.location_id), location_id=item.location_id)
        if found is None or found[1] == notice.contact.email or not outbox.is_open(message):
            NoticeItem.objects.filter(pk=item.pk).update(checked_at=now)
            Contact.objects.filter(pk=notice.contact_id).update(checked_at=now)
            return
        kind, email = found
        contact = contact_for(CONTACT_KIND[kind], email, hotline_id=notice_case.hotline_id, source="network")
        moved = place(notice_case, contact, kind, step=item.step, now=now, instead_of=notice.contact.email)
        NoticeItem.objects.filter(pk=moved.pk).update(checked_at=now)
        _take_out(item, message)
        facts = {"case": notice_case.case_id, "from": notice.contact_id, "to": contact.pk}
        record(
            "contact.changed",
            actor=SYSTEM,
            hotline_id=notice_case.hotline_id,
            subject=f"notice:{notice.pk}",
            facts=facts,
        )


def _take_out(item: NoticeItem, message: Message) -> None:
    notice_id = item.notice_id
    item.delete()
    if NoticeItem.objects.filter(notice_id=notice_id).exists():
        outbox.change(message)
    else:
        Notice.objects.filter(pk=notice_id).update(state="stopped")
        outbox.stop(message)


def _place_for(
    notice_case: NoticeCase,
    kind: str,
    where: hosting_queries.Whereabouts | None,
    *,
    step: int,
    now: datetime,
    instead_of: str = "",
) -> NoticeItem | None:
    found = recipient_for(kind, where, location_id=notice_case.location_id, but_not=instead_of)
    if found is None:
        return None
    known_kind, email = found
    contact = contact_for(CONTACT_KIND[known_kind], email, hotline_id=notice_case.hotline_id, source="network")
    return place(notice_case, contact, known_kind, step=step, now=now, instead_of=instead_of)


def _waiting_notice(contact: Contact, kind: str, notice_case: NoticeCase) -> Notice | None:
    """Return the newest unsent notice for the contact that has room for the notice case or already includes it."""
    waiting = Notice.objects.filter(contact=contact, kind=kind, state="waiting").order_by("-pk")
    most = 1 if kind in NAME_KINDS else most_addresses(contact)  # each has a clock and an answer of its own
    if most is not None:
        mine = NoticeItem.objects.filter(notice=OuterRef("pk"), notice_case=notice_case)
        waiting = waiting.order_by(Exists(mine).desc(), "-pk")
    for notice in waiting.select_for_update()[:5]:
        has_room = most is None or notice.items.count() < most or notice.items.filter(notice_case=notice_case).exists()
        waits = outbox.open_messages().select_for_update().filter(kind="notice", subject_id=notice.pk)
        if has_room and waits.first() is not None:
            return notice
    return None


def _new_notice(contact: Contact, kind: str, *, urgent: bool, now: datetime) -> Notice:
    notice = Notice.objects.create(hotline_id=contact.hotline_id, contact=contact, kind=kind, created_at=now)
    due_at = now if urgent else now + short(GATHER)
    outbox.put("notice", notice.pk, to=contact.email, hotline_id=contact.hotline_id, due_at=due_at, urgent=urgent)
    return notice


def note_problem(notice_case: NoticeCase, problem: str) -> None:
    """Record what is blocking the notice case, and log it if it is new."""
    if notice_case.problem != problem:
        notice_case.problem = problem
        facts = {"case": notice_case.case_id, "problem": problem}
        subject = f"notice_case:{notice_case.pk}"
        record("notice.not_possible", actor=SYSTEM, hotline_id=notice_case.hotline_id, subject=subject, facts=facts)
