"""Six addresses of one report sent with one press: who is told stands before it, one letter a contact, undone together."""

import re
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.bulk import services as bulk_services
from leeward.casework.models import Case, PendingAction
from leeward.notices.models import Message, Referral
from leeward.site.config import Config
from leeward.web_security.keys import new_form_key
from tests.casework.acting.test_undoing import later
from tests.casework.bulk.test_assessing import cases_of_one_report, states
from tests.casework.conftest import FAST, PLAIN, Desk
from tests.casework.test_pages import MOST_QUERIES, text
from tests.having_read import marks_on

pytestmark = pytest.mark.django_db
POLICE = "police@constabulary.example"


@pytest.fixture
def decided(desk: Desk, settings: Any) -> list[Case]:
    settings.LEEWARD = Config(pace=FAST, known_sample_percent=0, undo_seconds=10)

    def make() -> Case:
        cases = cases_of_one_report(desk, 6)
        run = bulk_services.assess_in_bulk(
            [case.pk for case in cases], PLAIN, outcome="illegal", actor=desk.cast["ana"].actor
        )
        assert bulk_services.go_on(run)
        later()
        assert states(cases) == ["decided"] * 6
        return cases[0]

    desk.begun("six decided", make)
    return list(Case.objects.order_by("id"))


@pytest.mark.slow
def test_one_press_sends_one_letter_a_contact(
    desk: Desk, decided: list[Case], django_assert_max_num_queries: Any
) -> None:
    ana, world = desk.signed_in("ana"), desk.world
    path, before = f"/desk/bulk/send?report={desk.reports[-1]}", len(world.mail.messages(POLICE))
    ana.get("/desk/")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text(ana.get(path))
    whom, which = page.split("Which cases")
    assert (whom.count(POLICE), which.count('name="case"')) == (1, 6)
    assert whom.count(decided[5].reference) >= 2, "the police and the host are told of each"
    assert page.count('form="together"') == 0
    assert text(ana.get("/desk/?view=decided")).count('name="case" form="together"') == 6
    form = {"go": "yes", "case": [case.pk for case in decided], "once": new_form_key(), "seen": marks_on(page)}
    for _ in range(2):  # sent twice counts once
        assert ana.post("/desk/bulk/send", form).status_code == 302
    assert states(decided) == ["acting"] * 6
    assert not Referral.objects.exists()
    later()
    desk.work()
    sent = world.mail.messages(POLICE)[before:]
    assert [mail.message["Subject"].split("[")[0].strip() for mail in sent] == ["6 referrals"]
    assert [reference for case in decided if (reference := case.reference) not in sent[0].text] == []
    assert len(set(re.findall(r"/referral/\S+", sent[0].text))) == 6, "each is answered on its own page"
    assert Referral.objects.exclude(sent_at=None).count() == 6
    assert Message.objects.filter(kind="referral").count() == 1


def test_what_went_with_one_press_is_undone_with_one(desk: Desk, decided: list[Case]) -> None:
    ana = desk.signed_in("ana")
    services.claim_case(decided[5].pk, actor=desk.cast["bela"].actor)
    page = text(ana.get(f"/desk/bulk/send?report={desk.reports[-1]}"))
    assert "Somebody else holds it." in page
    form = {"go": "yes", "case": [case.pk for case in decided], "once": new_form_key(), "seen": marks_on(page)}
    ana.post("/desk/bulk/send", form)
    assert states(decided) == ["acting"] * 5 + ["decided"]
    assert "/desk/bulk/undo" in text(ana.get("/desk/"))
    assert desk.signed_in("bela").post("/desk/bulk/undo", {"once": new_form_key()}).status_code == 302
    assert states(decided) == ["acting"] * 5 + ["decided"], "only whoever sent them can"
    page = text(ana.post("/desk/bulk/undo", {"once": new_form_key()}, follow=True))
    assert "Undone: nothing is sent." in page
    assert states(decided) == ["decided"] * 6
    assert [case.claimed_by_id for case in decided[:5]] == [None] * 5
    later(60)
    desk.work()
    assert not Referral.objects.exists()
    assert not PendingAction.objects.exists()


def test_an_urgent_case_and_one_that_is_not_decided_are_sent_with_no_other(desk: Desk, decided: list[Case]) -> None:
    services.change_urgency(
        decided[0].pk, urgent=True, reason="A child may be in danger.", actor=desk.cast["ana"].actor
    )
    waiting = desk.case(f"{desk.world.gallery_url}?waits")
    ids = [decided[0].pk, decided[1].pk, waiting.pk]
    assert bulk_services.act_in_bulk(ids, actor=desk.cast["ana"].actor) == [decided[1].pk]
    assert states([decided[0], waiting]) == ["decided", "triaged"]
