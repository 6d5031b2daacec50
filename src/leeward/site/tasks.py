"""Recurring tasks of the installation itself."""

import logging
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from leeward.audit.rules.policy import Policy
from leeward.backup.errors import DatabaseDamaged, KeysNotRight, NotLoaded
from leeward.backup.queries import is_held, lost_alone, newest_in, times_lost
from leeward.backup.rules.timing import Kept, next_run
from leeward.backup.services import Made, Outside, Thinned, create, kept_heads, sweep_trials, thin_out, verify
from leeward.foundation.causes import cause_of
from leeward.foundation.errors import LeewardError
from leeward.jobs.registry import every
from leeward.jobs.services import erased
from leeward.sealing.age import keys_of
from leeward.sealing.fields import columns
from leeward.sealing.keys import identities, may_open
from leeward.sealing.services import note_store, reseal, seal_older, sweep
from leeward.site.older_words import destroy_unneeded
from leeward.site.outside import EVERY, look, note_not_made, note_unproved
from leeward.site.upgrading import forget_copies
from leeward.spool.queries import waiting_outside

log = logging.getLogger(__name__)
MOST_SEALED = 2000  # at a time: a minute of rows, one by one


@every(EVERY)
def look_outside() -> None:
    """See whether mail, name servers and the like work; health says what doesn't."""
    look(datetime.now(UTC))


@every(timedelta(hours=24), deletes=True)
def forget_copies_of_upgrades() -> None:
    """Delete the copies that were made before upgrades, after a week."""
    forget_copies(datetime.now(UTC))


@every(timedelta(minutes=1), lease=timedelta(minutes=10))
def seal_words() -> None:
    """Seal some of the words from before they were sealed, and give some to the newest key: until neither is left."""
    if not may_open():
        return
    sealed = seal_older(datetime.now(UTC), MOST_SEALED)
    if sealed < MOST_SEALED:
        reseal(MOST_SEALED)
    if sealed:
        erased(*{field.model for field in columns()})


@every(timedelta(hours=1), deletes=True)
def destroy_older_words_keys() -> None:
    """Destroy the desk keys from before a rotation once nothing can need them any more."""
    if len(identities()) > 1 and (gone := destroy_unneeded(datetime.now(UTC))):
        log.info("words.older_keys_destroyed", extra={"count": gone})


@every(timedelta(hours=1))
def note_words_store() -> None:
    """Let the database and the file with the keys of words remember that they belong together, and how far they have come."""
    note_store()


@every(timedelta(hours=24), lease=timedelta(hours=2), deletes=True)
def sweep_word_keys() -> None:
    """Destroy the keys of words that are no more; not while it is open which copy of them counts, nor if they are many at once. Where an
    older backup was restored, or rows of a hotline were lost, those of what came in then are let be while a newer one may have the words:
    if it was the wrong one, that is restored yet."""
    if not is_held():
        now = datetime.now(UTC)
        lost = [(row.lost_since, row.restored_at) for row in (*times_lost(now), *lost_alone(now))]
        log.info("words.swept", extra={"count": sweep(lost)})


# At a start, too: where a place was just set there is no backup yet, which is soon an alarm.
@every(timedelta(hours=1), lease=timedelta(hours=6), at_start=True)
def back_up() -> None:
    """Make the nightly backup when its hour has come, and restore it for trial if the key is here: its log against whom LEEWARD_LOG_POLICY
    trusts and the heads that LEEWARD_LOG_HEADS names, a PostgreSQL copy in a scratch database if the role may make one. What fails is an
    alarm: no backup by its age, a damaged database, a key that isn't the database's, one that isn't whole, or whose log nobody outside
    vouches for, at once; and no older one is deleted then. While this is a copy that was restored and nobody has confirmed it, it may be one
    for trial: it writes nothing where the other makes its backups."""
    config, now = settings.LEEWARD, datetime.now(UTC)
    sweep_trials()
    if not config.backup_to or is_held():
        return
    where = config.backup_to
    if next_run(newest_in(where, now)[0], config.backup_hour, now) > now:
        return
    kept = Kept(config.backup_keep, config.backup_keep_weeks, config.backup_keep_months)
    at_once = None if config.backup_key else kept  # with the key here nothing older goes before the new one is proved
    made = _made(at_once, now)
    if config.backup_key:
        try:
            policy = Policy.read(Path(config.log_policy).read_text(encoding="utf-8")) if config.log_policy else None
            heads = kept_heads(Path(config.log_heads)) if config.log_heads else ()
            key = keys_of(config.backup_key.encode())
            proved = verify(where, made.name, key, outside=Outside(policy, heads), server=config.database_url)
        except NotLoaded:
            raise
        except Exception as error:
            note_unproved(made.name, _why_unproved(error), now)
            raise
        log.info("backup.proved", extra={"count": proved.rows})
        _warn_of(thin_out(where, kept, made.name, now))


def _why_unproved(error: Exception) -> str:
    """Return why a backup was not found good, in a word; after it the place for temporary files, where that is what is full: a backup is
    restored for trial there, and the files of SQLite's own are with the data."""
    if isinstance(error, LeewardError):
        return error.code
    cause = cause_of(error)
    if cause == "disk_full" and isinstance(error, OSError):
        return f"{cause} {tempfile.gettempdir()}"
    return cause or type(error).__name__


def _made(kept: Kept | None, now: datetime) -> Made:
    config = settings.LEEWARD
    try:
        made = create(
            config.backup_to, config.backup_recipients, keep=kept, waiting_since=waiting_outside(now), now=now
        )
    except (DatabaseDamaged, KeysNotRight) as error:
        note_not_made(error.code, now)
        raise
    log.info("backup.made", extra={"count": made.new_pieces, "bytes": made.new_bytes})
    if made.gone:
        log.warning("backup.earlier_ones_gone", extra={"what": made.gone})
    if made.sealed_anew:
        log.warning("backup.sealed_to_other_keys", extra={"count": made.new_pieces})
    _warn_of(made)
    return made


def _warn_of(thinned: Made | Thinned) -> None:
    if thinned.problem or thinned.unread or thinned.others:
        log.warning("backup.not_thinned_out", extra={"count": len(thinned.unread) + len(thinned.others)})
