"""Everything that is wrong now, in one list: the desk shows it in red on every page, `healthz` depends on it, the
doctor and mails report it.

`current_alarms` makes a few cheap queries; a thread of each web process calls it every few seconds, so that pages cost
nothing and a dead worker is noticed all the same.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from leeward.audit.fingerprints import problems
from leeward.audit.tree.checkpoints import unsigned_for_long
from leeward.audit.tree.stored import damaged
from leeward.backup.queries import last_restoration
from leeward.casework.queries import TAKE_IN, reports_without_case
from leeward.foundation.sandbox import apart
from leeward.hashbank.queries import damage_of
from leeward.intake.queries.counts import texts_unanswered
from leeward.jobs import queries as jobs_queries
from leeward.jobs.clockwatch import open_jumps
from leeward.notices.queries import urgent_untold
from leeward.oncall.labels import ALARMS as PAGING
from leeward.oncall.queries import alarms as queries_alarms
from leeward.people.queries import hotlines, portals_in_use, were_shut_on_purpose
from leeward.sealing.queries import problems as words_problems
from leeward.site.apart.mirror import state_of
from leeward.site.disk import state_where
from leeward.site.outside import failing
from leeward.spool import where
from leeward.spool.queries import kept_back, oldest_waiting
from leeward.witnessing.queries import alarms as witnessing_alarms

EVERYWHERE = 0  # instead of a hotline: the whole installation
POLL_SECONDS, OLD_SECONDS = 5.0, 20.0
SILENT, URGENT_WAITS = timedelta(seconds=60), timedelta(seconds=60)
LATE, UNOPENED = timedelta(minutes=15), timedelta(minutes=5)
PUBLIC_OLD = timedelta(minutes=1)

SENTENCES: dict[str, str | Promise] = {
    "worker_silent": _("The worker is silent: reports don’t become cases, nobody is paged and nothing is sent."),
    "urgent_waits": _("Urgent work has waited for more than a minute."),
    "work_late": _("Work has waited for more than 15 minutes."),
    "not_cases": _("Reports that are not cases yet: %(count)s."),
    "without_case": _("Reports for which no case will be opened: %(count)s."),
    "given_up": _("Jobs that failed for good and need a person: %(count)s."),
    "hanging": _("Repeating jobs that took too long and were stopped: %(count)s."),
    "no_form": _("No form of this hotline takes reports: every portal is closed or hidden."),
    "closed": _("Every form of this hotline was closed on purpose: nobody can report here now."),
    "sms_unanswered": _(
        "People who wrote a text message to %(portal)s in the last hour and got no answer, because too many came: %(count)s. "
        "What they wrote was taken."
    ),
    "disk_low": _("The disk is nearly full."),
    "disk_full": _("The disk is full: nothing can be stored."),
    "key": _("%(what)s"),
    "index_damaged": _(
        "The index of known images was damaged (%(field)s). It has been built again; the disk may be failing."
    ),
    "restored": _(
        "This installation was restored from a backup of %(backup)s (UTC). What came and what was done after that is lost "
        "here, and nothing goes out until somebody confirms it."
    ),
    "moved": _(
        "This hotline was moved here from another installation, as it was on %(backup)s (UTC). What came in and was done there "
        "after that is not here, and nothing goes out until somebody confirms it."
    ),
    "log_contradicted": _(
        "%(what)s has seen another state of the log than there is here: rows were removed or changed."
    ),
    "log_forked": _("The log %(what)s, which is witnessed here, shows two histories."),
    "log_damaged": _("A checkpoint of the log is damaged: %(what)s."),
    "log_unsigned": _("The log has not been signed for more than two hours: %(what)s."),
    "witness_old": _("The witness %(what)s has not cosigned the log for more than a day."),
    "mail_failing": _(
        "The mail server has not taken letters since %(since)s (UTC): the police and hosts are not told."
    ),
    "mailbox_failing": _("The mailbox could not be read since %(since)s (UTC): answers are not seen."),
    "names_failing": _(
        "The name servers have not answered since %(since)s (UTC): nobody sees where anything is hosted."
    ),
    "registries_failing": _("Registries have not answered since %(since)s (UTC): it is not known whom to write to."),
    "clock_failing": _("This machine’s clock is more than two minutes off: deadlines and signatures are wrong."),
    "decoders_silent": _(
        "The service that decodes files doesn’t answer (%(what)s): no page or picture is looked at, and no PDF is made."
    ),
    "decoders_failing": _(
        "Since %(since)s (UTC) no file can be decoded: no page or picture is looked at, and no PDF is made."
    ),
    "certificate_failing": _("The certificate of %(what)s ends within two weeks, or browsers don’t trust it."),
    "lists_failing": _("A blocking list has not been published since %(since)s (UTC)."),
    "backup_failing": _("There has been no backup since %(since)s (UTC)."),
    "proof_failing": _("No backup has been restored for trial and found good since %(since)s (UTC). %(what)s"),
    "clock_jumped": _(
        "The clock of this machine jumped from %(before)s to %(after)s (UTC). Until somebody confirms that it is right, no wait "
        "for the police ends and nothing is deleted because it is old."
    ),
    "public_old": _("The public pages have not been brought up to date since %(since)s (UTC). %(what)s"),
    "urgent_untold": _("Urgent cases that the police have not been told of: %(count)s."),
    "spool_waits": _("What came in on the public pages has waited for more than a minute, and can’t be taken in."),
    "spool_kept_back": _(
        "What came in on the public pages and could not be taken in: %(count)s. It is kept, and tried again each night."
    ),
    **PAGING,
}
HINTS: dict[str, str | Promise] = {
    "mail_failing": _("Test it on the desk, under Administration, Installation. What waits goes out once it works."),
    "mailbox_failing": _("Test it on the desk, under Administration, Installation."),
    "names_failing": _(
        "Test them on the desk, under Administration, Installation. What waits is looked up once they answer."
    ),
    "registries_failing": _("Check this machine’s way to the Internet. What waits is looked up once they answer."),
    "clock_failing": _(
        "Whoever runs the server sets it, and lets it be set by time servers (chrony, systemd-timesyncd)."
    ),
    "decoders_silent": _("Whoever runs the server sees what systemctl status leeward-decoder.socket says."),
    "decoders_failing": _(
        "Whoever runs the server checks whether its memory is full, and restarts Leeward. What waits is fetched again then."
    ),
    "certificate_failing": _("Whoever runs the server renews it; without one nobody can report."),
    "lists_failing": _("See Blocking lists on the desk, and the failed jobs, under Messages."),
    "backup_failing": _("Whoever runs the server runs leeward backup create, and sees what it says."),
    "proof_failing": _("Whoever has the key runs leeward backup verify, and sees what it says."),
    "worker_silent": _("Whoever runs the server must check whether leeward serve is running, and what it reports."),
    "no_form": _("If that is not intended, open or show one, under Administration, Portals: it takes two people."),
    "closed": _("Opening or showing one again takes two people, under Administration, Portals."),
    "given_up": _("They are among the failed jobs, under Messages."),
    "sms_unanswered": _(
        "Senders can be made up, and each answer costs money. If they are real, whoever runs the server raises "
        "LEEWARD_SMS_ANSWERS_AN_HOUR."
    ),
    "index_damaged": _("Have the disk examined, and see that backups are being made."),
    "log_contradicted": _("Don’t restore or delete anything. docs/how-to/log.md says how to find out what happened."),
    "log_damaged": _("Don’t restore or delete anything. docs/how-to/log.md says how to find out what happened."),
    "log_forked": _("Call the people who run it: the evidence is kept here. docs/how-to/log.md says what it means."),
    "log_unsigned": _("leeward audit checkpoint says why the signer doesn’t sign it."),
    "witness_old": _("Ask the people who run it; leeward witness list shows what it answers."),
    "clock_jumped": _(
        "If it is right now, whoever runs the server says so with leeward clock confirm; if it is wrong, they set it right."
    ),
    "public_old": _("docs/how-to/faces.md says who may write there, and how the file is made anew."),
    "restored": _("An administrator confirms it, under Administration, Restored or moved here."),
    "moved": _("An administrator confirms it, under Administration, Restored or moved here."),
    "spool_kept_back": _(
        "Supervisors see it under Reports, Kept back; whoever runs the server with leeward spool list."
    ),
    "urgent_untold": _(
        "Tell the police by telephone, and record it with the case, under Referrals. Check whether the "
        "mail server accepts mail."
    ),
}
# On which page of the desk more is to be seen, and what one has to be allowed to do for it.
PAGES = {"spool_kept_back": ("intake-desk:list-kept-back", "arrival.settle")}
# While one of these is active, nobody can report, a report may not become a case, or staff or the police aren't told
# about an urgent one.
STOPS_CASES = frozenset(
    {"worker_silent", "urgent_waits", "not_cases", "without_case", "no_form", "disk_full", "key", "spool_waits"}
)
STOPS_URGENT = frozenset({"page_reaches_nobody", "urgent_untold", "restored", "moved"})


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is wrong: a code of `SENTENCES`, the hotline concerned or `EVERYWHERE`, and the values of its
    sentence."""

    code: str
    hotline_id: int
    values: tuple[tuple[str, object], ...] = ()

    @property
    def text(self) -> str:
        """Return the sentence, in the reader's language."""
        return str(SENTENCES[self.code]) % dict(self.values)

    @property
    def hint(self) -> str:
        """Return what to do, or nothing if the sentence says it."""
        return str(HINTS.get(self.code, ""))


