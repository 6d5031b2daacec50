"""How quickly those who were told act, side by side; no row says something about a single notice. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

# Below this a row would tell a contact's single answers to whoever reads it.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """What one contact was told and answered, as it is stored: `removed` is what it says, `verified` what of it was seen to be so."""

    name: str
    kind: str
    due: int
    answered: int
    removed: int
    median_minutes: int | None
    verified: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the median of hours to an answer, the share removed that was seen to be so, and the share that the contact only says;
    None where too few to say."""

    name: str
    kind: str
    due: int
    answered_percent: int | None
    removed_percent: int | None
    unverified_percent: int | None
    median_hours: float | None


@dataclass(frozen=True, slots=True)
class League:
    """The rows, best first, and how many contacts are left out because they were told too little."""

    rows: tuple[Row, ...]
    left_out: int


def league(measured: Iterable[Measured], *, left_out: int = 0) -> League:
    """Return the league: by share that was seen to be removed, then by how quickly they answer, then by name. Contacts with fewer
    than `LEAST` notices are left out and only counted (`left_out` are those that were not even read); a share or a median that
    rests on fewer than `LEAST`, or leaves fewer than that, isn't said."""
    known = list(measured)
    rows = [_row(one) for one in known if one.due >= LEAST]
    rows.sort(
        key=lambda row: (
            -(row.removed_percent or 0),
            row.median_hours is None,
            row.median_hours or 0.0,
            row.name.lower(),
        )
    )
    return League(tuple(rows), left_out + len(known) - len(rows))


def _row(one: Measured) -> Row:
    return Row(
        name=one.name,
        kind=one.kind,
        due=one.due,
        answered_percent=_share(one.answered, one.due),
        removed_percent=_share(one.verified, one.due),
        unverified_percent=_share(max(one.removed - one.verified, 0), one.due),
        median_hours=round(one.median_minutes / 60, 1)
        if one.median_minutes is not None and one.answered >= LEAST
        else None,
    )


def _share(part: int, whole: int) -> int | None:
    """Return a share in percent, None where its part or the rest is 1 to `LEAST` - 1."""
    is_small = 0 < part < LEAST or 0 < whole - part < LEAST
    return None if is_small or not whole else round(100 * part / whole)
