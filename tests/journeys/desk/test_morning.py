"""A full morning of an analyst: nineteen cases by keys alone, each counted in keys and in pages that are loaded.

What a record settles comes first, then one case after the other until the break, then what is no ordinary case: a mistake undone,
another end, a blind second assessment, four together, the day's budget used up, an urgent text, a request for review.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import expect

from leeward.casework.assessment.services.known_images import add_hashes
from leeward.casework.models import Appeal, Assessment, Case, CaseItem, DeskDay, DeskLimits
from leeward.hosting.queries import files_now
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import ask_from_outside
from leeward.site.config import Config
from leeward.web_security.keys import new_form_key
from tests.browser import Visitor
from tests.by_keys import Keys
from tests.casework.conftest import GRAVE, Desk
from tests.journeys.desk.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
JAMAICA = ZoneInfo("America/Jamaica")
# What a law leaves to a person: so a record begins such a case, and does not decide it.
MADE = {"medium": "ai_generated", "age_band": "11-13", "act": "uk_b", "real_person": "no"}
PLAIN, WORSE, ADULT = "142122", "132112", "17"  # the digits that mark the facts
POLICE = "police@constabulary.example"
SEND = "Shift+Enter"
BUDGET = 16
MOST = {"known": (3, 2), "decided": (3, 2), "ordinary": (15, 2), "mistake": (15, 5), "together": (30, 3)}
MOST["budget"] = (17, 2)  # with two more views of the same picture


class Morning(Keys):
    """An analyst at the desk, and the clock on the wall."""

    def __init__(self, guest: Visitor, clock: time_machine.Traveller) -> None:
        super().__init__(guest)
        self.clock, self.at = clock, datetime.now(UTC)
        self.tally: list[tuple[str, int, int]] = []

    def wait(self, minutes: float) -> None:
        """Time goes by: so many minutes, however long this machine took for them."""
        self.at += timedelta(minutes=minutes)
        self.clock.move_to(max(self.at, datetime.now(UTC)))

    def done(self, kind: str, *, minutes: float) -> None:
        """A case is done: note what it took."""
        self.tally.append((kind, self.pressed, self.loads))
        self.wait(minutes)
        self.from_here()

    def look(self, what: str) -> None:
        """Look at the page as it stands."""
        self.guest.look(f"morning-{what}")

    def take(self, case: Case) -> None:
        """Take the next case; it is the one that comes first."""
        self.lead("c")
        assert self.page.url.endswith(case.reference), self.page.locator("main").inner_text()

    def see(self) -> None:
        """Look at a quarter of the first picture: a key asks, a digit says why, a key shows it."""
        self.page.get_by_role("button", name="Show 1", exact=True).wait_for()
        self.press("p", "1", "2", "Enter")
        self.page.locator("img[src^='data:image/png']").wait_for()

    def decide(self) -> None:
        """It is illegal; the messages come up."""
        self.lead(SEND)
        self.page.get_by_text(POLICE).first.wait_for()

    def send(self) -> None:
        """The messages are right."""
        self.press(SEND)
        expect(self.page.locator(".toolbar").first).to_contain_text("Being acted on")
        expect(self.page.locator("footer.keys")).to_contain_text("next case")

    def shows(self, text: str) -> None:
        """The page says so."""
        expect(self.page.get_by_text(text).first).to_be_visible()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Eight in the morning, in Jamaica, tomorrow: what was made before stays in the past."""
    eight = (datetime.now(JAMAICA) + timedelta(days=1)).replace(hour=8, minute=0)
    with time_machine.travel(eight, tick=True) as traveller:
        yield traveller


