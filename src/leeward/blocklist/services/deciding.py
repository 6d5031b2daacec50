"""People's decisions about an entry: approve, refuse, suspend, resume, withdraw, review."""

from datetime import date

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.blocklist.errors import AppealRuns, NoLegalBasis, NotListable, SecondPersonNeeded
from leeward.blocklist.models import Entry
from leeward.blocklist.queries.names import limits_of
from leeward.blocklist.rules.choices import Choice
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.gates import Fence
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.services.proposing import why_not
from leeward.blocklist.services.steps import (
    FOR_AN_APPEAL,
    has_open_appeal,
    locked_entry,
    move,
    note,
    now_utc,
    review_day,
)
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.hosting.rules.urls import shortened
from leeward.people.services import authorize, demand_second


def approve_entry(entry_id: int, *, actor: Actor) -> None:
    """Put a proposed entry on its list; only by somebody other than its proposer, and within today's limits."""
    with hotline_transaction():
        entry = locked_entry(entry_id, "proposed")
        authorize(actor, "entry.approve", entry.hotline_id)
        if actor.kind != "staff" or actor.id is None or actor.id == entry.proposed_by_id:
            raise SecondPersonNeeded
        demand_second(actor, {entry.proposed_by_id}, act="entry.approve")
        _refuse_limits(entry)
        entry.approved_by_id, entry.approved_at = actor.id, now_utc()
        move(entry, "entry.approved", "approved", actor=actor)


def refuse_entry(entry_id: int, *, comment: str, actor: Actor) -> None:
    """Refuse a proposed entry, with the reason."""
    reason = _needed(comment)
    with hotline_transaction():
        entry = locked_entry(entry_id, "proposed")
        authorize(actor, "entry.approve", entry.hotline_id)
        move(entry, "entry.refused", "refused", actor=actor, comment=reason)


def suspend_entry(entry_id: int, *, comment: str, actor: Actor) -> None:
    """Leave an entry out of every feed from the next publication on, until somebody decides."""
    reason = _needed(comment)
    with hotline_transaction():
        entry = locked_entry(entry_id, "approved")
        authorize(actor, "entry.withdraw", entry.hotline_id)
        move(entry, "entry.suspended", "suspended", actor=actor, comment=reason)


def resume_entry(entry_id: int, *, review_on: date | None = None, actor: Actor) -> None:
    """Put a suspended entry back on its list; raises AppealRuns if it waits for the answer to an appeal."""
    with hotline_transaction():
        entry = locked_entry(entry_id, "suspended")
        authorize(actor, "entry.approve", entry.hotline_id)
        if entry.ending in FOR_AN_APPEAL and has_open_appeal(entry):
            raise AppealRuns
        _refuse_limits(entry)
        entry.review_on = review_day(review_on, entry.list.review_days)
        move(entry, "entry.resumed", "approved", actor=actor)


def withdraw_entry(entry_id: int, *, comment: str, actor: Actor) -> None:
    """Remove an entry from its list for good, or withdraw a proposal, with the reason."""
    reason = _needed(comment)
    with hotline_transaction():
        entry = locked_entry(entry_id, "proposed", "approved", "suspended")
        if entry.state != "proposed" or actor.id is None or actor.id != entry.proposed_by_id:
            authorize(actor, "entry.withdraw", entry.hotline_id)
        move(entry, "entry.removed", "removed", actor=actor, ending="withdrawn", comment=reason)


def review_entry(entry_id: int, *, review_on: date | None = None, actor: Actor) -> None:
    """Confirm that an entry is still right; it stays until its next review."""
    with hotline_transaction():
        entry = locked_entry(entry_id, "approved")
        authorize(actor, "entry.approve", entry.hotline_id)
        _refuse_limits(entry)
        entry.review_on = review_day(review_on, entry.list.review_days)
        entry.save(update_fields=["review_on"])
        note("entry.reviewed", entry, actor=actor, facts={"review_on": entry.review_on.isoformat()})


def _needed(comment: str) -> str:
    if not comment.strip():
        raise BadInput(what=_("The reason"), why=_("it is empty"))
    return comment.strip()


def _refuse_limits(entry: Entry) -> None:
    """Check the limits again: since the proposal names may have been added, and the operators' agreement may have been
    withdrawn.
    """
    if entry.base == "operators" and not entry.list.agreement:
        raise NoLegalBasis(entry.list.country, ("no_agreement",))
    listed = ListEntry(Scope(entry.scope), entry.comparable, entry.address)
    stopped = Fence(limits_of(entry.hotline_id)).stops(listed)
    if stopped:
        why = why_not(Choice(listed.scope, entry.comparable, listed, stopped=stopped))
        raise NotListable(address=shortened(entry.comparable), why=why)
