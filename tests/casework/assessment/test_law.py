"""What the desk shows of the law: the countries concerned beside the facts, and every other one on a page of its own."""

import html
from typing import Any

import pytest
from django.test import Client

from leeward.casework import services
from leeward.web_security.keys import new_form_key
from tests.browser import Visit
from tests.casework.conftest import PLAIN, Desk

pytestmark = pytest.mark.django_db
OLDER = {"medium": "photograph", "age_band": "16-17", "act": "uk_b", "real_person": "yes"}


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


RECORDED = 22  # the baseline, 13 states and the Union, the parts of Australia and the United Kingdom


def _case_of_three_countries(desk: Desk) -> Any:
    """Reported in Jamaica and in Singapore, hosted in the United Kingdom."""
    from leeward.intake.rules.draft import ReportDraft
    from leeward.intake.rules.where import item_drafts
    from leeward.intake.services import receive_report
    from leeward.people.models import Portal

    case = desk.case()
    portal = Portal.objects.create(
        hotline_id=desk.cast.hotline_id, slug="sg", name="Singapore", country="SG", languages=["en"]
    )
    receive_report(
        ReportDraft(items=item_drafts(desk.world.gallery_url, {}), kind="page", text="I found a bad page."),
        hotline_id=desk.cast.hotline_id,
        portal_id=portal.pk,
        language="en",
        form_key=new_form_key(),
    )
    desk.work()
    ana = desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    services.correct_finding(case.pk, kind="country", value="GB", reason="They told us.", actor=ana)
    services.save_draft(case.pk, OLDER, actor=ana)
    return case


def test_the_countries_concerned_stand_beside_the_facts(desk: Desk) -> None:
    case = _case_of_three_countries(desk)
    page = text(desk.signed_in("ana"), f"/desk/case/{case.reference}")
    for sentence in ("Jamaica</b>, this portal", "United Kingdom</b>, where it is", "Singapore</b>, a reporter’s"):
        assert sentence in page
    assert "a visual representation of a person who is, or is depicted as being, a child" in page.lower(), (
        "its sentence"
    )
    assert "Would settle it: " in page
    assert "whether the relationship or context is exploitative" in page, "although a provision is named"


def test_every_law_is_asked_on_a_page_of_its_own(desk: Desk) -> None:
    case = _case_of_three_countries(desk)
    path = f"/desk/case/{case.reference}/law"
    page = text(desk.signed_in("ana"), path)
    assert page.count('<th scope="row"') == RECORDED
    assert "No law is recorded for 48 countries" in page
    assert "There are no facts yet" in text(desk.signed_in("bela"), path), "a draft is its writer’s"


def test_what_was_decided_is_shown_to_the_police_liaison(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, facts=PLAIN)
    pia = desk.signed_in("pia")
    assert text(pia, f"/desk/case/{case.reference}/law").count('<th scope="row"') == RECORDED
    assert "What the law of Jamaica says" in text(pia, f"/desk/case/{case.reference}")


def test_a_second_assessment_is_not_told_by_the_law(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, facts=PLAIN, outcome="unsure")
    assert "There are no facts yet" in text(desk.signed_in("bela"), f"/desk/case/{case.reference}/law")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing(visitor: Visit, desk: Desk) -> None:
    case = _case_of_three_countries(desk)
    ana = visitor()
    cookie = desk.signed_in("ana").cookies["sessionid"].value
    ana.context.add_cookies([{"name": "sessionid", "value": cookie, "url": ana.base + "/desk"}])
    for path in (f"/desk/case/{case.reference}", f"/desk/case/{case.reference}/law"):
        ana.go(path)
        assert ana.faults_at_each_size() == [], path


def test_the_clock_of_the_police_runs_as_the_portals_law_says(desk: Desk) -> None:
    from leeward.people.models import Portal

    case = desk.first()
    desk.assess(case)
    page = text(desk.signed_in("ana"), f"/desk/case/{case.reference}")
    assert "POCSO" not in page, "Jamaica's law names no time: a day, as everywhere"
    Portal.objects.filter(pk=desk.cast.portal_id).update(country="IN")
    other = desk.case(desk.world.gallery_url + "/2")
    desk.assess(other)
    page = text(desk.signed_in("ana"), f"/desk/case/{other.reference}")
    assert "immediate (Supreme Court, 23 September 2024): POCSO Act 2012 s 19" in page
