"""What can stand in the way of asking a source."""

from leeward.foundation.errors import LeewardError
from leeward.foundation.said import LazyText as _


class PullStopped(LeewardError):
    """A source gave no answer that can be used; what came before it stays, and the next pull goes on there.

    `why` is kept for the desk; `wait_seconds` is how long the other side asks to be left alone.
    """

    code = "pull_stopped"
    sentence = _("The source {name} could not be read on: {why}.")
    hint = _("Nothing of that answer was taken; the next pull goes on from the same place.")
    status = 502

    def __init__(self, why: object, *, name: str = "", wait_seconds: int = 0) -> None:
        self.why, self.wait_seconds = why, wait_seconds
        super().__init__(name=name, why=why)


class SourceIsOff(LeewardError):
    """The source may not be asked now."""

    code = "source_is_off"
    sentence = _("The source {name} is not asked: {why}.")
    hint = _("See the page of sources: an agreement, recorded by one person and confirmed by another, turns it on.")
    status = 409


class PullUnderWay(LeewardError):
    """Another pull of the same source has gone on meanwhile."""

    code = "pull_under_way"
    sentence = _("Another pull of {name} is under way.")
    hint = _("Wait for it; nothing was counted twice.")
    status = 409


class FeedbackNotSeen(LeewardError):
    """Nobody has looked at what would be sent."""

    code = "feedback_not_seen"
    sentence = _("Nothing was sent: nobody has looked yet at what would be sent to {name}.")
    hint = _("Look at it first: leeward bank sources feedback {name}")
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(_("Look at it first: leeward bank sources feedback %(name)s", name=name), name=name)
