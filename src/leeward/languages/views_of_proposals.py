"""Proposals for shared texts: pending, decided, and a single one beside the current texts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.audit.services import INSTALLATION, hotline_transaction
from leeward.installation.queries import may_decide_shared
from leeward.languages import proposals, services
from leeward.languages.errors import NothingToAccept
from leeward.languages.labels import who_decides
from leeward.people.access import actor_of, staff
from leeward.people.queries import second_person_obstacle
from leeward.people.services import second_person_words
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

ACCEPT = "language.accept"


@staff("language.translate")
@require_safe
def list_proposals(request: HttpRequest) -> HttpResponse:
    """List pending and decided proposals."""
    hotline_id = actor_of(request).hotline_id or 0
    values = {"rows": proposals.proposals(hotline_id), "who": who_decides(hotline_id)}
    return render(request, "languages/proposals.html", values)


@staff("language.translate")
@require_http_methods(["GET", "HEAD", "POST"])
def decide_proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Show one proposal: staff of the hotline that runs the installation can accept it, it can be refused, or its
    author can withdraw it."""
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    row = proposals.proposal(number, hotline_id)
    if request.method == "POST":
        with hotline_transaction(INSTALLATION):
            if use_once(request.POST.get("once", ""), purpose=f"text-proposal:{number}"):
                messages.success(request, _settle(request, number))
        return redirect("languages:list-proposals")
    is_own = row.by_id == actor.id
    second = second_person_obstacle(actor, {row.by_id, row.endorsed_by}, act=ACCEPT)
    content = proposals.content(number, hotline_id)
    cant = second_person_words(second, actor.hotline_id) if second and not is_own else None
    if not cant and row.kind == "texts" and not content.shown:
        cant = (str(NothingToAccept.sentence), str(NothingToAccept.hint))
    values = {
        "row": row,
        "content": content,
        "seen": content.mark,
        "is_own": is_own,
        "decides": bool(may_decide_shared(actor, ACCEPT)),
        "cant": cant,
        "once": new_form_key(),
    }
    return render(request, "languages/proposal.html", values)


def _settle(request: HttpRequest, number: int) -> str:
    actor = actor_of(request)
    if request.POST.get("act") != "accept":
        answer = request.POST.get("answer", "")
        services.refuse_proposal(number, actor=actor, answer=answer)
        return _("Refused. Whoever proposed it gets your reason.") if answer else _("Withdrawn.")
    done = services.accept_proposal(number, actor=actor, seen=request.POST.get("seen", ""))
    if done.is_in_force:
        answer = _("Accepted. Pages show it within seconds.")
    else:
        answer = _("You have approved it. Pages show it once a second person at your hotline approves.")
    if done.rest is None:
        return answer
    return f"{answer} {_('The other texts wait as proposal %(number)s.') % {'number': done.rest}}"
