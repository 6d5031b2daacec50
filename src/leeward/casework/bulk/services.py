"""Assessing many cases with one statement of facts: each has its own assessment, its own claim and its own rows of the
log.

A case that can't be assessed says why and stops none of the others. The worker finishes what a crash leaves undone.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.casework.acting.services.acting import act
from leeward.casework.acting.services.undoing import undo
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.casework.assessment.rules.seen import answered_elsewhere
from leeward.casework.assessment.services.assessing import assess, refuse_wrong_reason
from leeward.casework.bulk.models import BulkItem, BulkRun
from leeward.casework.bulk.rules import MOST, MOST_SENT, Standing, can_be_sent
from leeward.casework.errors import NotWaiting, UrgentAlone
from leeward.casework.models import Case
from leeward.casework.queue.services.claiming import claim_case, give_back
from leeward.casework.rules.transitions import BEFORE_FIRST_ASSESSMENT
from leeward.casework.steps import locked_case, now_utc
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, LeewardError
from leeward.jobs.services import schedule
from leeward.laws.rules.facts import parse_facts
from leeward.people.access import staff_member
from leeward.people.services import authorize, staff_id
from leeward.sealing.services import unseal

GO_ON = "casework.assess_in_bulk"
AT_ONCE = timedelta(seconds=2)
_NOBODY = "not_allowed"
_FAILED = "failed"
log = logging.getLogger(__name__)


def assess_in_bulk(
    case_ids: Sequence[int],
    given: Mapping[str, Any],
    *,
    outcome: str,
    actor: Actor,
    reason: int | None = None,
    comment: str = "",
    elsewhere: str = "",
) -> int:
    """Record that these cases are to be assessed with the same facts and outcome; return the number of the run.

    Raises what `assess` would raise for facts, outcome and reason. `go_on` does the work; if nobody calls it, the
    worker does.
    """
    facts = parse_facts(given)
    refuse_wrong_reason(AssessmentResult(outcome, facts), reason, comment)
    hotline_id = actor.hotline_id or 0
    with hotline_transaction():
        authorize(actor, "case.assess", hotline_id)
        ids = list(
            Case.objects.filter(pk__in=list(case_ids)[: MOST + 1])
            .order_by("priority", "id")
            .values_list("pk", flat=True)
        )
        if not ids or len(ids) > MOST:
            raise BadInput(what=_("The choice of cases"), why=_("it is empty, or too long for one go"))
        run = BulkRun.objects.create(
            hotline_id=hotline_id, by_id=staff_id(actor), facts=facts.to_dict(), outcome=outcome, reason=reason,
            comment=comment, seen=answered_elsewhere(elsewhere), at=now_utc(),
        )  # fmt: skip
        BulkItem.objects.bulk_create(BulkItem(hotline_id=hotline_id, run=run, case_id=case_id) for case_id in ids)
        schedule(GO_ON, subject_id=run.pk, hotline_id=hotline_id, due_at=now_utc() + AT_ONCE + timedelta(seconds=1))
        logged = {"cases": len(ids), "outcome": outcome, "reason": reason, "facts": facts.to_dict()}
        record("bulk.started", actor=actor, hotline_id=hotline_id, subject=f"bulk:{run.pk}", facts=logged)
    return run.pk


def go_on(run_id: int, *, for_at_most: timedelta | None = None) -> bool:
    """Assess the waiting cases of a run one by one, as the person who started it and with their current permissions;
    return False if time ran out first. Idempotent. Raises if the database is unavailable, and what waits keeps waiting;
    a fault of ours in one case is logged and recorded on that case. Raises WordsLocked.
    """
    run = BulkRun.objects.get(pk=run_id)
    unseal([run])
    actor = staff_member(run.by_id, run.hotline_id)
    started = time.monotonic()
    waiting = BulkItem.objects.filter(run_id=run_id, state="waiting").order_by("id")
    for item_id, case_id in list(waiting.values_list("id", "case_id")):
        if for_at_most is not None and time.monotonic() - started > for_at_most.total_seconds():
            return False
        try:
            if actor is None:
                _settle(item_id, refusal=_NOBODY)
            else:
                _assess_one(run, item_id, case_id, actor)
        except LeewardError as error:
            _settle(item_id, refusal=error.code)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("bulk.case_failed", extra={"run": run_id, "case": case_id})
            _settle(item_id, refusal=_FAILED)
    _finish(run_id, actor or SYSTEM)
    return True


def standing_in(case: Case, actor: Actor, *, shows_content: bool) -> Standing:
    """Return what determines whether somebody can work on a case with others."""
    is_taken = bool(case.claimed_by_id and case.claimed_until and case.claimed_until >= now_utc())
    return Standing(
        state=case.state,
        is_mine=is_taken and case.claimed_by_id == actor.id,
        is_taken=is_taken,
        is_urgent=case.urgent,
        shows_content=shows_content,
    )


def act_in_bulk(case_ids: Sequence[int], *, actor: Actor) -> list[int]:
    """Act on these decided cases in one transaction, each with its own rows of the log: all that can be, or none if
    something goes wrong. Return those acted on. What goes to the same contact goes in one message.
    """
    with hotline_transaction():
        authorize(actor, "case.act", actor.hotline_id or 0)
        ids = list(
            Case.objects.filter(pk__in=list(case_ids)[: MOST_SENT + 1]).order_by("id").values_list("pk", flat=True)
        )
        if not ids or len(ids) > MOST_SENT:
            raise BadInput(what=_("The choice of cases"), why=_("it is empty, or too long for one go"))
        cases = [locked_case(case_id) for case_id in ids]
        chosen = [case.pk for case in cases if not can_be_sent(standing_in(case, actor, shows_content=False))]
        for case_id in chosen:
            claim_case(case_id, actor=actor)
            act(case_id, actor=actor, beside=chosen)
    return chosen


def undo_bulk(case_ids: Sequence[int], *, actor: Actor) -> None:
    """Undo a bulk act for all cases or none, and put them back into the queue. Raises TooLateToUndo."""
    with hotline_transaction():
        for case_id in sorted(case_ids):
            undo(case_id, actor=actor)
            give_back(case_id, actor=actor)


def _assess_one(run: BulkRun, item_id: int, case_id: int, actor: Actor) -> None:
    """Take, assess and record in one transaction, so that a crash leaves a case either as it was or done."""
    with hotline_transaction():
        if not BulkItem.objects.filter(pk=item_id, state="waiting").exists():
            return
        case = locked_case(case_id)
        if case.state not in BEFORE_FIRST_ASSESSMENT:
            raise NotWaiting
        if case.urgent:  # it may have become so since it was chosen
            raise UrgentAlone
        claim_case(case_id, actor=actor)
        led_to = assess(
            case_id,
            run.facts,
            outcome=run.outcome,
            reason=run.reason,
            comment=run.comment,
            elsewhere=run.seen,
            actor=actor,
        )
        if Case.objects.filter(pk=case_id, claimed_by_id=actor.id).exists():
            give_back(case_id, actor=actor)  # whoever acts on it looks at its messages first
        _settle(item_id, led_to=led_to)


def _settle(item_id: int, *, led_to: str = "", refusal: str = "") -> None:
    with hotline_transaction():
        state = "refused" if refusal else "done"
        BulkItem.objects.filter(pk=item_id, state="waiting").update(state=state, led_to=led_to, refusal=refusal[:40])


def _finish(run_id: int, actor: Actor) -> None:
    with hotline_transaction():
        run = BulkRun.objects.select_for_update().get(pk=run_id)
        if run.finished_at is not None or BulkItem.objects.filter(run_id=run_id, state="waiting").exists():
            return
        run.finished_at = now_utc()
        run.save(update_fields=["finished_at"])
        done = BulkItem.objects.filter(run_id=run_id, state="done").count()
        refused = BulkItem.objects.filter(run_id=run_id, state="refused").count()
        facts = {"done": done, "refused": refused}
        record("bulk.finished", actor=actor, hotline_id=run.hotline_id, subject=f"bulk:{run_id}", facts=facts)
