"""Figures of this installation for a monitoring program, as text in Prometheus's form: how it is, never whom it is about."""

import hmac
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.http import HttpRequest

from leeward.audit.tree.checkpoints import oldest_unsigned
from leeward.backup.queries import newest_in
from leeward.jobs.queries import backlog, pulse
from leeward.site.alarms import SENTENCES, Alarm
from leeward.site.asking import in_time, within_time
from leeward.web_security.caller import is_from_this_machine
from leeward.witnessing.queries import oldest_answer

log = logging.getLogger(__name__)
NEVER = -1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, what it counts, and its values by a label's value ("" where it has no label)."""

    name: str
    help: str
    values: dict[str, float]
    label: str = ""

    @property
    def text(self) -> str:
        """Return its lines. Labels are our own closed words, so nothing needs to be escaped."""
        lines = [f"# HELP leeward_{self.name} {self.help}", f"# TYPE leeward_{self.name} gauge"]
        for value, figure in self.values.items():
            label = f'{{{self.label}="{value}"}}' if self.label else ""
            lines.append(f"leeward_{self.name}{label} {figure:.10g}")
        return "\n".join(lines) + "\n"


def may_read(request: HttpRequest) -> bool:
    """Return whether whoever asks has the token, or is a program on this machine that no proxy speaks for."""
    config = settings.LEEWARD
    given = request.headers.get("Authorization", "")
    if config.metrics_token and hmac.compare_digest(given.encode(), f"Bearer {config.metrics_token}".encode()):
        return True
    return not config.onion_hosts and is_from_this_machine(request)


def figures(alarms: tuple[Alarm, ...], now: datetime) -> Iterator[Figure]:
    """Yield every figure; a time that something never happened is -1. What can't be measured now is left out."""
    ringing = [alarm.code for alarm in alarms]
    yield Figure("alarms", "Alarms that ring, by code.", {code: ringing.count(code) for code in SENTENCES}, "code")
    for name, measure in OF_TABLES.items():
        with _or_left_out(name), within_time():
            yield from list(measure(now))
    for name, measure in OF_FILES.items():
        with _or_left_out(name):
            yield from in_time(name, partial(list, measure(now)))


@contextmanager
def _or_left_out(name: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.warning("metrics.left_out", extra={"code": name}, exc_info=True)


def _jobs(now: datetime) -> Iterator[Figure]:
    jobs, beat = backlog(now), pulse(now)
    yield Figure("jobs_due", "Jobs that wait to be done now.", {"": jobs.due})
    yield Figure("jobs_given_up", "Jobs that failed for good and need a person.", {"": jobs.dead})
    waits = {"urgent": beat.urgent_since, "ordinary": beat.ordinary_since}
    seconds = {lane: _age(since, now) if since else 0.0 for lane, since in waits.items()}
    yield Figure("job_waits_seconds", "How long the oldest due job has waited, by lane.", seconds, "lane")
    yield Figure("worker_silent_seconds", "Since when no worker reported.", {"": _age(beat.beat_at, now)})


def _log(now: datetime) -> Iterator[Figure]:
    what = "How long the oldest row that no checkpoint covers has waited."
    yield Figure("log_unsigned_seconds", what, {"": oldest_unsigned(now)})


def _witnesses(now: datetime) -> Iterator[Figure]:
    what = "How long the most silent witness hasn't cosigned."
    yield Figure("witness_silent_seconds", what, {"": _age(oldest_answer(), now)})


def _disk(_now: datetime) -> Iterator[Figure]:
    disk = shutil.disk_usage(settings.LEEWARD.data_dir)
    yield Figure("disk_free_bytes", "Free space where the data is.", {"": disk.free})
    yield Figure("disk_total_bytes", "Space where the data is.", {"": disk.total})


def _backups(now: datetime) -> Iterator[Figure]:
    if settings.LEEWARD.backup_to:
        made, proved = newest_in(settings.LEEWARD.backup_to, now)
        ages = {"made": _age(made, now), "proved": _age(proved, now)}
        what = "The age of the newest backup, and of the newest restored for trial."
        yield Figure("backup_age_seconds", what, ages, "kind")


def _age(at: datetime | None, now: datetime) -> float:
    return max((now - at).total_seconds(), 0.0) if at else NEVER


OF_TABLES: dict[str, Callable[[datetime], Iterator[Figure]]] = {"jobs": _jobs, "log": _log, "witnesses": _witnesses}
OF_FILES: dict[str, Callable[[datetime], Iterator[Figure]]] = {"free space": _disk, "backups": _backups}
