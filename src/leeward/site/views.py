"""Endpoints for machines about the installation itself."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leeward.site.health import is_closed, is_well


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Return `ok` with 200 if reports become cases, and staff and the police hear of urgent ones; otherwise 503 without
    a reason, which the desk and the doctor give. Forms that were closed on purpose are no fault: a sentence says so."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        well = is_well()
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    closed = "Every form of a hotline here was closed on purpose: nobody can report to it now.\n" if is_closed() else ""
    text = f"ok\n{closed}" if well else "not well\n"
    return HttpResponse(text, status=200 if well else 503, content_type="text/plain")
