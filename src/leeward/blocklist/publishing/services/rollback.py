"""Going back to an earlier publication by one act, and going on from there."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist import queries as entry_queries
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
from leeward.people.services import authorize


def roll_back(list_id: int, serial: int, *, reason: str, actor: Actor) -> Outcome:
    """Give out an earlier publication's entries again under a new serial, and hold the list there until a person resumes it.

    What an appeal, a person, its case or our looks took off does not come back; what a partner's file dropped does. What is taken
    off the list later still goes at once.
    Raises NotAllowed, NotFound.
    """
    row = entry_queries.list_by_id(list_id)
    authorize(actor, "publication.make", row.hotline_id)
    wanted, newest = queries.with_serial(list_id, serial), queries.newest(list_id)
    if wanted is None or newest is None:
        raise NotFound(what=_("publication"))
    now = state_lines([*(live.entry for live in entry_queries.live_entries(list_id)), *tests_of(row)])
    hold = NewHold(reason.strip()[:300], store.keep_state(now))
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
    """Take what stands on the list now again; the jump in size that this may be is what the person wants."""
    row = entry_queries.list_by_id(list_id)
    authorize(actor, "publication.make", row.hotline_id)
    with hotline_transaction(row.hotline_id):
        if Hold.objects.filter(list_id=list_id).delete()[0]:
            record("list.resumed", actor=actor, hotline_id=row.hotline_id, subject=f"list:{list_id}", facts={})
    return publish(list_id, actor=actor, accept=accept)
