"""After restoring: what the mail server says of the messages that are left to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from leeward.notices.models import Message, SentSince, SentSource

HELD = ("restored", "moved")


@dataclass(frozen=True, slots=True)
class LeftRow:
    """What is known of one message: whether it `has_left`, and as a sentence; `others` are letters to the same address that left since
    the backup and of which nothing else is known here."""

    has_left: bool
    sentence: str
    at: datetime | None = None
    others: int = 0


@dataclass(frozen=True, slots=True)
class LeftSummary:
    """What was read from the mail server since restoring: the newest source, and how many held messages of all hotlines left."""

    read_at: datetime
    since: datetime | None
    until: datetime | None
    found: int
    unknown: int


def left_of(rows: Sequence[Message]) -> dict[int, LeftRow]:
    """Return, by message, what the mail server says of those that restoring left to a person; of those that left alone where
    nothing was read that says its times. Three queries at most, in the hotline's scope."""
    held = [row for row in rows if row.state == "unsure" and row.problem in HELD]
    if not held:
        return {}
    was_read = SentSource.objects.filter(since__isnull=False).exists()
    left = {one.message_id: one for one in SentSince.objects.filter(message_id__in=[row.message_id for row in held])}
    unknown = dict(
        _unknown().filter(to__in={row.to.lower() for row in held}).order_by().values_list("to").annotate(Count("pk"))
    )
    found = {}
    for row in held:
        sent, others = left.get(row.message_id), unknown.get(row.to.lower(), 0)
        if sent is None and was_read:
            found[row.pk] = LeftRow(False, _("It isn’t among what left since then."), others=others)
        elif sent is not None:
            found[row.pk] = LeftRow(True, _sentence(sent.fate), sent.at, others)
    return found


def has_left(message: Message) -> datetime | None:
    """Return when a held message left, if the mail server says so."""
    return SentSince.objects.filter(message_id=message.message_id).values_list("at", flat=True).first()


def left_summary() -> LeftSummary | None:
    """Return what was read last, or None if nothing was."""
    newest = SentSource.objects.order_by("-pk").first()
    if newest is None:
        return None
    return LeftSummary(newest.read_at, newest.since, newest.until, SentSince.objects.count(), _unknown().count())


def _unknown() -> QuerySet[SentSince]:
    known = Message.of_every_hotline.filter(message_id=OuterRef("message_id"))
    return SentSince.objects.filter(~Exists(known))


def _sentence(fate: str) -> str:
    return {
        "kept": _("It left already: it is among the sent mail."),
        "taken": _("It left already. Whether it arrived is not known."),
        "delivered": _("It left already: the receiver’s server took it."),
        "returned": _("It left already, and it came back."),
    }[fate]
