"""Every act that takes two refuses an account that the first person could hold, also where it was asked to be the second before.

Each act is one: taking a guard out of any of them lets the puppet through and fails here.
"""

from datetime import UTC, datetime

import pytest

from leeward.blocklist import services as blocklist_services
from leeward.blocklist.models import BlockAppeal, Entry
from leeward.casework import services
from leeward.casework.merging.services import merging
from leeward.casework.models import Case
from leeward.casework.quality.models import Adjudication
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services import adjudicating, sampling
from leeward.casework.steps import take_step
from leeward.languages.services import accept_proposal, propose_texts
from leeward.laws.files.packaged import packaged_text
from leeward.laws.services import accept_edit, propose_edit
from leeward.people.errors import NotSecondPerson
from leeward.people.models import User
from leeward.people.rules.second_person import Why
from tests.casework.appeals.test_outside import block_of
from tests.casework.conftest import GRAVE, PLAIN, Desk
from tests.languages.test_translating import RECEIPT, own_overlay
from tests.personas import Persona, add_person

__all__ = ["own_overlay"]

pytestmark = pytest.mark.django_db
ADULT = PLAIN | {"age_band": "adult"}


def puppet_of(desk: Desk, maker: str, *roles: str) -> Persona:
    """An account with these roles that `maker` made alone long ago."""
    made = add_person("puppet", list(roles), desk.cast.hotline_id)
    User.objects.filter(pk=made.account_id).update(made_by=desk.cast[maker].account_id)
    desk.cast.people["puppet"] = made
    return made


def in_the_hands_of(desk: Desk, maker: str, who: str) -> None:
    """From now on `who` is an account that `maker` made alone."""
    User.objects.filter(pk=desk.cast[who].account_id).update(made_by=desk.cast[maker].account_id)


def test_a_block(desk: Desk) -> None:
    entry = block_of(desk, desk.first())
    puppet = puppet_of(desk, "ana", "supervisor")
    with pytest.raises(NotSecondPerson) as refused:
        blocklist_services.approve_entry(entry, actor=puppet.actor)
    assert refused.value.why is Why.SAME_HANDS
    blocklist_services.approve_entry(entry, actor=desk.cast["carl"].actor)


def test_a_request_about_a_block(desk: Desk) -> None:
    entry = block_of(desk, desk.first())
    blocklist_services.approve_entry(entry, actor=desk.cast["carl"].actor)
    row = Entry.objects.get(pk=entry)
    blocklist_services.open_block_appeals(
        1, address=row.address, relation="owner", text="Mine.", hotline_id=desk.cast.hotline_id, only=(entry,)
    )
    puppet, appeal = puppet_of(desk, "carl", "supervisor"), BlockAppeal.objects.get()
    with pytest.raises(NotSecondPerson):
        blocklist_services.decide_block_appeal(appeal.pk, lifted=False, reasons="It stays.", actor=puppet.actor)


def test_a_blind_look_at_a_drawn_case(desk: Desk) -> None:
    sampling.set_rates(Rates(100, 100, 100), actor=desk.cast["carl"].actor)
    desk.assess(desk.case(), "ana", outcome="not_illegal", facts={}, reason=14)
    desk.work()
    puppet = puppet_of(desk, "ana", "analyst")
    with pytest.raises(NotSecondPerson) as refused:
        sampling.take_sample(actor=puppet.actor)
    assert refused.value.why is Why.SAME_HANDS
    sample = sampling.take_sample(actor=desk.cast["bela"].actor)
    desk.saw(sample.case, "bela")
    in_the_hands_of(desk, "ana", "bela")
    with pytest.raises(NotSecondPerson):
        sampling.state_sample(sample.pk, {}, outcome="not_illegal", reason=14, actor=desk.cast["bela"].actor)
    User.objects.filter(pk=desk.cast["bela"].account_id).update(made_by=None)
    sampling.state_sample(sample.pk, {}, outcome="not_illegal", reason=14, actor=desk.cast["bela"].actor)


def two_decisions(desk: Desk) -> tuple[Case, Case]:
    """One case that Ana found illegal, and one that Bela did not."""
    illegal = desk.first()
    desk.assess(illegal, "ana")
    harmless = desk.case(desk.world.gallery_url + "?from=elsewhere")
    desk.assess(harmless, "bela", outcome="not_illegal", facts={}, reason=14)
    desk.work()
    return illegal, harmless


@pytest.mark.parametrize("maker", ["ana", "bela"])
def test_a_merge_of_two_decisions(desk: Desk, maker: str) -> None:
    illegal, harmless = two_decisions(desk)
    services.give_back(illegal.pk, actor=desk.cast["ana"].actor)
    puppet = puppet_of(desk, maker, "supervisor")
    with pytest.raises(NotSecondPerson):
        merging.merge(illegal.pk, harmless.pk, reason="The same.", actor=puppet.actor)
    merging.merge(illegal.pk, harmless.pk, reason="The same.", actor=desk.cast["carl"].actor)


