"""The words of the translator's pages."""

from django.utils.translation import gettext_lazy as _

SHOWS = {
    "public": _("What reporters read, not read through yet"),
    "open": _("Everything not read through yet"),
    "reviewed": _("Read through"),
    "all": _("Everything"),
}
