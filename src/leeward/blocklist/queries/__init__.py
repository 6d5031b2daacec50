"""Read lists and entries. Everything is within the hotline's scope."""

from leeward.blocklist.queries.choosing import Way, ways_to_block
from leeward.blocklist.queries.entries import (
    Answer,
    EntryRow,
    appeal_reasons,
    appeal_states,
    check_addresses,
    entries_blocking,
    entries_listed,
    entries_of_case,
    entry_row,
    target_of,
)
from leeward.blocklist.queries.lists import ListRow, block_list, block_lists, list_by_id
from leeward.blocklist.queries.live import LiveEntry, live_count, live_entries
from leeward.blocklist.queries.names import (
    government_names,
    limits_of,
    name_lists,
    own_names,
    platforms,
    popular_names,
)
from leeward.blocklist.queries.register import (
    BlockAppealRow,
    block_appeal_rows,
    block_appeal_times,
    block_appeals,
    entry_times,
)
from leeward.blocklist.queries.resting import ListChoice, lists_to_choose

__all__ = [
    "Answer",
    "BlockAppealRow",
    "EntryRow",
    "ListChoice",
    "ListRow",
    "LiveEntry",
    "Way",
    "appeal_reasons",
    "appeal_states",
    "block_appeal_rows",
    "block_appeal_times",
    "block_appeals",
    "block_list",
    "block_lists",
    "check_addresses",
    "entries_blocking",
    "entries_listed",
    "entries_of_case",
    "entry_row",
    "entry_times",
    "government_names",
    "limits_of",
    "list_by_id",
    "lists_to_choose",
    "live_count",
    "live_entries",
    "name_lists",
    "own_names",
    "platforms",
    "popular_names",
    "target_of",
    "ways_to_block",
]
