"""A case that was found illegal, of which others were told, and that is called not illegal after that: somebody who had no part says whether
the decision was wrong, and only then is anybody told so.
"""

from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.errors import SecondAssessmentNeedsOther
from leeward.casework.merging.services.merging import merge
from leeward.casework.models import Appeal, Case, SampledAssessment
from leeward.casework.quality.models import Adjudication
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services import sampling
from leeward.casework.queue.queries.measured import measured_appeals
from leeward.foundation.actor import Actor
from leeward.intake.models import OutsideAppeal
from leeward.notices.models import Reply
from tests.casework.appeals.test_outside import invite
from tests.casework.appeals.test_over_and_wrong import EVERYBODY, informed_of, over
from tests.casework.appeals.test_unplaced import ask
from tests.casework.conftest import PLAIN, Desk
from tests.casework.quality.test_adjudication import settle
from tests.personas import add_person

pytestmark = pytest.mark.django_db
ASKS = "Was the decision they were told of wrong?"
SAYS = "everybody who was told hears that we withdraw it"


def assessed_anew(
    desk: Desk, outcome: str = "not_illegal", facts: Any = None, reason: int | None = 14
) -> tuple[Case, Actor]:
    """A case that was over, and that staff look at once more; who reopened it."""
    case = over(desk)
    rosa = add_person("rosa", ["supervisor"], case.hotline_id).actor
    services.reopen(case.pk, comment="Is it?", actor=rosa)
    desk.assess(case, "ana", outcome=outcome, facts={} if facts is None else facts, reason=reason)
    desk.work()
    case.refresh_from_db()
    return case, rosa


def test_one_that_was_wrong(desk: Desk) -> None:
    case, rosa = assessed_anew(desk)
    assert (case.state, case.outcome, case.appealed) == ("closed", "not_illegal", True)
    assert informed_of(case) == set()
    doubt = Appeal.objects.get()
    with pytest.raises(SecondAssessmentNeedsOther):
        services.decide_appeal(doubt.pk, upheld=True, reasons="A painting.", actor=rosa)
    page = " ".join(desk.signed_in("carl").get(f"/desk/appeals/{doubt.pk}").content.decode().split())
    assert ASKS in page
    assert SAYS in page
    services.decide_appeal(doubt.pk, upheld=True, reasons="A painting.", actor=desk.cast["carl"].actor)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.outcome, case.close_reason, case.appealed) == ("closed", "not_illegal", 14, False)
    assert informed_of(case) == EVERYBODY


def test_where_it_is_merged_the_question_stays_with_it(desk: Desk) -> None:
    other = desk.case(desk.world.more_url)
    desk.assess(other, "bela", outcome="not_illegal", facts={}, reason=14)
    case, _rosa = assessed_anew(desk)
    path = f"/desk/case/{case.reference}/merge?into={other.reference}"
    follows, stays = "Open requests for review follow the other case.", "The open question whether the decision"
    page = desk.signed_in("carl").get(path).content.decode()
    assert stays in page
    assert follows not in page
    ask(desk, desk.world.gallery_url)
    assert follows in desk.signed_in("carl").get(path).content.decode()


def test_one_that_was_right_then(desk: Desk) -> None:
    case, _rosa = assessed_anew(desk)
    doubt = Appeal.objects.get()
    reasons = "Another page is there by now."
    services.decide_appeal(doubt.pk, upheld=False, reasons=reasons, actor=desk.cast["carl"].actor)
    desk.work()
    assert informed_of(case) == set()
    assert not Reply.objects.exists(), "nobody outside asked, so nobody is answered"
    assert list(measured_appeals()) == [], "nor is it counted among what others asked for"


def test_one_that_acted_and_is_closed_as_not_illegal(desk: Desk) -> None:
    case = desk.case()
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.host_told_at is not None)
    services.close_case(case.pk, reason=14, comment="It is a painting after all.", actor=desk.cast["ana"].actor)
    desk.work()
    assert informed_of(case) == set()
    doubt = Appeal.objects.get()
    assert "It is a painting after all." in desk.signed_in("carl").get(f"/desk/appeals/{doubt.pk}").content.decode()
    services.decide_appeal(doubt.pk, upheld=True, reasons="A painting.", actor=desk.cast["carl"].actor)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "not_illegal")
    assert informed_of(case) == EVERYBODY