def current_alarms(now: datetime) -> list[Alarm]:
    """Return everything that is wrong now."""
    return [
        *_restored(),
        *_work(now),
        *_given_up(now),
        *_without_case(now),
        *_forms(),
        *_texts(now),
        *_spool(now),
        *_disk(),
        *_keys(),
        *_clock(),
        *_log(now),
        *_decoders(),
        *_outside(now),
        *_public(now),
        *_paging(),
        *_police(now),
        *_indexes(now),
    ]


def _restored() -> Iterator[Alarm]:
    found = last_restoration()
    if found is not None and found.confirmed_at is None:
        at = f"{found.backup_at:%Y-%m-%d %H:%M}"
        yield Alarm("moved" if found.moved else "restored", EVERYWHERE, (("backup", at),))


def _work(now: datetime) -> Iterator[Alarm]:
    pulse = jobs_queries.pulse(now)
    waits = [since for since in (pulse.urgent_since, pulse.ordinary_since) if since is not None]
    # A worker that never reported is missed only if there is work for it.
    silent_since = pulse.beat_at or (min(waits) if waits else None)
    if silent_since is not None and now - silent_since > SILENT:
        yield Alarm("worker_silent", EVERYWHERE)
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


def _forms() -> Iterator[Alarm]:
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
            yield Alarm("sms_unanswered", hotline.id, (("portal", portal), ("count", count)))


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


