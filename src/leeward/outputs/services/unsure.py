"""Reports to receivers that may have gone before what is here was restored, moved or put back: a person decides about each."""

from collections.abc import Collection

from leeward.audit.services import hotline_transaction, record
from leeward.backup.queries import require_free, was_moved
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import cancel, publish_event, schedule
from leeward.outputs.errors import NotUnsure
from leeward.outputs.models import Submission
from leeward.outputs.rules import cybertip_steps
from leeward.outputs.rules.unsure import ARRIVED, UNSURE, again
from leeward.outputs.services.submitting import ENDS, JOB, end
from leeward.people.services import authorize


def leave_unsure(*, new_cases: Collection[int] = (), among: Collection[int] | None = None) -> int:
    """Leave to a person every report that may have gone, except those of these cases, which nobody can have heard of; return how many
    wait for one now. One that is being withdrawn goes on: that changes nothing a second time. `among`: only of these reports,
    which were put back. In the hotline's scope and in the caller's transaction."""
    rows = Submission.objects.select_for_update().filter(ended_at=None)
    if among is not None:
        rows = rows.filter(pk__in=among)
    for row in rows.exclude(step__in=(UNSURE, cybertip_steps.RETRACT)).order_by("pk"):
        if row.step in ENDS[row.service] or row.case_id in new_cases:
            continue
        row.step, row.begun, row.problem = UNSURE, False, _why(is_put_back=among is not None)
        row.save()
        cancel(JOB, subject_id=row.pk, hotline_id=row.hotline_id)
        _record("case.submission_left_unsure", row, SYSTEM)
        publish_event("submission.left_unsure", subject_id=row.case_id, hotline_id=row.hotline_id)
    return int(rows.filter(step=UNSURE).count())


def _why(*, is_put_back: bool) -> str:
    if is_put_back:
        return "put_back"
    return "moved" if was_moved() else "restored"


def send_again(submission_id: int, *, actor: Actor) -> None:
    """Send a report from its beginning that may have arrived before. One whose number at the CyberTipline is known is withdrawn there
    first, which shows whether it was finished. Raises NotUnsure, StillHeld, NotFound, NotAllowed."""
    with hotline_transaction():
        row = _unsure(submission_id, actor)
        require_free()
        row.step, row.begun = again(row.service, is_number_known=bool(row.remote_id)), True
        row.problem, row.failures = "", 0
        row.save()
        schedule(JOB, subject_id=row.pk, hotline_id=row.hotline_id)
        _record("case.submission_again", row, actor)


def call_arrived(submission_id: int, *, actor: Actor) -> None:
    """Record that a report arrived, because a person knows it. Raises NotUnsure, NotFound, NotAllowed."""
    with hotline_transaction():
        row = _unsure(submission_id, actor)
        row.step = ARRIVED
        end(row)
        row.save()
        _record("case.submission_arrived", row, actor)


def _unsure(submission_id: int, actor: Actor) -> Submission:
    row: Submission | None = Submission.objects.select_for_update().filter(pk=submission_id).first()
    if row is None:
        raise NotFound
    authorize(actor, "case.act", row.hotline_id)
    if row.step != UNSURE:
        raise NotUnsure
    return row


def _record(event: str, row: Submission, actor: Actor) -> None:
    facts = {"service": row.service, "submission": row.pk}
    record(event, actor=actor, hotline_id=row.hotline_id, subject=f"case:{row.case_id}", facts=facts)
