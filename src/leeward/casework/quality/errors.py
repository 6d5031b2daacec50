"""What can stand in the way of quality's own acts."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class NothingToSample(LeewardError):
    """No drawn case waits that this person may look at."""

    code = "nothing_to_sample"
    sentence = _("No drawn case that you could assess is waiting.")
    hint = _("Cases are drawn automatically; you never get one that you had a part in.")
    status = 409


class SampleNotHeld(LeewardError):
    """The look at a drawn case that somebody else has, or that went back."""

    code = "sample_not_held"
    sentence = _("You no longer have this drawn case.")
    hint = _(
        "It went back because nothing was done with it for a while, or because its case was reopened. "
        "Take the next one."
    )
    status = 409


class RateOutOfRange(LeewardError):
    """A rate that is no part of a hundred."""

    code = "rate_out_of_range"
    sentence = _("A rate is a whole number from 0 to 100.")
    hint = _("Correct it; nothing was changed.")


class NoOpenRun(LeewardError):
    """An answer without a training run that waits for it."""

    code = "no_open_run"
    sentence = _("This pattern is not your next one.")
    hint = _("Go back to the training; it continues where you stopped.")
    status = 409


class AdjudicationIsOver(LeewardError):
    """A word in an adjudication that was settled, or whose case was opened again."""

    code = "adjudication_is_over"
    sentence = _("This adjudication is over.")
    hint = _("The case shows the outcome.")
    status = 409


class NotInAdjudication(LeewardError):
    """Somebody who is none of the two and has no say as a third."""

    code = "not_in_adjudication"
    sentence = _("This is for the two assessors, or for a supervisor who had no part in the case.")
    hint = _("Nothing was changed.")
    status = 403


class ProposalChanged(LeewardError):
    """A yes to a proposal that is no longer the one that was read."""

    code = "proposal_changed"
    sentence = _("There is a newer proposal than the one that you read.")
    hint = _("Read it, then give your answer.")
    status = 409


class NoReasons(LeewardError):
    """A proposal without reasons."""

    code = "no_reasons"
    sentence = _("Write down why: the reasons are kept with the decision.")
    hint = _("Nothing was changed; your entries are still there.")
