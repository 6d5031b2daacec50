"""Labels of formats, receivers and steps; translated where they are shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FORMATS: dict[str, str | Promise] = {
    "xarf": _("X-ARF 4, for hosts and registries"),
    "xarf-3": _("X-ARF 3, for receivers that know no other"),
    "cybertipline": _("NCMEC’s CyberTipline"),
    "iccam": _("INHOPE’s ICCAM"),
    "dsa16": _("Notice by Article 16 of the Digital Services Act"),
    "goaml": _("Activity report for a financial intelligence unit (goAML)"),
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
    "unsure": _("May have arrived: you decide"),
    "arrived": _("Arrived: one of you recorded that"),
}
# Why a report ended since its case's decision no longer stands, by whether its receiver may have it.
BASELESS: dict[bool, str | Promise] = {
    False: _("The decision that it reports no longer stands, so its receiver has no report."),
    True: _("The decision that it reports no longer stands, and its receiver may have the report: write there."),
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
    "live_streamed": _("Live-streamed abuse for money"),
    "extortion": _("Threats to get money"),
}
SCHEMA_FAULTS: dict[str, Promise] = {
    "doctype": _("it holds a document type or entities, which are never read"),
    "malformed": _("it is no XML"),
    "not_a_schema": _("it is no XML schema that can be used"),
    "reaches_out": _("it includes or imports other files; put all of it into one"),
    "no_report": _("it defines no element “report”"),
}
WHY_OFF: dict[str, str | Promise] = {
    "none": _("no agreement is recorded"),
    "stopped": _("it was stopped"),
}
