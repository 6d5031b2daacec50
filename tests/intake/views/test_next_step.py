"""The receipt and the page behind it say what helps now; who is worried about themselves gets help without a report."""

import pytest
from django.test import Client
from lxml import html

from leeward.people.models import Helpline
from tests.intake.walk import Walk, report
from tests.personas import Cast
from tests.reading import compact

pytestmark = pytest.mark.django_db


def test_who_is_threatened_reads_what_to_do_on_both_pages_with_the_helpline_first(cast: Cast) -> None:
    Helpline.objects.create(
        portal_id=cast.portal_id, whom="child", name="Night line", names={"fr": "Ligne de nuit"}, number="117", hours="24/7",
        charge="free", languages="en", access=["sign"], is_shown=True,
    )  # fmt: skip
    walk = Walk()
    digits = report(walk, kind="me", threat="yes", young="1")
    behind = Client().post("/jm/receipt", {"receipt": digits}).content.decode()
    for page in (walk.response.content.decode(), behind):
        text = compact(html.fromstring(page).text_content())
        assert text.index("Night line", text.index("What helps now")) < text.index("Don’t pay.")
        assert "You can talk to someone now." in text
        assert "Then block them." in text
        assert "It is not your fault, even if you took it or sent it yourself." in text
        assert "Day and night Sign language by video" in text.replace("They speak: English ", "")
    french = Client().post("/jm/fr/receipt", {"receipt": digits}).content.decode()
    assert "Ligne de nuit" in french


def test_whoever_is_worried_about_themselves_gets_help_without_a_report(cast: Cast) -> None:
    Helpline.objects.create(portal_id=cast.portal_id, whom="own", name="Help to stop", number="118", is_shown=True)
    Helpline.objects.create(portal_id=cast.portal_id, whom="own", name="Nobody called", number="119 9")
    assert 'href="/jm/talk"' in Client().get("/jm/report", follow=True).content.decode()
    page = Client().get("/jm/talk").content.decode()
    assert page.count("Help to stop") == 2, "for both ages"
    assert "Nobody called" not in page
    assert "<form" not in page
    assert "Help to stop" not in Client().get("/jm/").content.decode(), "it is no child helpline"


def test_no_question_is_left_out_for_somebody_under_18(cast: Cast) -> None:
    """They are asked at least as much, of each kind."""
    page = html.fromstring(Client().get("/jm/report", follow=True).content.decode())
    (hints,) = page.xpath("//*[@id='text-h']")
    texts = {one.get("class"): compact(one.text_content()) for one in hints.xpath("./p")}
    young, older = texts["if-contact if-young"], texts["if-contact un-young"]
    assert young.count("?") >= older.count("?")
    for question in ("Who is it", "how do they reach", "What do they want"):
        assert question in young
        assert question in older
    assert {"if-danger", "if-me"} <= set(texts), "one wording for every age"
