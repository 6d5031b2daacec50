"""A case's exports: a preview first, then the file; every verdict that was kept. And the figures of a quarter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from leeward.foundation.crypto.openpgp import MOST_LETTERS
from leeward.foundation.errors import BadInput, LeewardError, NotFound
from leeward.outputs import labels, queries, services
from leeward.outputs.api import file_answer
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may

MOST_SHOWN = 20_000
_SETTLING = {
    "withdraw": (services.withdraw, gettext_lazy("It is being withdrawn; the receiver’s answer will be here.")),
    "again": (services.send_again, gettext_lazy("It is on its way. It counts as sent once its receipt is here.")),
    "arrived": (services.call_arrived, gettext_lazy("Done.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.export")
def exports(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: the formats, a preview of one, and what was exported. POST: the file, if it is valid."""
    actor = actor_of(request)
    given = request.POST if request.method == "POST" else request.GET
    name = given.get("format", "")
    options = services.Options(given.get("exploitation", "")[:20], given.get("key", "")[: MOST_LETTERS + 1].strip())
    if request.method == "POST":
        try:
            if given.get("act") == "submit":
                services.submit(name, reference, options=options, seen=given.get("seen", ""), actor=actor)
                messages.success(request, _("It is on its way. It counts as sent once its receipt is here."))
                return redirect("outputs:exports", reference=reference)
            return file_answer(services.export_case(name, reference, options=options, actor=actor).demand())
        except LeewardError as error:
            if error.status == 404:
                raise
            return _page(request, reference, name, options, problem=error)
    return _page(request, reference, name, options)


@require_POST
@staff("case.act")
def settle(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a report that is on its way to a receiver; or send one again that may have arrived before a restoring, or record that it
    arrived."""
    actor, act = actor_of(request), request.POST.get("act", "")
    case = services.case_for(reference, actor).case
    given = request.POST.get("submission", "")
    row = next((one for one in queries.submissions_of(case.pk) if str(one.id) == given), None)
    if row is None:
        raise NotFound(what=_("report"))
    if act not in _SETTLING:
        raise BadInput(what=_("act"), why=_("it is none of this page’s"))
    service, done = _SETTLING[act]
    service(row.id, actor=actor)
    messages.success(request, done)
    return redirect("outputs:exports", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.export")
def figures(request: HttpRequest) -> HttpResponse:
    """GET: ask for a quarter. POST: its figures as a file."""
    actor = actor_of(request)
    quarter, problem = request.POST.get("quarter", "")[:20], None
    if request.method == "POST":
        assert actor.hotline_id is not None
        try:
            return file_answer(services.export_quarter(quarter, hotline_id=actor.hotline_id, actor=actor).demand())
        except LeewardError as error:
            problem = error
    values = {"quarter": quarter, "problem": problem}
    return render(request, "outputs/figures.html", values, status=problem.status if problem else 200)


def _page(
    request: HttpRequest,
    reference: str,
    name: str,
    options: services.Options,
    *,
    problem: LeewardError | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    case = services.case_for(reference, actor).case
    form = services.FORMATS.get(name)
    made = services.preview(name, reference, options=options, actor=actor) if form else None
    values = {
        "case": case,
        "formats": [(one, labels.FORMATS[one], one == name) for one in services.FORMATS if services.is_installed(one)],
        "form": form,
        "label": labels.FORMATS.get(name, ""),
        "exploitation": options.exploitation,
        "key": options.certificate,
        "refusals": [services.sentence(one) for one in made.refusals] if made else [],
        "shown": _beginning(made.content) if made else "",
        "is_cut": made is not None and len(made.content) > MOST_SHOWN,
        "beside": _beginning(made.beside) if made else "",
        "is_beside_cut": made is not None and len(made.beside) > MOST_SHOWN,
        "seen": made.mark if made and not made.refusals else "",
        "rows": [(row, labels.FORMATS[row.format]) for row in queries.exports_of(reference)],
        "submissions": queries.submissions_of(case.pk),
        "may_submit": name in queries.services_on() and bool(may(actor, "case.act", case.hotline_id)),
        "problem": problem,
        "is_shape_only": made is not None and name == "goaml" and not made.validator,
    }
    return render(request, "outputs/exports.html", values, status=problem.status if problem else 200)


def _beginning(content: bytes) -> str:
    return content[:MOST_SHOWN].decode("utf-8", "replace")
