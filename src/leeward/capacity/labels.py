"""Labels of this slice; translated where they are shown."""

from django.utils.translation import gettext_lazy as _

ROLES = {
    "police": _("Police"),
    "examiner": _("Forensic examiners"),
    "prosecutor": _("Prosecutors"),
    "judge": _("Judges"),
    "analyst": _("Analysts"),
    "social_worker": _("Social workers"),
    "teacher": _("Teachers"),
}
VALID = {
    0: _("unlimited time"),
    12: _("1 year"),
    24: _("2 years"),
    36: _("3 years"),
    60: _("5 years"),
}
STANDINGS = {"": _("All"), "ending": _("Runs out within 90 days"), "over": _("Has run out")}
FORMS = {
    "own": _("Table with the columns named above"),
    "moodle": _("Moodle’s completion report, day before month"),
    "moodle_us": _("Moodle’s completion report, month before day"),
}
