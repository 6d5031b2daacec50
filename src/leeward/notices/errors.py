"""Errors about messages and answers."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class LinkUnknown(LeewardError):
    """A link that is not one of ours, or whose subject no longer exists."""

    code = "link_unknown"
    sentence = _("We don’t know this link.")
    hint = _("Open the link in our message again, all of it. Answering the message works as well.")
    status = 404


class TooManyTries(LeewardError):
    """Very many wrong links from one address."""

    code = "too_many_tries"
    sentence = _("Too many wrong links were opened from your network in a short time.")
    hint = _("Wait a minute, then open the link in our message again.")
    status = 429


class HoldNotPossible(LeewardError):
    """A hold that ends in the past or too late."""

    code = "hold_not_possible"
    sentence = _("Choose a day from today to {latest}.")
    hint = _("Before the hold ends you can release the notice at any time.")


class DayUnclear(LeewardError):
    """A day that somebody typed and that is none, or can be read as two."""

    code = "day_unclear"
    sentence = _("“{day}” is not clearly one day.")
    hint = _("Write the year, the month and the day, as in 2026-12-31, or the month as a word, as in 31 Dec 2026.")


class HoldEndsSooner(LeewardError):
    """A hold, entered for the police by one person in an urgent case, that would let the host be told earlier."""

    code = "hold_ends_sooner"
    sentence = _("This is urgent, and the host would be told earlier with this hold than without it.")
    hint = _(
        "Ask the police to enter it through their link. Or leave a note now and enter the release on that day: it counts "
        "once a second person has confirmed it."
    )


class NothingToHold(LeewardError):
    """There is nothing to hold or release, since no notice to a host will follow."""

    code = "nothing_to_hold"
    sentence = _("No notice to a host follows from this referral, so there is nothing to hold or release.")
    hint = _("You can still acknowledge it and leave a note.")
    status = 409


class NameActNotPossible(LeewardError):
    """Something stands in the way of an act about a name; `hindrance` is a code of `labels.HINDRANCES`."""

    code = "name_act_not_possible"
    sentence = _("This can’t be done now.")
    hint = _("The page of the name says what stands in the way.")
    status = 409
    hindrance = ""

    @classmethod
    def because(cls, hindrance: str) -> "NameActNotPossible":
        """Return the error with what stands in the way."""
        error = cls()
        error.hindrance = hindrance
        return error


class AnswerNeedsDetail(LeewardError):
    """This answer is incomplete without further details."""

    code = "answer_needs_detail"
    sentence = _("This answer needs a few words: where it moved to, or why you disagree.")
    hint = _("Fill in the line below the answer.")


class MessageNotStuck(LeewardError):
    """The message needs no decision."""

    code = "message_not_stuck"
    sentence = _("This message needs no decision: it was sent, or it is about to be.")
    hint = _("Reload the page to see the current state.")
    status = 409


class TriedSince(LeewardError):
    """A message was tried since somebody saw how it stands, so that what they decide is about something else."""

    code = "tried_since"
    sentence = _("This message is no longer as you saw it: it was tried again, or somebody has decided about it.")
    hint = _("Read how it stands before you decide.")
    status = 409


class PoliceNotInformed(LeewardError):
    """The message by which the police are told can't be given up."""

    code = "police_not_told"
    sentence = _("The police don’t have this yet, and nobody else is told before them.")
    hint = _("Send it again, or write down how they were told, on the page of referrals.")
    status = 409


class ProtectionNotInformed(LeewardError):
    """The message by which child protection is told can't be given up."""

    code = "protection_not_told"
    sentence = _("Child protection doesn’t have this yet.")
    hint = _("Send it again. If their address is wrong, correct it in the directory first.")
    status = 409


class ProtectionAnswered(LeewardError):
    """What came of a letter to child protection is recorded already."""

    code = "protection_answered"
    sentence = _("What came of it is recorded already.")
    hint = _("Reload the page to see the current state.")
    status = 409


class ArrivalTakesTwo(LeewardError):
    """One person alone can't say that the police have something urgent, or that child protection has anything."""

    code = "arrival_takes_two"
    sentence = _("One person alone can’t say that this message arrived.")
    hint = _(
        "Send it again: a second copy does no harm. For the police you can also write down how they were told, on the "
        "page of referrals, and a second person confirms it."
    )
    status = 409


class NothingToSettle(LeewardError):
    """The police already have the case, or nobody is to be told."""

    code = "nothing_to_settle"
    sentence = _("There is nothing to settle: the police have this already, or nobody is to be told any more.")
    hint = _("Reload the page to see the current state.")
    status = 409


