"""Errors of this slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class EntryUnusable(LeewardError):
    """An entry can't be kept as it was typed."""

    code = "entry_unusable"
    sentence = _("This can’t be an entry of the catalogue: {why}.")
    hint = _("Nothing was changed.")
    status = 422


class EntryExists(LeewardError):
    """The catalogue has an entry with this title and address."""

    code = "learning_entry_exists"
    sentence = _("The catalogue already has this title at this address.")
    hint = _("Change that entry instead.")
    status = 409


class CatalogueFull(LeewardError):
    """The catalogue would have more entries than it may."""

    code = "catalogue_full"
    sentence = _("A catalogue has at most {most} entries.")
    hint = _("Remove what nobody will review. Nothing was changed.")
    status = 422


class ReviewUnfinished(LeewardError):
    """A review answers every criterion, and says why where it refuses."""

    code = "review_unfinished"
    sentence = _("The review is not finished: {why}.")
    hint = _("Nothing was changed.")
    status = 422


class PartnersFull(LeewardError):
    """A hotline would read more catalogues of others than it may."""

    code = "partner_catalogues_full"
    sentence = _("At most {most} catalogues of others are read.")
    hint = _("Remove one that nobody needs. Nothing was changed.")
    status = 422


class PartnerExists(LeewardError):
    """The catalogue at this address is read already."""

    code = "partner_catalogue_exists"
    sentence = _("The catalogue at this address is read already.")
    hint = _("It is in the list.")
    status = 409


class OfferChanged(LeewardError):
    """What a partner offers was read anew since it was shown."""

    code = "offer_changed"
    sentence = _("What is offered has changed since it was shown.")
    hint = _("Read it again. Nothing was added.")
    status = 409


class CodeTooLong(LeewardError):
    """A text is too long for a code that a phone can read from paper."""

    code = "code_too_long"
    sentence = _("A code holds at most {most} characters here, and this has {number}.")
    hint = _("Use a shorter address. Nothing was made.")
    status = 422
