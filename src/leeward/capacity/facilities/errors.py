"""Why something about facilities or contacts is refused."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class FacilityExists(LeewardError):
    """There is one of this name in this country."""

    code = "facility_exists"
    sentence = _("There is a facility of this name in this country already.")
    hint = _("Choose another name.")
    status = 409


class TooManyEntries(LeewardError):
    """A hotline would have more than it may."""

    code = "capacity_list_full"
    sentence = _("This list holds at most {most}.")
    hint = _("Nothing was changed.")
    status = 422
