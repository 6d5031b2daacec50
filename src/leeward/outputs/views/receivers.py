"""The desk's page of receivers: the agreement that lets cases be reported there, and stopping it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError
from leeward.outputs import labels, queries, services
from leeward.outputs.forms import AgreementForm
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.labels import WAITS
from leeward.people.queries import portal_changes_waiting
from leeward.people.rules.reach import RECEIVER

HERE = "outputs:receivers"


@require_http_methods(["GET", "HEAD", "POST"])
@staff("receiver.edit")
def receivers(request: HttpRequest) -> HttpResponse:
    """Show every receiver with its agreement; record one, or stop sending."""
    if request.method != "POST":
        return _page(request)
    actor, service = actor_of(request), request.POST.get("service", "")
    assert actor.hotline_id is not None
    if request.POST.get("act") == "stop":
        with hotline_transaction(actor.hotline_id):
            _demand_as_shown(request, service)
            services.stop_receiver(service, hotline_id=actor.hotline_id, actor=actor)
        messages.success(request, _("Nothing more is sent there."))
        return redirect(HERE)
    form = AgreementForm(request.POST, auto_id=f"{service}-%s")
    if not form.is_valid():
        return _page(request, service, form)
    try:
        with hotline_transaction(actor.hotline_id):
            _demand_as_shown(request, service)
            waits = services.record_agreement(service, **form.cleaned_data, hotline_id=actor.hotline_id, actor=actor)
    except LeewardError as error:
        return _page(request, service, form, error)
    if waits:
        messages.warning(request, WAITS)
    else:
        messages.success(request, _("Recorded. Cases can be reported there from their page of exports."))
    return redirect(HERE)


def _demand_as_shown(request: HttpRequest, service: str) -> None:
    marks = {row.service: row.mark for row in queries.receivers()}
    if service in marks:
        demand_as_shown(request, marks[service])


def _page(
    request: HttpRequest, wrong: str = "", form: AgreementForm | None = None, problem: LeewardError | None = None
) -> HttpResponse:
    rows = [
        (row, labels.SERVICES[row.service], form if form and row.service == wrong else _form(row.service))
        for row in queries.receivers()
    ]
    status = problem.status if problem else 422 if form else 200
    changes = [one for one in portal_changes_waiting(actor_of(request).hotline_id or 0) if one.what == RECEIVER]
    values = {"rows": rows, "problem": problem, "changes": changes}
    return render(request, "outputs/receivers.html", values, status=status)


def _form(service: str) -> AgreementForm:
    return AgreementForm(auto_id=f"{service}-%s")
