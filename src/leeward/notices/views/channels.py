"""The channel by which notices to a contact go, where the channel has no page of its own."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import NotFound
from leeward.notices import queries, services
from leeward.notices.errors import ChannelUnusable
from leeward.notices.forms import ContactForm
from leeward.notices.views.contacts import contact_page, demand_way_as_shown, initial
from leeward.people.access import actor_of, staff
from leeward.web_security.services import use_once


@require_POST
@staff("contact.edit")
def channel(request: HttpRequest, number: int) -> HttpResponse:
    """Set or remove the channel of a contact."""
    row, actor = queries.contact(number), actor_of(request)
    if row is None:
        raise NotFound(what=_("contact"))
    typed = {name: value[:2000] for name, value in request.POST.items() if isinstance(value, str)}
    try:
        with hotline_transaction():
            if use_once(typed.get("once", ""), purpose=f"channel:{number}"):
                demand_way_as_shown(request, number)
                if typed.get("act") == "remove":
                    services.remove_channel(number, actor=actor)
                    flash.success(request, _("Notices to this contact go by mail."))
                else:
                    services.set_channel(number, typed.get("channel", ""), typed, actor=actor)
                    flash.success(request, _("Notices to this contact go this way from now on."))
    except ChannelUnusable as error:
        form = ContactForm(initial=initial(row))
        return contact_page(request, form, row, channel_problem=error.text, channel_typed=typed)
    return redirect("notices_desk:change-contact", number=number)
