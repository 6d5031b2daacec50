"""Writes to administrators and supervisors once about each alarm, and posts it to the servers that page people. Runs in the
web process, since the worker may be what died."""

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import close_old_connections
from django.utils.translation import gettext, override

from leeward.notices.services import Letter, post
from leeward.oncall.services import post_alarm
from leeward.people.queries import StaffRow, hotlines, staff_of
from leeward.site.health import EVERYWHERE, POLL_SECONDS, STOPS_CASES, STOPS_URGENT, Alarm, refresh_alarms
from leeward.site.models import SentAlarm

log = logging.getLogger(__name__)
ROLES = frozenset({"administrator", "supervisor"})
LASTING = timedelta(minutes=1)  # shorter alarms are shown on the desk only, since a restart raises some
# How soon at the earliest one that was over is told again, unless it stops reports or urgent cases: then each time counts.
QUIET = timedelta(hours=1)


def watch() -> None:
    """Check every few seconds, in a thread of this process."""
    threading.Thread(target=_watch, name="health", daemon=True).start()


def _watch() -> None:
    while True:
        try:
            tell(refresh_alarms(), datetime.now(UTC))
        except Exception:  # the database may be unavailable; healthz says so
            log.warning("health.not_seen", exc_info=True)
        close_old_connections()
        time.sleep(POLL_SECONDS)


def tell(alarms: tuple[Alarm, ...], now: datetime) -> None:
    """Record which alarms are active, and write about each that lasts to everybody concerned, once. Only one of several
    processes does it."""
    ringing = {(alarm.code, alarm.hotline_id): alarm for alarm in alarms}
    rows = {(row.code, row.hotline_id): row for row in SentAlarm.objects.all()}
    for key in ringing.keys() - rows.keys():
        SentAlarm.objects.get_or_create(code=key[0], hotline_id=key[1], defaults={"since": now})
    for key, row in rows.items():
        mine = SentAlarm.objects.filter(pk=row.pk, told_at=row.told_at)
        is_over = row.since == row.told_at  # so it is marked
        if key not in ringing:
            if not _is_quiet(row, now):
                mine.delete()
            elif not is_over:
                mine.update(since=row.told_at)
        elif is_over:
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
    # Posts first: a mail server that says nothing takes half a minute for each person.
    sent = sum(_post(hotline_id, alarm, row.since) for hotline_id in _hotlines_of(alarm.hotline_id))
    sent += sum(_write(person, alarm) for person in _concerned(alarm.hotline_id))
    log.warning("alarm.told", extra={"code": alarm.code, "hotline_id": alarm.hotline_id, "count": sent})
    if not sent:  # nobody's server accepted it: again in a minute
        SentAlarm.objects.filter(pk=row.pk).update(told_at=None, since=now)


def _hotlines_of(hotline_id: int) -> list[int]:
    return [row.id for row in hotlines() if hotline_id in (EVERYWHERE, row.id)]


def _post(hotline_id: int, alarm: Alarm, since: datetime) -> int:
    with override("en"):
        return post_alarm(hotline_id, code=alarm.code, text=alarm.text, since=since)


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
