"""What is missing or unsafe in an installation: each finding has an id, one sentence and a hint."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django_scopes import scope

from leeward.audit.errors import LogKeyUnusable
from leeward.audit.fingerprints import problems
from leeward.audit.queries import chains
from leeward.audit.tree.own_key import log_key_problem
from leeward.blocklist.rules.hearing import may_find_somebody
from leeward.foundation.errors import BadInput
from leeward.foundation.plain_http import is_loopback
from leeward.hashbank.queries import check_file, closed
from leeward.installation.queries import config_now, runs_it, works
from leeward.matching.hashing.licensed import loaded
from leeward.oncall.labels import ALARMS
from leeward.oncall.queries import alarms, readiness
from leeward.people.queries import (
    HotlineRow,
    PortalRow,
    hotlines,
    names_without_second_factor,
    portals_of,
    shown_helplines,
    staff_of,
)
from leeward.people.rules.helplines import CHILD
from leeward.site.config import Config
from leeward.site.doctor_alarms import ILL, MORE
from leeward.site.doctor_backups import of_backups, of_heads, of_none
from leeward.site.doctor_decoders import of_decoders
from leeward.site.doctor_files import of_databases, of_files, of_repairs
from leeward.site.doctor_log import of_log, of_lost
from leeward.site.doctor_onion import of_onions
from leeward.site.doctor_sources import of_sources
from leeward.site.doctor_words import of_words
from leeward.site.health import current_alarms
from leeward.site.private import narrow
from leeward.site.refusing import database_file

# What prevents paging, by the code of the alarm.
PAGING = {
    "no_mail_server": "E001",
    "nobody_on_call": "E002",
    "page_reaches_nobody": "E003",
    "page_unanswered": "E004",
    "rota_to_supervisors": "W018",
    "rota_to_staff": "W019",
    "rota_to_everybody": "E005",
}

# How long an acknowledged test page shows that pages are heard.
HEARD_FOR = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Finding:
    """One missing or unsafe thing."""

    id: str
    sentence: str
    hint: str


def findings() -> list[Finding]:
    """Check everything; checks that need the database are skipped while its tables are missing."""
    config: Config = config_now()
    found = [*_settings(config), *_files(config), *_backups(config), *_adapters(config), *_decoders(), *_django()]
    database = list(_tables())
    found += database
    if not database:
        for check in (_keys, _people, _paging, _tests, _work, _log, _indexes, _sources):
            found += check()
    numbers = {one.id.removeprefix("leeward.") for one in found}
    # Where one was restored for trial and isn't good, it is not said that none was restored; nor twice that there is none, or an old one.
    doubled = {"site.W051", "site.W052"} if "site.E068" in numbers else set[str]()
    doubled |= {"site.E055"} if numbers & {"site.E051", "site.E052", "site.E056"} else set[str]()
    return [one for one in found if one.id.removeprefix("leeward.") not in doubled]


def repairs() -> Iterator[Finding]:
    """Repair what can be repaired, after `findings` named it, and report what was done."""
    for number, sentence, hint in of_repairs(narrow(config_now().data_dir)):
        yield Finding(f"leeward.site.{number}", sentence, hint)


type Rule = tuple[bool, str, str, str]


def _settings(config: Config) -> Iterator[Finding]:
    for wrong, number, sentence, hint in (*_demonstration(config), *_ways_out(config)):
        if wrong:
            yield Finding(f"leeward.site.{number}", sentence, hint)


def _demonstration(config: Config) -> Iterator[Rule]:
    """Check what only a demonstration may do."""
    yield (
        config.demonstration,
        "W001",
        "This is a demonstration: log-ins need no second factor.",
        "Unset LEEWARD_DEMONSTRATION before real reports come in.",
    )
    yield (
        config.pace != 1.0,
        "W002",
        f"Automatic acts run {config.pace:g} times faster than in production.",
        "Unset LEEWARD_PACE.",
    )
    yield (
        bool(config.fetch_allowed_networks),
        "W003",
        "Fetching may reach private networks.",
        "Unset LEEWARD_FETCH_ALLOWED_NETWORKS; only the demonstration needs it.",
    )
    yield config.rdap_allow_http, "W004", "RDAP may be asked without TLS.", "Unset LEEWARD_RDAP_ALLOW_HTTP."
    yield (
        config.webhook_allow_http,
        "W011",
        "Notices may be posted to contacts' servers without TLS: whoever listens reads the addresses.",
        "Unset LEEWARD_WEBHOOK_ALLOW_HTTP.",
    )
    yield (
        config.exchange_allow_http,
        "W031",
        "Hotlines may exchange reports without TLS: whoever listens reads the addresses.",
        "Unset LEEWARD_EXCHANGE_ALLOW_HTTP.",
    )


def _ways_out(config: Config) -> Iterator[Rule]:
    """Check mail, web and fetching: what is missing or open to eavesdropping."""
    mail, base = config.smtp_host, urlsplit(config.base_url)
    yield (
        not mail,
        "W005",
        "No mail server is set: police and hosts are not told; messages wait.",
        "Set one on the desk under Administration, Installation, or by LEEWARD_SMTP_HOST and the settings beside it.",
    )
    yield (
        bool(mail) and config.smtp_security == "none" and not is_loopback(mail),
        "W006",
        "Mail leaves this machine without TLS.",
        "Choose STARTTLS or TLS on the desk, or by LEEWARD_SMTP_SECURITY.",
    )
    yield (
        not config.mailbox,
        "W007",
        "No mailbox is set: answers by e-mail are not read.",
        "Set it on the desk, or by LEEWARD_MAILBOX.",
    )
    yield (
        base.scheme != "https" and not is_loopback(base.hostname or ""),
        "W008",
        "The public address has no TLS.",
        "Put a reverse proxy in front and set LEEWARD_BASE_URL to its https address.",
    )
    yield (
        not config.behind_proxy and not is_loopback(base.hostname or ""),
        "W030",
        "Nothing in front of the server waits for slow senders: a few of them, with or without a key, hold every thread.",
        "Put a reverse proxy that buffers requests in front (docs/how-to/production.md) and set LEEWARD_BEHIND_PROXY.",
    )
    yield (
        not config.fetch_proxy and not config.demonstration,
        "W009",
        "Fetches come from this machine's own address, which hosts can recognise.",
        "Set a SOCKS proxy on the desk, or by LEEWARD_FETCH_PROXY.",
    )
    yield (
        not config.onion_proxy,
        "W010",
        "Onion addresses are not fetched.",
        "Run Tor and name it on the desk, or by LEEWARD_ONION_PROXY.",
    )


def _files(config: Config) -> Iterator[Finding]:
    for number, sentence, hint in (*of_files(config.data_dir), *of_databases(config), *of_onions(config)):
        yield Finding(f"leeward.site.{number}", sentence, hint)


def _backups(config: Config) -> Iterator[Finding]:
    now = datetime.now(UTC)
    for number, sentence, hint in (
        *of_none(config.backup_to, now),
        *of_backups(config.backup_to, now),
        *of_heads(config),
    ):
        yield Finding(f"leeward.site.{number}", sentence, hint)


def _adapters(config: Config) -> Iterator[Finding]:
    try:
        loaded(config.licensed_hashers)
    except BadInput as error:
        yield Finding("leeward.site.W022", error.text, "Until then pictures are looked up without it.")


def _django() -> Iterator[Finding]:
    for message in run_checks() if _is_made() else ():
        if not message.is_silenced():
            yield Finding(message.id or "django", str(message.msg), str(message.hint or ""))


def _is_made() -> bool:
    """Return whether there is a database to ask: looking makes none."""
    return (file := database_file()) is None or file.exists()


def _tables() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection if _is_made() else None)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        yield Finding(
            "leeward.site.E030", "The database can't be reached.", "Check LEEWARD_DATABASE_URL or the data directory."
        )
        return
    if behind:
        yield Finding(
            "leeward.site.E031", "The database has no tables yet, or old ones.", "Run leeward setup, or leeward serve."
        )


def _keys() -> Iterator[Finding]:
    for problem in problems():
        yield Finding("leeward.audit.E001", problem.text, str(problem.hint))
    if (found := log_key_problem()) is not None:
        name = "leeward.audit.E004" if isinstance(found, LogKeyUnusable) else f"leeward.{ILL['signer_failing']}"
        yield Finding(name, found.text, str(found.hint))
    yield from (Finding(*one) for one in of_words())


def _people() -> Iterator[Finding]:
    known = hotlines()
    if not known:
        yield Finding("leeward.people.E001", "There is no hotline yet.", "Run leeward setup.")
    elif runs_it() is None and settings.LEEWARD.run_by != "nobody":
        yield Finding(
            "leeward.site.W013",
            "LEEWARD_RUN_BY names no hotline, so nobody on the desk sets mail, name servers and waiting times.",
            "Give it the short name of a hotline; or write nobody, if only the environment should set them.",
        )
    for hotline in known:
        yield from _appeals(hotline)
        portals = portals_of(hotline.id, with_records=False)
        if not portals:
            yield Finding("leeward.people.W002", f"{hotline.name} has no portal.", "Open one on the desk.")
        for portal in portals:
            if not portal.police_email:
                yield Finding(
                    "leeward.people.W003", f"The portal {portal.slug} has no police contact.", "Add one on the desk."
                )
            if not portal.takes_reports:
                yield Finding(
                    "leeward.people.W007",
                    f"The portal {portal.slug} takes no reports.",
                    "Settle its checklist on the desk, under Administration, then open it.",
                )
            if not portal.emergency_number:
                yield Finding(
                    "leeward.people.W004", f"The portal {portal.slug} has no emergency number.", "Add one on the desk."
                )
            elif portal.emergency_is_due:
                sentence = f"The emergency number of the portal {portal.slug} is not confirmed, or not for a year."
                yield Finding(
                    "leeward.people.W011", sentence, "Ask the police, then confirm it on the desk: Portals, Numbers."
                )
            yield from _helplines(portal)
    if settings.LEEWARD.demonstration:
        return
    without = names_without_second_factor()
    if without:
        many = "1 account has" if len(without) == 1 else f"{len(without)} accounts have"
        sentence = f"{many} no second factor yet: {', '.join(without[:5])}."
        yield Finding("leeward.people.W006", sentence, "They set one up the next time they sign in.")


def _decoders() -> Iterator[Finding]:
    for number, sentence, hint in of_decoders():
        yield Finding(f"leeward.site.{number}", sentence, hint)


def _paging() -> Iterator[Finding]:
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            for portal in portals_of(hotline.id, with_records=False):
                ready = readiness(portal, staff_of(hotline.id))
                if not ready.has_on_call:
                    yield Finding(
                        "leeward.oncall.W001",
                        f"Nobody is on call for the portal {portal.slug}: urgent reports page all supervisors.",
                        "Put somebody on call on the desk, under On call.",
                    )
                elif not ready.has_way:
                    yield Finding(
                        "leeward.oncall.W002",
                        f"Whoever is on call for the portal {portal.slug} can't be messaged.",
                        "Set a mail server or a webhook; see who is on leave or switched off.",
                    )
                elif ready.gaps:
                    yield Finding(
                        "leeward.oncall.W003",
                        f"Nobody is on call for the portal {portal.slug} at some hours of the next fourteen days.",
                        "Let somebody take them on the desk, under On call, Rota.",
                    )
                if portal.takes_reports and not _is_tested(ready.tested_at):
                    yield Finding(
                        "leeward.oncall.W004",
                        f"No test page for the portal {portal.slug} was acknowledged in the last five weeks.",
                        "Send one on the desk, under On call: whoever gets it presses the button behind its link.",
                    )
    for alarm in alarms():
        yield Finding(
            f"leeward.oncall.{PAGING[alarm.code]}",
            str(ALARMS[alarm.code]) % {"portal": alarm.portal_name},
            "See On call on the desk, and whether the mail server accepts mail.",
        )


def _helplines(portal: PortalRow) -> Iterator[Finding]:
    shown = [row for row in shown_helplines(portal.id) if row.whom == CHILD]
    if not shown:
        sentence = f"The portal {portal.slug} has no confirmed helpline for children."
        yield Finding("leeward.people.W005", sentence, "Call one, then confirm it on the desk: Portals, Numbers.")
    if any(row.is_due for row in shown):
        sentence = f"A helpline of the portal {portal.slug} was not confirmed for a year."
        yield Finding("leeward.people.W010", sentence, "Call it, then confirm it on the desk: Portals, Numbers.")


def _is_tested(tested_at: datetime | None) -> bool:
    """Whether somebody proved lately that a page reaches them; in a demonstration nobody has to."""
    return settings.LEEWARD.demonstration or (tested_at is not None and datetime.now(UTC) - tested_at < HEARD_FOR)


def _appeals(hotline: HotlineRow) -> Iterator[Finding]:
    if not may_find_somebody(staff_of(hotline.id)):
        sentence = f"{hotline.name} may have nobody uninvolved for an appeal against a block."
        hint = "Invite a third person: a supervisor, or an administrator who does no other work."
        yield Finding("leeward.people.W008", sentence, hint)


def _tests() -> Iterator[Finding]:
    if config_now().smtp_host and not settings.LEEWARD.demonstration and not works("mail"):
        yield Finding(
            "leeward.site.W012",
            "The mail server has not accepted a test message with its current settings.",
            "Send one on the desk: Administration, Installation, Outgoing mail.",
        )


def _work() -> Iterator[Finding]:
    for alarm in current_alarms(datetime.now(UTC)):
        if alarm.code in ILL:
            hint = f"{alarm.hint or 'See what leeward serve says.'} {MORE.get(alarm.code, '')}".strip()
            yield Finding(f"leeward.{ILL[alarm.code]}", alarm.text, hint)


def _log() -> Iterator[Finding]:
    yield from (Finding(*one) for one in of_log(settings.LEEWARD))
    names = {hotline.id: hotline.name for hotline in hotlines()}
    for chain in chains():
        yield from (Finding(*one) for one in of_lost(chain, names.get(chain, f"hotline {chain}")))


def _indexes() -> Iterator[Finding]:
    for hotline in hotlines():
        if (found := closed(hotline.id)) is not None:
            yield Finding("leeward.hashbank.E004", found.text, str(found.hint))
        elif field := check_file(hotline.id):
            sentence = f"The index of known images of {hotline.name} is damaged: {field} is not as it was written."
            hint = f"Run leeward bank rebuild --hotline {hotline.slug}, and have the disk examined."
            yield Finding("leeward.hashbank.E002", sentence, hint)


def _sources() -> Iterator[Finding]:
    yield from (Finding(*one) for one in of_sources())
