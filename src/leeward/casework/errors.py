"""Errors of the desk."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.casework.acting.rules.at_risk import Fault
from leeward.casework.rules.transitions import Refusal
from leeward.foundation.errors import LeewardError

_WHY: dict[Refusal, str | Promise] = {
    Refusal.NO_SUCH_STEP: _("This can’t be done in the case’s current state"),
    Refusal.NEEDS_REASON: _("This step needs a reason"),
    Refusal.NEEDS_ANOTHER_PERSON: _("You had a part in this case, and this needs somebody who had none"),
    Refusal.NOT_A_POST_BOX: _("Your hotline assesses cases itself"),
    Refusal.REPORTS_REMAIN: _("There are still reports of this address"),
    Refusal.NEEDS_SECOND_ASSESSMENT: _("These facts need a second assessment by another person first"),
    Refusal.NEEDS_NO_SECOND_ASSESSMENT: _("These facts need no second assessment"),
    Refusal.OPINIONS_DIFFER: _("The two assessments of this case don’t agree"),
    Refusal.OPINIONS_AGREE: _("The two assessments of this case agree"),
    Refusal.NOT_IN_ADJUDICATION: _("This is decided by a supervisor only after two assessments that don’t agree"),
    Refusal.WAITS_FOR_OTHERS: _("A hold or a request for review is still open"),
    Refusal.IS_WATCHED: _("It is still being checked"),
    Refusal.WAS_NOT_ILLEGAL: _("This case was not decided as illegal"),
    Refusal.NOT_A_KNOWN_FILE: _("Nothing here is a known file whose record carries a decision"),
    Refusal.IS_MERGED: _("This case was merged into another; undo that first"),
    Refusal.NOT_MERGED: _("This case is not merged into another"),
    Refusal.SEEN_RECENTLY: _("This address was fetched only recently"),
    Refusal.POLICE_ARE_OWED: _("It stays open until the police confirm receipt and somebody records the outcome"),
    Refusal.POLICE_NOT_OWED: _("Nothing about it is open between us and the police"),
    Refusal.POLICE_NOT_SETTLED: _("The police have not confirmed receipt yet, or no outcome is recorded"),
    Refusal.POLICE_ONLY_AFTER: _("This portal tells the police about it only after an assessment"),
    Refusal.PROTECTION_IS_OWED: _("It stays open until the outcome from child protection is recorded, under Referrals"),
    Refusal.PASSED_ALREADY: _("It has been passed on to the police, and nothing urgent has come in since"),
    Refusal.NOT_URGENT: _("This case is not urgent"),
    Refusal.NOT_URGENT_TAKES_TWO: _("Somebody else called it urgent: two people say that it is not"),
    Refusal.URGENT_ALREADY: _("This case is urgent already"),
    Refusal.NOTHING_URGENT_SINCE: _("Nothing urgent has come in since it was passed on"),
}


def why_refused(refusal: Refusal) -> str:
    """Return why the table of transitions refuses a step, as a sentence."""
    return f"{_WHY[refusal]}."


class WrongTransition(LeewardError):
    """The table of transitions does not allow this step now; nothing was changed."""

    code = "wrong_transition"
    sentence = "{why}."
    hint = _("Open the case again: somebody may have moved it on in the meantime. Nothing was changed.")
    status = 409

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(why=_WHY[refusal])


_NOT_FOR_OFFICE: dict[Fault, str | Promise] = {
    "missing": _("write what is known of the child"),
    "long": _("it is too long"),
    "address": _("it holds an address of material, or another address on the Internet"),
    "hash": _("it holds a hash"),
    "reporter": _("it holds how a reporter can be reached"),
}


class WordsNotForOffice(LeewardError):
    """The words for a child-protection office hold what it must not get, or say nothing of the child."""

    code = "words_not_for_office"
    sentence = _("This can’t be sent to child protection: {why}.")
    hint = _("Change it. Everything you typed is still there.")

    def __init__(self, fault: Fault) -> None:
        super().__init__(why=_NOT_FOR_OFFICE[fault])


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
    """The queue has nothing for this person."""

    code = "nothing_to_take"
    sentence = _("Nothing that you could take is waiting.")
    hint = _("New reports come up here by themselves.")
    status = 409


class NotForAnOutsider(LeewardError):
    """It needs no second person now, so nobody from another hotline can be invited to it."""

    code = "not_for_an_outsider"
    sentence = _("No second person is needed now.")
    hint = _(
        "Somebody can be invited once a case waits for a second assessment, a request for review is open "
        "or a block is proposed."
    )
    status = 409


class SecondAssessmentNeedsOther(LeewardError):
    """The second assessment must be made by a different person than the first."""

    code = "needs_another_person"
    sentence = _("You had a part in this case, and this needs somebody who had none.")
    hint = _("Leave it to a colleague.")
    status = 403


class WrongReason(LeewardError):
    """The reason doesn't exist, doesn't fit the outcome, or needs a comment."""

    code = "wrong_reason"
    sentence = _("Choose a reason that fits, or choose “another reason” and describe it.")
    hint = _("Nothing was changed; your entries are still there.")


class NobodySawIt(WrongReason):
    """The reason says what a picture shows, but the person giving it was shown none."""

    code = "nobody_saw_it"
    sentence = _("This reason says what a picture shows, and no preview was shown to you.")
    hint = _(
        "Look at a preview on the case’s page first, or choose another reason. In an assessment you can also say where else "
        "you have seen it."
    )


class NobodySawOwnPicture(LeewardError):
    """Of a person's own picture there are only fingerprints: nobody here can say what it shows."""

    code = "nobody_saw_own_picture"
    sentence = _("This can’t be called illegal: there are only fingerprints of it, and nobody has seen it.")
    hint = _("Close the case as one of which we don’t know enough to judge. The fingerprints stay in the list.")


