"""A case is reported to a receiver: put on its way here, and carried on step by step until its receipt is here.

A step is stored as begun before its request goes out, and its answer before the next one: whatever moment the process
dies at, nothing is reported twice (`rules/cybertip_steps.py`, `rules/iccam_steps.py`).
"""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.casework.acting.services.case_briefs import deciding_assessment
from leeward.casework.assessment.rules.second_assessment import ILLEGAL
from leeward.casework.merging.services.decisions import what_is_reported_stands
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import publish_event, schedule
from leeward.outputs.errors import NotRetractable, ReceiverOff, SubmittedAlready
from leeward.outputs.labels import SERVICES, WHY_OFF
from leeward.outputs.models import Receiver, Submission
from leeward.outputs.protocols.line import Credentials
from leeward.outputs.rules import cybertip_steps, iccam_steps
from leeward.outputs.rules.baseless import ANEW, BASELESS, following, may_be_there
from leeward.outputs.rules.cybertip_steps import RETRACT
from leeward.outputs.rules.unsure import FIRST, UNSURE
from leeward.outputs.sealing import unseal
from leeward.outputs.services import to_cybertipline, to_iccam
from leeward.outputs.services.exporting import export_case
from leeward.outputs.services.formats import Options
from leeward.outputs.services.gathering import case_for
from leeward.people.services import authorize, staff_id

JOB = "outputs.carry_on"
WAITS = timedelta(hours=1)  # while a receiver is off
LOOKS_AGAIN = timedelta(minutes=10)  # at whether its case is decided again
_CARRIERS = {"cybertipline": to_cybertipline.carry_on, "iccam": to_iccam.carry_on}
ENDS = {"cybertipline": cybertip_steps.ENDS, "iccam": (*iccam_steps.ENDS, cybertip_steps.RETRACTED)}


def submit(service: str, reference: str, *, options: Options, seen: str, actor: Actor) -> int:
    """Put a case on its way to a receiver; return the submission's number. Its export is kept with its verdict. `seen`: the mark of the
    preview that was read.

    Raises ReceiverOff without an agreement, ExportRefused, ChangedSincePreview, SubmittedAlready, NotAllowed, NotFound.
    """
    found = case_for(reference, actor)
    authorize(actor, "case.act", found.case.hotline_id)
    receiver = _receiver(service)
    facts = deciding_assessment(found.case).facts if found.case.outcome == ILLEGAL else None  # of no later decision
    made = export_case(service, reference, options=options, actor=actor, seen=seen).demand()
    row = Submission(
        hotline_id=found.case.hotline_id,
        case_id=found.case.pk,
        export_id=made.export_id,
        service=service,
        is_test=receiver.is_test,
        step=FIRST[service],
        document=made.content.decode(),
        list=made.beside.decode(),
        facts=facts,
        by_id=staff_id(actor),
        made_at=datetime.now(UTC),
    )
    with hotline_transaction():
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise SubmittedAlready from error
        schedule(JOB, subject_id=row.pk, hotline_id=row.hotline_id)
        facts = {"service": service, "submission": row.pk, "is_test": row.is_test}
        record("case.submitted", actor=actor, hotline_id=row.hotline_id, subject=f"case:{row.case_id}", facts=facts)
    return row.pk


def withdraw(submission_id: int, *, actor: Actor) -> None:
    """Withdraw a report that is on its way. Whether that comes in time, its receiver says. Raises NotRetractable,
    NotFound, NotAllowed."""
    with hotline_transaction():
        row = Submission.objects.select_for_update().filter(pk=submission_id).first()
        if row is None:
            raise NotFound(what=_("report"))
        authorize(actor, "case.act", row.hotline_id)
        following = cybertip_steps.wanted_back(row.step, begun=row.begun) if row.service == "cybertipline" else None
        if following is None:
            raise NotRetractable
        row.step, row.begun = following.step, False
        if row.step in ENDS[row.service]:
            end(row)
        row.save()
        schedule(JOB, subject_id=row.pk, hotline_id=row.hotline_id)
        facts = {"service": row.service, "submission": row.pk}
        subject = f"case:{row.case_id}"
        record("case.submission_unwanted", actor=actor, hotline_id=row.hotline_id, subject=subject, facts=facts)


