"""Blocking from a case: proposed on its page, gone with the case's decision, appealed from outside."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from leeward.blocklist import services as blocklist_services
from leeward.blocklist.models import BlockAppeal, BlockList, Entry
from leeward.casework import services
from leeward.casework.models import Appeal, Assessment, Case
from leeward.foundation.actor import SYSTEM
from leeward.intake import queries as intake_queries
from leeward.intake.services import withdraw_appeal
from tests.casework.conftest import Desk
from tests.having_read import seen_on
from tests.personas import date_roles

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def acted(desk: Desk) -> Case:
    """A case whose host was told, and the lists of its hotline."""
    from django.utils import timezone

    def make() -> Case:
        blocklist_services.open_own_lists(desk.cast.hotline_id, actor=SYSTEM)
        case: Case = desk.case()
        desk.assess(case)
        desk.act(case)
        Case.objects.filter(pk=case.pk).update(host_told_at=timezone.now())
        return case

    told: Case = desk.begun("acted", make)
    return told


def proposed(desk: Desk, case: Case, **values: str) -> Any:
    """Send the form of the page as a browser without script does."""
    ana = desk.signed_in("ana")
    page = f"/desk/case/{case.reference}/block"
    found = text(ana.get(page))
    once = re.search(r'name="once" value="([^"]+)"', found)
    way = re.search(r'name="way" id="[^"]+" value="([^"]+)"', found)
    chosen = re.search(r'<option value="(\d+)"', found)
    assert once
    assert way
    assert chosen
    return ana.post(page, {"once": once[1], "list_id": chosen[1], "way": way[1], **values})


def listed(desk: Desk, case: Case) -> Entry:
    assert proposed(desk, case).status_code == 302
    entry = Entry.objects.latest("id")
    blocklist_services.approve_entry(entry.pk, actor=desk.cast["carl"].actor)
    entry.refresh_from_db()
    return entry


def ask(desk: Desk, relation: str) -> int:
    """Somebody outside fills in the public form."""
    client = Client()
    page = text(client.get("/jm/appeal"))
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    said = {"address": desk.world.gallery_url, "relation": relation, "text": "This is a shop.", "once": once[1]}
    assert "16" in text(client.post("/jm/appeal", said, follow=True))
    desk.work()
    from leeward.intake.models import OutsideAppeal

    return OutsideAppeal.objects.latest("id").pk


def test_a_block_is_proposed_and_stands_on_the_case(
    desk: Desk, acted: Case, acts_of: Any, django_assert_max_num_queries: Any
) -> None:
    ana = desk.signed_in("ana")
    assert "Propose a block" in text(ana.get(f"/desk/case/{acted.reference}"))
    form = text(ana.get(f"/desk/case/{acted.reference}/block"))
    assert "One page" in form
    assert "Choose the narrowest scope that works." in form
    entry = listed(desk, acted)
    assert (entry.state, entry.case_id, entry.scope, entry.tried_by) == ("approved", acted.pk, "url", "notice")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text(ana.get(f"/desk/case/{acted.reference}"))
    assert "Blocked until removal" in page
    assert "The next publication carries it." in page
    assert "case.block_proposed" in acts_of(acted)


def test_the_fullest_page_of_a_case_asks_few_questions(
    desk: Desk, acted: Case, django_assert_max_num_queries: Any
) -> None:
    """A block that a subscriber carries, questions of the hotline's own, an answer, an open appeal, notes and another turn at once."""
    from leeward.blocklist.publishing.models import Subscriber
    from leeward.blocklist.publishing.services import note_fetch
    from leeward.intake.services import ask_reporter, keep_question
    from leeward.people.models import Portal

    listed(desk, acted)
    carl, ana, bela = (desk.cast[name].actor for name in ("carl", "ana", "bela"))
    texts = {"en": "Which school is it?", "fr": "Quelle école ?"}
    keep_question("own", texts=texts, form="words", hotline_id=desk.cast.hotline_id, actor=carl, is_new=True)
    ask_reporter(desk.reports[0], canned="own", actor=ana)
    Subscriber.objects.create(hotline_id=desk.cast.hotline_id, slug="alpha", name="Alpha Net", kind="access")
    taken = {"hotline_id": desk.cast.hotline_id, "subscriber_id": Subscriber.objects.get().pk}
    note_fetch(**taken, list_id=Entry.objects.get().list_id, form="hashes", serial=1)
    ask(desk, "owner")
    reads = [desk.signed_in(name) for name in ("ana", "carl")]
    for client in reads:
        client.get(f"/desk/case/{acted.reference}")  # what a process reads once is read then
        with django_assert_max_num_queries(MOST_QUERIES):
            page = text(client.get(f"/desk/case/{acted.reference}"))
        assert "The next publication carries it." in page
        assert "Which school is it?" in page
    Entry.objects.update(state="suspended")
    assert "Alpha Net · hashes" in text(reads[0].get(f"/desk/case/{acted.reference}"))

    ask(desk, "owner")
    one, _other = Appeal.objects.filter(case_id=acted.pk, state="open")
    date_roles(desk.cast["bela"].account_id, ["supervisor"])
    services.decide_appeal(one.pk, upheld=True, reasons="Look again.", actor=replace(bela, roles=carl.roles))
    Case.objects.filter(pk=acted.pk).update(state="triaged", cycle=2, decided_at=None, outcome="", claimed_by=None)
    Portal.objects.update(country="BB")  # not the hotline's own: its people live by another time
    for client in reads:
        with django_assert_max_num_queries(MOST_QUERIES):
            assert "Which school is it?" in text(client.get(f"/desk/case/{acted.reference}"))


