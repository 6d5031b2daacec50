"""Two looks that came to different ends: both confer, and what they agree on is the decision."""

from typing import Any

import pytest
from django.test import Client

from leeward.casework import services
from leeward.casework.acting.services.case_briefs import deciding_assessment
from leeward.casework.errors import NobodySawIt
from leeward.casework.models import Assessment, Draft
from leeward.casework.quality.errors import NotInAdjudication, ProposalChanged
from leeward.casework.quality.models import Adjudication
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services import adjudicating, sampling
from leeward.notices.queries import notice_case_of
from leeward.people.errors import NotSecondPerson
from tests.casework.appeals.test_over_and_wrong import EVERYBODY, informed_of
from tests.casework.assessment.test_two_people import puppet_of
from tests.casework.conftest import GRAVE, PLAIN, Desk
from tests.casework.quality.test_quality import once_in, seen

pytestmark = pytest.mark.django_db
ADULT = PLAIN | {"age_band": "adult"}
FORM = {"medium": "photograph", "age_band": "adult", "level": "uk_b", "real_person": "yes"}


def send(client: Client, path: str, status: int = 302, **values: str) -> str:
    answer = client.post(path, {"once": once_in(seen(client, path)), **values})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_the_two_who_differ_settle_a_grave_case(desk: Desk, acts_of: Any, django_assert_max_num_queries: Any) -> None:
    case = desk.first()
    desk.assess(case, facts=GRAVE)
    desk.saw(case, "ana")
    assert desk.assess(case, "bela", "not_illegal", ADULT, reason=14) == "dispute"
    desk.work()
    adjudication = Adjudication.objects.get()
    path = f"/desk/quality/adjudications/{adjudication.pk}"
    ana, bela, carl = (desk.signed_in(name) for name in ("ana", "bela", "carl"))
    assert "in one case" in seen(ana, "/desk/quality")
    for client in (ana, bela, carl):
        assert 'slim" href="/desk/quality/adjudications"' in seen(client, f"/desk/case/{case.reference}")
    assert 'slim" href="/desk/quality/adjudications"' not in seen(desk.signed_in("pia"), f"/desk/case/{case.reference}")
    page = seen(ana, path)
    for word in ("One assessment", "The other assessment", "Illegal", "Only adults are shown", "<b>Age ≠</b>"):
        assert word in page
    assert desk.signed_in("pia").get(path).status_code == 403

    kept = send(ana, path, 400, **FORM, outcome="other", ending="not_illegal:14", comment=" ")
    assert "Write down why" in kept
    assert 'id="f-age_band_6" checked' in kept, "nothing marked is lost"
    begun = FORM | {"comment": "We looked."}
    assert ana.post(f"{path}/draft", begun, headers={"HX-Request": "true"}).content.decode().startswith("Kept")
    carl.post(f"{path}/draft", FORM | {"comment": "Carl thinks."})
    assert desk.signed_in("pia").post(f"{path}/draft", begun).status_code == 403
    with django_assert_max_num_queries(12):
        page = seen(ana, path)
    for what in ("Restored from your draft of", "We looked.</textarea>", 'id="f-age_band_6" checked'):
        assert what in page
    assert "We looked." not in seen(bela, path), "it is for whoever writes it alone"
    send(ana, path, **FORM, outcome="other", ending="not_illegal:14", comment="We looked at the papers of the site.")
    assert "Restored" not in seen(ana, path)
    assert "Only adults are shown" in seen(bela, path)
    with pytest.raises(NotInAdjudication):
        adjudicating.agree(adjudication.pk, number=1, actor=desk.cast["ana"].actor)
    with pytest.raises(NotInAdjudication):
        adjudicating.agree(adjudication.pk, number=1, actor=desk.cast["carl"].actor)
    with pytest.raises(ProposalChanged):
        adjudicating.agree(adjudication.pk, number=2, actor=desk.cast["bela"].actor)
    with django_assert_max_num_queries(12):
        seen(bela, path)
    send(ana, path, **FORM, outcome="other", ending="not_illegal:14", comment="We looked at the papers of the site.")
    with pytest.raises(ProposalChanged):
        adjudicating.agree(adjudication.pk, number=1, actor=desk.cast["bela"].actor)
    send(bela, path, act="agree", number="2")
    case.refresh_from_db()
    assert (case.state, case.outcome, case.close_reason) == ("closed", "not_illegal", 14)
    assert deciding_assessment(case).comment == "We looked at the papers of the site."
    adjudication.refresh_from_db()
    assert (adjudication.state, adjudication.assessment.round) == ("agreed", "adjudication")
    assert acts_of(case).count("adjudication.settled") == 1
    assert not Draft.objects.exists(), "what Carl had begun is of no use any more"
    assert carl.post(f"{path}/draft", FORM).status_code == 409
    over = seen(carl, path)
    assert "Proposed by Ana, agreed by Bela" in over
    assert "We looked at the papers" in over
    assert case.reference in seen(carl, "/desk/quality/adjudications?state=over")


