"""What the police of a portal's country will do and won't: chosen here, and shown once somebody else has reviewed it."""

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError
from leeward.people import queries, services
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.forms.voice import Voiced, give_voice
from leeward.people.labels import WAITS
from leeward.people.rules.police_words import QUESTIONS, sentences
from leeward.people.rules.reach import POLICE_WORDS
from leeward.people.rules.reading import mark_of
from leeward.people.views.numbers import portal_here


class PoliceWordsForm(Voiced):
    """One choice for each question."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for code, question in QUESTIONS.items():
            choices = [(answer, str(text)) for answer, text in question.answers.items()]
            self.fields[code] = forms.ChoiceField(
                label=str(question.title), choices=choices, widget=forms.RadioSelect, required=True
            )
        give_voice(self)


def _waiting(portal: queries.PortalRow) -> list[queries.PortalChangeRow]:
    changes = queries.portal_changes_waiting(portal.hotline_id)
    return [row for row in changes if (row.portal_id, row.what) == (portal.id, POLICE_WORDS)]


def _drafted(portal: queries.PortalRow) -> Mapping[str, str]:
    """Return the answers that the form begins with: those that wait for a second person, else those that visitors read."""
    waiting = _waiting(portal)
    return waiting[-1].wanted[POLICE_WORDS] if waiting else portal.police_words


@staff("portal.edit")
@require_http_methods(["GET", "POST"])
def edit_police_words(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Choose what is true in this country, and see what visitors read now."""
    portal = portal_here(request, portal_id)
    waiting, drafted = _waiting(portal), _drafted(portal)
    form = PoliceWordsForm(request.POST or None, initial=drafted)
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction(portal.hotline_id):
                demand_as_shown(request, mark_of(portal.id, sorted(_drafted(portal_here(request, portal_id)).items())))
                waits = services.say_of_police(portal.id, form.cleaned_data, actor=actor_of(request))
        except EnteredSince as error:  # its answers would be those of before
            messages.error(request, f"{error.text} {error.hint}")
            return redirect("people:edit-police-words", portal.id)
        except LeewardError as error:
            form.add_error(None, error.text)
        else:
            if waits is not None:
                messages.warning(request, WAITS)
            return redirect("people:edit-police-words", portal.id)
    values = {"form": form, "found": portal, "now": sentences(portal.police_words), "changes": waiting}
    values["seen"] = first_shown(request, mark_of(portal.id, sorted(drafted.items())))
    return render(request, "people/police_words.html", values, status=422 if form.errors else 200)
