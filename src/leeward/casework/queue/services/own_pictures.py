"""What a report of a person's own picture brings into the list of such fingerprints, and takes out again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from leeward.hashbank import services as hashbank_services
from leeward.hashbank.rules.kinds import Hash, read_hash
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.intake.rules.own_picture import KEPT, OWN, FileRead, read_lines
from leeward.intake.rules.standing import ACTED, CLOSED
from leeward.jobs.errors import RetryLater

LISTED, OVER = "listed", "over"
WAIT_FOR_ROOM = timedelta(hours=1)


def keep_fingerprints(report_id: int) -> None:
    """Put the fingerprints that a report brought into the list, and say so on its receipt. Idempotent; later, where the
    list has taken in as much as it does in a day.
    """
    report = intake_queries.report(report_id)
    if report.withdrawn_at is not None or not report.fingerprints:
        return
    files = [_hashes(one) for one in read_lines(report.fingerprints) or []]
    now = datetime.now(UTC)
    kept = hashbank_services.keep_own_pictures(report_id, files, now=now, until=report.received_at + KEPT)
    if kept is None:
        raise RetryLater(WAIT_FOR_ROOM)
    intake_services.fingerprints_listed(report_id)
    if intake_queries.report(report_id).withdrawn_at is not None:  # meanwhile
        hashbank_services.forget_own_pictures(report_id)
        return
    _tell(report_id, ACTED, LISTED)


def forget_fingerprints(report_id: int) -> None:
    """Take out of the list whatever a withdrawn report brought. Idempotent."""
    hashbank_services.forget_own_pictures(report_id)


def take_out(report_ids: Iterable[int]) -> None:
    """Take out of the list what these reports brought, since a person closed the case as out of scope; their receipts
    say so. Idempotent.
    """
    for report_id in report_ids:
        hashbank_services.forget_own_pictures(report_id)
        intake_services.fingerprints_listed(report_id)
        _tell(report_id, CLOSED, "out_of_scope")


def forget_old(now: datetime) -> None:
    """Take out what has been kept for as long as was promised, and say so on the receipts."""
    for report_id in hashbank_services.reports_over(now):
        hashbank_services.forget_own_pictures(report_id)
        _tell(report_id, CLOSED, OVER)


def _hashes(file: FileRead) -> list[Hash]:
    return [
        read_hash(one.kind, one.digits, quality=one.quality, second=None if one.second is None else float(one.second))
        for one in file.fingerprints
    ]


def _tell(report_id: int, state: str, reason: str) -> None:
    for item in intake_queries.items_of(report_id):
        if item.kind == OWN:
            intake_services.tell_reporter(item.id, state=state, reason=reason)
