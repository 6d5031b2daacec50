"""A reporter's dialogue with the hotline over three visits, on a small telephone and in two languages."""

import pytest
from django.utils import translation
from playwright.sync_api import expect

from leeward.casework import services
from leeward.intake import queries
from leeward.intake.models import Report
from leeward.intake.receipts import find_receipt
from leeward.intake.rules.canned import SHIPPED
from tests.browser import PHONE
from tests.casework.conftest import Desk
from tests.journeys.desk.conftest import Enter
from tests.journeys.desk.looking import Look

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_dialogue_over_three_visits(desk: Desk, enter: Enter) -> None:
    reporter = enter("reporter", size=PHONE, scheme="dark", language="fr-FR")
    receipt = report(reporter, desk.world.gallery_url)
    desk.work()
    found = find_receipt(receipt)
    assert isinstance(found, Report)
    case = services.claim_next("waiting", actor=desk.cast["ana"].actor)
    ana = enter("ana")
    ask_by_key(ana, f"/desk/case/{case}")
    visit(reporter, receipt)
    with translation.override("fr"):
        assert translation.gettext(SHIPPED["password"].text) in reporter.page.locator("main").inner_text()
    reporter.page.locator("form:has(input[name=question]) button").click()
    reporter_at(reporter, "answer-empty", alert=True)
    reporter.page.locator("label[for$='-n']").click()
    reporter.page.locator("form:has(input[name=question]) button").click()
    reporter_at(reporter, "answered")
    expect(reporter.page.locator("#talked + ol li")).to_have_count(1)
    second_round(ana, f"/desk/case/{case}")
    visit(reporter, receipt)
    reporter.page.locator("form:has(input[name=question]) textarea").fill("Par le bouton bleu.")
    reporter.page.locator("form:has(input[name=question]) button").click()
    reporter_at(reporter, "answered-twice")
    said = [queries.wording(row)[0] for row in queries.messages_of(found.pk) if row.answers]
    assert said == ["No", "Par le bouton bleu."]
    expect(reporter.page.locator("main"), "somebody else may read it").not_to_contain_text("Par le bouton bleu.")
    ana.go(f"/desk/case/{case}", "both-sides")
    ana.page.keyboard.press("r")
    ana.page.keyboard.press("1")
    ana.page.keyboard.press("Enter")
    ana.page.get_by_text("The reporter will see the question").wait_for()
    services.assess(_pk(case), {}, outcome="not_illegal", reason=14, elsewhere="isolated", actor=desk.cast["ana"].actor)
    desk.work()
    visit(reporter, receipt, "closed")
    assert reporter.page.locator("form:has(input[name=question])").count() == 0
    assert reporter.page.locator("p.note").count() == 1, "it says that the question needs no answer"
    ana.go(f"/desk/case/{case}", "closed")


def report(reporter: Look, where: str) -> str:
    """The three steps in French; returns the digits."""
    page = reporter.page
    reporter.go("/jm/fr/report")
    page.locator("label[for=k-page]").click()
    page.locator("a[href='#step-2']:visible").first.click()
    page.locator("#where").fill(where)
    page.locator("a[href='#step-3']").click()
    page.locator("button[value=send]").click()
    page.locator("p.words").wait_for()
    return "".join(letter for letter in page.locator("p.words").inner_text() if letter.isdigit())


def visit(reporter: Look, receipt: str, what: str = "") -> None:
    """Come back with the digits."""
    reporter.go("/jm/fr/receipt")
    reporter.page.locator("#receipt").fill(receipt)
    reporter.page.locator("#open button").click()
    reporter.page.locator("#other-language").wait_for(state="attached")
    reporter_at(reporter, what or "visit")


def reporter_at(reporter: Look, what: str, *, alert: bool = False) -> None:
    """Look at the page of the receipt; it complains only where something is missing."""
    reporter.page.locator("#other-language").wait_for(state="attached")
    assert reporter.page.locator("[role=alert]").count() == int(alert), what
    assert reporter.guest.overflow() <= 0, what
    reporter.at(what)


def ask_by_key(ana: Look, path: str) -> None:
    """Two keys choose a question of the list, with its words in the reporter's language beside it; Enter sends it."""
    ana.go(path)
    ana.page.keyboard.press("r")
    number = list(SHIPPED).index("password") + 1
    with translation.override("fr"):
        preview = translation.gettext(SHIPPED["password"].text)
    ana.at("questions")
    assert preview in ana.page.locator("label[for=canned-password]").inner_text()
    ana.page.keyboard.press(str(number))
    expect(ana.page.locator("#canned-password")).to_be_checked()
    ana.page.keyboard.press("Enter")
    ana.page.get_by_text("The reporter will see the question").wait_for()
    ana.at("asked")


def second_round(ana: Look, path: str) -> None:
    """The analyst reads the answer, asks on, takes one question back."""
    ana.go(path, "answer")
    assert "“No”" in ana.page.locator("#c1 ~ ol").inner_text()
    for number in (1, 2):
        ana.page.keyboard.press("r")
        ana.page.keyboard.press(str(number))
        ana.page.keyboard.press("Enter")
        ana.page.get_by_text("The reporter will see the question").wait_for()
        ana.go(path)
    ana.page.get_by_role("button", name="Withdraw the question").first.click()
    ana.page.get_by_text("The question has been withdrawn.").wait_for()
    ana.at("taken-back")


def _pk(reference: str) -> int:
    from leeward.casework.models import Case

    return int(Case.objects.get(reference=reference).pk)
