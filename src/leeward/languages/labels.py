"""Labels of the translator's pages."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.installation.queries import is_run_by, runs_it

SHOWS = {
    "public": _("What reporters read, not read through yet"),
    "open": _("Everything not read through yet"),
    "reviewed": _("Read through"),
    "all": _("Everything"),
}


def who_decides(hotline_id: int) -> str:
    """Return who brings proposed texts into force, as worded for this hotline's staff."""
    if is_run_by(hotline_id):
        return gettext("Pages show it once a second person has accepted it.")
    running = runs_it()
    if running is None:
        return gettext("All hotlines here share these texts: whoever runs the server decides.")
    return gettext("All hotlines here share these texts: two people at %(name)s decide, and you are told.") % {
        "name": running.name
    }
