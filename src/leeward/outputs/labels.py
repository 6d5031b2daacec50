"""Labels of formats, receivers and steps; translated where they are shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FORMATS: dict[str, str | Promise] = {
    "xarf": _("X-ARF 4, for hosts and registries"),
    "xarf-3": _("X-ARF 3, for receivers that know no other"),
    "cybertipline": _("NCMEC’s CyberTipline"),
    "iccam": _("INHOPE’s ICCAM"),
    "dsa16": _("Notice by Article 16 of the Digital Services Act"),
    "police": _("Paper for the police, for programs"),
    "police-pdf": _("Paper for the police, as PDF"),
    "bundle": _("Signed bundle of evidence"),
    "stats-inhope": _("Figures of a quarter for INHOPE"),
}
SERVICES: dict[str, str | Promise] = {"cybertipline": _("NCMEC’s CyberTipline"), "iccam": _("INHOPE’s ICCAM")}
STEPS: dict[str, str | Promise] = {
    "sent": _("Sent: its receipt is here"),
    "retracted": _("Withdrawn"),
    "refused": _("Refused"),
    "held": _("Held for a person"),
}
ON_ITS_WAY = _("On its way")
EXPLOITATIONS: dict[str, str | Promise] = {
    "grooming": _("Grooming"),
    "solicitation": _("Solicitation"),
    "sextortion": _("Threats to get more or money"),
    "trafficking": _("Trafficking"),
    "distribution": _("Distribution"),
    "production": _("Production"),
    "possession": _("Possession"),
}
WHY_OFF: dict[str, str | Promise] = {
    "none": _("no agreement is recorded"),
    "stopped": _("it was stopped"),
}
