"""What a hotline's log speaks of, and no table here has: rows that were lost, whoever lost them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from django.apps import apps

from leeward.audit.queries import Spoken, spoken_of

# Rows that nothing in Leeward deletes, by what subjects of the log call them.
_TABLES = {
    "report": "intake.Report",
    "appeal": "intake.OutsideAppeal",
    "case": "casework.Case",
    "notice_case": "notices.NoticeCase",
    "referral": "notices.Referral",
    "notice": "notices.Notice",
}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Lost:
    """The lost rows of one kind, as the log calls it, by their numbers; `since` and `until`: when the log first and last spoke of any."""

    kind: str
    numbers: tuple[int, ...]
    since: datetime
    until: datetime


def lost_of(hotline_id: int) -> list[Lost]:
    """Return what the log of a hotline speaks of and its tables lack, by kind. A query for each kind, and one for each 500 of it."""
    found = []
    for kind, label in _TABLES.items():
        gone = list(_gone(apps.get_model(label), hotline_id, kind))
        if gone:
            since, until = min(one.first_at for one in gone), max(one.last_at for one in gone)
            numbers = tuple(sorted(one.number for one in gone))
            found.append(Lost(kind, numbers, since.astimezone(UTC), until.astimezone(UTC)))
    return found


def _gone(model: Any, hotline_id: int, kind: str) -> Iterator[Spoken]:
    for some in batched(spoken_of(hotline_id, kind), _AT_ONCE):
        asked = [one.number for one in some]
        here = set(model._base_manager.filter(hotline=hotline_id, pk__in=asked).values_list("pk", flat=True))
        yield from (one for one in some if one.number not in here)
