"""After rows of a hotline were put back from a file: what was taken back since the file was written stays taken back, as its log says."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from leeward.audit.queries import log_of_each
from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage, ReviewRequest
from leeward.intake.services.appealing import erase_appeal
from leeward.intake.services.following import erase_words

_WITHDRAWN, _HANDED_OVER, _APPEAL_WITHDRAWN = "report.withdrawn", "report.handed_over", "appeal.withdrawn"
_OF_REPORTS, _OF_APPEALS = (_WITHDRAWN, _HANDED_OVER), (_APPEAL_WITHDRAWN,)
_PARTS = (Item, ReporterMessage, ReviewRequest)
_AT_ONCE = 500


def without_receipts(hotline_id: int, rows: Sequence[Any]) -> None:
    """Take what opens them off rows that are about to be put back and that the log says were taken back: where a report went, its receipt
    is another report's now. Rows of other tables stay as they are."""
    for what, model, events in (("report", Report, _OF_REPORTS), ("appeal", OutsideAppeal, _OF_APPEALS)):
        numbered = {row.pk: row for row in rows if isinstance(row, model)}
        for number, (event, _at) in (_in_log(hotline_id, what, numbered, events) if numbered else {}).items():
            numbered[number].receipt_hash = None
            if event == _HANDED_OVER:
                numbered[number].once_digest = None


def withdraw_again(hotline_id: int, put_back: Mapping[str, Collection[int]]) -> int:
    """Erase again what came back of the words of reports and appeals that were withdrawn, or of reports that went to another hotline:
    `put_back` has the numbers of the rows that came back, by table. In the hotline's scope and the caller's transaction, once its log is
    whole. Return how many reports and appeals that is."""
    count = 0
    for numbers in batched(sorted(set(_reports_in(put_back))), _AT_ONCE):
        gone = _in_log(hotline_id, "report", numbers, _OF_REPORTS)
        for report in Report.objects.filter(pk__in=numbers).order_by("pk"):
            event, at = gone.get(report.pk, ("", report.withdrawn_at))
            if at is None:
                continue
            erase_words(report.pk, now=report.withdrawn_at or at)
            if event == _HANDED_OVER:
                Report.objects.filter(pk=report.pk).update(handed_over_at=at, once_digest=None)
            count += 1
    for numbers in batched(sorted(put_back[OutsideAppeal._meta.label]), _AT_ONCE):
        for number, (_event, at) in _in_log(hotline_id, "appeal", numbers, _OF_APPEALS).items():
            erase_appeal(number, hotline_id, now=at)
            count += 1
    return count


def _reports_in(put_back: Mapping[str, Collection[int]]) -> Iterator[int]:
    """Yield the numbers of the reports that came back, or of which something did."""
    yield from put_back[Report._meta.label]
    for model in _PARTS:
        for numbers in batched(sorted(put_back[model._meta.label]), _AT_ONCE):
            yield from model.objects.filter(pk__in=numbers).values_list("report_id", flat=True)


def _in_log(
    hotline_id: int, what: str, numbers: Collection[int], events: Collection[str]
) -> dict[int, tuple[str, datetime]]:
    """Return which of these the log says were taken back: by their number, the newest such event and when it was."""
    subjects = [f"{what}:{number}" for number in numbers]
    lines = log_of_each(hotline_id, subjects, events=events, about=len(subjects))
    return {
        int(line.subject.partition(":")[2]): (line.event, datetime.fromisoformat(line.at).astimezone(UTC))
        for line in reversed(lines)
    }
