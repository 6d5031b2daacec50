"""The thing is somewhere else: the page offers a case for the new address, and each case names the other."""

from collections.abc import Callable
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.models import Case, Note
from leeward.demo.world.pages import redirect
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.notices.services import Given
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.casework.test_pages import MOST_QUERIES

pytestmark = pytest.mark.django_db
NEW = "http://elsewhere.example/a/77"


@pytest.fixture
def moved(desk: Desk, settings: Any) -> Case:
    """A case whose host says that the thing moved, before the next step of the ladder, however slow the machine."""
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"ladder_hours": 24_000.0})

    def make() -> Case:
        case: Case = desk.case()
        desk.assess(case)
        desk.act(case)
        referral = notices_queries.referral_of(case.pk)
        assert referral is not None
        notices_services.answer_referral(referral.id, "release", actor=desk.cast["pia"].actor)
        desk.until(case, lambda case: case.host_told_at)
        [item] = notices_queries.items_of(case.pk)
        given = Given(item.id, "moved", "It is at hxxp://elsewhere[.]example/a/77 now.")
        notices_services.answer_notice(item.notice_id, [given], actor=Actor("host"))
        desk.work()
        return case

    told: Case = desk.begun("moved", make)
    return told


def offer_of(desk: Desk, case: Case, who: str = "ana") -> str:
    return str(desk.signed_in(who).get(f"/desk/case/{case.reference}/moved").content.decode())


def test_the_case_leads_to_the_offer_and_it_says_what_happens(
    desk: Desk, moved: Case, django_assert_max_num_queries: Any
) -> None:
    client, path = desk.signed_in("ana"), f"/desk/case/{moved.reference}"
    client.get("/desk/")
    for part in ("", "/moved"):
        with django_assert_max_num_queries(MOST_QUERIES):
            page = client.get(path + part).content.decode()
        assert f"{path}/moved" in page
    assert NEW in page
    assert "Nobody is told, and this case stays as it is." in page
    assert "Open a case for the new address" in page
    assert f"{path}/moved" not in desk.signed_in("pia").get(path).content.decode()
    assert desk.signed_in("pia").get(f"{path}/moved").status_code == 403


def test_one_key_opens_it_and_both_cases_name_each_other(
    desk: Desk, moved: Case, acts_of: Callable[[Any], list[str]]
) -> None:
    ana, key = desk.signed_in("ana"), new_form_key()
    answer = ana.post(f"/desk/case/{moved.reference}/moved", {"address": NEW, "once": key})
    made = Case.objects.exclude(pk=moved.pk).get()
    assert answer["Location"] == f"/desk/case/{made.reference}"
    assert ana.post(f"/desk/case/{moved.reference}/moved", {"address": NEW, "once": key}).status_code == 302
    desk.work()
    made.refresh_from_db()
    assert (made.state, made.outcome, made.report_count) == ("triaged", "", 0)
    assert made.portal_id == moved.portal_id
    assert acts_of(made)[0] == "case.opened"
    assert acts_of(moved).count("case.moved") == 1
    for case, other in ((moved, made), (made, moved)):
        told = ana.get(f"/desk/case/{case.reference}/timeline").content.decode()
        assert f'<a href="/desk/case/{other.reference}">{other.reference}</a>' in told
    state = moved.state
    moved.refresh_from_db()
    assert moved.state == state
    assert notices_queries.notice_case_of(made.pk) is None, "nobody is told of it"
    assert f'href="/desk/case/{made.reference}"' in offer_of(desk, moved)
    assert "Open a case for the new address" not in offer_of(desk, moved)


def test_a_case_that_is_there_already_is_named_and_not_opened_twice(desk: Desk, moved: Case) -> None:
    there = desk.case(NEW)
    reference = services.open_moved(moved.pk, NEW, actor=desk.cast["ana"].actor)
    assert reference == there.reference
    assert Case.objects.count() == 2
    assert any(moved.reference in note.text for note in Note.objects.filter(case=there))


def test_only_what_was_said_is_opened_and_only_by_who_may(desk: Desk, moved: Case) -> None:
    with pytest.raises(BadInput):
        services.open_moved(moved.pk, "http://nobody.example/", actor=desk.cast["ana"].actor)
    for who in ("pia", "otto", "dora"):
        with pytest.raises(NotAllowed):
            services.open_moved(moved.pk, NEW, actor=desk.cast[who].actor)
    assert Case.objects.count() == 1


def test_a_look_that_was_led_to_another_host_offers_it_too(desk: Desk) -> None:
    other = desk.world.far_gallery_url
    desk.world.pictures.put("/hop", redirect(other))
    case = desk.case(desk.world.gallery_url.replace("/gallery", "/hop"))
    path = f"/desk/case/{case.reference}"
    assert f"{path}/moved" in desk.signed_in("ana").get(path).content.decode()
    page = offer_of(desk, case)
    assert "The last check was redirected to another address:" in page
    assert other in page
