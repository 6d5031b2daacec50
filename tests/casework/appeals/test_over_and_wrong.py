"""A decision that turns out to be wrong once its case is over: whoever was told hears it as well."""

import pytest
from django.test import Client

from leeward.casework import services
from leeward.casework.acting.services import acting
from leeward.casework.merging.services.merging import merge
from leeward.casework.merging.services.splitting import undo_merging
from leeward.casework.models import Appeal, Case
from leeward.casework.situations import police_are_owed
from leeward.foundation.actor import Actor
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.notices.models import NoticeCase, Referral, Reply
from leeward.notices.models.cases import WITHDRAWN_AFTER_REVIEW
from leeward.people.models import User
from tests.casework.appeals.test_unplaced import ask
from tests.casework.conftest import GALLERY, Desk
from tests.personas import add_person

pytestmark = pytest.mark.django_db
EVERYBODY = {"police@constabulary.example", "abuse@harbour-host.example"}
WITHDRAWS = "everybody who was told hears that we withdraw the decision"


def over(desk: Desk) -> Case:
    """A case that was decided, acted on, and closed once its content was gone."""
    case: Case = desk.case()
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.host_told_at is not None)
    desk.world.pictures.take_down(GALLERY)
    desk.until(case, lambda one: one.state == "closed")
    return case


def informed_of(case: Case) -> set[str]:
    """Who heard that what they were told of a case is withdrawn."""
    rows = Reply.objects.filter(what="withdrawn").select_related("contact", "item", "referral")
    about = ((row.contact.email, row.item or row.referral) for row in rows)
    return {email for email, letter in about if letter is not None and letter.case_id == case.pk}


def uphold(desk: Desk, case: Case) -> str:
    """Uphold the one request for review; return what its page says before."""
    appeal = Appeal.objects.get().pk
    page = desk.signed_in("carl").get(f"/desk/appeals/{appeal}").content.decode()
    services.decide_appeal(appeal, upheld=True, reasons="Look again.", actor=desk.cast["carl"].actor)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("triaged", "")
    return " ".join(page.split())


def test_where_the_host_was_right(desk: Desk) -> None:
    case = over(desk)
    item = notices_queries.items_of(case.pk)[0]
    given = [notices_services.Given(item.id, "disputed", "A picture of a harbour.")]
    notices_services.answer_notice(item.notice_id, given, actor=Actor("host"))
    desk.work()
    assert WITHDRAWS in uphold(desk, case)
    assert informed_of(case) == EVERYBODY


@pytest.mark.parametrize(("relation", "informed"), [("owner", EVERYBODY), ("shown", set()), ("other", set())])
def test_where_the_owner_was_right_and_not_where_others_ask(desk: Desk, relation: str, informed: set[str]) -> None:
    case = over(desk)
    ask(desk, desk.world.gallery_url, relation)
    assert (WITHDRAWS in uphold(desk, case)) is bool(informed)
    assert informed_of(case) == informed


def test_those_told_before_hear_of_a_decision_that_falls_before_anybody_acts_on_it_again(desk: Desk) -> None:
    case = over(desk)
    acting.reopen(case.pk, comment="Look again.", actor=desk.cast["carl"].actor)
    desk.assess(case)
    item = notices_queries.items_of(case.pk)[0]
    number = services.open_appeal(case.pk, origin="host", origin_id=item.id, text="A picture of a harbour.")
    assert number is not None
    nora = add_person("nora", ["supervisor"], desk.cast.hotline_id).actor
    services.decide_appeal(number, upheld=True, reasons="So it is.", actor=nora)
    desk.work()
    assert informed_of(case) == EVERYBODY
    assert not notices_queries.is_told_to_stand([case.pk])


def test_who_answers_reads_that_those_told_before_hear_it_where_the_police_are_still_owed(desk: Desk) -> None:
    case = over(desk)
    desk.report(desk.world.gallery_url, kind="danger")
    desk.until(case, lambda one: one.urgent and one.state == "triaged" and one.police_told_at is not None)
    desk.assess(case)
    assert police_are_owed(case)
    item = notices_queries.items_of(case.pk)[0]
    assert services.open_appeal(case.pk, origin="host", origin_id=item.id, text="A picture of a harbour.")
    assert WITHDRAWS in uphold(desk, case)
    assert informed_of(case) == EVERYBODY


def test_police_who_only_got_the_report_hear_of_no_decision_that_is_withdrawn(desk: Desk) -> None:
    case = desk.first(kind="danger")
    desk.until(case, lambda one: one.police_told_at is not None)
    notices_services.answer_referral(Referral.objects.get().pk, "outcome", outcome="no_case", actor=Actor("police"))
    desk.assess(case)
    assert not notices_queries.is_told_to_stand([case.pk])
    number = services.open_appeal(case.pk, origin="host", origin_id=1, text="A picture of a harbour.")
    assert number is not None
    services.decide_appeal(number, upheld=True, reasons="So it is.", actor=desk.cast["carl"].actor)
    desk.work()
    assert informed_of(case) == set(), "nobody told them that it is illegal"