def carry_on(submission_id: int) -> timedelta | None:
    """Do the next steps of a report; return how long to wait before the one after, or None where it is over. While its case is looked at
    anew it waits. Where the decision no longer stands, or others are the facts now, nothing more is sent than that it is withdrawn, and a
    person hears. Safe to repeat, in the hotline's scope."""
    row = Submission.objects.filter(pk=submission_id).first()
    if row is None or row.ended_at is not None or row.step == UNSURE:
        return None
    stands = what_is_reported_stands({row.case_id: row.facts})[row.case_id]
    if stands is None and row.step != RETRACT:
        return _waiting(row, ANEW, LOOKS_AGAIN)
    is_baseless = stands is False
    is_turned = is_baseless and _turn_back(row)
    delay = None if row.step in ENDS[row.service] else _do_steps(row)
    if row.step not in ENDS[row.service]:
        return delay
    with hotline_transaction():
        end(row)
        if is_baseless:
            row.problem = BASELESS
        row.save()
        if is_baseless and may_be_there(row.step) and not is_turned:
            _tell_of_end(row)
        facts: dict[str, object] = {"service": row.service, "submission": row.pk, "end": row.step}
        if row.problem:
            facts["code"] = row.problem
        subject = f"case:{row.case_id}"
        record("case.submission_ended", actor=SYSTEM, hotline_id=row.hotline_id, subject=subject, facts=facts)
    return None


def _turn_back(row: Submission) -> bool:
    """Store that a report isn't to be sent, or not any further; return whether that is new, and then news of its case."""
    with hotline_transaction():
        row.refresh_from_db(from_queryset=Submission.objects.select_for_update())
        if row.step in ENDS[row.service]:
            return False
        step = following(row.service, row.step, begun=row.begun)
        if step == row.step:
            return False
        row.step, row.begun = step, False
        row.save()
        facts = {"service": row.service, "submission": row.pk}
        subject = f"case:{row.case_id}"
        record("case.submission_unwanted", actor=SYSTEM, hotline_id=row.hotline_id, subject=subject, facts=facts)
        _tell_of_end(row)
    return True


def _tell_of_end(row: Submission) -> None:
    publish_event("submission.turned_back", subject_id=row.case_id, hotline_id=row.hotline_id)


def _do_steps(row: Submission) -> timedelta | None:
    """Do what can be done now; return how long to wait before the rest."""
    try:
        receiver = _receiver(row.service)
    except ReceiverOff as error:
        return _waiting(row, error.code)
    if receiver.is_test != row.is_test:  # nothing real goes to the tests, and no test anywhere else
        return _waiting(row, "made_for_another_address")
    secrets = unseal(receiver.sealed)
    if secrets is None:
        return _waiting(row, "credentials_unreadable")
    return _CARRIERS[row.service](row, Credentials(receiver.url, *secrets))


def _waiting(row: Submission, problem: str, delay: timedelta = WAITS) -> timedelta:
    """Keep why nothing can be sent, which is shown with the report; return how long to wait."""
    Submission.objects.filter(pk=row.pk).update(problem=problem)
    return delay


def end(row: Submission) -> None:
    """Delete what was sent, which nobody needs any more; the caller saves."""
    row.ended_at, row.document, row.list, row.facts, row.begun = datetime.now(UTC), "", "", None, False


def _receiver(service: str) -> Receiver:
    row: Receiver | None = Receiver.objects.filter(service=service).first()
    if row is None or row.stopped_at is not None:
        raise ReceiverOff(name=SERVICES.get(service, service), why=WHY_OFF["none" if row is None else "stopped"])
    return row