def _disk() -> Iterator[Alarm]:
    if state := state_where(settings.LEEWARD.data_dir):
        yield Alarm(state, EVERYWHERE)


def _keys() -> Iterator[Alarm]:
    for problem in problems():
        yield Alarm("key", EVERYWHERE, (("what", problem.text),))
    for locked in words_problems():
        yield Alarm("key", EVERYWHERE, (("what", locked.text),))


def _clock() -> Iterator[Alarm]:
    for jump in open_jumps()[-1:]:
        values = (("before", f"{jump.before:%Y-%m-%d %H:%M}"), ("after", f"{jump.after:%Y-%m-%d %H:%M}"))
        yield Alarm("clock_jumped", EVERYWHERE, values)


def _log(now: datetime) -> Iterator[Alarm]:
    for what in damaged():
        yield Alarm("log_damaged", EVERYWHERE, (("what", what),))
    for origin in unsigned_for_long(now):
        yield Alarm("log_unsigned", EVERYWHERE, (("what", origin),))
    for code, name in witnessing_alarms(now):
        yield Alarm(code, EVERYWHERE, (("what", name),))


def _decoders() -> Iterator[Alarm]:
    if (place := apart.place()) and (what := apart.trouble(place)):
        yield Alarm("decoders_silent", EVERYWHERE, (("what", what.lower()),))


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


def _paging() -> Iterator[Alarm]:
    for alarm in queries_alarms():
        yield Alarm(alarm.code, alarm.hotline_id, (("portal", alarm.portal_name),))


def _police(now: datetime) -> Iterator[Alarm]:
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            count = urgent_untold(now)
        if count:
            yield Alarm("urgent_untold", hotline.id, (("count", count),))


def _indexes(now: datetime) -> Iterator[Alarm]:
    for hotline in hotlines():
        if field := damage_of(hotline.id, now):
            yield Alarm("index_damaged", hotline.id, (("field", field),))


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


def is_well() -> bool:
    """Return whether reports become cases and staff hear of urgent ones, as seen within the last seconds."""
    with _lock:
        if _known.at is None or time.monotonic() - _known.at > OLD_SECONDS:
            refresh_alarms()
    return not any(alarm.code in STOPS_CASES | STOPS_URGENT for alarm in _known.alarms)


def is_closed() -> bool:
    """Return whether every form of some hotline was closed on purpose, as seen last."""
    return any(alarm.code == "closed" for alarm in _known.alarms)


def forget() -> None:
    """Reset to the state of a process that has just started."""
    _known.alarms, _known.at = (), None
