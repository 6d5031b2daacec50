"""Words about facilities and contacts; translated where they are shown."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "laboratory": _("Forensic laboratory"),
    "police_unit": _("Police unit"),
    "abroad": _("Laboratory of another country"),
    "other": _("Other"),
}
EQUIPMENT = {
    "write_blocker": _("Write blocker"),
    "workstation": _("Workstation"),
    "telephone_kit": _("Kit for telephones"),
    "licence": _("Licence of a program"),
    "storage": _("Storage"),
    "other": _("Other"),
}
LICENCES = {"": "", "ending": _("Ends within 90 days"), "over": _("Has ended")}
CHECKED = {"unchecked": _("Not checked"), "checked": _("Checked"), "old": _("Checked more than a year ago")}
