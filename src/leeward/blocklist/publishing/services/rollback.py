"""Roll a list back to an earlier publication, and resume it."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import queries, store
from leeward.blocklist.publishing.models import Hold
from leeward.blocklist.publishing.rules.states import state_lines
from leeward.blocklist.publishing.services.publication import (
    SIZES,
    Draft,
    NewHold,
    Outcome,
    publish,
    settle,
    tests_of,
)
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.foundation.whole_text import whole
from leeward.people.services import authorize

MOST_REASON = 300


def roll_back(list_id: int, serial: int, *, reason: str, actor: Actor) -> Outcome:
    """Publish an earlier publication's entries under a new serial, and hold the list there until a person resumes it.

    Entries removed by an appeal, a person, their case or our checks do not return; those that a partner's file dropped
    do. Later removals still apply at once. Raises NotAllowed, NotFound.
    """
    row = blocklist_queries.list_by_id(list_id)
    authorize(actor, "publication.make", row.hotline_id)
    wanted, newest = queries.with_serial(list_id, serial), queries.newest(list_id)
    if wanted is None or newest is None:
        raise NotFound(what=_("publication"))
    now = state_lines([*(live.entry for live in blocklist_queries.live_entries(list_id)), *tests_of(row)])
    hold = NewHold(whole(reason, MOST_REASON), store.keep_state(now))
    lifted = queries.lifted_entries(list_id)
    lines = [line for line in store.state_text(wanted.sha256) if tuple(line.split("\t")[:2]) not in lifted]
    draft = Draft(
        lines,
        store.state_text(newest.sha256),
        newest,
        "rollback",
        back_to=wanted.id,
        accepted=SIZES,
        hold=hold,
    )
    return settle(row, draft, actor)


def resume(list_id: int, *, actor: Actor, accept: Collection[str] = SIZES) -> Outcome:
    """Publish the current entries of a list again. Size gates are accepted, because a person wants the change."""
    row = blocklist_queries.list_by_id(list_id)
    authorize(actor, "publication.make", row.hotline_id)
    with hotline_transaction(row.hotline_id):
        if Hold.objects.filter(list_id=list_id).delete()[0]:
            record("list.resumed", actor=actor, hotline_id=row.hotline_id, subject=f"list:{list_id}", facts={})
    return publish(list_id, actor=actor, accept=accept)
