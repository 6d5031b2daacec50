"""Where the blocks of a case stand: on which list, since when, who carries them."""

from dataclasses import dataclass

from leeward.blocklist.publishing.queries.carriers import Carriage, Mark, carriage_of
from leeward.blocklist.queries import EntryRow, entries_of_case
from leeward.casework.models import Case


@dataclass(frozen=True, slots=True)
class Block:
    """One entry of a case; `carriage` is None for what never stood on a list."""

    row: EntryRow
    carriage: Carriage | None


def blocks_of(case: Case) -> list[Block]:
    """The entries that rest on a case, the newest first; three queries, one where there is none."""
    rows = entries_of_case(case.pk)
    marks = [Mark(row.id, row.list_id, row.state_at, row.state == "approved") for row in rows if row.approved_at]
    found = carriage_of(marks)
    return [Block(row, found.get(row.id)) for row in rows]