def test_a_full_morning(desk: Desk, enter: Enter, clock: time_machine.Traveller, settings: Any) -> None:
    # At its own pace: an hour in a tenth of a second, what was sent is checked anew faster than a slow machine can check it.
    settings.LEEWARD = Config(known_sample_percent=0, undo_seconds=60)
    DeskLimits.objects.update(previews=BUDGET, last_hour=16)
    remember(desk)
    (grave,) = come_in(desk, "pictures/5.png?second")
    desk.assess(grave, "bela", facts=GRAVE)
    known = come_in(desk, *(f"pictures/1.jpg?known={number}" for number in range(2)), far=True)
    usual = come_in(desk, *(f"pictures/{number % 2}.jpg?usual={number}" for number in range(5)))
    odd = come_in(desk, *(f"pictures/3.jpg?odd={number}" for number in range(4)), "pictures/9.jpg?gone")
    alike = come_in(desk, *(f"pictures/4.jpg?alike={number}" for number in range(4)))
    (last,) = come_in(desk, "gallery?last")
    ana = Morning(enter("ana").guest, clock)
    ana.guest.go("/desk/")
    ana.look("queue")
    ana.from_here()
    for case in known:
        a_known_one(ana, case)
    for case in usual[:-1]:
        an_ordinary_one(ana, case, minutes=9)
    a_break(ana)
    an_ordinary_one(ana, usual[-1], minutes=4)
    a_mistake(ana, odd[0])
    another_end(ana, odd[1:])
    a_second_assessment(ana, grave)
    four_together(ana, alike)
    the_budget(ana, last)
    an_urgent_text(ana, desk)
    what_is_decided(ana, alike)
    a_review(ana, enter("carl").guest, desk, usual[0])
    ana.lead("g", "s")
    ana.look("day")
    assert sum(one[0] != "together" for one in ana.tally) == 19
    assert [one for one in ana.tally if one[1] > MOST[one[0]][0] or one[2] > MOST[one[0]][1]] == []
    assessed = Assessment.objects.filter(by_id=desk.cast["ana"].account_id)
    assert assessed.count() == 18, "of the urgent text nobody states facts: it is passed on"
    assert not assessed.filter(case__urgent=True).exists()


def remember(desk: Desk) -> None:
    """A colleague has decided about a picture before, and put it among the known ones."""
    case = desk.case(desk.world.far_gallery_url.replace("gallery", "pictures/1.jpg"))
    desk.assess(case, "bela", facts=MADE)
    desk.act(case, "bela")
    add_hashes(case.pk, [file.id for file in files_now(case.location_id)], actor=desk.cast["bela"].actor)


def come_in(desk: Desk, *names: str, far: bool = False) -> list[Case]:
    """A report for each of these pages of a site; their cases, as the queue has them."""
    site = desk.world.far_gallery_url if far else desk.world.gallery_url
    reports = [desk.report(site.replace("gallery", name)) for name in names]
    desk.work()
    return [CaseItem.objects.select_related("case").get(item__report_id=report).case for report in reports]


def a_known_one(ana: Morning, case: Case) -> None:
    """What a record says is marked already, and nobody has to look."""
    ana.take(case)
    ana.shows("come from its record")
    if ana.tally == []:
        ana.look("known")
    ana.decide()
    if ana.tally == []:
        ana.look("before-it-goes")
    ana.send()
    if ana.tally == []:
        ana.look("sent")
    ana.done("known", minutes=8)


def an_ordinary_one(ana: Morning, case: Case, *, minutes: int) -> None:
    """A look, six facts, the decision, the messages."""
    ana.take(case)
    ana.see()
    ana.press(*PLAIN)
    if len(ana.tally) == 2:
        ana.look("marked")
    ana.decide()
    ana.send()
    ana.done("ordinary", minutes=minutes)


def a_break(ana: Morning) -> None:
    """After fifty minutes nothing new comes for ten; what warned of it stood beside the last case."""
    ana.lead("c")
    ana.shows("Urgent cases can still be read.")
    idle = ana.page.get_by_role("button", name="Next urgent case")
    expect(idle).to_be_disabled()
    assert idle.evaluate("button => getComputedStyle(button).borderStyle") == "dashed", "it looks as idle as it is"
    ana.look("break")
    ana.press("c")
    ana.wait(10)
    ana.lead("g", "q")
    ana.from_here()


def a_mistake(ana: Morning, case: Case) -> None:
    """Too early, then the wrong key, taken back while nothing has gone out; then what it is."""
    ana.take(case)
    ana.see()
    ana.lead(SEND)
    ana.look("too-early")
    ana.press(*PLAIN)
    ana.lead(SEND)
    ana.look("wrong-key")
    ana.lead("z")
    ana.shows("Undone")
    ana.lead("u")
    ana.done("mistake", minutes=4)


def another_end(ana: Morning, cases: list[Case]) -> None:
    """Only adults in two; one is grave, so that it goes to somebody else too; of one the page is gone."""
    *adults, grave, gone = cases
    for case in adults:
        ana.take(case)
        ana.see()
        ana.press(*ADULT, "n")
        if case == adults[0]:
            ana.look("endings")
        ana.write("only")
        ana.lead(SEND)
        ana.shows("Only adults are shown")
        ana.done("ordinary", minutes=3)
    ana.take(grave)
    ana.see()
    ana.press(*WORSE)
    ana.shows("A second assessment follows:")
    ana.lead(SEND)
    ana.look("asked-for-a-second")
    ana.done("ordinary", minutes=6)
    ana.take(gone)
    ana.look("gone")
    ana.press("n")
    ana.write("the l")
    ana.lead(SEND)
    ana.shows("The link has expired")
    ana.done("ordinary", minutes=2)


