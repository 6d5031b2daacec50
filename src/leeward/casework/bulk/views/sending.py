"""Acting on several decided cases with one submit: preview what goes to whom, send it, and undo it together."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.casework.acting.views.undoing import bulk_to_undo, forget_undo, offer_undo_of_several
from leeward.casework.bulk.queries import sending
from leeward.casework.bulk.rules import MOST_SENT
from leeward.casework.bulk.services import act_in_bulk, undo_bulk
from leeward.casework.queue.labels import REFUSALS
from leeward.casework.views.doing import demand_each_as_shown, once
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key


@require_http_methods(["GET", "POST"])
@staff("case.act")
def send(request: HttpRequest) -> HttpResponse:
    """GET: the decided cases of a report, a run, or those marked in the queue, and what goes to whom. POST: send it."""
    actor = actor_of(request)
    if request.method == "POST" and request.POST.get("go") == "yes":
        chosen, sent = _numbers(request.POST), list[int]()
        if chosen:

            def act() -> None:
                demand_each_as_shown(request, sending.to_send(chosen, actor)[0])
                sent.extend(act_in_bulk(chosen, actor=actor))

            once(request, "send together", act)
            offer_undo_of_several(request, sent)
            return redirect("/desk/?view=decided")
    offered, letters = sending.to_send(_chosen_cases(request), actor)
    values = {
        "offered": offered,
        "letters": letters,
        "ready": sum(not one.refusal for one in offered),
        "refusals": REFUSALS,
        "once": new_form_key(),
    }
    return render(request, "casework/bulk/send_bulk.html", values, status=400 if request.method == "POST" else 200)


@require_POST
@staff("case.act")
def undo(request: HttpRequest) -> HttpResponse:
    """Put the cases that were sent together back into the queue."""
    cases, actor = bulk_to_undo(request), actor_of(request)
    forget_undo(request)
    if cases and once(request, "undo together", lambda: undo_bulk(cases, actor=actor)):
        messages.success(request, _("Undone: nothing is sent."))
    return redirect("/desk/?view=decided")


def _chosen_cases(request: HttpRequest) -> list[int]:
    if marked := _numbers(request.GET):
        return marked
    report, run = request.GET.get("report", ""), request.GET.get("run", "")
    if _is_number(report):
        return sending.decided_of_report(int(report))
    return sending.decided_of_run(int(run)) if _is_number(run) else []


def _numbers(given: QueryDict) -> list[int]:
    return [int(value) for value in given.getlist("case")[: MOST_SENT + 1] if _is_number(value)]


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 18
