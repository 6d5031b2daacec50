"""What can stand in the way at the desk."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.casework.rules.transitions import Refusal
from leeward.foundation.errors import LeewardError

_WHY: dict[Refusal, str | Promise] = {
    Refusal.NO_SUCH_STEP: _("A case in this state knows no such step"),
    Refusal.NEEDS_REASON: _("This step needs a reason"),
    Refusal.NEEDS_ANOTHER_PERSON: _("You had a part in this case, and this takes somebody who had none"),
    Refusal.NOT_A_POST_BOX: _("Your hotline assesses cases itself"),
    Refusal.REPORTS_REMAIN: _("There are still reports of this address"),
    Refusal.NEEDS_SECOND_ASSESSMENT: _("These facts need a second assessment by another person first"),
    Refusal.NEEDS_NO_SECOND_ASSESSMENT: _("These facts need no second assessment"),
    Refusal.OPINIONS_DIFFER: _("The two assessments of this case don’t agree"),
    Refusal.OPINIONS_AGREE: _("The two assessments of this case agree"),
    Refusal.NOT_IN_ADJUDICATION: _("This is decided by a supervisor only after two assessments that don’t agree"),
    Refusal.WAITS_FOR_OTHERS: _("A hold or a request for review is still open"),
    Refusal.IS_WATCHED: _("We still look whether it is there"),
    Refusal.WAS_NOT_ILLEGAL: _("This case was not decided as illegal"),
    Refusal.NOT_A_KNOWN_FILE: _("Nothing here is a known file whose record carries a decision"),
    Refusal.IS_MERGED: _("This case was merged into another; undo that first"),
    Refusal.NOT_MERGED: _("This case is not merged into another"),
    Refusal.SEEN_RECENTLY: _("This address was looked at only recently"),
    Refusal.POLICE_ARE_OWED: _(
        "It stays open until the police confirm that they have it and somebody records what came of it"
    ),
    Refusal.POLICE_NOT_OWED: _("Nothing about it is open between us and the police"),
    Refusal.POLICE_NOT_SETTLED: _("The police have not confirmed it yet, or nothing is recorded of what came of it"),
    Refusal.POLICE_ONLY_AFTER: _("This portal tells the police of it only when it has been assessed"),
    Refusal.PASSED_ALREADY: _("It has been passed on to the police, and nothing urgent has come in since"),
    Refusal.NOT_URGENT: _("This case is not urgent"),
    Refusal.URGENT_ALREADY: _("This case is urgent already"),
    Refusal.NOTHING_URGENT_SINCE: _("Nothing urgent has come in since it was passed on"),
}


def why_refused(refusal: Refusal) -> str:
    """Why the table of transitions refuses a step, as a sentence."""
    return f"{_WHY[refusal]}."


class WrongTransition(LeewardError):
    """The table of transitions has no such step now; nothing was changed."""

    code = "wrong_transition"
    sentence = "{why}."
    hint = _("Look at the case again: somebody may have moved it on meanwhile. Nothing was changed.")
    status = 409

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(why=_WHY[refusal])


class CaseIsTaken(LeewardError):
    """Somebody else holds the case."""

    code = "case_is_taken"
    sentence = _("Somebody else holds this case now.")
    hint = _("Take the next one, or ask them to give it back.")
    status = 409


class CaseNotHeld(LeewardError):
    """The act needs a case that the actor holds."""

    code = "case_not_held"
    sentence = _("You don’t hold this case.")
    hint = _("Take it first; it may have gone back to the queue because nothing was done with it for a while.")
    status = 409


class NothingToTake(LeewardError):
    """The queue is empty for this person."""

    code = "nothing_to_take"
    sentence = _("Nothing is waiting that you could take.")
    hint = _("New reports come up here by themselves.")
    status = 409


class NotForAnOutsider(LeewardError):
    """Something that takes no second person now, so that nobody of another hotline is invited to it."""

    code = "not_for_an_outsider"
    sentence = _("This takes no second person now.")
    hint = _(
        "A case waits for a second assessment, a request for review is open, or a block is proposed: then somebody can be invited."
    )
    status = 409


class SecondAssessmentNeedsOther(LeewardError):
    """A second assessment by the person who made the first."""

    code = "needs_another_person"
    sentence = _("You had a part in this case, and this takes somebody who had none.")
    hint = _("Leave it to a colleague.")
    status = 403


class WrongReason(LeewardError):
    """A reason that there isn't, or that doesn't fit the outcome, or that says nothing without words."""

    code = "wrong_reason"
    sentence = _("Choose a reason that fits, and add words where you choose “another reason”.")
    hint = _("Nothing was changed; what you marked is still there.")


class FactsMissing(LeewardError):
    """A decision without the facts that carry it."""

    code = "facts_missing"
    sentence = _("To call this illegal, say at least what kind of medium it is and what it shows.")
    hint = _("Where you can’t tell, choose “Can’t tell” and somebody else will look too.")


class OutcomeNotAllowed(LeewardError):
    """In adjudication somebody has to decide."""

    code = "outcome_not_allowed"
    sentence = _("Two people have looked already: this time it takes a decision.")
    hint = _("Choose illegal, or another outcome with its reason.")


class NothingNewNow(LeewardError):
    """The exposure budget, the hour or the person themselves says that nothing new is looked at now."""

    code = "nothing_new_now"
    sentence = "{sentence}"
    hint = _(
        "Finish or give back what you hold. Facts can also be stated without a preview, and urgent cases can be read."
    )
    status = 403


class TooLateToUndo(LeewardError):
    """The time to undo an act is over, or something has happened since."""

    code = "too_late_to_undo"
    sentence = _("This can’t be undone any more.")
    hint = _("Its time is over, or something happened to the case since. Look at the case for what can be done now.")
    status = 409


class KnownImageNotShown(LeewardError):
    """A picture that people decided about before."""

    code = "known_image_not_shown"
    sentence = _("This is a known image: people decided about it before, so nobody needs to see it.")
    hint = _("Its facts stand in its record. Where the police or a review need it, choose that reason.")
    status = 403


class ShownBefore(LeewardError):
    """A wish to see a picture that was sent a second time."""

    code = "shown_before"
    sentence = _("This picture was shown once, and is gone from here.")
    hint = _("If you need it again, ask for it again: that is a new look, with its reason, and counted.")
    status = 410


class RevealTooMuch(LeewardError):
    """More of a picture, or a clearer one, than comes next."""

    code = "not_so_much_at_once"
    sentence = _("A picture is shown blurred first, and a quarter of it.")
    hint = _("Look at that; then ask for more of it, or for the same without the blur.")
    status = 409


class LimitOutOfRange(LeewardError):
    """A limit that nobody may set."""

    code = "limit_out_of_range"
    sentence = _("This limit is outside what is possible: {field}.")
    hint = _("Look at the range beside the field.")


class LimitsClash(LeewardError):
    """Limits that are possible each by itself, but not together."""

    code = "limits_clash"
    sentence = _("These limits do not go together: {why}")
    hint = _("Change one of them.")


class WideningNeedsReason(LeewardError):
    """A limit that asks more of people than is recommended, without a reason."""

    code = "widening_needs_reason"
    sentence = _("This asks more of people than is recommended, so it needs a reason.")
    hint = _("Write down why; it stands in the log and beside the limits.")


class CaseIsBlind(LeewardError):
    """The page of a case that its reader has for a blind look."""

    code = "case_is_blind"
    sentence = _("You have this case for a blind assessment, so its page is closed to you for now.")
    hint = _("Say what you see under “Quality”; then you can read what others found.")
    status = 409


class AppealIsSettled(LeewardError):
    """The request for review was answered before."""

    code = "appeal_is_settled"
    sentence = _("This request for review was answered before.")
    hint = _("Look at the case for the answer.")
    status = 409


class NameIsTaken(LeewardError):
    """A shared view of this name is somebody else's."""

    code = "name_is_taken"
    sentence = _("Somebody else shares a view of this name.")
    hint = _("Choose another name.")
    status = 409


class NotWaiting(LeewardError):
    """A case that is to be assessed with others doesn't wait for its first look."""

    code = "not_waiting"
    sentence = _("This case doesn’t wait for a first assessment.")
    hint = _("Open it: a second assessment is made for one case at a time.")
    status = 409


class CannotMerge(LeewardError):
    """Two cases that can't be merged, or a report that can't be split out."""

    code = "cant_be_joined"
    sentence = "{why}"
    hint = _("Nothing was changed.")
    status = 409


class ReasonMissing(LeewardError):
    """Something leaves the desk, and nobody said why."""

    code = "reason_missing"
    sentence = _("Say in a few words what it is for.")
    hint = _("The reason is kept beside it, for supervisors and auditors to read.")


class NoPart(LeewardError):
    """A reply to a request for review by somebody who had no part in the case."""

    code = "no_part"
    sentence = _("A reply is for those who had a part in the case.")
    hint = _("Whoever decides had none, and reads what both sides say.")
    status = 403


class RepliedAlready(LeewardError):
    """A second reply of the same person."""

    code = "replied_already"
    sentence = _("You have said something to this request already.")
    hint = _("One reply counts; whoever decides reads it.")
    status = 409
