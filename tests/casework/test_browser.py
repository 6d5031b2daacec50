"""The desk in a real browser: keys, what is worked out while facts are marked, phones, and nothing that bars anybody."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from leeward.casework import services
from leeward.casework.assessment.services.known_images import hashes_of
from leeward.casework.bulk import services as bulk_services
from leeward.casework.models import Case, View
from leeward.hashbank.services import add_record
from leeward.hosting.models import FoundFile
from leeward.hosting.queries import files_now
from leeward.site.config import Config
from tests.browser import Visit, Visitor
from tests.by_keys import Keys
from tests.casework.conftest import FAST, GRAVE, PLAIN, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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


def stages(desk: Desk) -> dict[str, tuple[str, str]]:
    """A page for every stage, and who opens it."""
    ana, bela, carl = (desk.cast[name].actor for name in ("ana", "bela", "carl"))
    paths = {"queue": ("ana", "/desk/"), "empty": ("ana", "/desk/?view=held"), "log": ("otto", "/desk/log")}
    waiting = desk.case("http://files.tradewind.example/d/55812", "blue_kite_41 on chatter.example", kind="page")
    desk.case("", kind="danger", text="[message withheld]")
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
    paths["adjudication"] = ("carl", f"/desk/case/{differ.reference}")
    decided = desk.case(desk.world.gallery_url.replace("gallery", "pictures/0.jpg"))
    desk.assess(decided)
    paths["decided"] = ("ana", f"/desk/case/{decided.reference}")
    acting = desk.case(desk.world.gallery_url.replace("gallery", "pictures/1.jpg"))
    desk.assess(acting)
    desk.act(acting)
    appeal = services.open_appeal(acting.pk, origin="host", origin_id=1, text="This is a picture of a harbour.")
    paths["acting"] = ("ana", f"/desk/case/{acting.reference}")
    paths["appeals"] = ("carl", "/desk/appeals")
    paths["appeal"] = ("carl", f"/desk/appeals/{appeal}")
    paths |= {
        "day": ("ana", "/desk/my-day"),
        "limits": ("adam", "/desk/limits"),
        "exposure": ("carl", "/desk/exposure"),
    }
    paths |= {"overview": ("carl", "/desk/overview"), "reassign": ("carl", f"/desk/case/{differ.reference}/reassign")}
    paths["work"] = ("carl", f"/desk/people/{desk.cast['ana'].account_id}/work")
    paths["keys"] = ("adam", "/desk/keys/new")
    for page in ("timeline", "trail", "links", "summary", "merge"):
        paths[page] = ("ana", f"/desk/case/{acting.reference}/{page}")
    several = [desk.case(f"{desk.world.gallery_url}?page={number}").pk for number in range(2)]
    run = bulk_services.assess_in_bulk(several, PLAIN, outcome="illegal", actor=ana)
    bulk_services.go_on(run)
    paths["run"] = ("ana", f"/desk/bulk/{run}")
    paths["together"] = ("ana", "/desk/bulk?host=pictures.harbour-host.example")
    return paths


def test_every_page_is_open_to_everybody(desk: Desk, enter: Enter) -> None:
    views: dict[str, Visitor] = {}
    for name, (who, path) in stages(desk).items():
        guest = views[who] = views.get(who) or enter(who)
        assert guest.go(path).ok, name
        guest.look(name)


def test_what_happened_is_printed_whole_and_nothing_else(desk: Desk, enter: Enter) -> None:
    case, far = desk.case(), desk.case(desk.world.far_gallery_url)
    mine, theirs = (FoundFile.objects.filter(fetch__location_id=one.location_id) for one in (case, far))
    FoundFile.objects.filter(pk=theirs[0].pk).update(sha256=mine.exclude(sha256="")[0].sha256)
    desk.assess(case)
    desk.act(case)
    guest = enter("ana")
    guest.go(f"/desk/case/{case.reference}/timeline")
    guest.page.get_by_text("The same file on another site").wait_for()
    guest.page.emulate_media(media="print")
    printed = guest.page.locator("body").inner_text()
    for said in (case.reference, far.reference, "Police told", "police@constabulary.example", "Acted on", "Ana"):
        assert said in printed, said
    for unsaid in ("Sign out", "Known images", "all keys"):
        assert unsaid not in printed, unsaid


def test_a_case_takes_few_keys_and_page_loads(desk: Desk, enter: Enter, settings: Any) -> None:
    """Two ordinary cases with a look at a picture, then a known one, by keys alone, one after the other."""
    settings.LEEWARD = Config(pace=FAST, known_sample_percent=100)
    first, second = desk.case(), desk.case(desk.world.far_gallery_url)
    guest = enter("ana")
    guest.go("/desk/")
    keys = Keys(guest)
    for case in (first, second):
        keys.from_here()
        keys.press("c")
        guest.page.wait_for_url(f"**/case/{case.reference}")
        guest.page.get_by_role("button", name="Show 1", exact=True).wait_for()
        keys.press("p", "1", "2", "Enter")
        guest.page.locator("img[src^='data:image/png']").wait_for()
        keys.press("1", "4", "2", "1", "2")
        guest.page.locator("#f-self_generated :focus").wait_for()
        with guest.page.expect_response("**/draft"):
            keys.press("2")
        guest.settle()
        keys.press("Shift+Enter")
        guest.page.get_by_text("police@constabulary.example").first.wait_for()
        keys.press("Shift+Enter")
        guest.page.get_by_text("Being acted on").wait_for()
        guest.settle()
        assert guest.faults() == []
        assert (keys.pressed <= 15, keys.loads <= 2) == (True, True), (keys.pressed, keys.loads)
        case.refresh_from_db()
        assert case.state == "acting"
    file = next(file for file in files_now(first.location_id) if file.sha256)
    add_record(hashes_of(file), facts=PLAIN, actor=desk.cast["ana"].actor)
    desk.case(desk.world.gallery_url + "?again=1")
    known = Case.objects.latest("pk")
    assert known.known
    settings.LEEWARD = Config(pace=FAST, known_sample_percent=0)
    keys.from_here()
    keys.press("c")
    guest.page.wait_for_url(f"**/case/{known.reference}")
    guest.page.get_by_text("come from its record").wait_for()
    guest.look("known")
    keys.press("Shift+Enter")
    guest.page.get_by_text("police@constabulary.example").first.wait_for()
    keys.press("Shift+Enter")
    expect(guest.page.locator(".toolbar").first).to_contain_text("Being acted on")
    expect(guest.page.locator("footer.keys")).to_contain_text("next case")
    guest.page.locator("section[aria-labelledby=linked]").get_by_text("The same file").wait_for()
    assert (keys.pressed, keys.loads <= 2) == (3, True), (keys.pressed, keys.loads)


def test_digits_answer_only_the_question_in_focus(desk: Desk, enter: Enter) -> None:
    """Nothing that is folded up is ticked by a key, a picture has keys of its own, and what was marked before is answered anew."""
    case = desk.case()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    services.save_draft(case.pk, PLAIN | {"sex": "female", "self_generated": "no"}, actor=desk.cast["ana"].actor)
    guest = enter("ana")
    page, press = guest.page, guest.page.keyboard.press
    guest.go(f"/desk/case/{case.reference}")
    page.get_by_role("button", name="Show 2", exact=True).wait_for()
    answered = "[...document.querySelectorAll('#questions :checked')].map(one => one.id).join(' ')"
    before = page.evaluate(answered)
    assert page.evaluate("document.activeElement.closest('#f-real_person') !== null"), (
        "all answered: it begins with the first"
    )
    page.evaluate("document.activeElement.blur()")
    for key in "123456789":
        press(key)
    assert page.evaluate(answered) == before, "without a question in focus digits answer none"
    press("p")
    press("2")
    assert page.evaluate("document.activeElement.name") == "reason"
    press("3")
    assert "Show 2" in page.evaluate("document.activeElement.textContent")
    press("2")
    assert page.evaluate(answered) == before
    with page.expect_response("**/preview"):
        press("Enter")
    page.get_by_alt_text("Preview, grey and blurred", exact=True).wait_for()
    page.get_by_text("Seen here: one file was shown to you.").wait_for()
    page.locator("#f-real_person :focus").wait_for()
    with page.expect_response("**/draft"):
        press("2")
    after = page.evaluate(answered)
    assert after.replace("f-real_person_1", "f-real_person_0") == before, "one answer changed, and the focus went on"
    assert page.evaluate("document.activeElement.closest('#f-age_band') !== null")
    page.locator("#f-payments").evaluate("element => element.querySelector('input').focus()")
    press("1")
    assert not page.locator("#f-payments input").first.is_checked(), "it is folded up"


def test_a_close_without_a_reason_keeps_its_dialog(desk: Desk, enter: Enter) -> None:
    case = desk.case()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    guest = enter("ana")
    guest.go(f"/desk/case/{case.reference}")
    guest.page.keyboard.press("n")
    guest.page.locator("#ending-comment").fill("It is a harbour.")
    guest.page.locator("#ending").focus()
    with guest.page.expect_navigation():
        guest.page.keyboard.press("Shift+Enter")
    dialog = guest.page.locator("#endings")
    expect(dialog).to_be_visible()
    expect(dialog.locator(".error")).to_be_visible()
    expect(guest.page.locator("#ending-comment")).to_have_value("It is a harbour.")
    guest.look("close-refused")
    case.refresh_from_db()
    assert case.state == "assessing"


def test_the_keys_open_at_their_top(desk: Desk, enter: Enter) -> None:
    case = desk.case()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    guest = enter("ana", size=(1280, 500))
    guest.go(f"/desk/case/{case.reference}")
    guest.page.keyboard.press("?")
    dialog = guest.page.locator("#all-keys")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("element => element.scrollTop") == 0
    expect(guest.page.locator("#all-keys-title")).to_be_in_viewport()


def test_a_picture_comes_in_steps_and_leaves_the_screen(desk: Desk, enter: Enter) -> None:
    case = desk.case()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    guest = enter("ana")
    guest.page.clock.install()
    guest.go(f"/desk/case/{case.reference}")
    shown = guest.page.locator("img[src^='data:image/png']")
    guest.page.get_by_role("button", name="Show 1", exact=True).click()
    assert guest.page.evaluate("document.activeElement.name") == "reason", "it asks why first"
    guest.page.keyboard.press("1")
    for key, alt in (
        ("Enter", "Preview, grey and blurred"),
        ("p p", "Preview, grey and blurred"),
        ("f", "Preview, grey"),
    ):
        with guest.page.expect_response("**/preview"):
            for one in key.split():
                guest.page.keyboard.press(one)
        guest.page.get_by_alt_text(alt, exact=True).wait_for()
        guest.settle()
    assert list(View.objects.order_by("pk").values_list("part", "blurred")) == [(25, True), (50, True), (50, False)]
    guest.look("preview")
    assert guest.page.url.endswith(case.reference)
    guest.page.clock.run_for(20_500)
    expect(shown, "it leaves after twenty seconds").to_have_count(0)
    leaves = ("window.dispatchEvent(new Event('blur'))", "Escape")
    for how in leaves:
        guest.page.get_by_role("button", name="Show it again").click()
        shown.wait_for()
        guest.settle()
        if how == "Escape":
            guest.page.keyboard.press(how)
        else:
            guest.page.evaluate(how)
        expect(shown, how).to_have_count(0)
    guest.look("put-away")
    assert View.objects.count() == 5, "to see it again is a new look"
    plain = enter("ana", script=False)
    plain.go(f"/desk/case/{case.reference}/files")
    plain.page.locator("#why-age").check()
    plain.page.get_by_role("button", name="Show 1", exact=True).click()
    plain.page.get_by_role("heading", name="Preview").wait_for()
    assert plain.page.locator("img[src^='data:image/png']").count() == 1
