"""The desk in a real browser: keys, what is worked out while facts are marked, phones, and nothing that bars anybody."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leeward.casework import services
from tests.browser import DESKTOP, PHONE, Visit, Visitor
from tests.casework.conftest import GRAVE, PLAIN, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("TEST_SHOTS", "")

type Enter = Callable[..., Visitor]


@pytest.fixture
def enter(desk: Desk, visitor: Visit) -> Enter:
    """Open the desk as a member of staff."""

    def go(who: str, **how: Any) -> Visitor:
        guest = visitor(**how)
        cookie = desk.signed_in(who).cookies["sessionid"]
        guest.context.add_cookies(
            [{"name": "sessionid", "value": cookie.value, "url": f"{guest.base}/desk", "sameSite": "Strict"}]
        )
        return guest

    return go


def keep(guest: Visitor, name: str) -> None:
    """Keep a picture of the page where somebody asked for it."""
    if SHOTS:
        guest.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def stages(desk: Desk) -> dict[str, tuple[str, str]]:
    """A page for every stage, and who opens it."""
    ana, bela, carl = (desk.cast[name].actor for name in ("ana", "bela", "carl"))
    paths = {"queue": ("ana", "/desk/"), "empty": ("ana", "/desk/?view=held"), "log": ("otto", "/desk/log")}
    waiting = desk.case("http://files.tradewind.example/d/55812", "blue_kite_41 on chatter.example", kind="page")
    desk.case("", kind="danger", urgent=True, words="[message withheld]")
    paths["waiting"] = ("ana", f"/desk/case/{waiting.reference}")
    marked = desk.case(desk.world.far_gallery_url)
    services.claim_case(marked.pk, actor=ana)
    services.save_draft(marked.pk, PLAIN, actor=ana)
    paths["assessing"] = ("ana", f"/desk/case/{marked.reference}")
    grave = desk.case(desk.world.gallery_url)
    desk.assess(grave, facts=GRAVE)
    services.claim_case(grave.pk, actor=bela)
    paths["second"] = ("bela", f"/desk/case/{grave.reference}")
    differ = desk.case(desk.world.gallery_url.replace("gallery", "more"))
    desk.assess(differ, facts=GRAVE)
    desk.assess(differ, "bela", "not_illegal", {}, reason=14)
    services.claim_case(differ.pk, actor=carl)
    paths["conference"] = ("carl", f"/desk/case/{differ.reference}")
    decided = desk.case(desk.world.gallery_url.replace("gallery", "pictures/0.jpg"))
    desk.assess(decided)
    paths["decided"] = ("ana", f"/desk/case/{decided.reference}")
    acting = desk.case(desk.world.gallery_url.replace("gallery", "pictures/1.jpg"))
    desk.assess(acting)
    desk.act(acting)
    appeal = services.open_appeal(acting.pk, origin="host", origin_id=1, words="This is a picture of a harbour.")
    paths["acting"] = ("ana", f"/desk/case/{acting.reference}")
    paths["appeals"] = ("carl", "/desk/appeals")
    paths["appeal"] = ("carl", f"/desk/appeals/{appeal}")
    paths |= {
        "day": ("ana", "/desk/my-day"),
        "limits": ("adam", "/desk/limits"),
        "exposure": ("carl", "/desk/exposure"),
    }
    paths |= {"overview": ("carl", "/desk/overview"), "reassign": ("carl", f"/desk/case/{differ.reference}/reassign")}
    paths["keys"] = ("adam", "/desk/keys/new")
    paths["timeline"] = ("ana", f"/desk/case/{acting.reference}/timeline")
    return paths


def test_every_page_is_open_to_everybody(desk: Desk, enter: Enter) -> None:
    views: dict[tuple[str, int], Visitor] = {}
    for name, (who, path) in stages(desk).items():
        for size in (DESKTOP, PHONE):
            guest = views.setdefault((who, size[0]), enter(who, size=size))
            assert guest.go(path).ok, name
            guest.settle()
            keep(guest, f"{name}-{size[0]}")
            assert guest.faults() == [], name
            assert guest.overflow() <= 0, name
            assert guest.complaints == [], name


def test_a_case_by_keys_alone(desk: Desk, enter: Enter) -> None:
    case = desk.case()
    guest = enter("ana")
    guest.go("/desk/")
    guest.page.keyboard.press("c")
    guest.page.wait_for_url(f"**/case/{case.reference}")
    guest.settle()
    guest.page.locator("#f-medium input").first.focus()
    with guest.page.expect_response("**/draft"):
        guest.page.keyboard.press("1")
    guest.page.locator("#f-age_band input").first.focus()
    guest.page.keyboard.press("4")
    guest.page.locator("#f-level input").first.focus()
    with guest.page.expect_response("**/draft"):
        guest.page.keyboard.press("2")
    guest.settle()
    guest.page.keyboard.press("Shift+Enter")
    guest.page.get_by_text("Decided", exact=True).wait_for()
    guest.page.get_by_text("police@constabulary.example").first.wait_for()
    guest.page.keyboard.press("Shift+Enter")
    guest.page.get_by_text("Being acted on").wait_for()
    case.refresh_from_db()
    assert case.state == "acting"


def test_a_picture_is_shown_inside_the_page(desk: Desk, enter: Enter) -> None:
    case = desk.case()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    guest = enter("ana")
    guest.go(f"/desk/case/{case.reference}")
    guest.page.get_by_label("Age", exact=False).first.wait_for()
    guest.page.locator("#why-age").check(force=True)
    guest.page.get_by_role("button", name="Show 1").click()
    guest.page.locator("img[src^='data:image/png']").wait_for()
    assert guest.page.url.endswith(case.reference)
    guest.page.get_by_role("button", name="Take the blur away").click()
    guest.page.get_by_alt_text("Preview, grey", exact=True).wait_for()
    keep(guest, "preview")
