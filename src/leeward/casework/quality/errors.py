"""Errors of the quality slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class NothingToSample(LeewardError):
    """No drawn case that this person may assess is waiting."""

    code = "nothing_to_sample"
    sentence = _("No drawn case that you could assess is waiting.")
    hint = _("Cases are drawn automatically; you never get one that you had a part in.")
    status = 409


class SampleNotHeld(LeewardError):
    """The drawn case is held by somebody else, or was given back."""

    code = "sample_not_held"
    sentence = _("You no longer have this drawn case.")
    hint = _(
        "It went back because nothing was done with it for a while, or because its case was reopened. "
        "Take the next one."
    )
    status = 409


class RateOutOfRange(LeewardError):
    """The rate is not a percentage."""

    code = "rate_out_of_range"
    sentence = _("A rate is a whole number from 0 to 100.")
    hint = _("Correct it; nothing was changed.")


class NoOpenRun(LeewardError):
    """There is no training run waiting for this answer."""

    code = "no_open_run"
    sentence = _("This pattern is not your next one.")
    hint = _("Go back to the training; it continues where you stopped.")
    status = 409


class AdjudicationIsOver(LeewardError):
    """The adjudication was settled, or its case was reopened."""

    code = "adjudication_is_over"
    sentence = _("This adjudication is over.")
    hint = _("The case shows the outcome.")
    status = 409


class NotInAdjudication(LeewardError):
    """The person is neither one of the two nor entitled to decide as a third."""

    code = "not_in_adjudication"
    sentence = _("This is for the two assessors, or for a supervisor who had no part in the case.")
    hint = _("Nothing was changed.")
    status = 403


class ProposalChanged(LeewardError):
    """The proposal is no longer the one that was read."""

    code = "proposal_changed"
    sentence = _("There is a newer proposal than the one that you read.")
    hint = _("Read it, then give your answer.")
    status = 409


class NoReasons(LeewardError):
    """The proposal has no reasons."""

    code = "no_reasons"
    sentence = _("Write down why: the reasons are kept with the decision.")
    hint = _("Nothing was changed; your entries are still there.")
