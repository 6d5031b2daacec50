"""Errors raised when something can't be listed."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from leeward.blocklist import labels
from leeward.foundation.errors import LeewardError
from leeward.laws.rules.basis import Lack


class CaseNotDecided(LeewardError):
    """A list entry must be based on a decided case."""

    code = "case_not_decided"
    sentence = _("This case is not decided as illegal.")
    hint = _("Assess it first; a block follows a decision.")
    status = 409


class RemovalNotTried(LeewardError):
    """Removal must be tried before blocking."""

    code = "removal_not_tried"
    sentence = _("Nobody has been asked to remove this yet.")
    hint = _("Act on the case first: a block only bridges the time until it is removed.")
    status = 409


class NoLegalBasis(LeewardError):
    """An entry needs a legal basis."""

    code = "no_legal_basis"
    sentence = _("There is no basis for a block: {why}.")
    status = 409

    def __init__(self, country: str, lacks: Iterable[Lack]) -> None:
        self.lacks = tuple(lacks)
        why = "; ".join(labels.lack_label(lack, country) for lack in self.lacks)
        super().__init__(hint=" ".join(dict.fromkeys(str(labels.MENDS[lack]) for lack in self.lacks)), why=why)


class NotListable(LeewardError):
    """The address can't be listed this way."""

    code = "not_listable"
    sentence = _("{address} can’t be listed: {why}.")
    hint = _("Choose a narrower scope, or another address.")


class CriteriaNotMet(LeewardError):
    """The case does not meet the criteria of this list."""

    code = "criteria_not_met"
    sentence = _("The case does not belong on this list: {why}.")
    hint = _("Correct the facts if they are wrong, or choose another list.")

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(why="; ".join(str(labels.CRITERIA[criterion]) for criterion in self.missing))


class ReasonMissing(LeewardError):
    """Blocking more than a single page requires a reason."""

    code = "reason_missing"
    sentence = _("Blocking more than one page needs a reason.")
    hint = _("Say why nothing narrower works.")


class AlreadyListed(LeewardError):
    """The same thing is already on the list, or waiting for approval."""

    code = "already_listed"
    sentence = _("The list already has this entry: number {entry}.")
    hint = _("Open that entry.")
    status = 409

    def __init__(self, entry: int) -> None:
        super().__init__(entry=entry)


class ListTakesNoEntries(LeewardError):
    """A partner's list contains what the partner says, and nothing else."""

    code = "list_takes_no_entries"
    sentence = _("{list} is not for our own entries.")
    hint = _("A partner’s list changes by import only; choose one of our own lists.")


class SecondPersonNeeded(LeewardError):
    """Each entry needs two people."""

    code = "second_person_needed"
    sentence = _("You proposed this entry; somebody else approves it.")
    hint = _("Ask another supervisor.")
    status = 403


class HadPart(LeewardError):
    """An appeal must be answered by somebody who was not involved."""

    code = "had_part"
    sentence = _("You had a part in this entry or its case.")
    hint = _("A supervisor who had no part in it answers this request.")
    status = 403


class SupervisorIsFree(LeewardError):
    """An administrator may stand in only if no supervisor can answer."""

    code = "supervisor_is_free"
    sentence = _("A supervisor who had no part in this can answer it.")
    hint = _("An administrator answers only if there is no such supervisor.")
    status = 403


class AppealRuns(LeewardError):
    """An entry suspended because of an appeal can only return by the answer to it."""

    code = "appeal_runs"
    sentence = _("A request to lift this entry has not been answered yet.")
    hint = _("It comes back if the answer is to keep the block.")
    status = 409


class WrongState(LeewardError):
    """Somebody else was faster, or the entry is no longer in this state."""

    code = "wrong_state"
    sentence = _("This can’t be done to an entry that is “{state}”.")
    hint = _("Look at the entry again; nothing was changed.")
    status = 409

    def __init__(self, state: str) -> None:
        super().__init__(state=str(labels.STATES[state]))


class AppealAnswered(LeewardError):
    """The appeal has already been answered."""

    code = "appeal_answered"
    sentence = _("This request is answered already.")
    hint = _("Nothing was changed.")
    status = 409


class OtherSource(LeewardError):
    """Lists from several sources must not be mixed by accident."""

    code = "other_source"
    sentence = _("The list {list} holds entries of {others}, and this file is of {source}.")
    hint = _("Import it into a list of its own, or say that they are to be mixed (--mix).")
    status = 409


class NothingReadable(LeewardError):
    """A file without a single readable line is not a list."""

    code = "nothing_readable"
    sentence = _("The file has no line that can be listed; {bad} can’t be read.")
    hint = _("Is it the right file? Nothing was changed.")


class ReviewDayIsWrong(LeewardError):
    """An entry must be reviewed within a year."""

    code = "review_day_is_wrong"
    sentence = _("The review must be on a day from tomorrow to one year from now.")
    hint = _("Choose another day.")