def test_none_where_its_content_is_merely_gone_or_nobody_was_told(desk: Desk) -> None:
    assessed_anew(desk, outcome="not_found", reason=9)
    other = desk.case(desk.world.more_url)
    desk.assess(other)
    services.close_case(other.pk, reason=14, actor=desk.cast["ana"].actor)
    desk.work()
    assert not Appeal.objects.exists()


def test_one_that_is_settled_since_the_case_was_found_illegal_again(desk: Desk) -> None:
    case, _rosa = assessed_anew(desk)
    services.reopen(case.pk, comment="Is it not?", actor=desk.cast["carl"].actor)
    desk.assess(case, "bela")
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.appealed) == ("decided", False)
    assert Appeal.objects.get().state == "withdrawn"


@pytest.mark.parametrize("origin", ["desk", "host"])
def test_its_page_shows_no_words_of_somebody_else(desk: Desk, origin: str) -> None:
    assessed_anew(desk)
    doubt = Appeal.objects.get()
    ask(desk, desk.world.far_gallery_url, "other")
    other = OutsideAppeal.objects.get()
    other.statement = "These are words of another person."
    other.save()
    Appeal.objects.filter(pk=doubt.pk).update(origin=origin, origin_id=other.pk)
    page = desk.signed_in("carl").get(f"/desk/appeals/{doubt.pk}")
    assert page.status_code == 200
    assert "words of another person" not in page.content.decode()


def told_and_denied(desk: Desk, address: str) -> Case:
    """A case that was acted on, and closed since its content isn't illegal after all."""
    case: Case = desk.case(address)
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.host_told_at is not None)
    services.close_case(case.pk, reason=14, actor=desk.cast["ana"].actor)
    desk.work()
    case.refresh_from_db()
    return case


def test_it_stays_with_its_case_where_that_is_merged(desk: Desk) -> None:
    """The other one's decision nobody doubts, and two doubts are not one."""
    case, other = (told_and_denied(desk, url) for url in (desk.world.gallery_url, desk.world.more_url))
    merge(other.pk, case.pk, reason="The same pictures", actor=desk.cast["carl"].actor)
    desk.work()
    assert list(Appeal.objects.order_by("pk").values_list("case_id", flat=True)) == [case.pk, other.pk]
    rosa = add_person("rosa", ["supervisor"], case.hotline_id).actor
    services.decide_appeal(Appeal.objects.latest("pk").pk, upheld=True, reasons="A painting.", actor=rosa)
    desk.work()
    assert (informed_of(case), informed_of(other)) == (set(), EVERYBODY)


def test_two_who_agree_that_it_is_illegal_settle_it(desk: Desk) -> None:
    sampling.set_rates(Rates(100, 100, 100), actor=desk.cast["carl"].actor)
    case, _rosa = assessed_anew(desk)
    SampledAssessment.objects.exclude(first__cycle=2).update(state="void")
    bela = desk.cast["bela"].actor
    sample = sampling.take_sample(actor=bela)
    assert sample is not None
    desk.saw(case, "bela")
    sampling.state_sample(sample.pk, PLAIN, outcome="illegal", reason=None, actor=bela)
    desk.work()
    settle(desk, Adjudication.objects.get(), "illegal", PLAIN)
    case.refresh_from_db()
    assert (case.state, case.appealed, Appeal.objects.get().state) == ("decided", False, "withdrawn")


def test_somebody_of_another_hotline_reads_what_the_answers_mean(desk: Desk) -> None:
    assessed_anew(desk)
    number = invite(desk, "appeal", str(Appeal.objects.get().pk))
    page = desk.signed_in("dora").get(f"/desk/outside-reviews/{number}").content.decode()
    assert SAYS in " ".join(page.split())
