"""All writes of publishing."""

from leeward.blocklist.publishing.services.fetches import note_fetch, note_poll
from leeward.blocklist.publishing.services.publication import (
    LOOK_AND_PUBLISH,
    PUBLISH,
    SIZES,
    Outcome,
    publish,
    publish_soon,
    sweep,
)
from leeward.blocklist.publishing.services.rollback import resume, roll_back
from leeward.blocklist.publishing.services.settings import change_settings
from leeward.blocklist.publishing.services.subscribers import (
    Contract,
    add_subscriber,
    change_subscriber,
    end_subscriber,
    new_key,
)
from leeward.blocklist.publishing.services.watching import (
    answer_test,
    ask_tests,
    record_evidence,
    watch_lists,
    watch_subscribers,
)

__all__ = [
    "LOOK_AND_PUBLISH",
    "PUBLISH",
    "SIZES",
    "Contract",
    "Outcome",
    "add_subscriber",
    "answer_test",
    "ask_tests",
    "change_settings",
    "change_subscriber",
    "end_subscriber",
    "new_key",
    "note_fetch",
    "note_poll",
    "publish",
    "publish_soon",
    "record_evidence",
    "resume",
    "roll_back",
    "sweep",
    "watch_lists",
    "watch_subscribers",
]
