"""“Leave this page” on the report: the form's address leads to the everyday page too from then on, so that whoever presses
Back finds nothing that was typed.
"""

from contextlib import suppress
from urllib.parse import urlsplit

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.intake.views.public import public
from leeward.intake.views.slowing import has_room
from leeward.people.queries import PortalRow
from leeward.web_security.caller import caller_of
from leeward.web_security.services import use_once

LEFT = "intake.left"


@public
def leave(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """Show an empty page, which leads at once to the everyday one and which the browser replaces by it. A redirect would
    not do: browsers refuse one to another site after a form."""
    if request.method != "POST":
        return redirect(portal.exit_url)
    if has_room("form", caller_of(request)):  # leaving never fails, nor does a flood of it fill the table
        with suppress(DatabaseError):
            use_once(request.GET.get("form", ""), purpose=LEFT)
    return render(request, "intake/left.html", {"host": urlsplit(portal.exit_url).hostname or ""})
