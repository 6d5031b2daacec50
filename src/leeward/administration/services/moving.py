"""One hotline exported whole, imported whole into an installation that has none, and put back into the one that it came from."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django_scopes import scope

from leeward.administration.processing.record import is_about_nobody
from leeward.administration.services.restoring import take_up
from leeward.audit.queries import spoken_since, verdict
from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.audit.tree.checkpoints import begin_anew
from leeward.backup import services as backup_services
from leeward.backup.errors import HotlineNotMoved
from leeward.casework import services as casework_services
from leeward.foundation.actor import Actor
from leeward.hashbank import services as hashbank_services
from leeward.intake import services as intake_services
from leeward.jobs.registry import speaks
from leeward.notices import services as notices_services
from leeward.outputs import services as outputs_services
from leeward.people import services as people_services
from leeward.providers import services as providers_services
from leeward.sealing.age import recipients_of


@dataclass(frozen=True, slots=True)
class Imported:
    """A hotline that was taken in: how many rows, and of how many its log is."""

    slug: str
    rows: int
    log_rows: int


def export_hotline(file: Path, recipients: list[str], *, shares_secret: bool, actor: Actor, now: datetime) -> int:
    """Write everything of the actor's hotline into a file that only these keys open; return how many lines it has.

    The secret by which receipts open is the installation's: where other hotlines are, `shares_secret` must say that whoever runs
    the server gives it away. Raises HotlineNotMoved and KeyDoesNotOpen.
    """
    hotline_id, sealed_to = actor.hotline_id or 0, recipients_of(recipients)
    if not shares_secret and not backup_services.is_alone(hotline_id):
        raise HotlineNotMoved(
            "Say --share-secret if whoever will run the other installation may have it.",
            why="the secret that its receipts need is also that of the other hotlines here, and goes with the file",
        )
    with hotline_transaction(hotline_id):
        record("hotline.exported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", now=now)
        return backup_services.write_hotline(file, hotline_id, sealed_to, now)


def import_hotline(reader: backup_services.Reader, *, signed_by: str, actor: Actor, now: datetime) -> Imported:
    """Take in a hotline: its rows keep their numbers, its log goes on under this installation's key, and nothing goes out until
    somebody confirms it, as after restoring a backup. One transaction. Raises HotlineNotMoved."""
    opening = reader.opening
    with hotline_transaction(INSTALLATION):
        rows = backup_services.load_hotline(reader, signed_by=signed_by, now=now)
        with scope(hotline=opening.hotline_id), hotline_transaction():
            found = verdict(opening.hotline_id, is_begun=True)
            if found.fault is not None:
                raise HotlineNotMoved(why=f"row {found.fault.number} of its log {found.fault.what}")
            facts = {"log_key": opening.log_key, "rows": found.rows, "exported_at": opening.made_at}
            subject = f"hotline:{opening.hotline_id}"
            record("hotline.imported", actor=actor, hotline_id=opening.hotline_id, subject=subject, facts=facts)
            begin_anew(opening.hotline_id, actor=actor)
        take_up(now)
    return Imported(opening.slug, rows, found.rows)


@dataclass(frozen=True, slots=True)
class PutBack:
    """What was put back, or would be; `log_fault` is what is wrong with the hotline's log afterwards, "" if nothing is, and `held` how many
    messages and reports to receivers were left to a person. `withdrawn` says of how many reports and requests the words were erased
    again, since the log says that they were taken back. `closed` are the accounts that came back closed, since the log
    says that something of them changed after the file was written; `lost` is what the log speaks of and still no table has, `since` what it
    says was done after the file, by kind."""

    slug: str
    found: backup_services.Mended
    log_fault: str
    held: int
    withdrawn: int
    closed: list[int]
    lost: list[backup_services.Lost]
    since: dict[str, list[int]]


def put_back_hotline(
    reader: backup_services.Reader,
    *,
    only: Collection[str] = (),
    is_trial: bool,
    log_may_differ: bool = False,
    actor: Actor,
    now: datetime,
) -> PutBack:
    """Put back what is missing of a hotline, from a file that this installation signed, while others go on; with `is_trial` only say what
    would be. What is there stays. Messages that come back are left to a person, and notice cases go on only once `only` names
    jobs. One transaction. Raises HotlineNotMoved."""
    opening = reader.opening
    with hotline_transaction(INSTALLATION):
        before = verdict(opening.hotline_id, is_begun=False).fault
        with scope(hotline=opening.hotline_id), hotline_transaction():
            found = backup_services.mend_hotline(
                reader,
                only=only,
                speaks=_left_out(only),
                shows=is_about_nobody,
                readies=partial(_ready, opening.hotline_id),
                is_trial=is_trial,
            )
            if found.log_differs_at is not None and not log_may_differ and not is_trial:
                raise HotlineNotMoved(
                    "Find out why; --log-differs puts back what isn’t of the log.",
                    why=f"from row {found.log_differs_at} on its log is another here than in the file",
                )
            fault = verdict(opening.hotline_id, is_begun=True).fault
            if fault is not None and before is None:
                raise HotlineNotMoved(why=f"row {fault.number} of its log {fault.what}")
            held = _leave_unsure(found, now)
            letters, matters = found.numbers["notices.Referral"], found.numbers["notices.NoticeCase"]
            notices_services.hold_back(letters, matters, now)
            if _lets_go_on(only):
                notices_services.let_go_on(now)
            for number in found.numbers["intake.Report"]:
                intake_services.report_changed(number, opening.hotline_id)
            withdrawn = intake_services.withdraw_again(opening.hotline_id, found.numbers)
            closed = people_services.end_again(opening.hotline_id, found.numbers, since=found.newest_row)
            if found.rows:
                casework_services.forget_withdrawn_again(opening.hotline_id)
            for number in found.numbers["intake.OutsideAppeal"]:
                intake_services.appeal_changed(number, opening.hotline_id)
            if found.tables["casework.CaseSequence"].put_back:
                made_at = datetime.fromisoformat(opening.made_at)
                casework_services.skip_numbers(opening.hotline_id, backup_at=made_at, now=now)
            lost = backup_services.note_lost(opening.hotline_id)
            since = spoken_since(opening.hotline_id, found.newest_row)
            if fault is None:
                facts = {"exported_at": opening.made_at, "rows": found.rows, "log_differs_at": found.log_differs_at}
                subject = f"hotline:{opening.hotline_id}"
                record("hotline.put_back", actor=actor, hotline_id=opening.hotline_id, subject=subject, facts=facts)
        if is_trial:
            transaction.set_rollback(True)
    return PutBack(
        opening.slug, found, f"row {fault.number} {fault.what}" if fault else "", held, withdrawn, closed, lost, since
    )


def _ready(hotline_id: int, rows: Sequence[Any]) -> None:
    """Let what is about to come back be as the log says that it became: without a receipt, or as another hotline's."""
    intake_services.without_receipts(hotline_id, rows)
    people_services.as_handed_over(hotline_id, rows)


