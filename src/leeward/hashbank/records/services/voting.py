"""Cast votes and create sources. Everything is within a bank transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leeward.hashbank.models import Source, Vote
from leeward.hashbank.rules.standing import combined, moment_before
from leeward.hashbank.scene import hotline_here
from leeward.people.queries import hotline


def name_key(name: str) -> str:
    """Normalise case and spacing in a source's name."""
    return " ".join(name.split()).casefold()[:80]


def source_named(name: str) -> int:
    """Return the id of the source of this name, creating it if needed; for the hotline's own name, that of the hotline."""
    return our_source() if _is_own_name(name) else _kept(name).pk


def our_source() -> int:
    """Return the id of this hotline as a source. Its name is its own, even where a list mentioned it first."""
    row = Source.objects.filter(hotline_id=hotline_here(), is_ours=True).first()
    if row is None:
        row = _kept(hotline(hotline_here()).name)
        Source.objects.filter(pk=row.pk).update(is_ours=True, merged_into=None)
    return row.pk


def _kept(name: str) -> Source:
    shown = " ".join(name.split())[:80]
    values = {"name": shown, "first_at": datetime.now(UTC)}
    row, _is_new = Source.objects.get_or_create(hotline_id=hotline_here(), name_key=name_key(shown), defaults=values)
    return row


def _is_own_name(name: str) -> bool:
    return name_key(name) == name_key(hotline(hotline_here()).name)


def is_registered(name: str) -> bool:
    """Return whether one person alone may import what is added in this source's name."""
    rows = Source.objects.filter(hotline_id=hotline_here(), name_key=name_key(name))
    return rows.filter(registered_at__isnull=False).exists()


def register_source(name: str, *, by: str) -> None:
    """Register a source, creating it if needed: two people have vouched for it, or whoever runs the server."""
    row = Source.objects.filter(pk=source_named(name), registered_at__isnull=True)
    row.update(registered_at=datetime.now(UTC), registered_by=by)


def is_ours(name: str) -> bool:
    """Return whether a name belongs to this hotline: now, as a source, or as one that was merged into it."""
    if _is_own_name(name):
        return True
    row = (
        Source.objects.filter(hotline_id=hotline_here(), name_key=name_key(name)).select_related("merged_into").first()
    )
    return row is not None and (row.merged_into or row).is_ours


def cast_vote(
    record_id: int,
    *,
    source_id: int,
    via_id: int,
    verdict: str,
    at: datetime,
    label: str = "",
    facts: Mapping[str, Any] | None = None,
    case_id: int = 0,
    person: int | None = None,
) -> None:
    """Record a source's vote on a record, and the account that casts it (`person`). A vote later than `at` is kept."""
    row = Vote.objects.filter(record_id=record_id, source_id=source_id, via_id=via_id).first()
    values: dict[str, Any] = {
        "label": label[:40],
        "case_id": case_id,
        "brought_by": 0,
        "person": person,
        "withdrawn_at": None,
    }
    if facts:
        values["facts"] = dict(facts)
    if row is None:
        values |= {"verdict": verdict, "at": at}
        Vote.objects.create(
            hotline_id=hotline_here(), record_id=record_id, source_id=source_id, via_id=via_id, **values
        )
        return
    now = datetime.now(UTC)
    moment, word = combined((moment_before(row.at, now).timestamp(), row.verdict), (at.timestamp(), verdict))
    if moment > at.timestamp() or (row.withdrawn_at is not None and moment_before(row.withdrawn_at, now) > at):
        return
    Vote.objects.filter(pk=row.pk).update(verdict=word, at=at, **values)
