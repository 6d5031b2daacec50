"""The list of tips, one tip, and what their senders hear."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.rules.reading import mark_of
from leeward.tips import queries, services
from leeward.tips.labels import DOUBTS, LABELS, OUTCOMES, STATES, VIEWED, WAYS, raised_in_words
from leeward.tips.models import FOLDED, HELD, TipRow

MOST_DIGITS = 18


@staff("report.enter")
@require_http_methods(["GET", "HEAD"])
def tips(request: HttpRequest) -> HttpResponse:
    """List what came, by state or number."""
    state = request.GET.get("state", "")
    page = queries.tips(state, request.GET.get("number", "").strip()[:100], request.GET.get("page"))
    counted = queries.counts()
    values = {
        "page": page,
        "rows": [_row(row) for row in page.rows],
        "state": state if state in STATES else "",
        "states": [(code, name, counted[code]) for code, name in STATES.items()],
        "number": request.GET.get("number", ""),
        "senders": queries.senders(),
    }
    return render(request, "tips/tips.html", values)


def _mark_of(found: queries.TipPage | None) -> str:
    """Return a mark of who has a tip and what it is called, "" where it is gone: an older page would take it from a colleague unread."""
    return mark_of(found.row.pk, found.row.assigned_to_id, found.row.label) if found else ""


def _row(row: TipRow) -> dict[str, object]:
    outcome = queries.outcome_of(row)
    return {
        "row": row,
        "system": queries.system_name(row),
        "state": STATES[row.state],
        "outcome": OUTCOMES[outcome] if outcome else "—",
    }


@staff("report.enter")
@require_http_methods(["GET", "HEAD", "POST"])
def tip(request: HttpRequest, number: int) -> HttpResponse:
    """Show a tip with its versions and bundle; decide about it."""
    actor = actor_of(request)
    assert actor.hotline_id is not None
    if request.method == "POST":
        _decide(request, number, actor)
        return redirect("tips:show-tip", number)
    found = queries.tip(number, actor.hotline_id)
    if found is None:
        raise NotFound(what=_("tip"))
    row = found.row
    values = {
        "found": found,
        **_row(row),
        "doubts": [DOUBTS[code] for code in row.doubts],
        "raised": raised_in_words(row.raised),
        "label": LABELS[row.label],
        "labels": LABELS.items(),
        "outcomes": OUTCOMES.items(),
        "people": sorted(queries.workers(actor.hotline_id).items(), key=lambda one: one[1]),
        "versions": [
            {
                "row": one,
                "way": WAYS[one.way],
                "files": [(file, VIEWED[file.viewed]) for file in one.facts.files] if one.facts else [],
            }
            for one in found.versions
        ],
        "seen": str(row.versions),
        "seen_rest": _mark_of(found),
        "may_take": row.state in (HELD, FOLDED),
    }
    return render(request, "tips/tip.html", values)


def _decide(request: HttpRequest, number: int, actor: Actor) -> None:
    match request.POST.get("act", ""):
        case "take":
            services.take_anyway(number, actor=actor)
            messages.success(request, _("It becomes a case."))
        case "assign":
            with hotline_transaction():
                demand_as_shown(request, _mark_of(queries.tip(number, actor.hotline_id or 0)))
                services.assign(number, _number_in(request.POST.get("person", "")), actor=actor)
        case "settle":
            services.settle(number, request.POST.get("outcome", ""), actor=actor, seen=request.POST.get("seen", ""))
            messages.success(request, _("The next feedback to the sender says so."))
        case "label":
            with hotline_transaction():
                demand_as_shown(request, _mark_of(queries.tip(number, actor.hotline_id or 0)))
                services.label(number, request.POST.get("label", ""), actor=actor)
        case _other:
            raise BadInput(what=_("act"), why=_("it is not one of take, assign, settle and label"))


@staff("report.enter")
@require_POST
def feedback(request: HttpRequest) -> HttpResponse:
    """Give out what became of a sender's tips, as CSV."""
    actor = actor_of(request)
    assert actor.hotline_id is not None
    sender = request.POST.get("sender", "")
    if not sender:
        raise BadInput(what=_("The form"), why=_("it is not complete"))
    text = services.feedback(sender=sender, hotline_id=actor.hotline_id, actor=actor)
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="feedback.csv"'},
    )


def _number_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
