"""The desk's base page and its keys, in a real browser."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import include, path
from playwright.sync_api import expect

from leeward.web_security.paging import Page
from tests.browser import Visit, Visitor

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
PAGE = (Path(__file__).parent / "desk_page.html").read_text(encoding="utf-8")


class Facts(forms.Form):
    """A few questions as an assessment asks them."""

    real = forms.ChoiceField(choices=[("1", "Yes"), ("2", "No"), ("3", "Unknown")], widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(choices=[("1", "Card"), ("2", "Coin")], widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(help_text="One sentence.", widget=forms.Textarea(attrs={"rows": 3}))


def keys_page(request: HttpRequest) -> HttpResponse:
    rows = [
        {"number": "2026-0418", "state": "urgent", "due": NOW - timedelta(minutes=65)},
        {"number": "2026-0411", "state": "look", "due": NOW + timedelta(hours=2)},
        {"number": "2026-0409", "state": "held", "due": NOW + timedelta(hours=20)},
    ]
    steps = [{"title": "Received", "state": "done", "at": NOW}, {"title": "Closed", "state": "later", "note": "Soon"}]
    values = {
        "rows": rows,
        "now": NOW,
        "steps": steps,
        "form": Facts({}) if "bad" in request.GET else Facts(),
        "page": Page(rows, 2, 50, 120, True),
    }
    return HttpResponse(Template(PAGE).render(RequestContext(request, values)))


def second_page(request: HttpRequest) -> HttpResponse:
    said = f"{request.method} {request.GET.get('case', '')} {request.POST.get('real', '')}"
    return HttpResponse(f"<!DOCTYPE html><html lang='en'><title>Two</title><h1>{said}</h1>")


urlpatterns = [
    path("desk/account/", include("allauth.urls")),
    path("desk/keys", keys_page),
    path("desk/two", second_page),
]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


@pytest.fixture
def desk(visitor: Visit) -> Visitor:
    guest = visitor()
    guest.go("/desk/keys")
    return guest


def fill(guest: Visitor) -> None:
    guest.page.get_by_label("Yes 1").check()
    guest.page.get_by_label("Card 1").check()
    guest.page.get_by_label("Reason").fill("It is a test.")


def heading(guest: Visitor) -> str:
    guest.page.wait_for_url("**/desk/two*")
    return guest.page.locator("h1").inner_text()


@pytest.mark.parametrize("language", ["en-GB", "ur"])
def test_axe_finds_nothing_on_the_desks_parts(visitor: Visit, language: str) -> None:
    guest = visitor(language=language)
    for name, address in (("parts", "/desk/keys"), ("wrong", "/desk/keys?bad=1"), ("in", "/desk/account/login/")):
        assert guest.go(address).ok
        guest.look(f"desk-{name}-{language}")
    guest.go("/desk/keys")
    guest.page.keyboard.press("?")
    expect(guest.page.locator("#all-keys")).to_be_visible()
    guest.look(f"desk-all-keys-{language}")


def test_a_letter_follows_its_link_and_two_letters_theirs(desk: Visitor) -> None:
    desk.page.keyboard.press("n")
    assert heading(desk) == "GET"
    desk.go("/desk/keys")
    desk.page.keyboard.press("g")
    desk.page.keyboard.press("s")
    assert heading(desk) == "GET"


def test_j_and_k_move_x_marks_and_enter_opens(desk: Visitor) -> None:
    press = desk.page.keyboard.press
    for key in ("j", "j", "j", "j", "k"):
        press(key)
    here = desk.page.locator("tr.here")
    expect(here).to_have_count(1)
    assert here.get_attribute("aria-current") == "true"
    assert "2026-0411" in here.inner_text()
    press("x")
    expect(here.locator("input")).to_be_checked()
    press("Enter")
    assert heading(desk) == "GET 2026-0411"


def test_digits_choose_the_answer_of_the_question_one_is_in(desk: Visitor) -> None:
    desk.page.get_by_label("Yes 1").focus()
    desk.page.keyboard.press("3")
    expect(desk.page.get_by_label("Unknown 3")).to_be_checked()
    desk.page.get_by_label("Card 1").focus()
    desk.page.keyboard.press("2")
    desk.page.keyboard.press("2")
    desk.page.keyboard.press("1")
    expect(desk.page.get_by_label("Card 1")).to_be_checked()
    assert not desk.page.get_by_label("Coin 2").is_checked()
    assert urlsplit(desk.page.url).path == "/desk/keys"


def test_a_key_leads_into_what_is_open_already_and_does_not_close_it(desk: Visitor) -> None:
    desk.page.evaluate(
        "document.querySelector('form[method=post]').insertAdjacentHTML('beforebegin', "
        "'<details open><summary data-key=p>Propose</summary><textarea id=why></textarea></details>')"
    )
    desk.page.keyboard.press("p")
    desk.page.keyboard.type("Because")
    assert desk.page.locator("#why").input_value() == "Because"


def test_nothing_is_triggered_while_typing(desk: Visitor) -> None:
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("n?jx1")
    assert desk.page.locator("#q").input_value() == "n?jx1"
    assert urlsplit(desk.page.url).path == "/desk/keys"
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("n")
    assert heading(desk) == "GET"


def test_shift_enter_sends_with_the_desks_own_proof_against_forged_forms(desk: Visitor) -> None:
    fill(desk)
    desk.page.locator("h1").click()
    desk.page.keyboard.press("Shift+Enter")
    assert heading(desk) == "POST 1"


def test_shift_enter_sends_also_from_a_choice_of_one_and_no_other_key_leaves_it(desk: Visitor) -> None:
    fill(desk)
    desk.page.evaluate(
        "document.querySelector('form[method=post]').insertAdjacentHTML('afterbegin', '<select id=one><option>n</option></select>')"
    )
    desk.page.locator("#one").focus()
    desk.page.keyboard.press("n")
    assert urlsplit(desk.page.url).path == "/desk/keys"
    desk.page.keyboard.press("Shift+Enter")
    assert heading(desk) == "POST 1"


def test_the_keys_can_be_seen_and_switched_off(desk: Visitor) -> None:
    desk.page.keyboard.press("?")
    dialog = desk.page.locator("#all-keys")
    expect(dialog).to_contain_text("The next page")
    expect(dialog).to_contain_text("Confirm")
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button").click()
    desk.page.keyboard.press("n")
    desk.page.reload()
    desk.page.keyboard.press("n")
    assert urlsplit(desk.page.url).path == "/desk/keys"
    desk.page.keyboard.press("?")
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button").click()
    desk.page.keyboard.press("n")
    assert heading(desk) == "GET"


def test_the_desk_works_without_script(visitor: Visit) -> None:
    guest = visitor(script=False)
    guest.go("/desk/keys")
    guest.page.get_by_label("Yes 1").check()
    guest.page.get_by_label("Card 1").check()
    guest.page.get_by_label("Reason").fill("It is a test.")
    guest.page.get_by_role("button", name="Confirm").click()
    assert heading(guest) == "POST 1"
