"""Errors about translations."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class TextIsUnknown(LeewardError):
    """No page has this text (any more)."""

    code = "text_is_unknown"
    status = 404
    sentence = _("This text is no longer in use.")
    hint = _("Open the list again: texts change with the version.")


class TranslationDoesNotFit(LeewardError):
    """A translation lost or added a placeholder, a tag or a special character."""

    code = "translation_does_not_fit"
    status = 422
    sentence = _("The translation must keep {kept}, and add no other.")
    hint = _("Copy them from the English text; their order is free.")


class TranslationIsEmpty(LeewardError):
    """The translation is empty."""

    code = "translation_is_empty"
    status = 422
    sentence = _("The translation is empty.")
    hint = _("Leave a text alone if you are not sure: it stays as it is.")


class LanguageIsUnknown(LeewardError):
    """There is no catalogue for this language."""

    code = "language_is_unknown"
    status = 404
    sentence = _("There is no catalogue of the language {language}.")
    hint = _("leeward language list names those that there are.")


class NotACatalogue(LeewardError):
    """The upload is not a PO file."""

    code = "not_a_catalogue"
    status = 422
    sentence = _("This is not a PO file in UTF-8: {why}.")
    hint = _("Download the file here, change it in any PO editor, and upload it again.")


class ProposalIsDecided(LeewardError):
    """The proposal was already accepted, refused or withdrawn."""

    code = "proposal_is_decided"
    status = 409
    sentence = _("This proposal has already been decided.")
    hint = _("Open the list again to see what waits.")


class NothingToAccept(LeewardError):
    """No text of a proposal can be accepted: each was changed since it was made, is no longer in use or no longer fits."""

    code = "nothing_to_accept"
    status = 409
    sentence = _("Nothing of this proposal can be accepted any more.")
    hint = _("Refuse it. Whoever still wants a change proposes it again, beside the text as it is now.")