def a_second_assessment(ana: Morning, case: Case) -> None:
    """Somebody else’s case, without what they found."""
    ana.lead("g", "q")
    ana.lead("v", "s")
    ana.look("second-looks")
    ana.from_here()
    ana.take(case)
    ana.see()
    ana.look("blind")
    ana.press(*WORSE)
    ana.decide()
    ana.send()
    ana.done("ordinary", minutes=6)


def four_together(ana: Morning, cases: list[Case]) -> None:
    """Four of one site, marked in the queue: one statement of facts, and each has its own look."""
    ana.lead("g", "q")
    ana.from_here()
    ana.press("x", "j", "x", "j", "x", "j", "x")
    ana.lead("a")
    ana.press(*PLAIN)
    ana.look("together")
    ana.lead(SEND)
    ana.look("ahead")
    ana.lead(SEND)
    ana.shows("4 assessed, 0 not")
    ana.look("run")
    ana.done("together", minutes=6)
    assert [Case.objects.get(pk=case.pk).state for case in cases] == ["decided"] * 4


def the_budget(ana: Morning, case: Case) -> None:
    """A look that the day's budget does not allow any more: what was seen has to be enough, and then nothing new comes."""
    ana.lead("g", "q")
    ana.from_here()
    ana.take(case)
    ana.see()
    for key, alt in (("p p", "Preview, grey and blurred"), ("f", "Preview, grey")):
        with ana.page.expect_response("**/preview"):
            ana.press(*key.split())
        ana.page.get_by_alt_text(alt, exact=True).wait_for()
        ana.guest.settle()
    ana.press("a")
    ana.shows("reached today’s limit")
    ana.look("budget-used-up")
    ana.press(*PLAIN)
    ana.decide()
    ana.send()
    ana.done("budget", minutes=3)
    assert max(DeskDay.objects.values_list("spent", flat=True)) == BUDGET
    ana.lead("c")
    ana.shows("Urgent cases can still be read.")
    ana.look("stop")


def an_urgent_text(ana: Morning, desk: Desk) -> None:
    """Somebody contacts a child: the text is read at any hour, and the police are told with one key."""
    case = desk.case("", kind="contact", text="[message withheld]")
    ana.lead("g", "q")
    ana.from_here()
    ana.take(case)
    ana.look("urgent")
    ana.lead(SEND)
    ana.shows("It is being sent to the police now")
    ana.done("ordinary", minutes=3)


def what_is_decided(ana: Morning, cases: list[Case]) -> None:
    """What is decided already goes out, one case after the other: nothing new is seen for it."""
    ana.lead("g", "q")
    ana.lead("v", "d")
    ana.from_here()
    for case in cases:
        ana.take(case)
        ana.page.get_by_text(POLICE).first.wait_for()
        ana.send()
        ana.done("decided", minutes=1)


def a_review(ana: Morning, supervisor: Visitor, desk: Desk, case: Case) -> None:
    """The owner of a page asks for a review: the analyst says why, a supervisor who had no part answers."""
    ask_from_outside(
        item_drafts(desk.world.gallery_url.replace("gallery", "pictures/0.jpg?usual=0"), {})[0], relation="owner",
        text="It is a picture of a harbour.", contact="", language="en", form_key=new_form_key(),
        hotline_id=desk.cast.hotline_id, portal_id=desk.cast.portal_id,
    )  # fmt: skip
    desk.work()
    ana.lead("g", "y")
    ana.look("asked-why")
    ana.lead("y")
    ana.press("w")
    ana.write("It shows what the law names.")
    ana.look("why")
    ana.press("Escape")
    ana.lead(SEND)
    ana.shows("Saved.")
    carl = Morning(supervisor, ana.clock)
    carl.guest.go("/desk/")
    carl.lead("g", "a")
    carl.look("appeals")
    carl.lead("Enter")
    carl.press("w")
    carl.write("The harbour is not all of it.")
    carl.look("appeal")
    carl.press("Escape")
    carl.lead("n")
    carl.shows("Answered.")
    appeal = Appeal.objects.get()
    assert (appeal.case_id, appeal.state) == (case.pk, "rejected")
