"""“Leave this page” on a report and on its receipt: their addresses lead to the everyday page too from then on, so that
whoever presses Back finds nothing that was typed, and no digits.
"""

from contextlib import suppress
from urllib.parse import urlsplit

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.intake.receipts import open_arrived
from leeward.intake.views.public import public
from leeward.intake.views.slowing import has_room
from leeward.people.queries import PortalRow
from leeward.web_security.caller import caller_of
from leeward.web_security.services import note_nonce, use_once

LEFT = "intake.left"


@public
def leave(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """Show an empty page, which leads at once to the everyday one and which the browser replaces by it. A redirect would
    not do: browsers refuse one to another site after a form."""
    if request.method != "POST":
        return to_everyday_page(portal)
    if has_room("form", caller_of(request)):  # leaving never fails, nor does a flood of it fill the table
        with suppress(DatabaseError):
            _close(request.GET.get("form", ""), request.GET.get("receipt", ""))
    return render(request, "intake/left.html", {"host": urlsplit(portal.exit_url).hostname or ""})


def to_everyday_page(portal: PortalRow) -> HttpResponse:
    """Lead there, without the part of our address that a browser would take along."""
    return redirect(portal.exit_url if "#" in portal.exit_url else f"{portal.exit_url}#")


def _close(form: str, receipt: str) -> None:
    """Close the addresses of a form and of a receipt that is shown just now; nothing else is noted."""
    if form:
        use_once(form, purpose=LEFT)
    if receipt and open_arrived(receipt) is not None:
        note_nonce(receipt, purpose=LEFT)
