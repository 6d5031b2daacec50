"""The desk's pages of the register: every file, a proposal to change one, and the second person's decision."""

import difflib

from django.contrib import messages as flash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.gate.keys import new_form_key
from leeward.gate.services import use_once
from leeward.ground.errors import LeewardError
from leeward.laws import queries, services
from leeward.people.access import actor_of, staff

_CONTEXT_LINES = 3


@require_safe
@staff("law.edit")
def register(request: HttpRequest) -> HttpResponse:
    """All jurisdictions, and the changes that wait for a second person."""
    laws = queries.register()
    return render(
        request,
        "laws/desk_register.html",
        {
            "recorded": [content for content in laws.files.values() if content.get("provisions")],
            "others": [content for content in laws.files.values() if not content.get("provisions")],
            "version": laws.version,
            "open_changes": queries.open_changes(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("law.edit")
def file(request: HttpRequest, code: str) -> HttpResponse:
    """One file with its history; a new text is checked at once and waits for a second person."""
    content = queries.register().file(code.upper())
    name = str(content["code"])
    text, reason, problem = queries.register_texts()[name], "", None
    if request.method == "POST":
        text, reason = request.POST.get("text", ""), request.POST.get("reason", "").strip()
        problem = _propose(request, name, text, reason)
        if problem is None:
            return redirect("laws_desk:edit-law", code=name.lower())
    values = {"file": content, "text": text, "reason": reason, "problem": problem, "once": new_form_key()}
    answer = render(request, "laws/desk_file.html", {**values, "history": queries.changes_of(name)})
    answer.status_code = 400 if problem else 200
    return answer


def _propose(request: HttpRequest, code: str, text: str, reason: str) -> LeewardError | None:
    """Propose once; return what is wrong with the text, if anything."""
    try:
        with transaction.atomic():
            if use_once(request.POST.get("once", ""), purpose=f"law:{code}"):
                services.propose_edit(code, text=text, reason=reason, actor=actor_of(request))
                flash.success(request, _("Proposed. It comes into force when a second person accepts it."))
    except LeewardError as problem:
        return problem
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@staff("law.edit")
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One proposed change as a comparison; accepted by a second person, refused or taken back."""
    found = queries.change(number)
    if request.method == "POST":
        act = services.accept_edit if request.POST.get("act") == "accept" else services.refuse_edit
        with transaction.atomic():
            if use_once(request.POST.get("once", ""), purpose=f"law-change:{number}"):
                act(number, actor=actor_of(request))
                flash.success(request, _("Done."))
        return redirect("laws_desk:list-law")
    lines = difflib.unified_diff(
        found.before.splitlines(), found.text.splitlines(), _("in force"), _("proposed"), "", "", _CONTEXT_LINES, ""
    )
    return render(
        request,
        "laws/desk_change.html",
        {
            "change": found,
            "lines": list(lines),
            "is_own": found.by_user == actor_of(request).id,
            "once": new_form_key(),
        },
    )
