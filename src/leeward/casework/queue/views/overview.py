"""The supervisor's pages: the overview, and giving a case to somebody else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leeward.casework import labels, services
from leeward.casework.queue.queries.overview import Overview, loads_of, local_midnight, overview_of
from leeward.casework.steps import locked_case
from leeward.casework.views.doing import back_to, case_here, once_as_shown
from leeward.clocks.labels import RULES, WHENS
from leeward.clocks.rules.recommended import KINDS
from leeward.foundation.errors import BadInput
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key


@staff("case.reassign")
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is late and due soon, who holds how much, and today compared with the last four weeks."""
    actor = actor_of(request)
    found = overview_of(actor.hotline_id or 0, actor.id or 0, timezone.now())
    values = {
        "found": found,
        "paces": [(labels.PACES[pace.name], pace) for pace in found.paces],
        "clocks": [
            (kind, RULES[kind], [(when, word, found.clocks[kind, when]) for when, word in WHENS.items()])
            for kind in KINDS
            if any(found.clocks[kind, when] for when in WHENS)
        ],
        "whens": WHENS.items(),
        "counts": _counts(found),
    }
    return render(request, "casework/queue/overview.html", values)


def _counts(found: Overview) -> list[tuple[str, str, int, bool]]:
    """Return what the page counts, in order: label, address of the list, number, and whether it is late."""
    queue, listed, counts = reverse("casework:show-queue"), reverse("casework:list-overview"), found.counts
    return [
        (_("Urgent, waiting"), f"{queue}?view=urgent", counts["urgent"], bool(counts["urgent"])),
        (_("First assessment overdue"), f"{queue}?view=late", counts["late"], bool(counts["late"])),
        (_("Due within two hours"), f"{queue}?view=soon", counts["soon"], False),
        (_("Waiting"), f"{queue}?view=waiting", counts["waiting"], False),
        (_("For a second assessment"), f"{queue}?view=second", counts["second"], False),
        (_("Awaiting action"), f"{queue}?view=decided", counts["decided"], False),
        (_("Holds that end within a day"), f"{listed}?list=ending_holds", counts["ending_holds"], False),
        (_("Open appeals"), reverse("casework:list-appeals"), counts["appeals"], bool(found.clocks["appeal", "late"])),
        (_("Appeals against blocks"), reverse("blocklist:list-appeals"), counts["block_appeals"], False),
        (_("Messages that need a decision"), "/desk/outbox", found.dead_letters, bool(found.dead_letters)),
        (_("Contacts whose mail comes back"), "/desk/contacts?bounced=yes", found.bounced, False),
    ]


@staff("case.reassign")
@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, reference: str) -> HttpResponse:
    """Reassign the case to a colleague: first show who there is and what they hold, then do it."""
    case, actor = case_here(reference, request), actor_of(request)
    if request.method == "POST":
        to = request.POST.get("to", "")
        if not to.isdecimal():
            raise BadInput(what=_("The colleague"), why=_("nobody was chosen"))
        once_as_shown(
            request,
            f"reassign {case.pk}",
            lambda: locked_case(case.pk).holder_mark,
            lambda: services.reassign(case.pk, int(to), actor=actor),
        )
        return back_to(case, request, _("They now have the case."))
    now = timezone.now()
    loads = loads_of(case.hotline_id, now, local_midnight(case.hotline_id, now))
    people = [load for load in loads if load.id != case.claimed_by_id]
    return render(request, "casework/queue/reassign.html", {"case": case, "people": people, "once": new_form_key()})
