"""After restoring: reads from the mail server which of our messages left since the backup. It changes no message: a person decides."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import cast

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.backup.errors import NothingToConfirm
from leeward.backup.queries import last_restoration
from leeward.foundation.actor import Actor
from leeward.installation.queries import config_now
from leeward.notices.channels import mailbox
from leeward.notices.models import Message, SentSince, SentSource
from leeward.notices.rules.sent_log import ReadLog, Sent, SentFate, later, read_head, read_log
from leeward.notices.timing import sender

KEPT = timedelta(days=90)
# The clocks of two machines differ, and a message may have left while the backup was made.
_BEFORE = timedelta(hours=1)
_ROWS = 500


def read_mail_log(lines: Iterable[str], *, actor: Actor, now: datetime) -> ReadLog:
    """Read the mail server's log; return what was found in it. Raises NothingToConfirm where nothing was restored."""
    began = _began()
    found = read_log(lines, domains=_domains(), now=now, zone=now.astimezone().tzinfo or UTC)
    return _kept("log", found, began, actor=actor, now=now)


def read_sent_folder(folder: str, *, actor: Actor, now: datetime) -> ReadLog:
    """Read a folder of the mailbox that the settings name, in which the mail server keeps what it sent; return what was found. Raises
    NothingToConfirm and MailboxUnreadable."""
    began, domains, read = _began(), _domains(), ReadLog()
    for head, at in mailbox.heads_since(config_now().mailbox, folder, began):
        if at is not None:
            read.since, read.until = min(read.since or at, at), max(read.until or at, at)
        if (sent := read_head(head, at, domains)) is not None:
            read.found[sent.message_id] = sent
    return _kept("folder", read, began, actor=actor, now=now)


def forget_sent_since(now: datetime) -> None:
    """Delete what was read after a restoring that is long over."""
    restored = last_restoration()
    if restored is None or now - restored.restored_at > KEPT:
        SentSince.objects.all().delete()
        SentSource.objects.all().delete()


def _kept(what: str, read: ReadLog, began: datetime, *, actor: Actor, now: datetime) -> ReadLog:
    """Keep what left since the backup; of the same message what says more."""
    read.found = {key: sent for key, sent in read.found.items() if sent.at is None or sent.at >= began}
    with hotline_transaction(INSTALLATION):
        for some in batched(read.found.values(), _ROWS):
            _store(some)
        # One without times was no such log, or empty: it says of no message that it did not leave.
        if read.since is not None:
            SentSource.objects.create(what=what, since=read.since, until=read.until, read_at=now, found=len(read.found))
        facts = {"source": what, "found": len(read.found)}
        record("sent_mail.read", actor=actor, hotline_id=None, subject="installation:1", facts=facts, now=now)
    return read


def _store(some: Iterable[Sent]) -> None:
    given = {sent.message_id: sent for sent in some}
    known = {row.message_id: row for row in SentSince.objects.filter(message_id__in=given)}
    fresh = [sent for key, sent in given.items() if key not in known]
    SentSince.objects.bulk_create(
        [SentSince(message_id=sent.message_id, to=sent.to[:254], fate=sent.fate, at=sent.at) for sent in fresh]
    )
    for row in known.values():
        best = later(Sent(row.message_id, row.to, cast("SentFate", row.fate), row.at), given[row.message_id])
        row.to, row.fate, row.at = best.to[:254], best.fate, best.at
    SentSince.objects.bulk_update(known.values(), ["to", "fate", "at"])


def _began() -> datetime:
    restored = last_restoration()
    if restored is None:
        raise NothingToConfirm
    return restored.backup_at - _BEFORE


def _domains() -> frozenset[str]:
    """Return the domains of our Message-IDs: of the address that letters are from, and of the newest message that is here."""
    newest = Message.of_every_hotline.order_by("-pk").values_list("message_id", flat=True).first() or ""
    found = {sender().rpartition("@")[2] or "localhost", newest.rstrip(">").rpartition("@")[2]}
    return frozenset(domain.lower() for domain in found if domain)
