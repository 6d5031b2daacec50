"""The desk's page of the financial intelligence unit: our number with it, its codes, its schema."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError
from leeward.notices import queries as notices_queries
from leeward.outputs import queries, services
from leeward.outputs.forms import FiuForm
from leeward.outputs.services.fiu import MOST_SCHEMA_BYTES
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.rules.reading import mark_of

HERE = "outputs:fiu"


@require_http_methods(["GET", "HEAD", "POST"])
@staff("receiver.edit")
def fiu(request: HttpRequest) -> HttpResponse:
    """Show what the FIU has said; keep it, or forget its schema."""
    actor = actor_of(request)
    assert actor.hotline_id is not None
    if request.method != "POST":
        return _page(request, FiuForm(initial=queries.fiu().codes))
    if request.POST.get("act") == "remove":
        with hotline_transaction(actor.hotline_id):
            demand_as_shown(request, _mark_of(queries.fiu()))
            services.remove_schema(hotline_id=actor.hotline_id, actor=actor)
        messages.success(request, _("The schema is removed: reports are shape only."))
        return redirect(HERE)
    form = FiuForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    file = form.cleaned_data.pop("schema")
    content = file.read(MOST_SCHEMA_BYTES + 1) if file else None
    try:
        with hotline_transaction(actor.hotline_id):
            demand_as_shown(request, _mark_of(queries.fiu()))
            services.save_fiu(
                form.cleaned_data, content, file.name if file else "", hotline_id=actor.hotline_id, actor=actor
            )
    except EnteredSince as error:  # its fields would be filled in as they were
        return _page(request, FiuForm(initial=queries.fiu().codes), error)
    except LeewardError as error:
        return _page(request, form, error)
    messages.success(request, _("Saved."))
    return redirect(HERE)


def _page(request: HttpRequest, form: FiuForm, problem: LeewardError | None = None) -> HttpResponse:
    status = problem.status if problem else 422 if form.errors else 200
    found = queries.fiu()
    seen = first_shown(request, _mark_of(found)) if form.is_bound else _mark_of(found)
    values = {"form": form, "found": found, "seen": seen, "contacts": notices_queries.fius(), "problem": problem}
    return render(request, "outputs/fiu.html", values, status=status)


def _mark_of(found: queries.FiuRow) -> str:
    """Return a mark of what is kept of the FIU: an older page would put back its codes, or remove another schema."""
    return mark_of(sorted(found.codes.items()), found.schema_name, found.digest)
