"""The page of a case on a small desk, 1280 × 800: facts, picture and decision are there without scrolling, for every kind of case."""

from typing import Any

import pytest
from django.test import Client

from leeward.casework import services
from leeward.casework.models import Assessment, SampledAssessment
from leeward.casework.quality.services import sampling
from leeward.site.config import Config
from tests.browser import Visit, Visitor
from tests.casework.assessment.test_known_images import again, set_sample, taught
from tests.casework.conftest import FAST, GRAVE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SMALL = (1280, 800)
QUESTIONS = [f"#f-{name}" for name in ("real_person", "age_band", "sex", "medium", "level", "self_generated")]
DECIDE = [f"button:has-text('{name}')" for name in ("Illegal", "Can’t tell")]
PICTURE = "button:has-text('Show 1')"
# Its middle is where the window shows it, and nothing lies above it.
IS_SEEN = """element => {
    const box = element.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    return scrollY === 0 && y > 0 && y < innerHeight && element.contains(document.elementFromPoint(x, y)) }"""


@pytest.fixture
def look(desk: Desk, visitor: Visit) -> Any:
    """Open a page as somebody, and say which of some things are not seen at once."""
    guests: dict[str, tuple[Visitor, Client]] = {}

    def open_and_look(who: str, path: str, *things: str) -> list[str]:
        guest, client = guests.get(who) or (visitor(size=SMALL), desk.signed_in(who))
        if who not in guests:
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "sameSite": "Strict"}
            guest.context.add_cookies([cookie | {"url": f"{guest.base}/desk"}])
        guests[who] = guest, client
        guest.go(path)
        for thing in things:
            guest.page.locator(thing).first.wait_for()
        guest.settle()
        return [thing for thing in things if not guest.page.locator(thing).first.evaluate(IS_SEEN)]

    return open_and_look


def test_nothing_that_a_decision_needs_is_scrolled_for(desk: Desk, look: Any, settings: Any) -> None:
    settings.LEEWARD = Config(pace=FAST, known_sample_percent=100)
    ana, bela = (desk.cast[name].actor for name in ("ana", "bela"))

    ordinary = desk.case()
    services.claim_case(ordinary.pk, actor=ana)
    assert look("ana", f"/desk/case/{ordinary.reference}", *QUESTIONS, PICTURE, *DECIDE) == []
    services.save_draft(ordinary.pk, GRAVE, actor=ana)
    assert look("ana", f"/desk/case/{ordinary.reference}", *QUESTIONS, PICTURE, *DECIDE) == []

    urgent = desk.case("http://files.tradewind.example/d/1", kind="danger", text="[message withheld]")
    services.claim_case(urgent.pk, actor=ana)
    page = f"/desk/case/{urgent.reference}"
    assert look("ana", page, "text=[message withheld]", "text=What came of it", "text=Ask the reporter") == []

    decided = desk.case(desk.world.gallery_url.replace("gallery", "pictures/0.jpg"))
    desk.assess(decided)
    services.claim_case(decided.pk, actor=ana)
    assert look("ana", f"/desk/case/{decided.reference}", "text=Real person", "button:text-is('Send')") == []
    desk.act(decided)
    appeal = services.open_appeal(decided.pk, origin="host", origin_id=1, text="This is a picture of a harbour.")
    answers = ["text=a picture of a harbour", "text=Real person", "#reasons", "text=Keep the decision"]
    assert look("carl", f"/desk/appeals/{appeal}", *answers) == []

    far = desk.case(desk.world.far_gallery_url)
    desk.assess(far, facts=GRAVE)
    services.claim_case(far.pk, actor=bela)
    assert look("bela", f"/desk/case/{far.reference}", *QUESTIONS, PICTURE, *DECIDE) == []

    first = Assessment.objects.get(case=decided)
    row = {"hotline_id": decided.hotline_id, "case": decided, "drawn_at": first.at}
    SampledAssessment.objects.get_or_create(first=first, defaults=row | {"why": "illegal"})
    sampling.take_sample(actor=bela)
    assert look("bela", "/desk/quality/sample", *QUESTIONS, PICTURE, *DECIDE) == []


def test_nor_where_the_picture_is_a_known_one(desk: Desk, look: Any, settings: Any) -> None:
    """A match that the record can't decide under this law: what is known stands above the picture, and pushes nothing out of sight."""
    taught(desk, settings, facts={"medium": "photograph", "act": "none", "age_band": "adult"})
    set_sample(settings, 0)
    case = again(desk)
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    needed = (*QUESTIONS, "text=People decided about", PICTURE, *DECIDE)
    assert look("ana", f"/desk/case/{case.reference}", *needed) == []
