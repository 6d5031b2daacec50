"""Requests from outside to lift an entry: who may answer them, and what follows."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist.errors import AppealAnswered, HadPart, SupervisorIsFree
from leeward.blocklist.models import BlockAppeal, Entry
from leeward.blocklist.queries.entries import entries_blocking
from leeward.blocklist.rules.hearing import free_roles, suspends_at
from leeward.blocklist.services.steps import FOR_AN_APPEAL, has_open_appeal, locked_entry, move, now_utc
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.jobs.clockwatch import is_in_doubt, settled_last
from leeward.jobs.services import erased, publish_event
from leeward.people.queries import StaffRow, staff_of
from leeward.people.rules.permissions import SUPERVISOR, may
from leeward.people.services import authorize, demand_second
from leeward.sealing.services import forget

MOST_REASONS = 5000


def open_block_appeals(
    outside_id: int,
    *,
    address: str,
    relation: str,
    text: str,
    hotline_id: int,
    only: tuple[int, ...] = (),
    portal_id: int | None = None,
    due_at: datetime | None = None,
) -> list[int]:
    """Open a request for every listed entry that blocks an address; return their ids. Repeating a request has no
    effect.

    It came through `portal_id` and must be answered by `due_at`, under that portal's rule.
    """
    came = {"portal_id": portal_id, "due_at": due_at, "asked_at": now_utc()}
    opened = []
    with hotline_transaction(hotline_id):
        staff = staff_of(hotline_id)
        for entry_id in only or entries_blocking(address):
            appeal, is_new = BlockAppeal.objects.get_or_create(
                entry_id=entry_id,
                outside_id=outside_id,
                defaults={"hotline_id": hotline_id, "relation": relation, "text": text, **came},
            )
            opened.append(appeal.pk)
            if is_new:
                _note("block_appeal.opened", appeal, SYSTEM, {"relation": relation})
                _note_who_is_free(appeal, staff, now_utc())
    return opened


def follow_block_appeals(outside_id: int, *, text: str) -> None:
    """Add what the requester wrote later to the open requests."""
    with hotline_transaction():
        rows = BlockAppeal.objects.filter(outside_id=outside_id, state="open")
        forget(rows, "text")
        for row in rows:
            BlockAppeal.objects.filter(pk=row.pk).update(text=text)  # each gets a key of its own


def withdraw_block_appeals(outside_id: int) -> None:
    """Close requests that were withdrawn: their text is deleted, also where they were answered, and nobody needs to answer."""
    with hotline_transaction():
        rows = BlockAppeal.objects.filter(outside_id=outside_id).exclude(text="")
        forget(rows, "text")
        if rows.update(text=""):
            erased(BlockAppeal)
        for appeal in BlockAppeal.objects.select_for_update().filter(outside_id=outside_id, state="open"):
            appeal.state, appeal.decided_at = "withdrawn", now_utc()
            appeal.save()
            _note("block_appeal.withdrawn", appeal, SYSTEM)
            _come_back(locked_entry(appeal.entry_id), appeal, SYSTEM, after=("nobody",))


def move_block_appeals(portal_id: int, due_of: Callable[[datetime], datetime]) -> None:
    """Recompute the due dates of the open requests that came through a portal."""
    with hotline_transaction():
        for appeal in BlockAppeal.objects.filter(portal_id=portal_id, state="open").order_by("pk"):
            due = due_of(appeal.asked_at)
            if due != appeal.due_at:
                BlockAppeal.objects.filter(pk=appeal.pk).update(due_at=due)


def find_stranded(hotline_id: int, *, now: datetime | None = None) -> int:
    """Check for every open request who can answer it; return how many no supervisor can.

    Those then wait for an administrator. If no administrator can answer either, administrators are asked to invite
    somebody, and a block that nobody could answer for in three days is suspended until an uninvolved person has.
    """
    now = now or now_utc()
    with hotline_transaction(hotline_id):
        staff = staff_of(hotline_id)
        rows = BlockAppeal.objects.filter(state="open").select_related("entry").order_by("id")
        return sum(_note_who_is_free(appeal, staff, now) for appeal in list(rows))


def _note_who_is_free(appeal: BlockAppeal, staff: list[StaffRow], now: datetime) -> bool:
    """Record who can answer a request, notify them, and suspend a block that nobody answers for; return whether no
    supervisor can.
    """
    free = free_roles(staff, people_of(appeal.entry), now.date())
    stranded, since = SUPERVISOR not in free, None if free else appeal.nobody_since or now
    was = appeal.is_stranded, appeal.nobody_since
    if was != (stranded, since):
        appeal.is_stranded, appeal.nobody_since = stranded, since
        appeal.save(update_fields=["is_stranded", "nobody_since"])
        if since:
            _note("block_appeal.unanswerable", appeal, SYSTEM)
            publish_event("block_appeal.unanswerable", subject_id=appeal.pk, hotline_id=appeal.hotline_id)
        elif stranded:
            publish_event("block_appeal.stranded", subject_id=appeal.pk, hotline_id=appeal.hotline_id)
    if since and appeal.entry.state == "approved" and _is_over(since, now):
        _suspend(locked_entry(appeal.entry_id), appeal, SYSTEM, ending="nobody")
    return stranded


def _is_over(since: datetime, now: datetime) -> bool:
    """Return whether nobody could answer for long enough: what a clock that was in doubt counted doesn't count."""
    settled = settled_last()
    begins = settled if settled is not None and not settled <= since <= now else since
    return suspends_at(begins) <= now and not is_in_doubt()