def _leave_unsure(found: backup_services.Mended, now: datetime) -> int:
    """Leave to a person what would reach others of the rows that came back; return how many messages and reports to receivers."""
    held = notices_services.leave_unsure(now, among=found.numbers["notices.Message"])
    held += outputs_services.leave_unsure(among=found.numbers["outputs.Submission"])
    providers_services.leave_letters_unsure(now, among=found.numbers["providers.ProviderLine"])
    if any(found.tables[name].put_back for name in ("hashbank.LiveSource", "hashbank.SourceFeedback")):
        hashbank_services.hold_feedback()
    return held


def _left_out(only: Collection[str]) -> Callable[[str], bool]:
    """Return what says whether jobs of a kind stay out: they reach others, or tell them of cases that they may have heard of since. So do
    those by which notice cases go on, unless jobs are asked for by name: the file knows nothing of what the police and hosts answered
    since. Those that deliver come along: of messages that come back only what is for our own staff still waits."""
    stays = {*casework_services.PASSING_ON, *(() if _lets_go_on(only) else notices_services.GOES_ON)}
    return lambda kind: kind != notices_services.DELIVER and (kind in stays or speaks(kind))


def _lets_go_on(only: Collection[str]) -> bool:
    return bool({"jobs", "jobs.Job"} & set(only))
