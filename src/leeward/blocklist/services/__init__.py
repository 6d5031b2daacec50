"""All writes on lists and entries."""

from leeward.blocklist.services.appealing import (
    decide_block_appeal,
    find_stranded,
    follow_block_appeals,
    move_block_appeals,
    open_block_appeals,
    suspend_meanwhile,
    withdraw_block_appeals,
)
from leeward.blocklist.services.checking import (
    follow_case,
    recheck_list,
    remove_at_location,
    remove_of_case,
    suspend_unreviewed,
)
from leeward.blocklist.services.deciding import (
    approve_entry,
    refuse_entry,
    resume_entry,
    review_entry,
    suspend_entry,
    withdraw_entry,
)
from leeward.blocklist.services.importing import ImportReport, import_list
from leeward.blocklist.services.lists import import_names, open_list, open_own_lists, record_agreement
from leeward.blocklist.services.proposing import propose_entry

__all__ = [
    "ImportReport",
    "approve_entry",
    "decide_block_appeal",
    "find_stranded",
    "follow_block_appeals",
    "follow_case",
    "import_list",
    "import_names",
    "move_block_appeals",
    "open_block_appeals",
    "open_list",
    "open_own_lists",
    "propose_entry",
    "recheck_list",
    "record_agreement",
    "refuse_entry",
    "remove_at_location",
    "remove_of_case",
    "resume_entry",
    "review_entry",
    "suspend_entry",
    "suspend_meanwhile",
    "suspend_unreviewed",
    "withdraw_block_appeals",
    "withdraw_entry",
]
