"""The words of quality's pages."""

from django.utils.translation import gettext_lazy as _

RATE_NAMES = {
    "illegal_percent": _("Of 100 cases that one person found illegal"),
    "closed_percent": _("Of 100 cases that one person closed"),
    "untrained_percent": _("Of 100 cases of somebody who has not passed the training set"),
}
