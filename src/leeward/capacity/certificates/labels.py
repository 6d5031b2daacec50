"""Words about certificates; translated where they are shown."""

from django.utils.translation import gettext_lazy as _

STANDINGS = {"valid": _("Valid"), "expired": _("Expired"), "revoked": _("Revoked")}
REASONS = {
    "mistake": _("It was given by mistake"),
    "name": _("The name is wrong"),
    "cheated": _("The course was not completed"),
    "other": _("Another reason"),
}
SHOWN = {"": _("All"), "waiting": _("Waiting for a second person"), "revoked": _("Revoked")}
