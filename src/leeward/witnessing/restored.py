"""After restoring from a backup our witnesses are told between which moments nothing is known here, and what watched logs say of theirs is
kept for people. It changes nothing of what is cosigned: a log that was cut is cut, and stays a contradiction."""

from datetime import UTC, datetime, timedelta

from leeward.audit.errors import SignerRefused
from leeward.audit.rules.notes import LOG, Key, Note, NoteRefused
from leeward.audit.rules.restoring import Restoring, restoring_in, signed_restoring
from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.audit.tree.checkpoints import names_cosigned
from leeward.audit.tree.signing import key, sign_restoring
from leeward.backup.queries import last_restoration
from leeward.foundation.actor import SYSTEM
from leeward.jobs.services import schedule
from leeward.witnessing.line import post
from leeward.witnessing.models import WatchedLog, Witness

TELL = "witnessing.tell_restored"
AHEAD, TRIED_FOR = timedelta(days=1), timedelta(days=7)
TOOK, UNKNOWN, NOT_SIGNED, MALFORMED = 200, 404, 403, 400
_LATER = frozenset({0, 408, 425, 429})


def tell_witnesses_of_restoring() -> None:
    """Let every witness be told once messages go out again. In the caller's transaction."""
    for witness_id in Witness.objects.order_by("pk").values_list("pk", flat=True):
        schedule(TELL, subject_id=witness_id, hotline_id=INSTALLATION)


def tell_restored(witness_id: int, now: datetime) -> bool:
    """Tell a witness of the newest restoring, for each of our logs that it knows; return whether that is settled. A witness that takes no such
    notice is left alone. Raises SignerSilent."""
    witness, restored = Witness.objects.filter(pk=witness_id).first(), last_restoration()
    if witness is None or restored is None:
        return True
    moments = restored.backup_at.astimezone(UTC), restored.restored_at.astimezone(UTC)
    statuses = [_informed(witness, Restoring(name, *moments)) for name in names_cosigned(witness.vkey)]
    is_over = restored.confirmed_at is not None and now - restored.confirmed_at > TRIED_FOR
    if not is_over and any(status in _LATER or status >= 500 for status in statuses):
        return False
    with hotline_transaction(INSTALLATION):
        facts: dict[str, object] = {"key": witness.vkey, "restored_at": restored.restored_at.isoformat()}
        facts |= {"logs": len(statuses), "took_it": statuses.count(TOOK)}
        record(
            "witness.told_of_restoring", actor=SYSTEM, hotline_id=None, subject="installation:1", facts=facts, now=now
        )
    return True


def _informed(witness: Witness, restoring: Restoring) -> int:
    """Return what a witness answered; NOT_SIGNED where our signer has another key than the one that the witness knows."""
    try:
        note = signed_restoring(restoring, key(restoring.origin, LOG), sign_restoring(restoring))
    except SignerRefused:
        return NOT_SIGNED
    return post(f"{witness.url}/restored", note.text)[0]


def take_restored(body: str, now: datetime) -> int:
    """Keep what a watched log says of its restoring, for people here; return the status of the answer. An older notice changes nothing."""
    try:
        note = Note.read(body)
        claimed = Restoring.read(note.body)
    except NoteRefused:
        return MALFORMED
    rows = WatchedLog.objects.filter(origin=claimed.origin)
    row = rows.first()
    if row is None:
        return UNKNOWN
    try:
        found = restoring_in(note, Key.read(row.vkey))
    except NoteRefused:
        return NOT_SIGNED
    if found.restored_at > now + AHEAD:
        return MALFORMED
    with hotline_transaction(INSTALLATION):
        row = rows.select_for_update().first()
        if row is not None and (row.restored_at is None or row.restored_at < found.restored_at):
            row.backup_at, row.restored_at = found.backup_at, found.restored_at
            row.save(update_fields=["backup_at", "restored_at"])
            facts = {
                "key": row.vkey,
                "backup_at": found.backup_at.isoformat(),
                "restored_at": found.restored_at.isoformat(),
            }
            record("log.was_restored", actor=SYSTEM, hotline_id=None, subject="installation:1", facts=facts, now=now)
    return TOOK
