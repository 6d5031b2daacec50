"""The hotline's log, for auditors."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leeward.audit.queries import log_page
from leeward.people.access import actor_of, staff
from leeward.people.queries import staff_names

PER_PAGE = 100
# Rows are not indexed by event: a filter scans them, this many at a time.
FILTERED_AT_ONCE = 100_000


@require_GET
@staff("log.read")
def log(request: HttpRequest) -> HttpResponse:
    """Show one page of the log, newest first, of all acts or those whose name starts with the filter."""
    chain = actor_of(request).hotline_id or 0
    event = request.GET.get("event", "").strip()[:80]
    before, after = _range(chain, request.GET.get("before", ""), is_filtered=bool(event))
    lines = log_page(chain, before=before, after=after, event=event, most=PER_PAGE + 1)
    names = staff_names(chain)
    rows = [
        (line, datetime.fromisoformat(line.at), _who(line.actor, names), sorted(line.facts.items()))
        for line in lines[:PER_PAGE]
    ]
    older = lines[PER_PAGE - 1].number if len(lines) > PER_PAGE else after + 1 if after else None
    return render(request, "casework/timeline/log.html", {"rows": rows, "event": event, "older": older, "after": after})


def _range(chain: int, before: str, *, is_filtered: bool) -> tuple[int | None, int]:
    """Return the range of rows to read: the upper bound, and the lower bound (exclusive)."""
    end = int(before) if before.isdecimal() and len(before) < 18 else None
    if not is_filtered:
        return end, 0
    if end is None:
        newest = log_page(chain, most=1)
        end = newest[0].number + 1 if newest else 1
    return end, max(end - 1 - FILTERED_AT_ONCE, 0)


def _who(label: str, names: dict[int, str]) -> str:
    """Return who did something: a member of staff by their present name, which they choose, and the number of their account, which nobody
    can."""
    kind, _colon, number = label.partition(":")
    if kind != "staff" or not number.isdecimal():
        return kind
    return f"{names[int(number)]} ({number})" if int(number) in names else label
