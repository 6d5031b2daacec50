"""Writes the head of a hotline's log to its auditors each week: outside of Leeward, nobody here can change it."""

from datetime import datetime

from django_scopes import scope

from leeward.notices.services.staff import tell_staff
from leeward.notices.staff import LOG_HEAD
from leeward.notices.writing.log_head import head_of
from leeward.people.queries import hotlines

AUDITORS = ("auditor",)


def send_log_heads(now: datetime) -> int:
    """Write to the auditors of each hotline, once a week, as soon as there is a signed head; return how many letters."""
    year, week, _day = now.isocalendar()
    key = f"log-head:{year}-{week}"
    letters = 0
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            if head_of(hotline.id):
                letters += tell_staff(hotline.id, what=LOG_HEAD, key=key, path="/proof", roles=AUDITORS)
    return letters
