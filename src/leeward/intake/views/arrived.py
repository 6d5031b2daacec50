"""The page with the digits of a receipt. It has an address of its own, so that “Back” and a reload find it again, and
the address is good for some minutes only.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_scopes import scope

from leeward.foundation.check_digit import in_groups
from leeward.hosting.rules.naming.known_services import LINKS_OF
from leeward.intake.easy import NUMBER, lines
from leeward.intake.receipts import SHOWN_MINUTES, Arrived, open_arrived, seal_arrived
from leeward.intake.services.ways import Sent, way
from leeward.intake.views.leaving import LEFT, to_everyday_page
from leeward.intake.views.playing import render_with_recording
from leeward.intake.views.public import public
from leeward.intake.views.receipt_texts import receipt_values
from leeward.people.queries import PortalRow, former_portals
from leeward.people.rules.recordings import RECEIPT
from leeward.web_security.services import was_noted


def to_receipt(request: HttpRequest, sent: Sent, *, easy: bool = False) -> HttpResponse:
    """Lead from a form that was sent to the page with its receipt; after the easy-read form to the easy-read one."""
    sealed = seal_arrived(sent.arrived, sent.received_at)
    place = request.place.path(f"receipt/{sealed}")  # type: ignore[attr-defined]
    return HttpResponseRedirect(f"{place}?easy=1" if easy else place)


@public
def arrived(request: HttpRequest, portal: PortalRow, sealed: str) -> HttpResponse:
    """Show the receipt of what just arrived, as stored: a repeated form may say less than the first one. Once its time is
    over, or it is withdrawn, say where to type the digits. Once somebody left it, lead to the everyday page.
    """
    if was_noted(sealed, purpose=LEFT):
        return to_everyday_page(portal)
    shown = open_arrived(sealed)
    easy = request.GET.get("easy") == "1"
    values = _values(portal, shown, easy=easy) if shown is not None else None
    if shown is None or values is None:
        return render(request, "intake/receipt_over.html", {"minutes": SHOWN_MINUTES}, status=410)
    values = {"groups": in_groups(shown.digits), "minutes": SHOWN_MINUTES, "leave_by": f"?receipt={sealed}", **values}
    if "says" in values and not values.get("own"):
        return render_with_recording(request, portal, RECEIPT, "intake/receipt.html", values)
    template = "intake/my_picture_sent.html" if values.get("own") else "intake/appeal_receipt.html"
    template = "intake/receipt_alone.html" if "is_alone" in values else template
    return render(request, template, values)


def _values(portal: PortalRow, shown: Arrived, *, easy: bool) -> dict[str, object] | None:
    """Return what the page says, or None if the report or appeal is withdrawn or belongs to somebody else. Of a report whose card isn't
    there yet only its digits are known."""
    for home in (portal, *former_portals(portal)):
        with scope(hotline=home.hotline_id):
            found = way().just_sent(shown, home)
        if found is not None:
            break
    else:
        return None
    card, services = found
    if card.report is None:
        return {} if card.appeal is not None else {"is_alone": True}
    if card.appeal is not None:
        return receipt_values(portal, card.report) | {"is_request": True}
    return {
        "services": services,
        "services_of": LINKS_OF,
        "easy": easy,
        "easy_number": lines(NUMBER),
        **receipt_values(portal, card.report, easy=easy),
    }
