"""Whether the words of reports can be read here."""

from collections.abc import Collection

from leeward.intake.models import Report, ReporterMessage
from leeward.sealing.keys import may_open


def words_are_locked(report_ids: Collection[int]) -> bool:
    """Return whether these reports have words that this process has no key to; no query where it has one."""
    if may_open():
        return False
    with_words = Report.objects.filter(pk__in=report_ids).exclude(text="", password="", referrer="")
    added = ReporterMessage.objects.filter(report_id__in=report_ids).exclude(text="")
    return bool(with_words.exists() or added.exists())
