"""Carries a report to ICCAM from step to step: report, assessment, fields, and in a later run the actions."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from leeward.audit.services import hotline_transaction
from leeward.installation.queries import config_now
from leeward.outputs.models import Submission
from leeward.outputs.protocols.iccam import Iccam
from leeward.outputs.protocols.line import Credentials, Reply, client
from leeward.outputs.rules.cybertip_steps import delay
from leeward.outputs.rules.iccam_steps import (
    ACTIONS,
    ASSESSMENT,
    ENDS,
    FIELDS,
    LATER,
    REPORT,
    SENT,
    Next,
    actions_left,
    after,
)

SETTLES_SECONDS = 2.0  # a new token is not taken everywhere at once
MOST_STEPS = 6
MOST_NUMBER = 40  # characters of a report's or content's number
_GOOD = range(200, 300)


def carry_on(row: Submission, there: Credentials) -> timedelta | None:
    """Do steps until the report is over or has to wait; return for how long."""
    with client(there) as way:
        line = Iccam(way, there)
        signed_in = line.sign_in()
        if signed_in.code not in _GOOD:
            return _wait(row, signed_in)
        time.sleep(SETTLES_SECONDS / max(config_now().pace, 1.0))
        for _step in range(MOST_STEPS):
            if row.step in ENDS:
                return None
            reply = _do(row, line, json.loads(row.document))
            following = _following(row, reply)
            _take(row, reply, following)
            if following.again:
                return LATER if reply.code in _GOOD else delay(row.failures)
    return LATER


def _do(row: Submission, line: Iccam, document: Mapping[str, Any]) -> Reply:
    if row.step == REPORT:
        row.begun = True
        row.save(update_fields=["begun"])
        return line.report(document["report"])
    if not row.part_id:
        found = line.read_report(row.remote_id)
        number = _content_of(found)
        if not number:
            return found if found.code not in _GOOD else Reply(None, "answer_incomplete")
        row.part_id = number
    if row.step == ASSESSMENT:
        return line.assess(row.part_id, document["assessment"])
    if row.step == FIELDS:
        return line.set_fields(row.remote_id, document["fields"])
    return _act(line, row.part_id, document["actions"])


def _act(line: Iccam, number: str, wanted: list[Mapping[str, Any]]) -> Reply:
    """Send the actions that are not there yet, and read them back: what is there then is the receipt."""
    found = line.read_content(number)
    for action in actions_left(wanted, _actions(found)) if found.code in _GOOD else ():
        reply = line.act(number, action)
        if reply.code not in _GOOD:
            return reply
    found = line.read_content(number)
    if found.code in _GOOD and actions_left(wanted, _actions(found)):
        return Reply(None, "receipt_of_another")
    return found


def _following(row: Submission, reply: Reply) -> Next:
    return after(row.step, reply.code or 0, has_number=bool(_number(reply)))


def _take(row: Submission, reply: Reply, following: Next) -> None:
    with hotline_transaction():
        if row.step == REPORT and following.step == ASSESSMENT:
            row.remote_id = _number(reply)
        if row.step == REPORT and following.step == ASSESSMENT and not row.remote_id:
            following = Next("held")
        row.problem = reply.problem
        row.failures = row.failures + 1 if following.again and reply.code not in _GOOD else 0
        if row.step == ACTIONS and following.step == SENT:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            row.receipt = {"report": row.remote_id, "content": row.part_id, "at": now}
        row.step = following.step
        row.save()


def _wait(row: Submission, reply: Reply) -> timedelta:
    with hotline_transaction():
        row.problem, row.failures = reply.problem or f"http_{reply.code}", row.failures + 1
        row.save()
    return delay(row.failures)


def _number(reply: Reply) -> str:
    return _text(reply.values.get("reportId"))


def _content_of(reply: Reply) -> str:
    urls = reply.values.get("urls")
    first = urls[0] if isinstance(urls, list) and urls else None
    return _text(first.get("contentId")) if isinstance(first, dict) else ""


def _actions(reply: Reply) -> list[object]:
    found = reply.values.get("actions")
    return found if isinstance(found, list) else []


def _text(value: object) -> str:
    """Return a number of theirs as text; "" for anything that can't stand in an address or a database."""
    if not isinstance(value, int | str) or isinstance(value, bool):
        return ""
    text = str(value)
    return text if text.isascii() and text.replace("-", "").isalnum() and len(text) <= MOST_NUMBER else ""
