"""What came in on the public pages and could not be taken in: tried once more, or given up, by a supervisor.

It is in another database, which whoever took the public face over can lock: that is read before the transaction of the desk in which an
act is written down, and written to after it. Where the process is killed in between, or that database stays locked, a job does it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, OperationalError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.intake.desk_labels import ARRIVALS, GIVEN_UP, KEPT_BACK
from leeward.intake.models import OutsideAppeal, Report
from leeward.jobs.queries import waiting_subjects
from leeward.jobs.services import cancel_all, schedule
from leeward.people.services import authorize
from leeward.spool import where
from leeward.spool.owner import need_ours
from leeward.spool.queries.kept import KeptBack, WithRest, kept_back_of, one_kept_back, with_rest
from leeward.spool.services import drop_given_up, let_in_again, note_given_up, settled

DROP, RETRY = "intake.drop_given_up", "intake.try_again"
JOB_AFTER = timedelta(seconds=30)  # whoever scheduled it does it at once, and cancels it


def kept_back(number: int, hotline_id: int | None) -> KeptBack:
    """Return an arrival of this hotline that could not be taken in; of any or none, for whoever runs the server, if None."""
    found = one_kept_back(number, hotline_id)
    if found is None:
        raise NotFound(what=_("report"))
    return found


def chosen(numbers: Sequence[int], hotline_id: int | None) -> list[WithRest]:
    """Return those of these that are still kept back, each with what waits for it alone. Outside of any transaction. Raises
    PublicFileOfAnother."""
    need_ours()
    return with_rest(numbers, hotline_id)


def begin_trying_again(found: Sequence[WithRest], *, hotline_id: int | None, actor: Actor) -> list[int]:
    """Write down that these are to be taken in once more; return their numbers. Whoever calls this lets them in once it is committed
    (`finish_trying_again`). Raises NotFound where nothing is left of them."""
    authorize(actor, "arrival.settle", hotline_id)
    with hotline_transaction(hotline_id):
        rows, _done = _still_open(found)
        if not rows:
            raise NotFound(what=_("report"))
        for one in rows:
            _record("arrival.retried", one.row, hotline_id, actor, {})
        return _schedule(RETRY, [one.row.number for one in rows])


def begin_giving_up(found: Sequence[WithRest], *, reason: str, hotline_id: int | None, actor: Actor) -> list[int]:
    """Write down that these are given up, each with what waits for it alone; return the numbers of all. Whoever calls this deletes
    them once it is committed (`finish_giving_up`). Raises NotFound where nothing is left of them."""
    authorize(actor, "arrival.settle", hotline_id)
    if reason not in GIVEN_UP:
        raise BadInput(what=_("The reason"), why=_("it is not one of the reasons offered"))
    with hotline_transaction(hotline_id):
        rows, done = _still_open(found)
        if not rows and not done:
            raise NotFound(what=_("report"))
        numbers = dict.fromkeys(one.row.number for one in done)  # an older file may still have them
        for one in rows:
            _record("arrival.dropped", one.row, hotline_id, actor, {"reason": reason, "count": len(one.numbers)})
            numbers |= dict.fromkeys(one.numbers)
        note_given_up([name for one in rows for name in one.names], datetime.now(UTC))
        return _schedule(DROP, list(numbers))


def finish_trying_again(numbers: Sequence[int]) -> None:
    """Let in what was to be tried once more. Safe to run twice: nothing is taken in twice."""
    _finish(RETRY, numbers, let_in_again)


def finish_giving_up(numbers: Sequence[int]) -> int:
    """Delete what was given up; return how many that were. Safe to run twice."""
    return _finish(DROP, numbers, drop_given_up)


def try_again(number: int, *, hotline_id: int | None, actor: Actor) -> None:
    """Have one taken in once more, within seconds. Never call it inside a transaction."""
    finish_trying_again(begin_trying_again(chosen([number], hotline_id), hotline_id=hotline_id, actor=actor))


def give_up(number: int, *, reason: str, hotline_id: int | None, actor: Actor) -> int:
    """Delete one for good, and what waits for it alone; return how many that were. Never call it inside a transaction."""
    found = chosen([number], hotline_id)
    return finish_giving_up(begin_giving_up(found, reason=reason, hotline_id=hotline_id, actor=actor))


def kept_back_with(row: QuerySet[Report] | QuerySet[OutsideAppeal]) -> dict[int, str]:
    """Return what came with a receipt and could not be taken in, outside of any transaction, for `drop_with`. Nothing where that can't be
    seen now: it stays in the list of what was kept back."""
    if not where.is_apart():
        return {}
    receipt, hotline_id = row.values_list("receipt_hash", "hotline_id").get()
    try:
        return kept_back_of(receipt, hotline_id) if receipt else {}
    except (DatabaseError, ValueError):
        return {}


def drop_with(found: Mapping[int, str], now: datetime) -> None:
    """Have what came with a receipt that is taken back deleted soon, in the caller's transaction."""
    note_given_up(filter(None, found.values()), now)
    _schedule(DROP, list(found))


def _still_open(found: Sequence[WithRest]) -> tuple[list[WithRest], list[WithRest]]:
    """Return those that nobody has settled since they were read, and those that were taken in or given up meanwhile: of these nothing
    is written down again."""
    gone = waiting_subjects(DROP, [one.row.number for one in found])
    left = [one for one in found if one.row.number not in gone]
    known = settled(name for one in left for name in one.names)
    done = [one for one in left if one.names and known.issuperset(one.names)]
    return [one for one in left if one not in done], done


def _schedule(kind: str, numbers: list[int]) -> list[int]:
    due_at = datetime.now(UTC) + JOB_AFTER
    for number in numbers:
        schedule(kind, subject_id=number, hotline_id=0, due_at=due_at)
    return numbers


def _finish(kind: str, numbers: Sequence[int], act: Callable[[Sequence[int]], int]) -> int:
    try:
        done = act(numbers)
    except OperationalError:
        return 0  # the job is there
    cancel_all(kind, subject_ids=numbers, hotline_id=0)
    return done


def _record(event: str, row: KeptBack, hotline_id: int | None, actor: Actor, facts: Mapping[str, object]) -> None:
    """Record it with nothing that others may have written there but for a number and words of ours."""
    closed = {
        "kind": row.kind if row.kind in ARRIVALS else "",
        "problem": row.problem if row.problem in KEPT_BACK else "",
    }
    record(event, actor=actor, hotline_id=hotline_id, subject=f"arrival:{row.number}", facts=closed | dict(facts))
