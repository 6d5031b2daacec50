"""What the police of a portal's country will do and won't: chosen here, and shown once somebody else has reviewed it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leeward.foundation.errors import LeewardError
from leeward.people import queries, services
from leeward.people.access import actor_of, staff
from leeward.people.forms.voice import Voiced, give_voice
from leeward.people.labels import WAITS
from leeward.people.rules.police_words import QUESTIONS, sentences
from leeward.people.rules.reach import POLICE_WORDS
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


@staff("portal.edit")
@require_http_methods(["GET", "POST"])
def edit_police_words(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Choose what is true in this country, and see what visitors read now."""
    portal = portal_here(request, portal_id)
    waiting = [
        row
        for row in queries.portal_changes_waiting(portal.hotline_id)
        if (row.portal_id, row.what) == (portal.id, POLICE_WORDS)
    ]
    drafted = waiting[-1].wanted[POLICE_WORDS] if waiting else portal.police_words
    form = PoliceWordsForm(request.POST or None, initial=drafted)
    if request.method == "POST" and form.is_valid():
        try:
            waits = services.say_of_police(portal.id, form.cleaned_data, actor=actor_of(request))
        except LeewardError as error:
            form.add_error(None, error.text)
        else:
            if waits is not None:
                messages.warning(request, WAITS)
            return redirect("people:edit-police-words", portal.id)
    values = {"form": form, "found": portal, "now": sentences(portal.police_words), "changes": waiting}
    return render(request, "people/police_words.html", values, status=422 if form.errors else 200)
