"""Looks every few minutes whether what Leeward depends on works: mail, mailbox, name servers, registries, the certificate, the
clock, decoders, the signer of the log, lists, indexes, backups, their disk and their proofs. The worker looks and keeps what doesn't
work (`Outside`); health reads it with one query."""

import json
import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django_scopes import scope

from leeward.audit.errors import SignerRefused, SignerSilent
from leeward.audit.tree.agreeing import begun_since
from leeward.backup.places import is_remote
from leeward.backup.queries import is_held, lacking, newest_in
from leeward.backup.rules.manifest import moment_of, name_at
from leeward.blocklist.publishing.queries import overdue
from leeward.foundation.lazy_text import LazyText, lazy_text_from, storable
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.sandbox import apart
from leeward.hashbank.queries import behind_since
from leeward.hosting.queries import clock_ahead_seconds, registries_silent_since
from leeward.hosting.services import pages_are_read, pictures_are_read, try_names
from leeward.installation.queries import config_now
from leeward.jobs.queries import is_failing
from leeward.notices.errors import MailboxUnreadable
from leeward.notices.services import mail_trouble, unread_mails
from leeward.people.queries import hotlines
from leeward.site.disk import state_beside
from leeward.site.models import Outside
from leeward.witnessing.services import signing_trouble

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=5)
# How long something must have failed before it is an alarm: a server that is restarted is none.
LASTS = timedelta(minutes=9)
NAME = "www.icann.org"
BACKUP, PROOF = "backup", "proof"
MOST_WHAT, MOST_TEXT = 120, 1000  # characters
ENDS_SOON, BACKUP_OLD, UNPROVED = timedelta(days=14), timedelta(hours=50), timedelta(days=31)
INDEX_OLD = timedelta(hours=1)
NAME_SHOWN = timedelta(days=7)
CLOCK_OFF_SECONDS = 120.0
CERTIFICATE_SECONDS = 10.0

type Wrong = tuple[datetime, object] | None
"""Since when something does not work as far as it is known (now, if only that it doesn't), and a name or text for the sentence."""


def look(now: datetime) -> None:
    """Look at everything once, and keep what does not work. What can't be looked at keeps its state."""
    for name, looker in LOOKERS.items():
        try:
            wrong = looker(now)
        except OSError:
            continue
        except Exception:  # an answer that nobody expected must not hide what else fails
            log.warning("outside.not_seen", extra={"code": name}, exc_info=True)
            continue
        if wrong is None:
            Outside.objects.filter(name=name).delete()
            continue
        since, what = wrong
        kept = _kept(what)
        row, _is_new = Outside.objects.get_or_create(name=name, defaults={"since": since, "what": kept})
        if row.what != kept or since < row.since:
            Outside.objects.filter(name=name).update(since=min(since, row.since), what=kept)


def _kept(what: object) -> str:
    """Return a name as it is, and a text as JSON for a later reader; one that is too long, as it reads here."""
    text = json.dumps(storable(what)) if isinstance(what, LazyText) else ""
    return text if 0 < len(text) <= MOST_TEXT else str(what)[:MOST_WHAT]


def failing(now: datetime) -> Iterator[tuple[str, datetime, object]]:
    """Yield what has not worked for long enough to tell somebody: its name, since when, a word for the sentence."""
    for row in Outside.objects.order_by("name"):
        lasts = _lasts(row)
        if now - row.since >= lasts or row.name in AT_ONCE:
            yield row.name, row.since, _shown(row)


def _shown(row: Outside) -> object:
    """Return the word for the sentence; where no backup could be restored for trial for want of room, with where that is."""
    if row.what.startswith('["'):
        return lazy_text_from(json.loads(row.what))
    name, why, place = (*row.what.split(" ", 2), "", "", "")[:3]
    if row.name != PROOF or why != "disk_full" or not place:
        return row.what
    return _(
        "{name} (disk_full): {place} has no room to restore it for trial. Whoever runs the server names a folder with room, on an encrypted "
        "disk, in TMPDIR, and restarts Leeward.",
        name=name,
        place=place,
    )


def _mail(now: datetime) -> Wrong:
    return (now, "") if mail_trouble() else None


def _mailbox(now: datetime) -> Wrong:
    if not config_now().mailbox:
        return None
    if is_failing("notices.read_mailbox"):
        return now, ""
    try:
        unread_mails()
    except MailboxUnreadable:
        return now, ""
    return None


def _names(now: datetime) -> Wrong:
    return (now, "") if try_names(NAME).problem in ("name_timed_out", "name_failed") else None


def _registries(_now: datetime) -> Wrong:
    since = registries_silent_since()
    return (since, "") if since else None


def _clock(now: datetime) -> Wrong:
    ahead = clock_ahead_seconds()
    return (now, "") if ahead is not None and abs(ahead) > CLOCK_OFF_SECONDS else None


