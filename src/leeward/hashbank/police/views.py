"""The officer's page: whether a file is known, since when, the outcome, and whom to call. It shows less than the desk
sees.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from leeward.hashbank.police import queries as police_queries
from leeward.hashbank.police.forms import LookUpForm
from leeward.hashbank.police.services import ask
from leeward.hashbank.rules.police import PoliceAnswer
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of
from leeward.web_security.services import use_once

VICTIMS = {"unknown": _("not identified"), "identified": _("identified"), "safeguarded": _("safeguarded")}
OUTCOMES = {
    "open": _("open"),
    "victim_identified": _("victim identified"),
    "arrest": _("arrest"),
    "convicted": _("conviction"),
    "closed": _("closed"),
}


@require_http_methods(["GET", "POST"])
@staff("hash.ask")
def ask_known(request: HttpRequest) -> HttpResponse:
    """Look hashes up; below, the officer's own cases and who else asks about the same records."""
    actor = actor_of(request)
    values: dict[str, Any] = {"once": new_form_key()}
    if request.method == "POST":
        form = LookUpForm(request.POST, request.FILES)
        if form.is_valid():
            if not use_once(request.POST.get("once", ""), purpose="police look-up"):
                return redirect("police_desk:ask-known")
            rows = form.cleaned_data["rows"]
            answered = ask(rows, asker=form.asker(), actor=actor)
            values |= {"answers": [_shown(row, one) for row, one in zip(rows, answered.answers, strict=True)]}
            values |= {"reference": form.asker().reference}
            form = LookUpForm(initial=form.cleaned_data | {"hashes": ""})
    else:
        last = police_queries.inquiries_by(actor).first()
        form = LookUpForm(initial={"agency": last.agency, "contact": last.contact} if last else {})
    page = page_of(police_queries.inquiries_by(actor), request.GET.get("page"), per_page=20)
    values |= {
        "form": form,
        "page": page,
        "inquiries": [police_queries.inquiry_row(row) for row in page.rows],
        "overlaps": police_queries.overlaps([row.pk for row in page.rows]),
    }
    return render(request, "hashbank/police.html", values, status=422 if form.errors else 200)


def _shown(row: dict[str, Any], answer: PoliceAnswer) -> dict[str, Any]:
    kinds = ("path", "name", "sha256", "sha1", "md5", "pdq", "sha512")
    name = next((str(row[kind]) for kind in kinds if row.get(kind)), "")
    return {
        "name": name,
        "answer": answer,
        "note": row.get("unreadable") or answer.note,
        "is_unreadable": "unreadable" in row,
        "victim": VICTIMS.get(answer.victim or ""),
        "outcome": OUTCOMES.get(answer.outcome or ""),
        "says": sorted(answer.says.items()),
        "levels": sorted(answer.levels.items()),
    }
