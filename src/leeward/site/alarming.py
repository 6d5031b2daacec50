"""Writes to administrators and supervisors once about each alarm, and posts it to the servers that page people. Runs in the
web process, since the worker may be what died."""

import fcntl
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext, override

from leeward.notices.services import Letter, post
from leeward.oncall.services import post_alarm
from leeward.people.queries import StaffRow, hotlines, staff_of
from leeward.site.alarms import EVERYWHERE, STOPS_CASES, STOPS_URGENT, Alarm, Key, is_seen_from
from leeward.site.health import POLL_SECONDS, refresh_alarms, seen_lately
from leeward.site.locks import SOON_SECONDS
from leeward.site.models import SentAlarm
from leeward.site.renamed import follow_name
from leeward.tables import waiting

log = logging.getLogger(__name__)
ROLES = frozenset({"administrator", "supervisor"})
LASTING = timedelta(minutes=1)  # shorter alarms are shown on the desk only, since a restart raises some
# How soon at the earliest one that was over is told again, unless it stops reports or urgent cases: then each time counts.
QUIET = timedelta(hours=1)


class _Beside:
    """What this process knows of alarms that it can't write down: since when each rings, and what it told of them."""

    since: dict[Key, datetime]
    informed: dict[Key, datetime]

    def __init__(self) -> None:
        self.since, self.informed, self._file = {}, {}, -1

    def is_ours(self) -> bool:
        """Return whether this process is the one that tells, of all that use this data directory: a lock takes no room there."""
        if self._file < 0:
            file = os.open(settings.LEEWARD.data_dir, os.O_RDONLY | os.O_CLOEXEC)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(file)
                return False
            self._file = file
        return True

    def forget(self) -> None:
        """Begin anew, and let others tell."""
        if self._file >= 0:
            os.close(self._file)
        self.since, self.informed, self._file = {}, {}, -1


_beside = _Beside()


def watch() -> None:
    """Check every few seconds, and tell: each in a thread of this process, so that the desk shows what is ill while a mail server
    takes minutes to say nothing."""
    for name, act in (("health", refresh_alarms), ("alarms", _tell_seen)):
        threading.Thread(target=_again, args=(act,), name=name, daemon=True).start()


def _again(act: Callable[[], object]) -> None:
    while True:
        try:
            act()
        except Exception:  # the database may be unavailable; healthz says so
            log.warning("health.not_seen", exc_info=True)
        close_old_connections()
        time.sleep(POLL_SECONDS)


def _tell_seen() -> None:
    if (seen := seen_lately()) is not None:
        tell(seen, datetime.now(UTC))


def tell(alarms: tuple[Alarm, ...], now: datetime) -> None:
    """Record which alarms are active, and write about each that lasts to everybody concerned, once. Only one of several
    processes does it. Where nothing can be recorded (the disk is full, the database locked), it is told all the same."""
    ringing = {alarm.key: alarm for alarm in alarms}
    try:
        with waiting(SOON_SECONDS):
            follow_name()
            _remember_beside()
            _tell_by_rows(ringing, now)
    except DatabaseError:
        _tell_beside(ringing, now)
        raise
    _beside.forget()


def _tell_beside(ringing: dict[Key, Alarm], now: datetime) -> None:
    """Tell of what lasts, and keep in memory that it was told; what was told before is in the database, which can be read."""
    _beside.since = {key: min(_beside.since.get(key, now), now) for key in ringing}
    rows = {row.key: row.told_at for row in SentAlarm.objects.all()}
    for key, since in _beside.since.items():
        if now - since >= LASTING and not rows.get(key) and key not in _beside.informed and _beside.is_ours():
            _beside.informed[key] = now
            if not _send(ringing[key], since):
                del _beside.informed[key]
                _beside.since[key] = now


def _remember_beside() -> None:
    """Write down what was told while nothing could be written."""
    for (code, hotline_id, about), at in _beside.informed.items():
        informed = {"since": at - LASTING, "told_at": at}
        SentAlarm.objects.update_or_create(code=code, hotline_id=hotline_id, about=about, defaults=informed)


def _tell_by_rows(ringing: dict[Key, Alarm], now: datetime) -> None:
    rows = {row.key: row for row in SentAlarm.objects.all()}
    for code, hotline_id, about in ringing.keys() - rows.keys():
        SentAlarm.objects.get_or_create(code=code, hotline_id=hotline_id, about=about, defaults={"since": now})
    for key, row in rows.items():
        mine = SentAlarm.objects.filter(pk=row.pk, told_at=row.told_at)
        is_over = row.since == row.told_at  # so it is marked
        if key not in ringing:
            if not is_seen_from(socket.gethostname(), key):
                continue  # the machine that sees it says when it is over
            if not _is_quiet(row, now):
                mine.delete()
            elif not is_over:
                mine.update(since=row.told_at)
        elif is_over or row.since > now:  # by a clock that was ahead, it would not have lasted for as long
            mine.update(since=now)
        elif (
            now - row.since >= LASTING and (row.told_at is None or row.told_at < row.since) and not _is_quiet(row, now)
        ):
            _tell_once(row, ringing[key], now)


def _is_quiet(row: SentAlarm, now: datetime) -> bool:
    """Return whether it was told a short while ago, so that one that comes and goes is no mail each time."""
    at = row.told_at
    return at is not None and row.code not in STOPS_CASES | STOPS_URGENT and at <= now < at + QUIET


def _tell_once(row: SentAlarm, alarm: Alarm, now: datetime) -> None:
    mine = SentAlarm.objects.filter(pk=row.pk, told_at=row.told_at)
    if not mine.update(told_at=now):
        return
    if not _send(alarm, row.since):  # nobody's server accepted it: again in a minute
        SentAlarm.objects.filter(pk=row.pk).update(told_at=None, since=now)


def _send(alarm: Alarm, since: datetime) -> int:
    # Posts first: a mail server that says nothing takes half a minute for each person.
    sent = sum(_post(hotline_id, alarm, since) for hotline_id in _hotlines_of(alarm.hotline_id))
    sent += sum(_write(person, alarm) for person in _concerned(alarm.hotline_id))
    log.warning("alarm.told", extra={"code": alarm.code, "hotline_id": alarm.hotline_id, "count": sent})
    return sent


def _hotlines_of(hotline_id: int) -> list[int]:
    return [row.id for row in hotlines() if hotline_id in (EVERYWHERE, row.id)]


def _post(hotline_id: int, alarm: Alarm, since: datetime) -> int:
    with override("en"):
        return post_alarm(hotline_id, code=alarm.code, about=alarm.key[2], text=alarm.text, since=since)


def _concerned(hotline_id: int) -> list[StaffRow]:
    everybody = (person for number in _hotlines_of(hotline_id) for person in staff_of(number))
    return [person for person in everybody if person.is_active and person.roles & ROLES]


def _write(person: StaffRow, alarm: Alarm) -> bool:
    with override(person.languages[0] if person.languages else "en"):
        subject = gettext("Leeward needs you: %(alarm)s") % {"alarm": alarm.text}
        lines = [alarm.text, alarm.hint, f"{settings.LEEWARD.base_url}/desk/"]
        lines.append(gettext("It is shown on every page of the desk until it is over. This message is sent only once."))
        letter = Letter(person.email, subject, "\n\n".join(line for line in lines if line) + "\n", "Leeward")
    posted = post(letter)
    return posted is not None and posted.fate in ("sent", "unsure")
