"""Reading lists and entries. All in the hotline's scope."""

from leeward.blocklist.queries.lists import ListRow, block_list, block_lists, list_by_id
from leeward.blocklist.queries.live import LiveEntry, live_count, live_entries
from leeward.blocklist.queries.names import government_names, own_names, platforms, popular_names

__all__ = [
    "ListRow",
    "LiveEntry",
    "block_list",
    "block_lists",
    "government_names",
    "list_by_id",
    "live_count",
    "live_entries",
    "own_names",
    "platforms",
    "popular_names",
]
