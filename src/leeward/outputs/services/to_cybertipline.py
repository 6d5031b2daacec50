"""Carries a report to the CyberTipline from step to step."""

from datetime import UTC, datetime, timedelta

from leeward.audit.services import hotline_transaction
from leeward.outputs.models import Submission
from leeward.outputs.protocols.cybertipline import CyberTipline
from leeward.outputs.protocols.line import Credentials, Reply, client
from leeward.outputs.rules import cybertip
from leeward.outputs.rules.cybertip_steps import (
    ENDS,
    NO_REPORT,
    RETRACT,
    SENT,
    SUBMIT,
    UPLOAD,
    WAS_FINISHED,
    Next,
    after,
    after_silence,
    delay,
    resumed,
)

MOST_STEPS = 12


def carry_on(row: Submission, there: Credentials) -> timedelta | None:
    """Do steps until the report is over or has to wait; return for how long."""
    with client(there) as way:
        line = CyberTipline(way, there)
        for _step in range(MOST_STEPS):
            if not _begin(row):
                return None
            reply = _ask(row, line)
            if _take(row, reply):
                return delay(row.failures)
    return delay(row.failures)


def _begin(row: Submission) -> bool:
    """Store that the request of a step may go out; what was begun before and has no answer is withdrawn first. Return
    False where it is over."""
    with hotline_transaction():
        row.refresh_from_db()  # somebody may want it back by now
        if row.step in ENDS:
            return False
        row.step, row.begun = resumed(row.step, begun=row.begun), True
        if row.step == SUBMIT:
            row.remote_id = row.part_id = ""
        row.save()
    return True


def _ask(row: Submission, line: CyberTipline) -> Reply:
    match row.step:
        case "submit":
            return line.submit(row.document.encode())
        case "upload":
            return line.upload_list(row.remote_id, row.list.encode())
        case "fileinfo":
            return line.describe(cybertip.file_details(row.remote_id, row.part_id))
        case "finish":
            return line.finish(row.remote_id)
    if not row.remote_id:  # its number never came, so that nobody can finish it
        return Reply(NO_REPORT)
    return line.retract(row.remote_id)


def _take(row: Submission, reply: Reply) -> bool:
    """Store an answer and what follows from it; return whether to wait."""
    step = row.step
    following = _following(row, reply)
    with hotline_transaction():
        is_unwanted = step != RETRACT and Submission.objects.filter(pk=row.pk, step=RETRACT).exists()
        if is_unwanted and following.step not in ENDS:
            following = Next(RETRACT)
        row.step, row.begun, row.problem = following.step, following.begun, reply.problem
        row.failures = row.failures + 1 if following.again else 0
        if reply.code == 0 and step == SUBMIT:
            row.remote_id = str(reply.values["reportId"])
        if reply.code == 0 and step == UPLOAD:
            row.part_id = str(reply.values["fileId"])
        if row.step == SENT:
            row.receipt, row.problem = _receipt(row, reply), ""
        row.save()
    return following.again


def _following(row: Submission, reply: Reply) -> Next:
    if reply.code is None:
        return after_silence(row.step, was_sent=reply.was_sent)
    return after(row.step, reply.code, has_list=bool(row.list))


def _receipt(row: Submission, reply: Reply) -> dict[str, object]:
    """Return the receipt: what was answered when it was finished, or that it had been finished before."""
    return {
        "report": row.remote_id,
        "code": reply.code,
        "files": reply.values.get("files", []),
        "finished_before": reply.code == WAS_FINISHED,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