@pytest.fixture
def disputed(desk: Desk) -> Adjudication:
    """Ana and Bela came to different ends."""

    def make() -> Case:
        case: Case = desk.case()
        desk.assess(case, facts=GRAVE)
        assert desk.assess(case, "bela", "not_illegal", ADULT, reason=14) == "dispute"
        desk.work()
        return case

    desk.begun("disputed", make)
    return Adjudication.objects.get()


def test_an_agreement_of_two_who_differed(desk: Desk, disputed: Adjudication) -> None:
    told = {"outcome": "illegal", "reason": None, "comment": "We looked at it again."}
    adjudicating.propose(disputed.pk, GRAVE, actor=desk.cast["ana"].actor, **told)
    in_the_hands_of(desk, "ana", "bela")
    with pytest.raises(NotSecondPerson):
        adjudicating.agree(disputed.pk, number=1, actor=desk.cast["bela"].actor)


@pytest.mark.parametrize("maker", ["ana", "bela"])
def test_an_adjudication(desk: Desk, disputed: Adjudication, maker: str) -> None:
    puppet = puppet_of(desk, maker, "supervisor")
    told = {"outcome": "illegal", "reason": None, "comment": "I decide."}
    with pytest.raises(NotSecondPerson):
        adjudicating.decide_instead(disputed.pk, GRAVE, actor=puppet.actor, **told)
    with pytest.raises(NotSecondPerson):
        services.claim_case(disputed.case_id, actor=puppet.actor)
    adjudicating.decide_instead(disputed.pk, GRAVE, actor=desk.cast["carl"].actor, **told)


def test_a_second_assessment_that_was_begun_before(desk: Desk) -> None:
    """The step itself asks, whatever was so when the case was taken."""
    case = desk.first()
    desk.assess(case, "ana", facts=GRAVE)
    services.claim_case(case.pk, actor=desk.cast["bela"].actor)
    in_the_hands_of(desk, "ana", "bela")
    with pytest.raises(NotSecondPerson):
        services.assess(case.pk, GRAVE, outcome="illegal", actor=desk.cast["bela"].actor)


def test_a_decision_that_is_overturned(desk: Desk) -> None:
    from leeward.audit.services import hotline_transaction

    case = desk.first()
    desk.assess(case, "ana")
    puppet = puppet_of(desk, "ana", "supervisor")
    with pytest.raises(NotSecondPerson), hotline_transaction():
        take_step(Case.objects.get(pk=case.pk), "overturn", actor=puppet.actor, reason="It was wrong.")


def test_shared_texts(desk: Desk) -> None:
    proposal = propose_texts("fr", {RECEIPT: ["Votre reçu, relu"]}, actor=desk.cast["adam"].actor)
    puppet = puppet_of(desk, "adam", "translator")
    with pytest.raises(NotSecondPerson):
        accept_proposal(proposal, actor=puppet.actor, seen="")


def test_the_register_of_law(desk: Desk) -> None:
    text = packaged_text("NR.yaml").replace("review: unreviewed", "review: reviewed")
    change = propose_edit("NR", text=text, reason="Read", actor=desk.cast["adam"].actor)
    puppet = puppet_of(desk, "adam", "supervisor")
    with pytest.raises(NotSecondPerson):
        accept_edit(change, actor=puppet.actor)
    assert accept_edit(change, actor=desk.cast["carl"].actor)


def test_on_its_first_day_an_account_is_second_to_nobody(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "ana", facts=GRAVE)
    desk.cast.people["new"] = add_person("new", ["analyst"], desk.cast.hotline_id, made_at=datetime.now(UTC))
    with pytest.raises(NotSecondPerson) as refused:
        services.claim_case(case.pk, actor=desk.cast["new"].actor)
    assert refused.value.why is Why.NEW_ACCOUNT
    assert "from" in refused.value.text
    assert "leeward account confirm" in str(refused.value.hint)


def test_people_of_another_hotline_cannot_touch_a_proposal_that_they_do_not_see(desk: Desk) -> None:
    """The services refuse, too, not only the pages."""
    from leeward.foundation.errors import NotAllowed, NotFound
    from leeward.languages.services import refuse_proposal
    from leeward.laws.services import refuse_edit

    adam, dora = desk.cast["adam"].actor, desk.cast["dora"].actor
    proposal = propose_texts("fr", {RECEIPT: ["Votre reçu, relu"]}, actor=adam)
    text = packaged_text("NR.yaml").replace("review: unreviewed", "review: reviewed")
    change = propose_edit("NR", text=text, reason="Read", actor=adam)
    with pytest.raises(NotFound):
        accept_proposal(proposal, actor=dora, seen="")
    with pytest.raises(NotFound):
        refuse_proposal(proposal, actor=dora, answer="No.")
    with pytest.raises(NotAllowed):
        accept_edit(change, actor=dora)
    with pytest.raises(NotFound):
        refuse_edit(change, actor=dora, answer="No.")
