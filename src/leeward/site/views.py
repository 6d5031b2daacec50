"""Endpoints for machines about the installation itself."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from leeward.people.queries import hotlines
from leeward.site.alarms import EVERYWHERE, STOPS_CASES, STOPS_URGENT
from leeward.site.faces import PUBLIC
from leeward.site.health import is_closed, is_well, refresh_alarms
from leeward.site.metrics import figures, may_read


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Return `ok` with 200 if reports become cases, and staff and the police hear of urgent ones; otherwise 503 without
    a reason, which the desk and the doctor give. Forms that were closed on purpose are no fault: a sentence says so. The
    public face alone says only whether its database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        if settings.LEEWARD.face == PUBLIC:  # it may not see more
            return HttpResponse("ok\n", content_type="text/plain")
        well = is_well()
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    closed = "Every form of a hotline here was closed on purpose: nobody can report to it now.\n" if is_closed() else ""
    text = f"ok\n{closed}" if well else "not well\n"
    return HttpResponse(text, status=200 if well else 503, content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Return every alarm by its code and sentence, as JSON: 503 if one of them keeps cases or urgent reports from moving,
    if there is no database to ask, or no hotline that anybody could report to."""
    if not may_read(request):
        raise Http404
    try:
        alarms, is_set_up = refresh_alarms(), bool(hotlines())
    except DatabaseError:
        return JsonResponse({"ready": False, "alarms": [_row("no_database", "no database")]}, status=503)
    is_ready = is_set_up and not any(alarm.code in STOPS_CASES | STOPS_URGENT for alarm in alarms)
    rows = [_row(alarm.code, alarm.text, alarm.hotline_id) for alarm in alarms]
    if not is_set_up:
        rows.append(_row("no_hotline", "no hotline yet: leeward setup makes one"))
    return JsonResponse({"ready": is_ready, "alarms": rows}, status=200 if is_ready else 503)


def _row(code: str, sentence: str, hotline_id: int = EVERYWHERE) -> dict[str, object]:
    return {"code": code, "hotline": hotline_id, "sentence": sentence}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return figures for a monitoring program, in Prometheus's text form: 503 if there is no database to ask."""
    if not may_read(request):
        raise Http404
    try:
        text = "".join(figure.text for figure in figures(refresh_alarms(), datetime.now(UTC)))
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")
