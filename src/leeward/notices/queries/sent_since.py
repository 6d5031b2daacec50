"""After restoring: what the mail server says of the messages that are left to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from leeward.backup.queries import RestorationRow, last_restoration
from leeward.notices.channels import registry
from leeward.notices.models import Message, Notice, SentSince, SentSource
from leeward.notices.rules.sent_log import covers

HELD = ("restored", "moved")
_QUIET = timedelta(hours=1)  # a mail server may write nothing for so long


@dataclass(frozen=True, slots=True)
class LeftRow:
    """What is known of one message: whether it `has_left`, and as a sentence ("" where it can't have); `others` are letters to the same
    address that left since the backup and of which nothing else is known here."""

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
    nothing was read that says its times. Five queries at most, in the hotline's scope."""
    held = [row for row in rows if row.state == "unsure" and row.problem in HELD]
    if not held:
        return {}
    read = list(SentSource.objects.filter(since__isnull=False))
    restored = last_restoration()
    left = {one.message_id: one for one in SentSince.objects.filter(message_id__in=[row.message_id for row in held])}
    unknown = dict(
        _unknown().filter(to__in={row.to.lower() for row in held}).order_by().values_list("to").annotate(Count("pk"))
    )
    is_whole = restored is not None and _is_whole(read, restored.backup_at, restored.restored_at)
    elsewhere = _by_other_channels(held)
    found = {}
    for row in held:
        sent, others = left.get(row.message_id), unknown.get(row.to.lower(), 0)
        if sent is not None:
            found[row.pk] = LeftRow(True, _sentence(sent.fate), sent.at, others)
        elif read:
            sentence = "" if is_written_since(row, restored) else _not_found(row, elsewhere, is_whole=is_whole)
            found[row.pk] = LeftRow(False, sentence, others=others)
    return found


def is_written_since(row: Message, restored: RestorationRow | None) -> bool:
    """Return whether a message was written after the restoring: it can't have left before."""
    return restored is not None and row.created_at >= restored.restored_at


def _not_found(row: Message, elsewhere: Mapping[int, str], *, is_whole: bool) -> str:
    if name := elsewhere.get(row.pk):
        return _("It goes by another way than mail (%(way)s), of which the mail server knows nothing.") % {"way": name}
    if is_whole:
        return _("It isn’t among what left since then.")
    return _("It isn’t among what was read, which covers only part of the time since the backup.")


def _is_whole(read: Sequence[SentSource], since: datetime, until: datetime) -> bool:
    """Return whether the whole time between was read: a folder of sent mail, or logs that follow one another."""
    if any(one.what == "folder" for one in read):
        return True
    spans = [(one.since, one.until) for one in read if one.since is not None and one.until is not None]
    return covers(spans, since, until, gap=_QUIET)


def _by_other_channels(rows: Sequence[Message]) -> dict[int, str]:
    """Return the names of the channels by which those go that go by no mail."""
    numbers = {row.subject_id: row.pk for row in rows if row.kind == "notice"}
    mail = registry.of_contact(None)
    notices = Notice.objects.filter(pk__in=numbers).select_related("contact") if numbers else ()
    ways = {numbers[one.pk]: registry.of_contact(one.contact) for one in notices}
    return {pk: str(way.label) for pk, way in ways.items() if way.name != mail.name}


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