def test_a_third_person_can_decide_from_either_page(desk: Desk) -> None:
    first, second = desk.first(), desk.case("http://a.example/1")
    for case in (first, second):
        desk.assess(case, facts=GRAVE)
        desk.assess(case, "bela", "not_illegal", ADULT, reason=14)
    desk.work()
    one = Adjudication.objects.get(case=first)
    carl = desk.signed_in("carl")
    form = FORM | {"age_band": "11-13", "outcome": "illegal", "comment": "The stamp says so."}
    send(carl, f"/desk/quality/adjudications/{one.pk}", **form)
    first.refresh_from_db()
    assert (first.state, first.outcome) == ("decided", "illegal")
    assert desk.assess(second, "carl", "not_illegal", {}, reason=16) == "settle_other"
    desk.work()
    assert set(Adjudication.objects.values_list("state", flat=True)) == {"third"}


@pytest.mark.parametrize("maker", ["ana", "bela"])
def test_neither_of_the_two_decides_through_an_account_that_they_made_alone(desk: Desk, maker: str) -> None:
    case, adjudication = drawn(desk, ("illegal", PLAIN, None), ("not_illegal", ADULT, 14))
    puppet = puppet_of(desk, maker, "supervisor")
    state = case.state
    said: dict[str, Any] = {"outcome": "not_illegal", "reason": 16, "comment": "I decide."}
    with pytest.raises(NotSecondPerson):
        adjudicating.decide_instead(adjudication.pk, ADULT, actor=puppet.actor, **said)
    form = FORM | {"outcome": "other", "ending": "not_illegal:16", "comment": "I decide."}
    send(desk.signed_in("puppet"), f"/desk/quality/adjudications/{adjudication.pk}", 403, **form)
    case.refresh_from_db()
    adjudication.refresh_from_db()
    assert (case.state, case.outcome, adjudication.state) == (state, "illegal", "open")
    adjudicating.decide_instead(adjudication.pk, ADULT, actor=desk.cast["carl"].actor, **said)


@pytest.mark.parametrize("reason", [14, 15, 18, 21])
def test_what_a_picture_shows_is_settled_by_people_who_saw_one(desk: Desk, reason: int) -> None:
    """The rule of an assessment: both who agree, and whoever decides instead, were shown a preview in this cycle."""
    case = desk.first()
    ana, bela, carl = (desk.cast[who].actor for who in ("ana", "bela", "carl"))
    desk.assess(case, facts=GRAVE)
    desk.assess(case, "bela", "not_illegal", ADULT, reason=16, comment="It is a film.")
    desk.work()
    number = Adjudication.objects.get().pk
    said: dict[str, Any] = {"outcome": "not_illegal", "reason": reason, "comment": "Both looked again."}
    with pytest.raises(NobodySawIt):
        adjudicating.propose(number, ADULT, actor=bela, **said)
    with pytest.raises(NobodySawIt):
        adjudicating.decide_instead(number, ADULT, actor=carl, **said)
    desk.saw(case, "bela")
    adjudicating.propose(number, ADULT, actor=bela, **said)
    with pytest.raises(NobodySawIt):
        adjudicating.agree(number, number=1, actor=ana)
    refused = send(desk.signed_in("ana"), f"/desk/quality/adjudications/{number}", 400, act="agree", number="1")
    assert "no preview was shown to you" in refused
    case.refresh_from_db()
    assert (case.state, Adjudication.objects.get().state) == ("second_assessment", "open")
    desk.saw(case, "ana")
    adjudicating.agree(number, number=1, actor=ana)
    assert Assessment.objects.get(round="adjudication").seen == "preview"


def test_where_both_said_that_they_saw_it_elsewhere_that_counts_when_they_confer(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, facts=GRAVE, elsewhere="police")
    desk.assess(case, "bela", "not_illegal", ADULT, reason=16, comment="It is a film.", elsewhere="isolated")
    desk.work()
    settle(desk, Adjudication.objects.get(), "not_illegal", ADULT, 14)
    assert Assessment.objects.get(round="adjudication").seen == "police", "Ana's, who said yes"


