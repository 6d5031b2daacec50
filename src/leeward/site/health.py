"""Everything that is wrong now, in one list: the desk shows it in red on every page, `healthz` depends on it, the
doctor and mails report it.

`current_alarms` makes a few cheap queries; a thread of each web process calls it every few seconds, so that pages cost
nothing and a dead worker is noticed all the same.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django_scopes import scope

from leeward.audit.fingerprints import problems
from leeward.audit.tree.checkpoints import unsigned_for_long
from leeward.audit.tree.stored import begun_anew_since, damaged
from leeward.backup.queries import last_restoration
from leeward.casework.queries import TAKE_IN, reports_without_case
from leeward.foundation.sandbox import apart
from leeward.hashbank.queries import closed, damage_of, old_sources
from leeward.intake.queries.counts import texts_unanswered
from leeward.jobs import queries as jobs_queries
from leeward.jobs.clockwatch import open_jumps
from leeward.notices.queries import police_late, urgent_untold
from leeward.oncall.queries import alarms as queries_alarms
from leeward.people.queries import hotlines, portals_in_use, were_shut_on_purpose
from leeward.sealing.queries import problems as words_problems
from leeward.sealing.queries import unused_that_stay
from leeward.site import asking_matcher, database_disk, rights
from leeward.site.alarms import EVERYWHERE, STOPS_CASES, STOPS_URGENT, Alarm
from leeward.site.apart.mirror import state_of
from leeward.site.asking import in_time, within_time
from leeward.site.disk import state_beside, state_where
from leeward.site.locks import is_locked
from leeward.site.outside import failing
from leeward.spool import where
from leeward.spool.queries import kept_back, oldest_waiting
from leeward.witnessing.queries import alarms as witnessing_alarms

log = logging.getLogger(__name__)
POLL_SECONDS, OLD_SECONDS = 5.0, 20.0
SILENT, URGENT_WAITS = jobs_queries.SILENT, timedelta(seconds=60)
LATE, UNOPENED = timedelta(minutes=15), timedelta(minutes=5)
PUBLIC_OLD, ANEW_SHOWN = timedelta(minutes=1), timedelta(days=7)


def current_alarms(now: datetime) -> list[Alarm]:
    """Return everything that is wrong now; a check that fails, or doesn't end, is one of the alarms and keeps no other from being
    made. Raises DatabaseError where there is no database to ask."""
    last_restoration()
    with within_time():
        found = [alarm for name in QUESTIONS for alarm in _answers(name, now)]
    # Where the disk is full, a worker has no room to write down that it is alive.
    if {"disk_full", "database_disk_full"} & {alarm.code for alarm in found}:
        return [alarm for alarm in found if alarm.code != "worker_silent"]
    return found


def _answers(name: str, now: datetime) -> list[Alarm]:
    found: list[Alarm] = []
    machine = socket.gethostname() if name in OF_MACHINE else ""

    def ask() -> None:
        for alarm in QUESTIONS[name](now):  # what was found before one fails stays
            found.append(replace(alarm, machine=machine))

    try:
        if name in OF_FILES:
            in_time(name, ask)
        else:
            ask()
    except Exception:
        log.warning("health.not_asked", extra={"code": name}, exc_info=True)
        return [*found, Alarm("not_asked", EVERYWHERE, (("what", name),), name, machine)]
    return found


def _restored(_now: datetime) -> Iterator[Alarm]:
    found = last_restoration()
    if found is not None and found.confirmed_at is None:
        at = f"{found.backup_at:%Y-%m-%d %H:%M}"
        yield Alarm("moved" if found.moved else "restored", EVERYWHERE, (("backup", at),))


def _work(now: datetime) -> Iterator[Alarm]:
    pulse = jobs_queries.pulse(now)
    waits = [since for since in (pulse.urgent_since, pulse.ordinary_since) if since is not None]
    # A worker that never reported is missed only if there is work for it.
    silent_since = pulse.beat_at or (min(waits) if waits else None)
    if (
        silent_since is not None and abs(now - silent_since) > SILENT
    ):  # one of a clock that was ahead is no sign of life
        yield Alarm("database_locked" if is_locked() else "worker_silent", EVERYWHERE)
    for one in jobs_queries.workers(now):
        if one.is_missed:
            since = f"{one.reported_at:%Y-%m-%d %H:%M}"
            yield Alarm("worker_missing", EVERYWHERE, (("what", one.name), ("since", since)), one.name)
    if pulse.urgent_since is not None and now - pulse.urgent_since > URGENT_WAITS:
        yield Alarm("urgent_waits", EVERYWHERE)
    if pulse.ordinary_since is not None and now - pulse.ordinary_since > LATE:
        yield Alarm("work_late", EVERYWHERE)


def _given_up(now: datetime) -> Iterator[Alarm]:
    counted = {
        "not_cases": jobs_queries.unfinished_by_hotline(TAKE_IN, now - UNOPENED),
        "given_up": jobs_queries.dead_by_hotline(),
        "hanging": jobs_queries.hung_by_hotline(),
    }
    for code, by_hotline in counted.items():
        for hotline_id, count in by_hotline.items():
            yield Alarm(code, hotline_id, (("count", count),))


def _without_case(now: datetime) -> Iterator[Alarm]:
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            count = len(reports_without_case(now - UNOPENED))
        if count:
            yield Alarm("without_case", hotline.id, (("count", count),))


def _forms(_now: datetime) -> Iterator[Alarm]:
    """Check the forms of portals that were ever opened, since people rely on them. Where two people, or whoever runs the
    server, closed all of them, the house stands as it was left; otherwise something is wrong with it."""
    for hotline in hotlines():
        opened = portals_in_use(hotline.id)
        if opened and not any(row.is_open and row.takes_reports for row in opened):
            yield Alarm("closed" if were_shut_on_purpose(opened) else "no_form", hotline.id)


def _texts(now: datetime) -> Iterator[Alarm]:
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            counted = texts_unanswered(now - timedelta(hours=1))
        for portal, count in counted.items():
            yield Alarm("sms_unanswered", hotline.id, (("portal", portal), ("count", count)), portal)


def _spool(now: datetime) -> Iterator[Alarm]:
    if not where.is_apart():
        return
    try:
        since, kept = oldest_waiting(), kept_back()
    except (DatabaseError, ValueError):  # the file is away, or damaged: what SQLite says of it may be no text
        yield Alarm("spool_waits", EVERYWHERE)
        return
    if since is not None and now - since > SILENT:
        yield Alarm("spool_waits", EVERYWHERE)
    ours = {hotline.id for hotline in hotlines()} if kept else set()
    for hotline_id in sorted(ours & kept.keys()):
        yield Alarm("spool_kept_back", hotline_id, (("count", kept[hotline_id]),))
    if of_nobody := sum(count for hotline_id, count in kept.items() if hotline_id not in ours):
        yield Alarm("spool_kept_back", EVERYWHERE, (("count", of_nobody),))


def _disk(_now: datetime) -> Iterator[Alarm]:
    config = settings.LEEWARD
    if state := state_where(config.data_dir):
        yield Alarm(state, EVERYWHERE)
    if config.public_file and (state := state_beside(config.public_file.parent, config.data_dir)):
        place = str(config.public_file.parent)
        yield Alarm(f"public_{state}", EVERYWHERE, (("what", place),), place)


def _database_disk(_now: datetime) -> Iterator[Alarm]:
    if database_disk.is_full():
        yield Alarm("database_disk_full", EVERYWHERE)


def _public_role(_now: datetime) -> Iterator[Alarm]:
    if (found := rights.seen_beyond()) is not None:
        role = settings.LEEWARD.public_role
        yield Alarm("public_reach", EVERYWHERE, (("role", role), ("what", found.what)), found.what)


def _keys(_now: datetime) -> Iterator[Alarm]:
    for problem in problems():
        yield Alarm("key", EVERYWHERE, (("what", problem.text),), problem.text)
    for locked in words_problems():
        yield Alarm("key", EVERYWHERE, (("what", locked.text),), locked.text)


def _unused_keys(_now: datetime) -> Iterator[Alarm]:
    for stay in unused_that_stay():
        yield Alarm("words_unused_stay", EVERYWHERE, (("what", f"{stay.text} {stay.hint}"),))


def _clock(_now: datetime) -> Iterator[Alarm]:
    for jump in open_jumps()[-1:]:
        values = (("before", f"{jump.before:%Y-%m-%d %H:%M}"), ("after", f"{jump.after:%Y-%m-%d %H:%M}"))
        yield Alarm("clock_jumped", EVERYWHERE, values, jump.after.isoformat())


def _log(now: datetime) -> Iterator[Alarm]:
    for what in damaged():
        yield Alarm("log_damaged", EVERYWHERE, (("what", what),), what)
    for origin in unsigned_for_long(now):
        yield Alarm("log_unsigned", EVERYWHERE, (("what", origin),), origin)
    for origin, at in begun_anew_since(now - ANEW_SHOWN):
        values = (("what", origin), ("since", f"{at[:10]} {at[11:16]}"))
        yield Alarm("log_anew", EVERYWHERE, values, f"{origin} {at[:16]}")
    for code, name in witnessing_alarms(now):
        # Up to where both agreed, which stands behind the name, changes.
        yield Alarm(code, EVERYWHERE, (("what", name),), name.partition(" ")[0])


def _decoders(_now: datetime) -> Iterator[Alarm]:
    if (place := apart.place()) and (what := apart.trouble(place)):
        yield Alarm("decoders_silent", EVERYWHERE, (("what", what.lower()),))


def _matcher(_now: datetime) -> Iterator[Alarm]:
    config = settings.LEEWARD
    if config.matcher_list and (what := asking_matcher.trouble(config.matcher_socket)):
        yield Alarm("matcher_failing", EVERYWHERE, (("what", what.rstrip(".")),))


def _outside(now: datetime) -> Iterator[Alarm]:
    for name, since, what in failing(now):
        values = (("since", f"{since:%Y-%m-%d %H:%M}"), ("what", what))
        yield Alarm(f"{name}_failing", EVERYWHERE, values)


def _public(now: datetime) -> Iterator[Alarm]:
    if settings.LEEWARD.public_file is None:
        return
    at, what = state_of(settings.LEEWARD.data_dir)
    if at is None or abs(now.timestamp() - at) > PUBLIC_OLD.total_seconds():
        since = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}" if at else "…"
        yield Alarm("public_old", EVERYWHERE, (("since", since), ("what", what)))


def _paging(_now: datetime) -> Iterator[Alarm]:
    for alarm in queries_alarms():
        yield Alarm(alarm.code, alarm.hotline_id, (("portal", alarm.portal_name),), f"portal:{alarm.portal_id}")


def _police(now: datetime) -> Iterator[Alarm]:
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            counts = {"urgent_untold": urgent_untold(now), "police_late": police_late(now)}
        yield from (Alarm(code, hotline.id, (("count", count),)) for code, count in counts.items() if count)


def _indexes(now: datetime) -> Iterator[Alarm]:
    for hotline in hotlines():
        if (found := closed(hotline.id)) is not None:
            yield Alarm("key", EVERYWHERE, (("what", found.text),), found.text)
        elif field := damage_of(hotline.id, now):
            yield Alarm("index_damaged", hotline.id, (("field", field),), field)


def _sources(now: datetime) -> Iterator[Alarm]:
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            old = old_sources(now)
        for name in old:
            yield Alarm("source_old", hotline.id, (), name)


QUESTIONS: dict[str, Callable[[datetime], Iterator[Alarm]]] = {
    "restoring": _restored,
    "work": _work,
    "failed jobs": _given_up,
    "reports": _without_case,
    "forms": _forms,
    "text messages": _texts,
    "spool": _spool,
    "disk": _disk,
    "disk of the database": _database_disk,
    "role of the public pages": _public_role,
    "keys": _keys,
    "keys of words": _unused_keys,
    "clock": _clock,
    "log": _log,
    "decoders": _decoders,
    "matcher": _matcher,
    "what is outside": _outside,
    "public pages": _public,
    "paging": _paging,
    "police": _police,
    "known images": _indexes,
    "sources of known images": _sources,
}
OF_FILES = frozenset({"disk", "decoders", "matcher", "public pages"})  # these ask no database
OF_MACHINE = OF_FILES | {"keys", "known images"}  # what each of several machines has of its own


class _Known:
    """What this process saw last, and when."""

    alarms: tuple[Alarm, ...] = ()
    at: float | None = None


_known = _Known()
_lock = threading.Lock()


def refresh_alarms(now: datetime | None = None) -> tuple[Alarm, ...]:
    """Check, and update what this process's pages show."""
    found = tuple(current_alarms(now or datetime.now(UTC)))
    _known.alarms, _known.at = found, time.monotonic()
    return found


def shown_to(hotline_id: int) -> list[Alarm]:
    """Return what the pages of a hotline show, as last seen, without a query."""
    return [alarm for alarm in _known.alarms if alarm.hotline_id in (EVERYWHERE, hotline_id)]


def seen_lately() -> tuple[Alarm, ...] | None:
    """Return what this process saw within the last seconds, None where it hasn't looked since."""
    is_old = _known.at is None or time.monotonic() - _known.at > OLD_SECONDS
    return None if is_old else _known.alarms


def is_well() -> bool:
    """Return whether reports become cases and staff hear of urgent ones, as seen within the last seconds."""
    with _lock:
        if seen_lately() is None:
            refresh_alarms()
    return not any(alarm.code in STOPS_CASES | STOPS_URGENT for alarm in _known.alarms)


def is_closed() -> bool:
    """Return whether every form of some hotline was closed on purpose, as seen last."""
    return any(alarm.code == "closed" for alarm in _known.alarms)


def forget() -> None:
    """Reset to the state of a process that has just started."""
    _known.alarms, _known.at = (), None
    database_disk.forget()
    rights.forget()
