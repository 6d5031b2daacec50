"""Every write of providers."""

from leeward.providers.services.deciding import REMIND, hold, say_destroyed, suspect, take_line
from leeward.providers.services.designating import designate, end_designation
from leeward.providers.services.opening import open_some
from leeward.providers.services.registering import (
    Asking,
    add_person,
    change_page,
    decide,
    end_person,
    give_key,
    persons_of,
    register,
    stop_key,
)
from leeward.providers.services.reminding import remind, sign_log
from leeward.providers.services.taking_in import (
    MOST_BYTES,
    MOST_LINES,
    OPEN,
    OPEN_URGENT,
    SIGN,
    Door,
    LineAnswer,
    Read,
    Taken,
    door_of_key,
    now_utc,
    read_lines,
    take_batch,
)

__all__ = [
    "MOST_BYTES",
    "MOST_LINES",
    "OPEN",
    "OPEN_URGENT",
    "REMIND",
    "SIGN",
    "Asking",
    "Door",
    "LineAnswer",
    "Read",
    "Taken",
    "add_person",
    "change_page",
    "decide",
    "designate",
    "door_of_key",
    "end_designation",
    "end_person",
    "give_key",
    "hold",
    "now_utc",
    "open_some",
    "persons_of",
    "read_lines",
    "register",
    "remind",
    "say_destroyed",
    "sign_log",
    "stop_key",
    "suspect",
    "take_batch",
    "take_line",
]
