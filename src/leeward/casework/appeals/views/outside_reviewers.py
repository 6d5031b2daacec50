"""Outside reviewers: this hotline's invitations, a form for another one, withdrawing one, and the invitations of the
signed-in person.
"""

from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.casework.appeals.services.outside import invite_to, withdraw_invitation_to
from leeward.casework.views.doing import once
from leeward.foundation.errors import LeewardError
from leeward.people import queries as people_queries
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key

SUBJECT_KINDS = {
    "case": gettext_lazy("A case: the second assessment, or what was entered for the police"),
    "appeal": gettext_lazy("A request for review: the answer"),
    "entry": gettext_lazy("A block: the approval"),
}


class OutsideForm(forms.Form):
    """Form: who is invited, and to what."""

    subject_kind = forms.ChoiceField(label=gettext_lazy("What for"), choices=list(SUBJECT_KINDS.items()))
    about = forms.CharField(
        label=gettext_lazy("Its number"),
        max_length=20,
        help_text=gettext_lazy(
            "For a case, its reference, such as 2026-0001; otherwise the number in the address of its page."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "short"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("The address with which they sign in at their hotline"),
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("reviewer.invite")
def invitations(request: HttpRequest) -> HttpResponse:
    """List the hotline's invitations, with a form for a new one."""
    actor = actor_of(request)
    form = OutsideForm(
        request.POST if request.method == "POST" else None,
        initial={name: request.GET.get(name, "")[:20] for name in ("subject_kind", "about")},
    )
    problem: LeewardError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            once(
                request,
                f"outside {given['subject_kind']} {given['about']}",
                lambda: invite_to(given["subject_kind"], given["about"], email=given["email"], actor=actor),
            )
        except LeewardError as error:
            problem = error
        else:
            messages.success(
                request, _("Invited. They get a message with a link that works for them alone, for seven days.")
            )
            return redirect("casework:list-outside-reviewers")
    now = datetime.now(UTC)
    rows = [
        {"row": row, "title": SUBJECT_KINDS[row.subject_kind], "is_open": row.state == "open" and row.expires_at > now}
        for row in people_queries.reviews_of(actor.hotline_id or 0)
    ]
    values = {"form": form, "rows": rows, "problem": problem, "once": new_form_key()}
    status = problem.status if problem else 422 if form.errors else 200
    return render(request, "casework/appeals/outside_reviewers.html", values, status=status)


@require_POST
@staff("reviewer.invite")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw an invitation."""
    withdraw_invitation_to(number, actor=actor_of(request))
    messages.success(request, _("Withdrawn. They no longer see any of it."))
    return redirect("casework:list-outside-reviewers")


@require_safe
@staff("case.assess")
def mine(request: HttpRequest) -> HttpResponse:
    """List what other hotlines have invited this person to."""
    rows = people_queries.reviews_for(actor_of(request).id or 0, datetime.now(UTC))
    return render(
        request,
        "casework/appeals/outside_reviews.html",
        {"rows": [(row, SUBJECT_KINDS[row.subject_kind]) for row in rows]},
    )
