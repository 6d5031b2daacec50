"""A self-assessment as a file for the ministry: DOCX, tagged PDF, CSV."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.foundation.errors import NotFound
from leeward.national import queries, services
from leeward.national.errors import FileNotMade
from leeward.national.paper import TYPES, is_installed, made
from leeward.national.views.assessments import whole_of
from leeward.people.access import actor_of, staff


@require_POST
@staff("response.edit")
def download(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Download a self-assessment in one format; the log records it."""
    if kind not in TYPES:
        raise NotFound(what=_("format"))
    if not is_installed(kind):
        raise FileNotMade
    whole = whole_of(number)
    content = made(whole, queries.years_of(whole), kind)
    services.note_export(number, kind, actor=actor_of(request))
    answer = HttpResponse(content, content_type=TYPES[kind])
    name = f"national-response-{whole.row.country.lower()}-{whole.row.year}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
