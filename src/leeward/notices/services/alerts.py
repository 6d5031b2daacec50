"""Tells the hotline's own staff about approaching deadlines, through the same outbox as everything else.

Alerts for the same person within a short time go in one message, so that a thousand late cases are one mail. None of it
contains an address or a reporter's words: a mailbox is not the desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from leeward.notices.models import Alert, AlertCase, Message
from leeward.notices.services import outbox
from leeward.notices.timing import GATHER, short

ALERT = "alert"


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One case: its reference, which clock, when it is due, and the time zone in which to say so."""

    reference: str
    clock: str
    due_at: datetime
    time_zone: str


def alert(hotline_id: int, what: str, line: AlertLine, *, to: str, languages: Sequence[str], now: datetime) -> None:
    """Tell somebody about a case, in the caller's transaction: in the message that waits for them, or in a new one."""
    found = _waiting(hotline_id, what, to)
    if found is None:
        row = Alert.objects.create(hotline_id=hotline_id, what=what, to=to, languages=list(languages), created_at=now)
        found = row.pk
        due_at = now + short(GATHER)
        outbox.put(ALERT, row.pk, to=to, hotline_id=hotline_id, due_at=due_at, urgent=what == "page")
    AlertCase.objects.create(
        hotline_id=hotline_id,
        alert_id=found,
        reference=line.reference,
        clock=line.clock,
        due_at=line.due_at,
        time_zone=line.time_zone,
    )


def _waiting(hotline_id: int, what: str, to: str) -> int | None:
    """Return the message that was not sent yet. Its edition is raised first, so that a text generated before can't be
    sent."""
    newest = Alert.objects.filter(hotline_id=hotline_id, to=to, what=what).order_by("-id").first()
    if newest is None:
        return None
    unsent = Message.objects.filter(kind=ALERT, subject_id=newest.pk, state__in=outbox.UNSENT)
    return newest.pk if unsent.update(edition=F("edition") + 1) else None
