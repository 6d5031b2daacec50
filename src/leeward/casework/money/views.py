"""Who is asked to be paid: in a case, in several cases, one of them with its cases and alerts, and what hangs together."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leeward.casework.money import queries, services
from leeward.casework.money.rules.layout import Spot
from leeward.casework.views.doing import case_here, is_part, once
from leeward.foundation.errors import LeewardError
from leeward.notices import queries as notices_queries
from leeward.payments.labels import kind_word
from leeward.payments.queries import VIEWS
from leeward.payments.rules.exports import FORMATS
from leeward.payments.rules.traces import FAMILIES
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of_list

MOST_SEARCH, MOST_LABEL = 1500, 24


@require_GET
@staff("case.read")
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who is asked to be paid in a case, and in how many others."""
    case = case_here(reference, request)
    values = {"case": case, "found": queries.paid_in(case, actor_of(request)), "time_zone": case.portal.time_zone}
    return render(request, f"casework/money/{'includes/' if is_part(request) else ''}of_case.html", values)


@require_GET
@staff("case.read")
def payees(request: HttpRequest) -> HttpResponse:
    """List who is asked to be paid at several places, or everybody; by kind, or as written."""
    actor = actor_of(request)
    view, kind = request.GET.get("view", ""), request.GET.get("kind", "")
    view, kind = view if view in VIEWS else VIEWS[0], kind if kind in FAMILIES else ""
    search = request.GET.get("q", "").strip()[:MOST_SEARCH]
    page = queries.listed(actor, view=view, kind=kind, search=search, number=request.GET.get("page"))
    values = {
        "page": page,
        "view": view,
        "kind": kind,
        "search": search,
        "kinds": [(one, kind_word(one)) for one in FAMILIES],
        "formats": list(FORMATS),
        "may_export": bool(may(actor, "case.export", actor.hotline_id)),
        "once": new_form_key(),
    }
    return render(request, "casework/money/list.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.read")
def payee(request: HttpRequest, number: int) -> HttpResponse:
    """GET shows one of them with every case that names it, its alerts, and on request the text of another. POST sends that."""
    actor = actor_of(request)
    shown, problem = queries.paid(number, actor), None
    given = request.POST if request.method == "POST" else request.GET
    firm = int(given.get("firm", "")) if given.get("firm", "").isdecimal() and len(given["firm"]) < 19 else 0
    if request.method == "POST":
        try:
            hotline_id, seen = actor.hotline_id or 0, request.POST.get("seen", "")
            once(
                request,
                f"alert {number} {firm}",
                lambda: services.alert_firm(number, firm, hotline_id=hotline_id, actor=actor, seen=seen),
            )
            messages.success(request, _("The firm is being told now."))
            return redirect("casework:show-payee", number=number)
        except LeewardError as error:
            shown, problem = queries.paid(number, actor), error
    may_act = bool(may(actor, "case.act", actor.hotline_id))
    found = queries.alertable(number) if may_act else None
    preview = None
    if found and found.brief and firm:
        preview = notices_queries.preview_of_alert(found.brief, firm, hotline_id=actor.hotline_id or 0)
    values = {
        "one": shown,
        "mails": notices_queries.mails_about_alerts([alert.id for alert in shown.alerts]),
        "may_act": may_act,
        "may_add": bool(may(actor, "contact.edit", actor.hotline_id)),
        "why_not": "" if not found or found.may else found.may.reason,
        "firms": notices_queries.payment_firms() if may_act else [],
        "firm": firm,
        "preview": preview,
        "problem": problem,
        "seen": queries.mark_of_alerts(shown.alerts),
        "once": new_form_key(),
    }
    return render(request, "casework/money/payee.html", values, status=problem.status if problem else 200)


@require_GET
@staff("case.read")
def network(request: HttpRequest, number: int) -> HttpResponse:
    """Show which cases and payees hang together with one of them, as a drawing and as a table."""
    actor = actor_of(request)
    shown = queries.paid(number, actor)
    found = queries.network_of(number, actor)
    page = page_of_list([node for node in found.nodes if node[0] == "payee"], request.GET.get("page"))
    payees = [found.payees[node[1]] for node in page.rows if node[1] in found.payees]
    alerts = notices_queries.alerts_of([one.id for one in payees])
    rows = []
    for one in payees:
        cases = found.cases_of(one.id)
        countries = sorted({row.country for row in cases if row.country})
        rows.append((one, cases, countries, [alert for alert in alerts.get(one.id, []) if not alert.is_withdrawal]))
    values = {"one": shown, "found": found, "page": page, "rows": rows, "spots": _spots(found)}
    return render(request, "casework/money/network.html", values)


def _spots(found: queries.Network) -> list[tuple[Spot, str, bool]]:
    """Return what is drawn, each with its label and whether it is a payee."""
    spots = []
    for spot in found.drawing.spots:
        kind, number = spot.node
        row = found.payees.get(number) if kind == "payee" else None
        label = row.value if row else found.cases[number].reference if number in found.cases else ""
        spots.append((spot, label if len(label) <= MOST_LABEL else f"{label[: MOST_LABEL - 1]}…", kind == "payee"))
    return spots


@require_POST
@staff("case.export")
def export(request: HttpRequest) -> HttpResponse:
    """Hand out what others may read of the payees, as a file."""
    actor, form = actor_of(request), request.POST.get("format", "")[:8]
    content = services.export_payees(form, hotline_id=actor.hotline_id or 0, actor=actor)
    answer = HttpResponse(content, content_type=FORMATS[form])
    suffix = "csv" if form == "csv" else "json"
    answer.headers["Content-Disposition"] = f'attachment; filename="payments-{form}.{suffix}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
