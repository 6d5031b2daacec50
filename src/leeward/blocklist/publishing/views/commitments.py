"""The mobile operators' commitments (GSMA's Mobile Alliance) with dated evidence, for the desk and the public."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.blocklist.publishing import labels, queries, services
from leeward.blocklist.publishing.forms import EvidenceForm
from leeward.blocklist.publishing.models import COMMITMENTS
from leeward.blocklist.publishing.views.publications import acts_of
from leeward.blocklist.publishing.views.sending import blame, first_time
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, staff
from leeward.people.errors import FieldIsWrong
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of


@require_safe
def operators(request: HttpRequest, portal: str) -> HttpResponse:
    """Show the public which operator keeps which commitment, and when this was last checked."""
    place = getattr(request, "place", None)
    if place is None or place.portal is None:
        raise Http404
    with scope(hotline=place.portal.hotline_id):
        rows = _operators()
    return render(request, "publishing/operators.html", {"rows": rows, "commitments": _commitments()})


@require_safe
@staff("publication.read")
def desk_operators(request: HttpRequest) -> HttpResponse:
    """Show the same on the desk, with links to the records."""
    values = {"rows": _operators(), "commitments": _commitments(), "view": "operators"}
    return render(request, "publishing/desk_operators.html", values | acts_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@staff("publication.read")
def evidence(request: HttpRequest, number: int) -> HttpResponse:
    """Show the dated records of one operator, and add one."""
    row = queries.subscriber(number)
    if row is None or row.kind != "mobile":
        raise NotFound(what=_("mobile operator"))
    form = EvidenceForm(request.POST or None, initial={"on": datetime.now(UTC).date()})
    if request.method == "POST" and form.is_valid():
        try:
            if first_time(request, f"evidence:{number}"):
                _keep(request, number, form.cleaned_data)
            return redirect("publishing_desk:show-evidence", number=number)
        except FieldIsWrong as error:
            blame(form, error)
    page = page_of(queries.evidence_of(number), request.GET.get("page"))
    values = {
        "row": row,
        "form": form,
        "page": page,
        "records": [(one, labels.COMMITMENTS[one.commitment]) for one in page.rows],
        "once": new_form_key(),
        "view": "operators",
    }
    return render(request, "publishing/evidence.html", values | acts_of(request), status=422 if form.errors else 200)


def _keep(request: HttpRequest, number: int, values: dict[str, Any]) -> None:
    services.record_evidence(
        number,
        commitment=values["commitment"],
        on=values["on"],
        description=values["seen"],
        source=values["source"],
        actor=actor_of(request),
        today=datetime.now(UTC).date(),
    )
    messages.success(request, _("The record is saved."))


def _commitments() -> list[Any]:
    return [labels.COMMITMENTS[one] for one in COMMITMENTS]


def _operators() -> list[dict[str, Any]]:
    """Return each mobile operator with the last record of each commitment, or None; at most a hundred operators."""
    found = queries.mobile_operators()
    last = queries.last_evidence([number for number, _name in found])
    return [
        {
            "row": {"id": number, "name": name},
            "last": [(labels.COMMITMENTS[one], last.get((number, one))) for one in COMMITMENTS],
        }
        for number, name in found
    ]
