"""After restoring from a backup: no case gets a number that another may have had."""

from datetime import datetime, timedelta

from leeward.backup.rules.jumps import next_case
from leeward.casework.models import CaseSequence


def skip_numbers(hotline_id: int, *, backup_at: datetime, now: datetime) -> None:
    """Let the case numbers of every year since the backup jump; in the hotline's scope and the caller's transaction."""
    for year in range(backup_at.year, now.year + 1):
        # A day more: the year of a number is that of the hotline's own calendar.
        between = now - backup_at + timedelta(days=1)
        row, _ = CaseSequence.objects.get_or_create(hotline_id=hotline_id, year=year)
        row.last = next_case(row.last, between)
        row.save(update_fields=["last"])
