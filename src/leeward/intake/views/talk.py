"""The page for somebody who is worried about what they think or do: whom to talk to. Nothing is asked and nothing kept."""

from django.http import HttpRequest, HttpResponse

from leeward.intake.next_steps import for_the_page, next_words
from leeward.intake.rules.next_step import SELF, Situation, next_step
from leeward.intake.views.playing import render_with_recording
from leeward.intake.views.public import public
from leeward.people.queries import PortalRow, shown_helplines
from leeward.people.rules.recordings import TALK


@public
def talk(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """Show who helps, for people under 18 and for adults."""
    every = shown_helplines(portal.id)
    ages = [(young, next_words(next_step(_situation(young=young), every), young=young)) for young in (True, False)]
    return render_with_recording(request, portal, TALK, "intake/talk.html", {"ages": ages, **for_the_page(every)})


def _situation(*, young: bool) -> Situation:
    return Situation(
        kind=SELF, young=young, is_threatened=False, in_danger=False, offers_own_picture=False, has_police_page=False
    )
