"""After restoring from a backup, or putting a hotline back: no case gets a number that another may have had, and what was taken back
is forgotten again."""

from datetime import datetime, timedelta

from leeward.backup.rules.jumps import next_case
from leeward.casework.models import CaseSequence
from leeward.intake.queries.listed import withdrawn_reports
from leeward.jobs.services import schedule

FORGET_AGAIN = "casework.forget_again"


def skip_numbers(hotline_id: int, *, backup_at: datetime, now: datetime) -> None:
    """Let the case numbers of every year since the backup jump; in the hotline's scope and the caller's transaction."""
    for year in range(backup_at.year, now.year + 1):
        # A day more: the year of a number is that of the hotline's own calendar.
        between = now - backup_at + timedelta(days=1)
        row, _ = CaseSequence.objects.get_or_create(hotline_id=hotline_id, year=year)
        row.last = next_case(row.last, between)
        row.save(update_fields=["last"])


def forget_withdrawn_again(hotline_id: int) -> None:
    """Let the worker forget the words of all withdrawn reports wherever rows came back that have them; in the hotline's scope and the
    caller's transaction."""
    for number in withdrawn_reports():
        schedule(FORGET_AGAIN, subject_id=number, hotline_id=hotline_id)
