"""After restoring from a backup, or putting a hotline back: no case gets a number that another may have had, and what was taken back
is forgotten again."""

import secrets
from datetime import datetime, timedelta

from leeward.backup.rules.jumps import CASES_DRAWN, next_case
from leeward.casework.models import CaseSequence
from leeward.intake.queries.listed import withdrawn_reports
from leeward.jobs.services import schedule

FORGET_AGAIN = "casework.forget_again"
_OFFSET = timedelta(hours=14)  # a number is of the year in the hotline's own calendar, which is no further from UTC


def skip_numbers(hotline_id: int, *, backup_at: datetime, now: datetime) -> None:
    """Let the case numbers of every year since the backup jump; in the hotline's scope and the caller's transaction."""
    for year in range((backup_at - _OFFSET).year, (now + _OFFSET).year + 1):
        row, _ = CaseSequence.objects.get_or_create(hotline_id=hotline_id, year=year)
        row.last = next_case(row.last, now - backup_at, secrets.randbelow(CASES_DRAWN))
        row.save(update_fields=["last"])


def forget_withdrawn_again(hotline_id: int) -> None:
    """Let the worker forget the words of all withdrawn reports wherever rows came back that have them; in the hotline's scope and the
    caller's transaction."""
    for number in withdrawn_reports():
        schedule(FORGET_AGAIN, subject_id=number, hotline_id=hotline_id)
