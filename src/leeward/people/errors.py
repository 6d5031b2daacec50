"""Errors about accounts and portals."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError
from leeward.people.labels import SECOND_PERSON
from leeward.people.rules.second_person import Why


class NameIsTaken(LeewardError):
    """A slug or e-mail address that is already in use, or a portal name that collides with one of our own paths."""

    code = "name_is_taken"
    sentence = _("{name} is already in use.")
    hint = _("Choose another.")


class UnknownRole(LeewardError):
    """A role that doesn't exist."""

    code = "unknown_role"
    sentence = _("{role} is not a role.")
    hint = _("Roles are administrator, supervisor, analyst, police_liaison and auditor.")


class UnknownLanguage(LeewardError):
    """Not a valid language tag."""

    code = "unknown_language"
    sentence = _("{language} is not a language tag.")
    hint = _("Tags look like en, fr or pt-br.")


class FieldIsWrong(LeewardError):
    """An invalid value for a field of a hotline, portal or account; `field` is the field's name in the code."""

    code = "field_is_wrong"
    sentence = _("{field}: {why}")
    hint = _("Correct it and send it again; nothing was changed.")


class PasswordIsWeak(LeewardError):
    """A password that is easy to guess."""

    code = "password_is_weak"
    sentence = _("This password is too easy to guess. {why}")
    hint = _("A few words that don’t belong together are best.")


class OwnAccount(LeewardError):
    """Something that administrators can't do to their own account, so that nobody locks themselves out."""

    code = "own_account"
    sentence = _("You can’t do this to your own account.")
    hint = _("Ask another administrator of your hotline.")
    status = 403


class PasswordGivenAlready(LeewardError):
    """A new first password within a day of the last one, by an administrator who can't be the second person to the one
    who gave it."""

    code = "password_given_already"
    sentence = _(
        "This account was given a first password within the last 24 hours. You can give it another one from {when}."
    )
    hint = _("Ask another administrator of your hotline.")
    status = 409


class LastOfRole(LeewardError):
    """The last supervisor or auditor of a hotline who can't also be the acting administrator."""

    code = "last_of_role"
    sentence = _("This is the only account with the role “{role}” that you don’t control: the hotline needs one.")
    hint = _(
        "Give another person this role first. An account that you made counts once another administrator has confirmed it."
    )
    status = 409


class NoAdministratorLeft(LeewardError):
    """The change would leave a hotline without an administrator."""

    code = "no_administrator_left"
    sentence = _("A hotline needs an administrator, and this is the last one.")
    hint = _("Give another account this role first.")
    status = 409


class InvitedAlready(LeewardError):
    """The person already has a pending invitation."""

    code = "invited_already"
    sentence = _("This person has already been invited.")
    hint = _("Send the invitation again, or withdraw it first.")
    status = 409


class InvitationIsOver(LeewardError):
    """A link that was used, has expired, was withdrawn or replaced by a newer one, or never existed."""

    code = "invitation_is_over"
    sentence = _("This invitation no longer works.")
    hint = _("It may be too old, used, or replaced by a newer one. Ask the administrator to send it again.")
    status = 404


class InviterMayNot(LeewardError):
    """An invitation by somebody whose account was closed since, or who may no longer invite."""

    code = "inviter_may_not"
    sentence = _("Whoever sent this invitation may no longer invite anybody here, so it makes no account.")
    hint = _("An administrator of the hotline can send another invitation.")
    status = 404


class AccountIsClosed(LeewardError):
    """The action needs an open account."""

    code = "account_is_closed"
    sentence = _("This account is closed.")
    hint = _("Reopen it first.")
    status = 409


class NeedsAnotherPerson(LeewardError):
    """Two people are needed, and this is the same person again."""

    code = "needs_another_person"
    sentence = _("This needs a second person: whoever asked, and whoever it is about, can’t approve it.")
    hint = _("Ask a colleague with the role of administrator or supervisor.")
    status = 403


