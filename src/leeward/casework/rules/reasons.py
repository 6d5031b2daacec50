"""Why a case is closed: ICCAM's reasons by number, which outcome each fits, and what a reporter hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass

OTHER = 1


@dataclass(frozen=True, slots=True)
class Reason:
    """One of ICCAM's reasons: its number, its name there, and the outcomes that it fits."""

    number: int
    name: str
    outcomes: tuple[str, ...]


_ALL = ("not_illegal", "not_found", "out_of_scope", "insufficient")
REASONS = {
    reason.number: reason
    for reason in (
        Reason(1, "Other", _ALL),
        Reason(2, "ContentNotFound", ("not_found",)),
        Reason(3, "ReferrerNotKnownOrIncorrect", ("insufficient",)),
        Reason(4, "UnableToAccess", ("insufficient",)),
        Reason(5, "PasswordProtected", ("insufficient",)),
        Reason(6, "AccountDisabled", ("not_found",)),
        Reason(7, "LegallyUnableToAccess", ("insufficient", "out_of_scope")),
        Reason(8, "LinkExpired", ("not_found",)),
        Reason(9, "Error404NotFoundOrSiteDown", ("not_found",)),
        Reason(10, "Error503OrContentTemporarilyUnavailable", ("not_found",)),
        Reason(11, "PremiumAccountNecessary", ("insufficient",)),
        Reason(12, "MissingPartsToOpenFile", ("insufficient",)),
        Reason(13, "ContentRemovedBeforeAssessment", ("not_found",)),
        Reason(14, "AdultPornography", ("not_illegal",)),
        Reason(15, "NudismOrNotSexualized", ("not_illegal",)),
        Reason(16, "DoesNotMeetThresholdForIllegality", ("not_illegal",)),
        Reason(17, "ImagesTooSmall", ("insufficient",)),
        Reason(18, "VirtualMaterial", ("not_illegal",)),
        Reason(19, "LinkingOrLinklistsNotIllegal", ("not_illegal", "out_of_scope")),
        Reason(20, "AgeUnclearOrNotAssessable", ("insufficient",)),
        Reason(21, "AgeOverNationalThreshold", ("not_illegal",)),
    )
}


def reasons_for(outcome: str) -> tuple[Reason, ...]:
    """Return the reasons that fit an outcome, the catch-all last."""
    fitting = [reason for reason in REASONS.values() if outcome in reason.outcomes and reason.number != OTHER]
    return (*fitting, REASONS[OTHER])


def fits(number: int, outcome: str) -> bool:
    """Return whether the reason of this number fits the outcome."""
    return number in REASONS and outcome in REASONS[number].outcomes


def denies_decision(number: int | None) -> bool:
    """Return whether a decided case that is closed with the reason of this number wasn't illegal after all."""
    return number is not None and number != OTHER and fits(number, "not_illegal")


# Reasons that only somebody who saw the picture can give.
_SAY_WHAT_IS_SHOWN = frozenset({14, 15, 17, 18, 21})


def describes_content(number: int) -> bool:
    """Return whether the reason of this number is about what a picture shows, so that somebody must have seen it."""
    return number in _SAY_WHAT_IS_SHOWN


def needs_comment(number: int) -> bool:
    """Return whether the reason means nothing without a comment."""
    return number == OTHER


GONE_STATUS = (404, 410)
_FETCHES_THAT_PROVE = 2


def proven_end(statuses: Sequence[int]) -> str:
    """Return the only ending that fetches can prove, as outcome and reason: that nothing is there, if the newest two
    fetches were both answered with "not found" or "gone" (`statuses`, newest first; 0: no answer). Empty if a person
    has to choose.
    """
    newest = statuses[:_FETCHES_THAT_PROVE]
    is_proven = len(newest) == _FETCHES_THAT_PROVE and all(status in GONE_STATUS for status in newest)
    return "not_found:9" if is_proven else ""
