"""Shared by all actions on an entry: the lock, the permission, the state, the audit row, the notice to the publisher."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from leeward.audit.services import record
from leeward.blocklist.errors import ReviewDayIsWrong, WrongState
from leeward.blocklist.models import BlockAppeal, Entry
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.foundation.whole_text import whole
from leeward.jobs.services import publish_event

LONGEST_REVIEW = timedelta(days=366)
MOST_COMMENT = 500
# Why an entry is suspended while an appeal is open; the last reason occurs in older rows.
FOR_AN_APPEAL = ("asked", "nobody", "appeal")


def now_utc() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


def locked_entry(entry_id: int, *states: str) -> Entry:
    """Return the entry, locked until the transaction ends; raises NotFound, and WrongState if it is in none of the
    states.
    """
    entry = Entry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NotFound(what=_("entry"))
    if states and entry.state not in states:
        raise WrongState(entry.state)
    return entry


def move(
    entry: Entry,
    event: str,
    state: str,
    *,
    actor: Actor,
    ending: str = "",
    comment: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Move a locked entry to a state, save it, write its audit row and notify the publisher of the list."""
    was_live = entry.state == "approved"
    entry.state, entry.state_at, entry.ending, entry.ending_comment = (
        state,
        now_utc(),
        ending,
        whole(comment, MOST_COMMENT),
    )
    entry.save()
    note(event, entry, actor=actor, facts={"from_case": entry.case_id, "ending": ending, **(facts or {})})
    if was_live != (state == "approved"):
        tell_publisher(entry.list_id, entry.hotline_id, grew=not was_live)
    if state == "removed":
        _answer_appeals(entry, actor)


def _answer_appeals(entry: Entry, actor: Actor) -> None:
    """Answer the open requests about an entry that was removed: the requesters got what they asked for."""
    for appeal in BlockAppeal.objects.select_for_update().filter(entry_id=entry.pk, state="open"):
        appeal.state, appeal.decided_by_id, appeal.decided_at = "lifted", actor.id, now_utc()
        appeal.save(update_fields=["state", "decided_by", "decided_at"])
        note("block_appeal.decided", entry, actor=actor, facts={"appeal": appeal.pk, "lifted": True})
        publish_event("block_appeal.decided", subject_id=appeal.outside_id, hotline_id=appeal.hotline_id)


def has_open_appeal(entry: Entry) -> bool:
    """Return whether somebody waits for an answer to a request to lift an entry."""
    return BlockAppeal.objects.filter(entry_id=entry.pk, state="open").exists()


def tell_publisher(list_id: int, hotline_id: int, *, grew: bool) -> None:
    """Publish an event that a list has changed; a list that shrank is published at once."""
    publish_event("list.grew" if grew else "list.shrank", subject_id=list_id, hotline_id=hotline_id)


def note(event: str, entry: Entry, *, actor: Actor, facts: Mapping[str, object] | None = None) -> None:
    """Write the audit row of an act on an entry."""
    known = {"list": entry.list_id, "scope": entry.scope}
    record(
        event, actor=actor, hotline_id=entry.hotline_id, subject=f"entry:{entry.pk}", facts=known | dict(facts or {})
    )


def review_day(wanted: date | None, days: int) -> date:
    """Return the day of the next review: as given, otherwise after this many days; raises ReviewDayIsWrong."""
    today = now_utc().date()
    day = wanted or today + timedelta(days=days)
    if not today < day <= today + LONGEST_REVIEW:
        raise ReviewDayIsWrong
    return day