def test_where_it_is_decided_anew_and_another_decision_stands_those_told_before_hear_it(desk: Desk) -> None:
    case, other = over(desk), desk.case(desk.world.more_url)
    acting.reopen(case.pk, comment="Look again.", actor=desk.cast["carl"].actor)
    desk.assess(case)
    desk.assess(other, "bela", outcome="not_illegal", facts={}, reason=14)
    Case.objects.filter(pk=case.pk).update(claimed_by=None)
    nora = add_person("nora", ["supervisor"], desk.cast.hotline_id).actor
    merge(case.pk, other.pk, reason="The same pictures", actor=nora)
    desk.work()
    assert informed_of(case) == EVERYBODY


def test_where_the_decision_of_another_case_stands_instead(desk: Desk) -> None:
    case, other = over(desk), desk.case(desk.world.more_url)
    desk.assess(other, "bela", outcome="not_illegal", facts={}, reason=14)
    page = desk.signed_in("carl").get(f"/desk/case/{case.reference}/merge?into={other.reference}").content.decode()
    assert "Everybody who was told of it hears that we withdraw the decision." in page
    assert "this case is decided again" in page
    merging = merge(case.pk, other.pk, reason="The same pictures", actor=desk.cast["carl"].actor)
    desk.work()
    assert informed_of(case) == EVERYBODY
    undo_merging(merging, actor=desk.cast["carl"].actor)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.closed_at) == ("decided", "illegal", None), "somebody tells them anew"
    desk.act(case)
    assert Referral.objects.filter(case_id=case.pk).count() == 2


def test_nobody_is_named_who_was_told_where_nobody_was(desk: Desk) -> None:
    case, other = over(desk), desk.case(desk.world.more_url)
    desk.assess(other, "bela", outcome="not_illegal", facts={}, reason=14)
    NoticeCase.objects.update(stopped_why=WITHDRAWN_AFTER_REVIEW)  # they heard it before
    page = desk.signed_in("carl").get(f"/desk/case/{case.reference}/merge?into={other.reference}").content.decode()
    assert "waiting messages to hosts and others are not sent" in page
    assert "hears that we withdraw" not in page
    assert "waits for the police goes all the same" not in page


def test_where_nobody_heard_of_it_the_case_is_as_before_once_that_is_undone(desk: Desk) -> None:
    case, other = over(desk), desk.case(desk.world.more_url)
    desk.assess(other, "bela", outcome="insufficient", facts={}, reason=4)
    page = desk.signed_in("carl").get(f"/desk/case/{case.reference}/merge?into={other.reference}").content.decode()
    assert "hears that we withdraw" not in page
    assert "A letter that waits for the police goes all the same." in page
    assert "this case is as it was before" in page
    merging = merge(case.pk, other.pk, reason="The same pictures", actor=desk.cast["carl"].actor)
    undo_merging(merging, actor=desk.cast["carl"].actor)
    case.refresh_from_db()
    assert case.state == "closed"
    assert case.closed_at is not None
    assert informed_of(case) == set()


@pytest.mark.parametrize(
    ("kind", "course"),
    [("page", "the case is closed as not illegal"), ("danger", f"{WITHDRAWS}. The case goes back into the queue")],
)
def test_what_becomes_of_one_that_is_acted_on_is_true(desk: Desk, kind: str, course: str) -> None:
    case = desk.case(kind=kind)
    desk.assess(case)
    desk.act(case)
    appeal = services.open_appeal(case.pk, origin="host", origin_id=77, text="A picture of a harbour.")
    assert appeal is not None
    assert course in shown(desk, appeal)
    services.decide_appeal(appeal, upheld=True, reasons="It is a harbour.", actor=desk.cast["carl"].actor)
    case.refresh_from_db()
    assert case.state == {"page": "closed", "danger": "triaged"}[kind]


def test_what_is_not_decided_is_assessed_whatever_the_answer(desk: Desk) -> None:
    case = over(desk)
    appeal = services.open_appeal(case.pk, origin="host", origin_id=77, text="A picture of a harbour.")
    assert appeal is not None
    acting.reopen(case.pk, comment="Look again.", actor=desk.cast["carl"].actor)
    page = shown(desk, appeal)
    assert "Nothing is decided about the case now: whatever you answer, it is assessed." in page
    assert "closed as not illegal" not in page


def shown(desk: Desk, appeal: int) -> str:
    """What its page says to a supervisor who had no part in the case."""
    person = add_person("nora", ["supervisor"], desk.cast.hotline_id)
    client = Client()
    client.force_login(User.objects.get(pk=person.account_id))
    return " ".join(client.get(f"/desk/appeals/{appeal}").content.decode().split())
