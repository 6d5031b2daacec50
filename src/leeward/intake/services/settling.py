"""What came in on the public pages and could not be taken in: tried once more, or given up, by a supervisor."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.intake.desk_labels import ARRIVALS, GIVEN_UP, KEPT_BACK
from leeward.jobs.queries import waiting_subjects
from leeward.jobs.services import schedule
from leeward.people.services import authorize
from leeward.spool.queries import KeptBack, one_kept_back, waiting_for
from leeward.spool.services import drop_given_up, let_in_again, note_given_up

DROP = "intake.drop_given_up"


def kept_back(number: int, hotline_id: int | None) -> KeptBack:
    """Return an arrival of this hotline that could not be taken in; of any or none, for whoever runs the server, if None."""
    found = one_kept_back(number, hotline_id)
    if found is None:
        raise NotFound(what=_("report"))
    return found


def try_again(number: int, *, hotline_id: int | None, actor: Actor) -> None:
    """Have it taken in once more, within seconds."""
    authorize(actor, "arrival.settle", hotline_id)
    with hotline_transaction(hotline_id):
        found = kept_back(number, hotline_id)
        _record("arrival.retried", found, hotline_id, actor, {})
        if not let_in_again(number):
            raise NotFound(what=_("report"))


def give_up(number: int, *, reason: str, hotline_id: int | None, actor: Actor) -> int:
    """Delete it for good, and what waits for it alone; return how many that were. Never call it inside a transaction."""
    numbers = begin_giving_up(number, reason=reason, hotline_id=hotline_id, actor=actor)
    return finish_giving_up(numbers)


def begin_giving_up(number: int, *, reason: str, hotline_id: int | None, actor: Actor) -> list[int]:
    """Write down that it is given up, with what waits for it alone; return their numbers. They are in another database: whoever calls
    this deletes them once it is committed (`finish_giving_up`), and where that process is killed a job does."""
    authorize(actor, "arrival.settle", hotline_id)
    if reason not in GIVEN_UP:
        raise BadInput(what=_("The reason"), why=_("it is not one of the reasons offered"))
    with hotline_transaction(hotline_id):
        found = kept_back(number, hotline_id)
        if waiting_subjects(DROP, [number]):
            raise NotFound(what=_("report"))
        numbers = [number, *(one.number for one in waiting_for(found))]
        _record("arrival.dropped", found, hotline_id, actor, {"reason": reason, "count": len(numbers)})
        note_given_up(numbers, datetime.now(UTC))
        for one in numbers:
            schedule(DROP, subject_id=one, hotline_id=0)
    return numbers


def finish_giving_up(numbers: Sequence[int]) -> int:
    """Delete what was given up; return how many that were. Safe to run twice."""
    return drop_given_up(numbers)


def _record(event: str, row: KeptBack, hotline_id: int | None, actor: Actor, facts: Mapping[str, object]) -> None:
    """Record it with nothing that others may have written there but for a number and words of ours."""
    closed = {
        "kind": row.kind if row.kind in ARRIVALS else "",
        "problem": row.problem if row.problem in KEPT_BACK else "",
    }
    record(event, actor=actor, hotline_id=hotline_id, subject=f"arrival:{row.number}", facts=closed | dict(facts))