def test_what_is_wrong_is_said_on_the_form(desk: Desk, acted: Case) -> None:
    host = re.search(r"https?://[^/:]+", desk.world.gallery_url)
    assert host
    response = proposed(desk, acted, way=f"host {host[0]}/")
    assert response.status_code == 400
    assert "needs a reason" in text(response)
    assert proposed(desk, acted, way="").status_code == 400
    assert proposed(desk, acted, way="planet https://x.example/").status_code == 400
    assert not Entry.objects.exists()


def test_nothing_to_block_before_removal_was_tried(desk: Desk) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    assert "Only a case that is decided" in text(ana.get(f"/desk/case/{case.reference}/block"))
    desk.assess(case)
    assert "Removal comes first." in text(ana.get(f"/desk/case/{case.reference}/block"))
    assert "Propose a block" not in text(ana.get(f"/desk/case/{case.reference}"))


def test_who_may_not_propose(desk: Desk, acted: Case) -> None:
    for name in ("pia", "otto", "adam", "dora"):
        assert desk.signed_in(name).get(f"/desk/case/{acted.reference}/block").status_code in (403, 404), name


def test_a_closed_case_blocks_nothing(desk: Desk, acted: Case) -> None:
    entry = listed(desk, acted)
    services.close_case(acted.pk, reason=14, actor=desk.cast["carl"].actor, comment="We were wrong.")
    entry.refresh_from_db()
    assert (entry.state, entry.ending) == ("removed", "case")


def test_what_is_gone_is_blocked_no_more(desk: Desk, acted: Case) -> None:
    from leeward.jobs.services import publish_event

    entry = listed(desk, acted)
    publish_event("location.removed", subject_id=acted.location_id, hotline_id=acted.hotline_id)
    desk.work()
    entry.refresh_from_db()
    assert (entry.state, entry.ending) == ("removed", "gone")


def test_who_met_the_stop_page_appeals_against_the_block_alone(desk: Desk, acted: Case) -> None:
    entry = listed(desk, acted)
    outside = ask(desk, "visitor")
    appeal = BlockAppeal.objects.get()
    assert (appeal.entry_id, appeal.relation, appeal.state) == (entry.pk, "visitor", "open")
    assert not Appeal.objects.exists()
    assert intake_queries.outside_appeal(outside).state == "received"
    # Ana assessed, Carl approved: both had a part; another supervisor answers.
    for name in ("ana", "carl"):
        client = desk.signed_in(name)
        page = client.get(f"/desk/blocking/appeals/{appeal.pk}")
        assert page.status_code == 403 or "You had a part" in text(page)
    bela = other_supervisor(desk)
    blocklist_services.suspend_meanwhile(appeal.pk, actor=bela)
    entry.refresh_from_db()
    assert entry.state == "suspended"
    blocklist_services.decide_block_appeal(appeal.pk, lifted=False, reasons="It is right.", actor=bela)
    desk.work()
    entry.refresh_from_db()
    assert entry.state == "approved"
    assert (intake_queries.outside_appeal(outside).state, intake_queries.outside_appeal(outside).outcome) == (
        "closed",
        "kept",
    )


