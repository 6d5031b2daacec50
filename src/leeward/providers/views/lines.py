"""The desk's pages of what providers reported: the list, a batch, one line with its law and what was decided."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.providers import services
from leeward.providers.forms import HoldForm
from leeward.providers.labels import (
    BOUND,
    CLOCKS,
    DECISIONS,
    FEEDBACK,
    LINE_KINDS,
    LINE_STATES,
    STEPS,
    SUSPICIONS,
    WAYS,
    refusal,
)
from leeward.providers.models import ProviderLine
from leeward.providers.queries import lines as queries_lines
from leeward.providers.queries import providers as queries_providers
from leeward.providers.queries.hearing import Reply, replies_to
from leeward.providers.queries.law import privilege_in
from leeward.providers.rules.becoming import REASONS
from leeward.providers.rules.clocks import Standing
from leeward.providers.rules.line import incident_of
from leeward.providers.rules.priorities import also_by_telephone, speed_of
from leeward.providers.rules.receipt import batch_number
from leeward.providers.rules.words import FOLDED, HELD, WAITING


def line_rows(rows: Sequence[ProviderLine]) -> list[dict[str, object]]:
    """Return lines as lists show them."""
    replies = replies_to(rows)
    return [line_row(row, replies[row.pk]) for row in rows]


def line_row(row: ProviderLine, reply: Reply) -> dict[str, object]:
    """Return one line as lists show it."""
    return {
        "row": row,
        "incident": incident_of(row.batch_id, row.number),
        "kind": LINE_KINDS[row.kind],
        "state": LINE_STATES[row.state],
        "feedback": FEEDBACK[reply.feedback],
        "questions": reply.questions,
    }


def law_rows(standings: list[Standing]) -> list[dict[str, object]]:
    """Return what the law of each place makes of a line, in words."""
    return [
        {"one": one, "bound": BOUND[one.bound], "duties": [(duty, CLOCKS[duty.clock]) for duty in one.duties]}
        for one in standings
    ]


@staff("case.read")
@require_http_methods(["GET", "HEAD"])
def lines(request: HttpRequest) -> HttpResponse:
    """List what providers reported."""
    state = request.GET.get("state", "")
    page = queries_lines.lines(state, request.GET.get("page"))
    values = {
        "page": page,
        "rows": line_rows(page.rows),
        "state": state if state in LINE_STATES else "",
        "states": LINE_STATES.items(),
    }
    return render(request, "providers/lines.html", values)


@staff("case.read")
@require_http_methods(["GET", "HEAD"])
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """Show a batch: its receipt's facts, its lines, and those that were refused."""
    row = queries_providers.batch(number)
    if row is None:
        raise NotFound(what=_("batch"))
    page = queries_lines.lines_of_batch(row, request.GET.get("page"))
    refused = [one for one in row.answers if one[1] == "refused"]
    privilege = privilege_in(row.provider, row.received_at.date())
    values = {
        "row": row,
        "number": batch_number(row.pk),
        "way": WAYS[row.way],
        "page": page,
        "rows": line_rows(page.rows),
        "refused": [(one[0], refusal(one[4], one[5], privilege=privilege)) for one in refused[:50]],
        "refused_count": len(refused),
        "same_count": len(row.answers) - len(refused),
    }
    return render(request, "providers/batch.html", values)


@staff("case.read")
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, number: int) -> HttpResponse:
    """Show a line with what the law makes of it; decide about it."""
    actor = actor_of(request)
    if request.method == "POST":
        _decide(request, number, actor)
        return redirect("providers-desk:show-line", number)
    found = queries_lines.line(number, datetime.now(UTC))
    if found is None:
        raise NotFound(what=_("report"))
    row = found.row
    stated: dict[str, Any] = json.loads(row.facts)
    country = found.standings[0].country if found.standings else ""
    speeds = [
        (one, speed)
        for one in dict.fromkeys([country, *row.provider.countries])
        if (speed := speed_of(one, row.priority)) is not None
    ]
    values = line_row(row, found.reply) | {
        "found": found,
        "stated": [(name, _shown(value)) for name, value in stated.items()],
        "reason": REASONS.get(row.raised),
        "law": law_rows(found.standings),
        "step": STEPS[found.step],
        "speeds": speeds,
        "by_telephone": any(also_by_telephone(one, row.priority, row.received_at) for one, _speed in speeds),
        "cybertip": stated.get("cybertip", ""),
        "suspicions": SUSPICIONS.items(),
        "suspicion": SUSPICIONS[row.suspicion],
        "decisions": [(one, DECISIONS[one.kind], _value(one.kind, one.value)) for one in found.decisions],
        "later": line_rows(found.later),
        "may_take": bool(may(actor, "report.enter", actor.hotline_id))
        and row.state in (WAITING, HELD, FOLDED)
        and row.report_id is None,
        "may_read_report": bool(may(actor, "report.read", actor.hotline_id)),
        "may_suspect": bool(may(actor, "provider.suspect", actor.hotline_id)),
        "may_hold": bool(may(actor, "provider.hold", actor.hotline_id)) and row.destroyed_at is None,
        "hold_form": HoldForm(),
    }
    return render(request, "providers/line.html", values)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _value(kind: str, value: str) -> object:
    if kind == "suspicion":
        return SUSPICIONS["" if value == "none" else value]
    return ""


def _decide(request: HttpRequest, number: int, actor: Actor) -> None:
    sent, seen = request.POST, request.POST.get("seen", "")
    match sent.get("act", ""):
        case "take":
            services.take_line(number, actor=actor)
            messages.success(request, _("It becomes a case."))
        case "suspect":
            reason = sent.get("reason", "")
            services.suspect(number, sent.get("suspicion", ""), reason=reason, seen=seen, actor=actor)
        case "hold":
            form = HoldForm(sent)
            if not form.is_valid():
                raise BadInput(what=_("The form"), why=_("it is not complete"))
            until = datetime.combine(form.cleaned_data["until"], time.max, UTC)
            services.hold(number, until, order=form.cleaned_data["order"], seen=seen, actor=actor)
        case _other:
            raise BadInput(what=_("act"), why=_("it is none of this page’s"))
