"""The desk's page for a year's report: the country's own words in each language, written by one person and confirmed by another."""

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError, NotFound, TextTooLong
from leeward.indicators import queries, wording
from leeward.people.access import actor_of, staff
from leeward.people.queries import PortalRow, own_name, portals_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_http_methods(["GET", "HEAD", "POST"])
@staff("figure.edit")
def words(request: HttpRequest, portal: str, year: int) -> HttpResponse:
    """Show the words of a year's report in each language of the portal; POST keeps, confirms or refuses a text."""
    actor = actor_of(request)
    row = next((one for one in portals_of(actor.hotline_id or 0) if one.slug == portal), None)
    if row is None or not 1990 <= year <= 9999:
        raise NotFound(what=_("portal"))
    if request.method == "POST":
        with hotline_transaction():
            is_new = use_once(request.POST.get("once", ""), purpose=f"report:words:{row.id}:{year}")
        if is_new:
            _act(request, row, year)
        return redirect(reverse("indicators_desk:write-words", args=[row.slug, year]))
    found = wording.words_of(row.id, year)
    values = {
        "portal": row,
        "year": year,
        "languages": [_language(row, year, tag, found.get(tag, {}), actor.id) for tag in row.languages],
        "is_published": bool(queries.editions_of(row.id, year)),
    }
    return render(request, "indicators/desk_words.html", values)


def _act(request: HttpRequest, row: PortalRow, year: int) -> None:
    actor, asked = actor_of(request), request.POST
    try:
        if asked.get("act") == "write":
            wording.write_words(row.id, year, asked.get("language", ""), asked.get("text", ""), actor=actor)
            flash.success(request, _("Saved. A second person has to confirm it."))
        else:
            words_id = asked.get("words", "")
            number = int(words_id) if words_id.isascii() and words_id.isdigit() and len(words_id) < 18 else 0
            wording.answer_words(number, agrees=asked.get("act") == "confirm", actor=actor)
            flash.success(request, _("Saved."))
    except TextTooLong:
        raise  # the page of a refused text has all of it; this one would show what was kept before
    except LeewardError as error:
        flash.error(request, error.text)


def _language(
    row: PortalRow, year: int, tag: str, texts: dict[bool, wording.WordsRow], reader: int | None
) -> dict[str, Any]:
    waiting, confirmed = texts.get(False), texts.get(True)
    return {
        "tag": tag,
        "name": own_name(tag),
        "report": f"/{row.slug}/{'' if tag == row.languages[0] else f'{tag}/'}figures/{year}/report",
        "confirmed": confirmed,
        "waiting": waiting,
        "is_own": waiting is not None and waiting.by_id == reader,
        "text": (waiting or confirmed).text if waiting or confirmed else "",  # type: ignore[union-attr]
        "keys": [new_form_key(), new_form_key()],
    }
