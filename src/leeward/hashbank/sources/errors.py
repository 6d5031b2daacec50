"""Errors of sources."""

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _


class PullStopped(LeewardError):
    """A source gave no usable answer. What arrived before is kept, and the next pull continues there.

    `why` is shown on the desk; `wait_seconds` is how long the source asks us to wait.
    """

    code = "pull_stopped"
    sentence = _("The source {name} could not be read on: {why}.")
    hint = _("Nothing of that answer was taken; the next pull goes on from the same place.")
    status = 502

    def __init__(self, why: object, *, name: str = "", wait_seconds: int = 0) -> None:
        self.why, self.wait_seconds = why, wait_seconds
        super().__init__(name=name, why=why)


class WithdrawsTooMuch(PullStopped):
    """A pull would withdraw most of what the source says here; it goes on once a person has confirmed that."""

    def __init__(self, withdraws: int, says: int) -> None:
        self.withdraws, self.says = withdraws, says
        super().__init__(
            _(
                "it would withdraw {withdraws} of the {says} entries it has here; a person has to confirm that on the page of sources",
                withdraws=withdraws,
                says=says,
            )
        )


class SourceIsOff(LeewardError):
    """The source may not be asked now."""

    code = "source_is_off"
    sentence = _("The source {name} is not asked: {why}.")
    hint = _("See the page of sources: an agreement, recorded by one person and confirmed by another, turns it on.")
    status = 409


class PullUnderWay(LeewardError):
    """Another pull of the same source has advanced it meanwhile."""

    code = "pull_under_way"
    sentence = _("Another pull of {name} is under way.")
    hint = _("Wait for it; nothing was counted twice.")
    status = 409


class FeedbackNotSeen(LeewardError):
    """Nobody has reviewed what would be sent."""

    code = "feedback_not_seen"
    sentence = _("Nothing was sent: nobody has looked yet at what would be sent to {name}.")
    hint = _("Look at it first: on the page of sources, or by leeward bank sources feedback {name}")
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Look at it first: on the page of sources, or by leeward bank sources feedback %(name)s", name=name),
            name=name,
        )