class NotSecondPerson(LeewardError):
    """The person can't be the second person of an act that takes two; `why` is the reason that the rule gives."""

    code = "not_second_person"
    status = 403

    def __init__(self, why: Why, *, when: str = "") -> None:
        self.why = why
        self.sentence, hint = SECOND_PERSON[why]
        super().__init__(hint, when=when)


class SecondRoleTooSoon(LeewardError):
    """Somebody gives themselves a second role that two-person acts need within a day of the first."""

    code = "second_role_too_soon"
    sentence = _("You can give yourself one role a day that decides about cases. The next one from {when}.")
    hint = _("A second administrator can give you the role at once.")
    status = 409


class NoSuchReviewer(LeewardError):
    """Nobody at another hotline of this installation signs in with this address and has the role needed."""

    code = "no_such_reviewer"
    sentence = _("Nobody from another hotline here who could be the second person signs in with this address.")
    hint = _(
        "They must have held the role for it in their own hotline for at least a day. Ask them which "
        "address they sign in with."
    )
    status = 422


class ReviewerInvitedAlready(LeewardError):
    """Somebody is already invited to review this."""

    code = "reviewer_invited_already"
    sentence = _("Somebody is invited to this already.")
    hint = _("Withdraw that invitation first: one person at a time sees it.")
    status = 409


class EnteredSince(LeewardError):
    """What somebody answers, confirms or changes is no longer what they read."""

    code = "entered_since"
    sentence = _("Something else was entered since you opened this page.")
    hint = _("Read it again before you answer.")
    status = 409


class NothingToConfirm(LeewardError):
    """The account and its roles need no confirmation."""

    code = "nothing_to_confirm"
    sentence = _("Nothing about this account needs confirmation.")
    hint = _("It counts as a second person wherever its roles allow it.")
    status = 409


class NotYetTheirOwn(LeewardError):
    """The account is still in the hands of whoever knows its first password, so nobody can vouch for its owner yet."""

    code = "not_yet_their_own"
    sentence = _(
        "Nobody can confirm this account yet: {name} must first sign in, choose a password and set up a second factor."
    )
    hint = _("Ask them to do so; then check with them that it was really them, and confirm the account.")
    status = 409


class ChangeWaits(LeewardError):
    """Another person's change of the same thing is still waiting for a second person."""

    code = "change_waits"
    sentence = _("Somebody else has asked to change the same: change {number} is waiting for a second person.")
    hint = _("Confirm or refuse it first: it is listed under On call.")
    status = 409


class TrialLetterNeeded(LeewardError):
    """A change of the mail server can only be confirmed by somebody who received a test letter through the new server."""

    code = "trial_letter_needed"
    sentence = _("This is confirmed from the link in the trial letter that went to you through the new server.")
    hint = _("If the letter does not arrive, the new server does not deliver: refuse the change.")
    status = 409


class ChangeIsSettled(LeewardError):
    """A change that takes two people and was already confirmed, refused or replaced by a newer one."""

    code = "change_is_settled"
    sentence = _("This change has already been confirmed or refused, or a newer one has replaced it.")
    hint = _("The page of the change shows what became of it.")
    status = 409


class NothingToSettle(LeewardError):
    """The request was already settled."""

    code = "nothing_to_settle"
    sentence = _("This request has already been settled.")
    hint = _("The list of accounts shows the current state.")
    status = 409


class LastSecondFactor(LeewardError):
    """The only second factor of an account can't be removed while one is compulsory."""

    code = "last_second_factor"
    sentence = _("This is your only second factor, and you need one to work here.")
    hint = _("Add another one first, then remove this one.")
    status = 409


class SecondFactorUnreadable(LeewardError):
    """A stored secret was sealed with the secret of another installation."""

    code = "second_factor_unreadable"
    sentence = _("Your second factor can’t be checked: it was kept under another secret of this installation.")
    hint = _("Ask your administrator: two people have to remove it, then you set up a new one.")
    status = 500


class PortalIsRecord(LeewardError):
    """A portal that was handed over to another hotline: what is here is the record of the time before."""

    code = "portal_is_record"
    sentence = _("This portal was handed over to another hotline.")
    hint = _("What is here is the record of the time before; it can’t be changed or opened.")
    status = 409
