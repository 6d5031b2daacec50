"""Why a case is closed: ICCAM's reasons by number, which of them fit which outcome, and what of it a reporter hears."""

from dataclasses import dataclass

OTHER = 1


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of ICCAM: its number, ICCAM's name, our words in English, and the outcomes that it fits."""

    number: int
    name: str
    label: str
    outcomes: tuple[str, ...]


_ALL = ("not_illegal", "not_found", "out_of_scope", "insufficient")
REASONS = {
    reason.number: reason
    for reason in (
        Reason(1, "Other", "Another reason, in words", _ALL),
        Reason(2, "ContentNotFound", "The page is there, the content is not", ("not_found",)),
        Reason(3, "ReferrerNotKnownOrIncorrect", "It opens only from a page that we don’t know", ("insufficient",)),
        Reason(4, "UnableToAccess", "We can’t reach it", ("insufficient",)),
        Reason(5, "PasswordProtected", "It needs a password that we don’t have", ("insufficient",)),
        Reason(6, "AccountDisabled", "The account was closed", ("not_found",)),
        Reason(7, "LegallyUnableToAccess", "The law doesn’t let us open it", ("insufficient", "out_of_scope")),
        Reason(8, "LinkExpired", "The link has expired", ("not_found",)),
        Reason(9, "Error404NotFoundOrSiteDown", "The page or the whole site is gone", ("not_found",)),
        Reason(10, "Error503OrContentTemporarilyUnavailable", "It is not available for now", ("not_found",)),
        Reason(11, "PremiumAccountNecessary", "It needs a paid account", ("insufficient",)),
        Reason(12, "MissingPartsToOpenFile", "Parts of the file are missing", ("insufficient",)),
        Reason(13, "ContentRemovedBeforeAssessment", "It was removed before we looked", ("not_found",)),
        Reason(14, "AdultPornography", "Only adults are shown", ("not_illegal",)),
        Reason(15, "NudismOrNotSexualized", "Nudity that is not sexual", ("not_illegal",)),
        Reason(16, "DoesNotMeetThresholdForIllegality", "It stays below what the law forbids", ("not_illegal",)),
        Reason(17, "ImagesTooSmall", "The pictures are too small to judge", ("insufficient",)),
        Reason(18, "VirtualMaterial", "Drawn or made by computer, and not forbidden here", ("not_illegal",)),
        Reason(19, "LinkingOrLinklistsNotIllegal", "It only links elsewhere", ("not_illegal", "out_of_scope")),
        Reason(20, "AgeUnclearOrNotAssessable", "The age can’t be told", ("insufficient",)),
        Reason(21, "AgeOverNationalThreshold", "Older than the age that the law protects", ("not_illegal",)),
    )
}


def reasons_for(outcome: str) -> tuple[Reason, ...]:
    """The reasons that fit an outcome, the catch-all last."""
    fitting = [reason for reason in REASONS.values() if outcome in reason.outcomes and reason.number != OTHER]
    return (*fitting, REASONS[OTHER])


def fits(number: int, outcome: str) -> bool:
    """Whether the reason of this number fits the outcome."""
    return number in REASONS and outcome in REASONS[number].outcomes


def needs_words(number: int) -> bool:
    """Whether the reason says nothing by itself, so that words must stand beside it."""
    return number == OTHER