class FactsMissing(LeewardError):
    """The facts that support the decision are missing."""

    code = "facts_missing"
    sentence = _("To call this illegal, state at least the medium and the severity.")
    hint = _("Where you can’t tell, choose “Can’t tell” and somebody else will assess it too.")


class OutcomeNotAllowed(LeewardError):
    """The outcome is not allowed: an adjudication must end in a decision."""

    code = "outcome_not_allowed"
    sentence = _("Two people have already assessed it: this time a decision is needed.")
    hint = _("Choose illegal, or another outcome with its reason.")


class NothingNewNow(LeewardError):
    """Nothing new may be viewed now: because of the exposure budget, the hour, or the person's own choice."""

    code = "nothing_new_now"
    sentence = "{sentence}"
    hint = _(
        "Finish or give back what you hold. Facts can also be stated without a preview, and urgent cases can be read."
    )
    status = 403


class TooLateToUndo(LeewardError):
    """The time to undo an act is over, or something has happened since."""

    code = "too_late_to_undo"
    sentence = _("This can no longer be undone.")
    hint = _(
        "Its time is over, or something has happened to the case since. Open the case to see what can be done now."
    )
    status = 409


class KnownImageNotShown(LeewardError):
    """People decided about this picture before, so it is not shown."""

    code = "known_image_not_shown"
    sentence = _("This is a known image: people have already decided about it, so nobody needs to see it.")
    hint = _("The facts are in its record. If the police or a review need to see it, choose that reason.")
    status = 403


class ShownBefore(LeewardError):
    """The same request to see a picture was sent twice."""

    code = "shown_before"
    sentence = _("This picture was shown once and is no longer here.")
    hint = _("If you need it again, ask again: that is a new preview, with its own reason, and it is counted.")
    status = 410


class RevealTooMuch(LeewardError):
    """The request asks for more of a picture, or a clearer one, than comes next."""

    code = "not_so_much_at_once"
    sentence = _("A picture is first shown blurred, one quarter of it.")
    hint = _("View that first; then ask for more of it, or for the same without the blur.")
    status = 409


class LimitOutOfRange(LeewardError):
    """The limit is outside the permitted range."""

    code = "limit_out_of_range"
    sentence = _("This limit is outside the allowed range: {field}.")
    hint = _("The range is beside the field.")


class LimitsClash(LeewardError):
    """The limits are valid individually, but not together."""

    code = "limits_clash"
    sentence = _("These limits contradict each other: {why}")
    hint = _("Change one of them.")


class WideningNeedsReason(LeewardError):
    """A limit that asks more of people than recommended needs a reason."""

    code = "widening_needs_reason"
    sentence = _("This is more than recommended, so it needs a reason.")
    hint = _("Write down why; it is shown in the log and beside the limits.")


class CaseIsBlind(LeewardError):
    """The reader has this case for a blind assessment, so its page is closed to them."""

    code = "case_is_blind"
    sentence = _("You have this case for a blind assessment, so its page is closed to you for now.")
    hint = _("Record your assessment under “Quality”; then you can read what others found.")
    status = 409


class AppealIsSettled(LeewardError):
    """The request for review has already been answered."""

    code = "appeal_is_settled"
    sentence = _("This request for review has already been answered.")
    hint = _("The case shows the answer.")
    status = 409


class NameIsTaken(LeewardError):
    """A shared view of this name belongs to somebody else."""

    code = "name_is_taken"
    sentence = _("Somebody else shares a view with this name.")
    hint = _("Choose another name.")
    status = 409


class NotWaiting(LeewardError):
    """The case does not wait for its first assessment, so it can't be assessed with others."""

    code = "not_waiting"
    sentence = _("This case doesn’t wait for a first assessment.")
    hint = _("Open it: a second assessment is made for one case at a time.")
    status = 409


class UrgentAlone(LeewardError):
    """The case is urgent, so it can't be assessed with others."""

    code = "urgent_alone"
    sentence = _("This case is urgent.")
    hint = _("Open it: an urgent case is handled separately.")
    status = 409


class CannotMerge(LeewardError):
    """The two cases can't be merged, or the report can't be split out."""

    code = "cant_be_joined"
    sentence = "{why}"
    hint = _("Nothing was changed.")
    status = 409


class NotForHotlines(LeewardError):
    """A case is not decided as illegal, or is with another hotline already."""

    code = "not_for_hotlines"
    sentence = _("This case can’t be reported to another hotline now.")
    hint = _("It must be decided as illegal, and no other hotline may have it already.")
    status = 409


class ReasonMissing(LeewardError):
    """Something leaves the desk, and nobody gave a reason."""

    code = "reason_missing"
    sentence = _("Say in a few words what it is for.")
    hint = _("The reason is stored with it, for supervisors and auditors to read.")


class NoPart(LeewardError):
    """Somebody who had no part in the case tried to reply to a request for review."""

    code = "no_part"
    sentence = _("Only people who had a part in the case can reply.")
    hint = _("The person who decides had no part, and reads what both sides say.")
    status = 403


class RepliedAlready(LeewardError):
    """The person has already replied."""

    code = "replied_already"
    sentence = _("You have already replied to this request.")
    hint = _("You can reply once; the person who decides reads it.")
    status = 409
