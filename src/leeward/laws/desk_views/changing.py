"""The desk's pages of the register: all files, proposing a change to one, and the second person's decision."""

import difflib
from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.audit.services import INSTALLATION, hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.installation.queries import is_run_by, may_decide_shared, runs_it
from leeward.laws import queries, services
from leeward.laws.errors import BadLawFile
from leeward.laws.labels import TOPIC_WORDS
from leeward.laws.pages import changes
from leeward.laws.pages.impact import ImpactPage, impact_page
from leeward.laws.rules.sheet import rows_of
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.queries import second_person_obstacle
from leeward.people.rules.reading import mark_of
from leeward.people.services import second_person_words
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

_CONTEXT_LINES = 3


@require_safe
@staff("law.edit")
def register(request: HttpRequest) -> HttpResponse:
    """List all jurisdictions, and the changes that wait for a second person."""
    laws = queries.register()
    return render(
        request,
        "laws/desk_register.html",
        {
            "recorded": [content for content in laws.files.values() if content.get("provisions")],
            "others": [content for content in laws.files.values() if not content.get("provisions")],
            "version": laws.version,
            "open_changes": changes.open_changes(_hotline(request)),
            "decides": is_run_by(_hotline(request)),
            "running": runs_it(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("law.edit")
def file(request: HttpRequest, code: str) -> HttpResponse:
    """Show one file with its history; a new text is checked at once and waits for a second person."""
    content = queries.register().file(code.upper())
    name = str(content["code"])
    text, reason, problem = queries.register_texts()[name], "", None
    if request.method == "POST":
        text, reason = request.POST.get("text", ""), request.POST.get("reason", "").strip()
        problem = propose(request, name, text, reason, shown=lambda: _mark_of_text(name))
        if problem is None:
            return redirect("laws_desk:edit-law", code=name.lower())
    values = {"file": content, "text": text, "reason": reason, "problem": problem, "once": new_form_key()}
    values["seen"] = first_shown(request, _mark_of_text(name))  # typed over an older text, it stays refused
    rows = rows_of(queries.register().written[name])
    answer = render(
        request,
        "laws/desk_file.html",
        {
            **values,
            "rows": [(at, row, TOPIC_WORDS[row["topic"]]) for at, row in enumerate(rows)],
            "history": changes.changes_of(name, _hotline(request)),
            "decides": is_run_by(_hotline(request)),
        },
    )
    answer.status_code = 400 if problem else 200
    return answer


def _mark_of_text(code: str) -> str:
    """Return a mark of a file’s text in force: another one over an older text would take back what came into force since."""
    return mark_of(code, queries.register_texts()[code])


def propose(
    request: HttpRequest, code: str, text: str, reason: str, *, shown: Callable[[], str] | None
) -> LeewardError | None:
    """Propose a change once; return what is wrong with the text, if anything. `shown`: what returns the mark that the page must have; None
    for a page that has compared by itself what it shows with what holds."""
    try:
        with hotline_transaction(INSTALLATION):
            if use_once(request.POST.get("once", ""), purpose=f"law:{code}"):
                if shown is not None:
                    demand_as_shown(request, shown())
                services.propose_edit(code, text=text, reason=reason, actor=actor_of(request))
                flash.success(request, _proposed(actor_of(request)))
    except LeewardError as problem:
        return problem
    return None


def _proposed(actor: Actor) -> str:
    if is_run_by(actor.hotline_id):
        return _("Proposed. It comes into force when a second person accepts it.")
    running = runs_it()
    if running is None:
        return _("Proposed. Whoever runs the server decides.")
    return _("Proposed. Two people at %(name)s decide, and you are told.") % {"name": running.name}


@require_http_methods(["GET", "HEAD", "POST"])
@staff("law.edit")
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Show one proposed change as a comparison.

    People of the hotline that runs the installation accept or refuse it; the proposer can withdraw it.
    """
    found, actor = changes.change(number, _hotline(request)), actor_of(request)
    if request.method == "POST":
        with hotline_transaction(INSTALLATION):
            if use_once(request.POST.get("once", ""), purpose=f"law-change:{number}"):
                if may_decide_shared(actor, "law.review"):  # others only withdraw their own, or are refused
                    demand_as_shown(request, _mark_of(changes.change(number, _hotline(request))))
                flash.success(request, _settle(request, number))
        return redirect("laws_desk:list-law")
    lines = difflib.unified_diff(
        found.before.splitlines(), found.text.splitlines(), _("in force"), _("proposed"), "", "", _CONTEXT_LINES, ""
    )
    second = second_person_obstacle(actor, {found.by_user, found.endorsed_by}, act="law.review")
    is_own = found.by_user == actor.id
    values = {
        "change": found,
        "lines": list(lines),
        "is_own": is_own,
        "decides": bool(may_decide_shared(actor, "law.review")),
        "impact": _impact(found) if found.state == "proposed" else None,
        "cant": second_person_words(second, actor.hotline_id) if second and not is_own else None,
        "seen": _mark_of(found),
        "once": new_form_key(),
    }
    return render(request, "laws/desk_change.html", values)


def _mark_of(found: changes.ChangeRow) -> str:
    """Return a mark of what is compared and who has approved it: what is in force may be another text by now."""
    return mark_of(found.state, found.before, found.text, found.endorsed_by)


def _impact(found: changes.ChangeRow) -> ImpactPage | None:
    """Return the effects of a change; None if it no longer fits the register."""
    try:
        return impact_page(found.code, found.text, datetime.now(UTC).date())
    except BadLawFile:
        return None


def _settle(request: HttpRequest, number: int) -> str:
    actor = actor_of(request)
    if request.POST.get("act") != "accept":
        services.refuse_edit(number, actor=actor, answer=request.POST.get("answer", ""))
        return _("Refused. Whoever proposed it gets your reason.") if request.POST.get("answer") else _("Withdrawn.")
    if services.accept_edit(number, actor=actor):
        return _("Accepted. It is in force.")
    return _("You have approved it. It comes into force once a second person at your hotline approves.")


def _hotline(request: HttpRequest) -> int:
    return actor_of(request).hotline_id or 0
