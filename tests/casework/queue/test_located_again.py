"""The desk hears where something is if messages went out when nobody could say it."""

from collections.abc import Callable
from typing import Any

from leeward.casework.models import Case
from leeward.casework.services import claim_case
from leeward.casework.tasks import fetched_more
from leeward.hosting import services as hosting_services
from leeward.hosting.models import Finding
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.notices.models import NoticeCase
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.casework.test_pages import text
from tests.having_read import seen_in_form


def test_the_desk_hears_it_where_messages_went_out_before(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    case = desk.first()
    fetched_more(case.location_id)
    Case.objects.filter(pk=case.pk).update(state="monitoring", place="unknown")
    fetched_more(case.location_id)
    fetched_more(case.location_id)
    case.refresh_from_db()
    assert case.place == "here"
    assert case.news_at is not None
    assert acts_of(case).count("case.refetched") == 1
    fetched_more(10**9)


def test_it_hears_it_also_where_a_registry_wanted_to_be_asked_later(
    desk: Desk, acts_of: Callable[[Any], list[str]]
) -> None:
    case = desk.first()
    Case.objects.filter(pk=case.pk).update(state="monitoring", place="unknown", news_at=None)
    Finding.objects.filter(location_id=case.location_id).delete()
    hosting_services.locate_soon(case.location_id, hotline_id=case.hotline_id)
    desk.work()
    case.refresh_from_db()
    assert (case.place, case.news_at is None) == ("here", False)
    assert acts_of(case).count("case.refetched") == 1


def test_the_host_is_told_by_a_second_sending_where_nobody_knew_it_at_the_first(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    desk.act(case)
    told_at = case.police_told_at
    assert told_at is not None
    assert case.host_told_at is None
    ana, address = desk.signed_in("ana"), f"/desk/case/{case.reference}"
    claim_case(case.pk, actor=desk.cast["ana"].actor)
    assert f"{address}/act" not in text(ana.get(address)), "the host is to be told already"
    NoticeCase.objects.filter(case_id=case.pk).update(tells_host=False, state="open")
    Case.objects.filter(pk=case.pk).update(state="monitoring")
    page = text(ana.get(address))
    assert f"{address}/act" in page
    assert ana.post(f"{address}/act", {"once": new_form_key(), "seen": seen_in_form(page, "/act")}).status_code in (
        200,
        302,
    )
    desk.work()
    case.refresh_from_db()
    assert NoticeCase.objects.get(case_id=case.pk).tells_host
    referral = notices_queries.referral_of(case.pk)
    assert referral is not None
    if referral.state == "waiting":  # it may have been for long enough
        notices_services.answer_referral(referral.id, "release", actor=desk.cast["pia"].actor)
    desk.until(case, lambda case: case.host_told_at)
    assert (case.state, case.police_told_at) == ("monitoring", told_at), "the police have it already"
    subjects = [str(mail.message["Subject"]) for mail in desk.mails()]
    assert len([one for one in subjects if one.startswith("Referral")]) == 1, "and they were told once"