def _certificate(now: datetime) -> Wrong:
    """Look at the certificate of the public address, as a browser would. Raises OSError where this machine can't get there."""
    base = urlsplit(settings.LEEWARD.base_url)
    host = base.hostname or ""
    if base.scheme != "https":
        return None
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, base.port or 443), timeout=CERTIFICATE_SECONDS) as line,
            context.wrap_socket(line, server_hostname=host) as shown,
        ):
            certificate = shown.getpeercert() or {}
    except ssl.SSLCertVerificationError:
        return now, host
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return (now, host) if ends - now < ENDS_SOON else None


def _decoders(now: datetime) -> Wrong:
    """Look whether decoders that are there work; health sees by itself whether anybody listens at their socket."""
    if (place := apart.place()) and apart.trouble(place):
        return None
    return None if pages_are_read() and pictures_are_read() else (now, "")


def _signer(now: datetime) -> Wrong:
    return (now, why) if (why := signing_trouble(now)) else None


def _log_name(now: datetime) -> Wrong:
    """Look whether the signer began a log under another name and the log doesn't speak of it. Raises OSError where it can't be asked, which
    has an alarm of its own."""
    if is_held():
        return None
    try:
        found = begun_since(now - NAME_SHOWN)
    except (SignerRefused, SignerSilent) as error:
        raise OSError(error.text) from error
    return (found[0][1], ", ".join(name for name, _at in found)) if found else None


def _lists(now: datetime) -> Wrong:
    late = []
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            late += [at for _list_id, at in overdue(now)]
    return (min(late), "") if late else None


def _index(now: datetime) -> Wrong:
    """Look whether the indexes of this machine follow the rows; each look-up brings its own up to date, and so does every merge."""
    behind = []
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            since = behind_since(hotline.id)
        if since is not None and now - since > INDEX_OLD:
            behind.append(since)
    return (min(behind), "") if behind else None


def _backup(now: datetime) -> Wrong:
    folder = settings.LEEWARD.backup_to
    if not folder:
        return None
    made_at, _verified_at = newest_in(folder, now)
    failed = _failed(BACKUP, made_at)
    if failed is not None:
        return made_at or failed.since, failed.what
    if gone := lacking(folder):  # what is made meanwhile is on another disk, as where none is mounted
        return moment_of(gone) or now, ""
    if made_at is None:
        return now, ""
    return (made_at, "") if now - made_at > BACKUP_OLD else None


def _backup_disk(now: datetime) -> Wrong:
    """Look at the room in a folder for backups that is on another disk than the data."""
    place = settings.LEEWARD.backup_to
    is_there = bool(place) and not is_remote(place)
    return (now, place) if is_there and state_beside(Path(place), settings.LEEWARD.data_dir) else None


def note_not_made(why: str, now: datetime) -> None:
    """Keep that no backup could be made, as trying again changes nothing, until a newer one is there."""
    Outside.objects.update_or_create(name=BACKUP, defaults={"since": now, "what": f"{name_at(now)} {why}"[:MOST_WHAT]})


def note_unproved(name: str, why: str, now: datetime) -> None:
    """Keep that a backup was restored for trial and is not what it should be, until a newer one, or it again, is found good."""
    Outside.objects.update_or_create(name=PROOF, defaults={"since": now, "what": f"{name} {why}"[:MOST_WHAT]})


def _failed(name: str, newest: datetime | None) -> Outside | None:
    """Return what was noted of a backup that failed, unless the newest good one is as new."""
    row = Outside.objects.filter(name=name).exclude(what="").first()
    failed_at = moment_of(row.what.partition(" ")[0]) if row is not None else None
    return row if failed_at is not None and (newest is None or newest < failed_at) else None


def _proof(now: datetime) -> Wrong:
    """Look whether a backup was restored for trial lately, here each night or, without a key here, elsewhere each month."""
    folder = settings.LEEWARD.backup_to
    if not folder:
        return None
    _made_at, proved_at = newest_in(folder, now)
    failed = _failed(PROOF, proved_at)
    if failed is not None:
        return failed.since, failed.what
    if proved_at is not None and now - proved_at <= _proof_every():
        return None
    return proved_at or now, ""


def _proof_every() -> timedelta:
    return BACKUP_OLD if settings.LEEWARD.backup_key else UNPROVED


def _lasts(row: Outside) -> timedelta:
    """Return how long something must have failed before it is an alarm: no time where a backup was refused, or one wasn't what it should be."""
    if row.name in (BACKUP, PROOF) and row.what:
        return timedelta(0)
    return _proof_every() if row.name == PROOF else LASTS


# What asks nobody comes first: a server that never ends its answer keeps nothing of it from being seen.
LOOKERS: dict[str, Callable[[datetime], Wrong]] = {
    "registries": _registries,
    "clock": _clock,
    "lists": _lists,
    "index": _index,
    BACKUP: _backup,
    "backup_disk": _backup_disk,
    PROOF: _proof,
    "decoders": _decoders,
    "signer": _signer,
    "log_name": _log_name,
    "names": _names,
    "certificate": _certificate,
    "mailbox": _mailbox,
    "mail": _mail,
}
# What is known at the first look.
AT_ONCE = frozenset({"certificate", "lists", "clock", "signer", "log_name", "backup_disk", "index"})