def drawn(
    desk: Desk, first: tuple[str, Any, int | None], second: tuple[str, Any, int | None]
) -> tuple[Any, Adjudication]:
    """A case decided by Ana, drawn, and seen otherwise by Bela."""
    sampling.set_rates(Rates(100, 100, 100), actor=desk.cast["carl"].actor)
    case, bela = desk.case(), desk.cast["bela"].actor
    desk.assess(case, outcome=first[0], facts=first[1], reason=first[2])
    desk.work()
    case.refresh_from_db()
    if case.state == "decided":
        desk.act(case)
    sample = sampling.take_sample(actor=bela)
    desk.saw(case, "bela")
    sampling.state_sample(sample.pk, second[1], outcome=second[0], reason=second[2], actor=bela)
    desk.work()
    case.refresh_from_db()
    return case, Adjudication.objects.get()


def settle(desk: Desk, adjudication: Adjudication, outcome: str, facts: Any, reason: int | None = None) -> None:
    bela, ana = desk.cast["bela"].actor, desk.cast["ana"].actor
    adjudicating.propose(
        adjudication.pk, facts, outcome=outcome, reason=reason, comment="Both looked again.", actor=bela
    )
    adjudicating.agree(adjudication.pk, number=1, actor=ana)


def test_a_drawn_case_that_runs_is_stopped_where_both_agree_that_it_was_wrong(desk: Desk) -> None:
    case, adjudication = drawn(desk, ("illegal", PLAIN, None), ("not_illegal", ADULT, 14))
    desk.saw(case, "ana")
    assert case.state in ("acting", "monitoring"), "until they agree it goes on"
    settle(desk, adjudication, "not_illegal", ADULT, 14)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.close_reason) == ("closed", "not_illegal", 14)
    matter = notice_case_of(case.pk)
    assert matter is not None
    assert matter.state == "stopped"


def test_a_drawn_case_that_is_over_is_withdrawn_where_both_agree_that_it_was_wrong(desk: Desk) -> None:
    case, adjudication = drawn(desk, ("illegal", PLAIN, None), ("not_illegal", ADULT, 14))
    desk.until(case, lambda one: one.host_told_at is not None)
    services.close_case(case.pk, reason=13, actor=desk.cast["ana"].actor)
    desk.work()
    case.refresh_from_db()
    assert case.state == "closed"
    desk.saw(case, "ana")
    settle(desk, adjudication, "not_illegal", ADULT, 14)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.outcome, case.close_reason) == ("closed", "not_illegal", 14)
    assert informed_of(case) == EVERYBODY


@pytest.mark.parametrize(("outcome", "reason"), [("not_found", 9), ("insufficient", 4)])
def test_nobody_hears_of_a_withdrawal_where_both_only_see_nothing_any_more(
    desk: Desk, outcome: str, reason: int
) -> None:
    case, adjudication = drawn(desk, ("illegal", PLAIN, None), ("not_illegal", ADULT, 14))
    desk.until(case, lambda one: one.host_told_at is not None)
    services.close_case(case.pk, reason=13, actor=desk.cast["ana"].actor)
    desk.work()
    settle(desk, adjudication, outcome, {}, reason)
    desk.work()
    assert informed_of(case) == set()


def test_a_drawn_case_that_was_closed_is_decided_where_both_agree(desk: Desk) -> None:
    case, adjudication = drawn(desk, ("not_illegal", ADULT, 14), ("illegal", PLAIN, None))
    assert case.state == "closed"
    settle(desk, adjudication, "illegal", PLAIN)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.close_reason, case.closed_at) == ("decided", "illegal", None, None)
    assert services.claim_next("decided", actor=desk.cast["ana"].actor) == case.reference


def test_a_drawn_case_stays_as_it_is_where_the_first_was_right(desk: Desk) -> None:
    case, adjudication = drawn(desk, ("illegal", PLAIN, None), ("not_illegal", ADULT, 14))
    before = case.state
    settle(desk, adjudication, "illegal", PLAIN | {"sex": "female"})
    case.refresh_from_db()
    assert (case.state, case.outcome) == (before, "illegal")
    assert deciding_assessment(case).facts["sex"] == "female", "what both agreed on counts from now on"
    assert Assessment.objects.filter(case=case).count() == 3
