"""The league of those who were told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from leeward.notices import services
from leeward.notices.queries.labels import CONTACT_KINDS
from leeward.notices.queries.league import KINDS, league_of
from leeward.notices.rules.contact_csv import write_table
from leeward.notices.rules.league import LEAST, Row
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key

COLUMNS = ("name", "kind", "addresses", "removed_percent", "unverified_percent", "answered_percent", "median_hours")


def shares(row: Row) -> tuple[float | None, ...]:
    """Return the figures of a row as they are exported."""
    return row.removed_percent, row.unverified_percent, row.answered_percent, row.median_hours


@require_http_methods(["GET", "HEAD", "POST"])
@staff("outbox.read")
def league(request: HttpRequest) -> HttpResponse:
    """Show how registrars, registries, hosts and networks act on what they are told; POST exports the table."""
    given = (request.POST if request.method == "POST" else request.GET).get("kind", "")
    kind = given if given in KINDS else KINDS[0]
    found = league_of(kind)
    if request.method == "POST":
        actor = actor_of(request)
        services.note_league_export(len(found.rows), hotline_id=actor.hotline_id or 0, actor=actor)
        cells = (
            [
                row.name,
                row.kind,
                row.due,
                *("" if one is None else one for one in shares(row)),
            ]
            for row in found.rows
        )
        response = HttpResponse(write_table(COLUMNS, cells), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="league-{kind}.csv"'
        return response
    values = {
        "kind": kind,
        "kinds": [(one, CONTACT_KINDS[one]) for one in KINDS],
        "league": found,
        "least": LEAST,
        "once": new_form_key(),
    }
    return render(request, "notices/league.html", values)