class NothingToRedirect(LeewardError):
    """It is already settled who is in charge of the address, or the contact never said it was somebody else."""

    code = "nothing_to_redirect"
    sentence = _(
        "There is nothing to settle: somebody has, or the contact no longer says that somebody else is in charge."
    )
    hint = _("Reload the page to see the current state.")
    status = 409


class PoliceComeFirst(LeewardError):
    """Nobody else may be told now, and nothing would keep what was chosen until they may."""

    code = "police_come_first"
    sentence = _("The police come first: they must have it, and let others be told.")
    hint = _("Reload the page to see the current state.")
    status = 409


class TooManyAnswers(LeewardError):
    """Very many answers through one link, or from one address, within a minute."""

    code = "too_many_answers"
    sentence = _("Too many answers came in a short time. This one was not saved.")
    hint = _("Wait a minute, then send it again. What you wrote is still here.")
    status = 429


class HowNeedsWords(LeewardError):
    """Somebody says that the police were told, but not how."""

    code = "how_needs_words"
    sentence = _("Write how the police were told: whom you spoke to, when, and by what means.")
    hint = _("For example: by telephone to the duty officer at 14:20.")
    status = 422


class AddressNotMail(LeewardError):
    """The contact's address can't receive mail."""

    code = "address_not_mail"
    sentence = _("{address} is not an e-mail address that we can send to.")
    hint = _("Write it as name@host.example, in plain Latin letters.")


class ContactExists(LeewardError):
    """The same contact is already in the directory."""

    code = "contact_exists"
    sentence = _("{address} is already in the directory, with the same task and country.")
    hint = _("Search for it and change it there.")
    status = 409


class KeyUnusable(LeewardError):
    """The value isn't an OpenPGP certificate that can be used for encryption."""

    code = "key_unusable"
    sentence = _("This certificate can’t be used for encryption: {why}.")
    hint = _("Ask the contact for its public certificate (public key).")


class WebhookUnusable(LeewardError):
    """Notices can't be posted to this address, or the contact can't have a webhook in its current state."""

    code = "webhook_unusable"
    sentence = _("Notices can’t be posted there: {why}.")
    hint = _("It must be an https address of the contact’s own, for example https://abuse.host.example/notices.")


class ChannelUnusable(LeewardError):
    """The answers for a contact's channel aren't valid."""

    code = "channel_unusable"
    sentence = _("Notices can’t be sent this way: {why}.")
    hint = _("Correct what was typed.")


class WordingFaulty(LeewardError):
    """A text that couldn't be filled in, or would omit what its reader needs."""

    code = "wording_faulty"
    sentence = _("This text can’t be used: {why}.")
    hint = _("The placeholders that you can use are listed beside the text.")


class MailboxUnreadable(LeewardError):
    """The configured mailbox can't be read."""

    code = "mailbox_unreadable"
    sentence = _("The mailbox can’t be read: {why}.")
    hint = _("Check the mailbox for answers under Administration, or LEEWARD_MAILBOX.")


class NoProtectionContact(LeewardError):
    """No child-protection contact is recorded to whom a case could be passed on."""

    code = "no_protection_contact"
    status = 409
    sentence = _("No child-protection office is recorded for this country.")
    hint = _(
        "A supervisor or an administrator adds one under Contacts, with the task “Child protection” and the country."
    )


class OutcomeNeedsWords(LeewardError):
    """This outcome needs an explanation in words."""

    code = "outcome_needs_words"
    sentence = _("Describe what came of it.")
    hint = _("What staff enter, and “something else”, need a reason. Everything you typed is still there.")


class NoRoomForWords(LeewardError):
    """What was said about a letter fills the room there is."""

    code = "no_room_for_words"
    sentence = _("So much has been written about this letter that nothing more fits.")
    hint = _(
        "Nothing of what you sent was recorded. Write it in a mail that answers the letter, or send the answer without words."
    )


class NoRoomForAnswers(LeewardError):
    """So much was answered about an address in words that no more of them is kept."""

    code = "no_room_for_answers"
    sentence = _("So much has been answered about one of these addresses that nothing more fits.")
    hint = _(
        "Nothing of what you sent was recorded. Write it in a mail that answers the letter, or send the answer without words."
    )


class NothingToConfirm(LeewardError):
    """Nothing that staff entered for the police is waiting for a second person."""

    code = "nothing_to_confirm_for_police"
    sentence = _("Nothing that was entered by hand waits for a second person here.")
    hint = _("Somebody has confirmed it, or the police have answered themselves.")
    status = 409