def _suspend(entry: Entry, appeal: BlockAppeal, actor: Actor, *, ending: str) -> None:
    if entry.state == "approved":
        move(entry, "entry.suspended", "suspended", actor=actor, ending=ending, facts={"appeal": appeal.pk})


def _come_back(entry: Entry, appeal: BlockAppeal, actor: Actor, *, after: tuple[str, ...]) -> None:
    """Restore an entry that was suspended only for one of these reasons, unless somebody else still waits for an
    answer.
    """
    if entry.state == "suspended" and entry.ending in after and not has_open_appeal(entry):
        move(entry, "entry.resumed", "approved", actor=actor, facts={"appeal": appeal.pk})


def is_stranded(entry: Entry) -> bool:
    """Return whether every supervisor who is not away was involved in the entry or its case."""
    return SUPERVISOR not in free_roles(staff_of(entry.hotline_id), people_of(entry), now_utc().date())


def people_of(entry: Entry) -> set[int | None]:
    """Return everybody who was involved in an entry or its case."""
    return {entry.proposed_by_id, entry.approved_by_id, *entry.case_people}


def has_part(entry: Entry, actor: Actor) -> bool:
    """Return whether this person proposed or approved the entry, or was involved in its case."""
    return actor.id is not None and actor.id in people_of(entry)


def may_answer(entry: Entry, actor: Actor) -> bool:
    """Return whether this person may answer a request about the entry: nobody who was involved; an administrator only
    if no supervisor can.
    """
    if has_part(entry, actor):
        return False
    is_supervisor = bool(may(actor, "appeal.decide", entry.hotline_id))
    return is_supervisor or (bool(may(actor, "block_appeal.answer", entry.hotline_id)) and is_stranded(entry))


def suspend_meanwhile(appeal_id: int, *, actor: Actor) -> None:
    """Leave the entry out of every feed from the next publication on while its appeal is open."""
    with hotline_transaction():
        appeal, entry = _open_appeal(appeal_id, actor)
        _suspend(entry, appeal, actor, ending="asked")


def decide_block_appeal(appeal_id: int, *, lifted: bool, reasons: str, actor: Actor) -> None:
    """Answer a request: the entry is removed for good, or stays (and is restored if it was suspended for this).

    Only by a supervisor who was not involved in the entry or its case, or, if there is none, by such an administrator.
    """
    if not reasons.strip():
        raise BadInput(what=_("The answer"), why=_("it has no reasons"))
    with hotline_transaction():
        appeal, entry = _open_appeal(appeal_id, actor)
        demand_second(actor, people_of(entry), act="block_appeal.answer")
        appeal.state = "lifted" if lifted else "kept"
        appeal.decided_by_id, appeal.decided_at, appeal.reasons = actor.id, now_utc(), whole(reasons, MOST_REASONS)
        appeal.save()
        if lifted and entry.state in ("approved", "suspended"):
            move(entry, "entry.removed", "removed", actor=actor, ending="appeal", facts={"appeal": appeal.pk})
        elif not lifted:
            _come_back(entry, appeal, actor, after=FOR_AN_APPEAL)
        _note("block_appeal.decided", appeal, actor, {"lifted": lifted})
        publish_event("block_appeal.decided", subject_id=appeal.outside_id, hotline_id=appeal.hotline_id)


def _open_appeal(appeal_id: int, actor: Actor) -> tuple[BlockAppeal, Entry]:
    """Return an open request and its locked entry; raises NotFound, AppealAnswered, NotAllowed, HadPart and
    SupervisorIsFree.
    """
    appeal = BlockAppeal.objects.select_for_update().filter(pk=appeal_id).first()
    if appeal is None:
        raise NotFound(what=_("appeal"))
    authorize(actor, "block_appeal.answer", appeal.hotline_id)
    entry = locked_entry(appeal.entry_id)
    if has_part(entry, actor):
        raise HadPart
    if not may_answer(entry, actor):
        raise SupervisorIsFree
    if appeal.state != "open":
        raise AppealAnswered
    return appeal, entry


def _note(event: str, appeal: BlockAppeal, actor: Actor, facts: dict[str, object] | None = None) -> None:
    known = {"appeal": appeal.pk, "outside": appeal.outside_id}
    subject = f"entry:{appeal.entry_id}"
    record(event, actor=actor, hotline_id=appeal.hotline_id, subject=subject, facts=known | (facts or {}))