def test_an_owner_asks_about_case_and_block_and_hears_once(desk: Desk, acted: Case) -> None:
    entry = listed(desk, acted)
    outside = ask(desk, "owner")
    bela = other_supervisor(desk)
    blocklist_services.decide_block_appeal(
        BlockAppeal.objects.get().pk, lifted=False, reasons="It is right.", actor=bela
    )
    desk.work()
    assert intake_queries.outside_appeal(outside).state == "received"
    services.decide_appeal(Appeal.objects.get().pk, upheld=True, reasons="It was a shop.", actor=bela)
    desk.work()
    entry.refresh_from_db()
    assert (entry.state, entry.ending) == ("removed", "case")
    assert (intake_queries.outside_appeal(outside).state, intake_queries.outside_appeal(outside).outcome) == (
        "closed",
        "changed",
    )


def test_a_partners_entry_can_be_appealed_without_a_case(desk: Desk) -> None:
    from leeward.foundation.actor import Actor

    _national, worst = blocklist_services.open_own_lists(desk.cast.hotline_id, actor=SYSTEM)
    host = re.search(r"://([^/:]+)", desk.world.gallery_url)
    assert host
    blocklist_services.import_list(
        worst.id,
        f"*.{host[1]}".encode(),
        source="P",
        basis="Agreement, section 4",
        mix=True,
        actor=Actor(kind="command"),
    )
    outside = ask(desk, "provider")
    blocklist_services.decide_block_appeal(
        BlockAppeal.objects.get().pk, lifted=True, reasons="Too wide.", actor=desk.cast["carl"].actor
    )
    desk.work()
    assert Entry.objects.get().ending == "appeal"
    assert intake_queries.outside_appeal(outside).outcome == "changed"


def test_a_request_taken_back_asks_for_nothing(desk: Desk, acted: Case) -> None:
    listed(desk, acted)
    withdraw_appeal(ask(desk, "visitor"))
    desk.work()
    appeal = BlockAppeal.objects.get()
    assert (appeal.state, appeal.text) == ("withdrawn", "")


def test_taken_back_after_the_answer_its_words_go_and_the_answer_stays(desk: Desk, acted: Case) -> None:
    listed(desk, acted)
    outside, asked = ask(desk, "visitor"), BlockAppeal.objects.get()
    bela = other_supervisor(desk)
    blocklist_services.decide_block_appeal(asked.pk, lifted=False, reasons="It is blocked rightly.", actor=bela)
    withdraw_appeal(outside)
    desk.work()
    asked.refresh_from_db()
    assert (asked.state, asked.text, asked.reasons) == ("kept", "", "It is blocked rightly.")


def other_supervisor(desk: Desk) -> Any:
    """Bela, who had no part, as a supervisor."""
    date_roles(desk.cast["bela"].account_id, ["supervisor"])
    return replace(desk.cast["bela"].actor, roles=frozenset({"supervisor"}))


def test_before_the_form_it_says_on_what_a_block_would_rest_or_what_would_mend_it(desk: Desk, acted: Case) -> None:
    ana, page = desk.signed_in("ana"), f"/desk/case/{acted.reference}/block"
    found = text(ana.get(page))
    assert "The law of this country." in found
    assert "Child Pornography (Prevention) Act 2009" in found
    BlockList.objects.update(country="TV")
    Assessment.objects.filter(case_id=acted.pk).update(facts={"real_person": "yes", "age_band": "16-17"})
    refused = text(ana.get(page))
    assert "It can’t be blocked yet" in refused
    assert '<form method="post">' not in refused.split("It can’t be blocked yet")[1]
    assert "no law of TV on this material is recorded" in refused
    assert "A supervisor can record the operators’ agreement on the page of the list." in refused


def test_a_supervisor_writes_down_what_the_operators_agreed(desk: Desk, acted: Case) -> None:
    carl, page = desk.signed_in("carl"), "/desk/blocking/lists/national"
    once = re.search(r'name="once" value="([^"]+)"', text(carl.get(page)))
    assert once
    seen = seen_on(text(carl.get(page)))
    sent = {"once": once[1], "agreement": "The four operators, 3 May 2026", "seen": seen}
    assert carl.post(f"{page}/agreement", sent).status_code == 302
    assert "The four operators, 3 May 2026" in text(carl.get(page))
    ana = desk.signed_in("ana")
    assert 'name="agreement"' not in text(ana.get(page))
    assert ana.post(f"{page}/agreement", sent).status_code == 403
