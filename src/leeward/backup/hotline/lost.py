"""What a hotline's log speaks of, and no table here has: rows that were lost, whoever lost them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from django.apps import apps

from leeward.audit.queries import spoken_between, spoken_of

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
        numbers = tuple(sorted(_gone(apps.get_model(label), hotline_id, kind)))
        moments = [one for some in batched(numbers, _AT_ONCE) for one in _moments(hotline_id, kind, some)]
        if numbers:
            found.append(Lost(kind, numbers, min(moments).astimezone(UTC), max(moments).astimezone(UTC)))
    return found


def _gone(model: Any, hotline_id: int, kind: str) -> Iterator[int]:
    for some in batched(spoken_of(hotline_id, kind), _AT_ONCE):
        here = set(model._base_manager.filter(hotline=hotline_id, pk__in=some).values_list("pk", flat=True))
        yield from (number for number in some if number not in here)


def _moments(hotline_id: int, kind: str, numbers: Collection[int]) -> tuple[datetime, ...]:
    return spoken_between(hotline_id, [f"{kind}:{number}" for number in numbers]) or ()
