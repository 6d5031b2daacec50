"""Cards and posters from a form of the desk, and the texts for radio and text messages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from leeward.awareness import cards as awareness_cards
from leeward.awareness.errors import CodeTooLong
from leeward.awareness.forms import CardForm
from leeward.awareness.rules.messages import length_of
from leeward.foundation.errors import BadInput
from leeward.people.access import actor_of, staff
from leeward.people.queries import PortalRow, own_name, portals_of


@require_http_methods(["GET", "HEAD", "POST"])
@staff("material.edit")
def cards(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: the PDF, or what is wrong."""
    found = {row.slug: row for row in portals_of(actor_of(request).hotline_id or 0)}
    tags = [tag for tag, _name in settings.LANGUAGES if any(tag in row.languages for row in found.values())]
    choices = {
        "portals": [(slug, row.name) for slug, row in found.items()],
        "tags": [(tag, own_name(tag)) for tag in tags or ["en"]],
    }
    if request.method != "POST":
        return _page(request, CardForm(**choices), found)
    form = CardForm(request.POST, **choices)
    if form.is_valid():
        values = form.cleaned_data
        row = found[values["portal"]]
        try:
            made = awareness_cards.card(row, values["language"], values["size"], values["code"])
        except (CodeTooLong, BadInput) as error:
            form.add_error("code", error.text)
        else:
            answer = HttpResponse(made, content_type="application/pdf")
            answer["Content-Disposition"] = f'attachment; filename="{row.slug}-{awareness_cards.FILES[values["size"]]}"'
            return answer
    return _page(request, form, found, status=422)


def _page(request: HttpRequest, form: CardForm, found: dict[str, PortalRow], status: int = 200) -> HttpResponse:
    portals = [{"row": row, "texts": _texts(row)} for row in found.values()]
    values = {"form": form, "portals": portals, "can_be_made": awareness_cards.can_be_made()}
    return render(request, "awareness/desk_cards.html", values, status=status)


def _texts(row: PortalRow) -> list[dict[str, object]]:
    """Return what radio and text messages say for a portal in each of its languages, and as how many it is sent."""
    found = []
    for tag in dict.fromkeys(awareness_cards.language_of(row, wanted) for wanted in row.languages or ["en"]):
        with translation.override(tag):
            facts = awareness_cards.facts_of(row, tag)
            radio, message = awareness_cards.radio(facts), awareness_cards.short_message(facts)
        found.append(
            {
                "tag": tag,
                "name": own_name(tag),
                "radio": radio,
                "words": len(radio.split()),
                "message": message,
                "length": length_of(message),
            }
        )
    return found
