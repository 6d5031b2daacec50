"""Labels of other hotlines; translated where they are shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PEER_STATES: dict[str, str | Promise] = {
    "unconfirmed": _("Key words not compared yet"),
    "active": _("Confirmed"),
    "stopped": _("Stopped"),
}
