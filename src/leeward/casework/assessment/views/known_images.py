"""After a decision: choosing which files of the case become known images."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.casework.assessment.services.known_images import add_hashes, hashes_named_by, hashes_of
from leeward.casework.views.doing import back_to, case_here, once
from leeward.hosting.queries import files_now
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key


@require_http_methods(["GET", "POST"])
@staff("hash.add")
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose among the files; if there is only one, it is preselected."""
    case = case_here(reference, request)
    if request.method == "POST":
        chosen = {int(number) for number in request.POST.getlist("file") if number.isdecimal()}
        by_name = "name" in request.POST.getlist("file")
        once(
            request,
            f"hashes {case.pk}",
            lambda: add_hashes(case.pk, chosen, by_name=by_name, actor=actor_of(request)),
        )
        return back_to(case, request, _("Added to the known images."))
    files = [file for file in files_now(case.location_id) if hashes_of(file)]
    named = hashes_named_by(case.location_id, as_typed=True)
    is_one = len(files) + bool(named) == 1
    values = {"case": case, "files": files, "named": named, "is_one": is_one, "once": new_form_key()}
    return render(request, "casework/assessment/known_images.html", values)
