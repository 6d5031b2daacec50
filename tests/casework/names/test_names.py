"""The name of a case on its page: records over time, a name that is held, its registrant's data for a reason, and its other names."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.audit.queries import chains, entries
from leeward.audit.services import hotline_transaction
from leeward.casework.acting.services import following
from leeward.casework.models import Case
from leeward.demo.world import cast as world_cast
from leeward.demo.world import sites
from leeward.demo.world.registry import Domain
from leeward.hosting import services as hosting_services
from leeward.hosting.lookups.registries import registries
from leeward.hosting.models import Fetch, Finding, FoundFile, Location, NameHop, NameRecord
from leeward.hosting.rules.jcard import Card, Postal
from leeward.hosting.rules.rdap import facts_of
from leeward.hosting.rules.registration import Registration
from leeward.hosting.services.naming import note_name
from leeward.hosting.services.probing import probe
from leeward.notices import services as notices_services
from leeward.notices.models import NameAct, Notice
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.services import name_acts
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk

HOLDER = Card(
    "Joe User", "Kite Works", ("owner@kite.test",), "+1.8765550100", Postal("1 Quay", "Kingston", "", "", "JM")
)
NAME = "harbour-host.example"


def noted(
    desk: Desk, name: str, *, at: datetime | None = None, holder: Card = HOLDER, place: int | None = None, **more: Any
) -> NameRecord:
    """A registry's answer about a name, as `locate` keeps it."""
    facts = facts_of(Registration(kind="domain", name=name, holder=holder, **more), owner_emails=())
    with hotline_transaction():
        number = note_name(
            facts, name=name, hotline_id=desk.cast.hotline_id, now=at or datetime.now(UTC), place_id=place
        )
    return NameRecord.objects.get(pk=number)


def part(desk: Desk, case: Any, who: str = "ana") -> str:
    response = desk.signed_in(who).get(f"/desk/case/{case.reference}/name")
    assert response.status_code == 200
    return str(response.content.decode())


def timeline(desk: Desk, case: Any) -> str:
    return str(desk.signed_in("ana").get(f"/desk/case/{case.reference}/timeline").content.decode())


def events(name: str) -> list[dict[str, Any]]:
    rows = [entry for chain in chains() for entry in entries(chain) if entry.event == name]
    return [row.facts if isinstance(row.facts, dict) else json.loads(row.facts) for row in rows]


def test_what_the_registry_answers_is_kept_from_one_change_to_the_next(desk: Desk) -> None:
    case = desk.first()
    (first,) = NameRecord.objects.filter(name=NAME)
    assert (first.registrar, first.source, first.is_suspended) == ("Good Names", "RDAP", False)
    hosting_services.locate(case.location_id)
    assert NameRecord.objects.filter(name=NAME).count() == 1
    noted(desk, NAME, registrar="Other Names", statuses=("client hold",))
    page = part(desk, case)
    assert "Suspended" in page
    assert "the notices to the host go on" in page
    assert "Other Names" in page
    assert "What it was before" in page
    assert "Good Names" in page
    assert events("name.noted")[-1]["suspended"] is True


def test_data_that_were_corrected_stand_out_no_more_and_an_order_is_no_change(desk: Desk) -> None:
    case, odd = desk.first(), Card(HOLDER.name, HOLDER.organisation, HOLDER.mailboxes, "x")
    first = noted(desk, NAME, holder=odd, nameservers=("a.test", "b.test"))
    assert "The telephone number is not well formed." in part(desk, case)
    again = noted(desk, NAME, nameservers=("b.test", "a.test"))
    assert (again.pk, again.holder["phone"]) == (first.pk, HOLDER.phone)
    assert "The telephone number is well formed." in part(desk, case)


def test_a_held_name_is_not_taken_for_removed_content(desk: Desk) -> None:
    case = desk.first()
    held = Domain(NAME, "Good Names", "abuse@good-names.example", status=("client hold",))
    before = next(one for one in world_cast.DOMAINS if one.name == NAME)
    try:
        desk.world.names.forget(world_cast.PICTURES)
        assert probe(case.location_id).outcome == "gone"
        desk.world.rdap.add_domain(held)
        registries.cache_clear()
        assert probe(case.location_id).outcome == "same", "the host still has it"
        desk.world.pictures.take_down(sites.GALLERY)
        found = probe(case.location_id)
        assert (found.outcome, found.reason) == ("unreachable", "name_suspended")
    finally:
        desk.world.pictures.restore(sites.GALLERY)
        desk.world.names.set(world_cast.PICTURES, "A", world_cast.HARBOUR_HOST_IP)
        desk.world.rdap.add_domain(before)
        registries.cache_clear()


def test_a_registrants_data_are_read_for_a_reason_that_the_log_keeps_and_only_here(desk: Desk) -> None:
    case = desk.first()
    noted(desk, NAME)
    page = part(desk, case)
    assert "owner@kite.test" not in page
    assert "Joe User" not in page
    assert "Joe User" not in str(desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode())
    place = f"/desk/case/{case.reference}/name/registrant"
    refused = desk.signed_in("ana").post(place, {"once": new_form_key(), "reason": "curious"})
    assert refused.status_code == 400
    assert "choose why you need them" in refused.content.decode()
    assert events("registrant.read") == []
    key = new_form_key()
    for _again in range(2):
        shown = desk.signed_in("ana").post(place, {"once": key, "reason": "police"}).content.decode()
        assert "owner@kite.test" in shown
    assert [row["reason"] for row in events("registrant.read")] == ["police"]
    for form in ({"once": key, "reason": ""}, {"once": key, "reason": "links2"}, {"once": ""}, {"reason": "police"}):
        refused = desk.signed_in("ana").post(place, form)
        assert (refused.status_code, "owner@kite.test" in refused.content.decode()) == (400, False), form
    noted(desk, NAME, registrar="Other Names")
    desk.signed_in("ana").post(place, {"once": key, "reason": "police"})
    assert len(events("registrant.read")) == 2, "what is newer has a row of its own"
    assert "Joe User" not in json.dumps(events("registrant.read") + events("name.noted"))
    for who, status in (("pia", 403), ("otto", 403), ("dora", 404)):
        assert desk.signed_in(who).post(place, {"once": new_form_key(), "reason": "police"}).status_code == status


def test_a_registrants_data_are_forgotten_in_time_and_the_registrant_is_still_recognised(desk: Desk) -> None:
    case = desk.first()
    old = datetime.now(UTC) - timedelta(days=200)
    noted(desk, "kite.test", at=old)
    noted(
        desk,
        "kite.test",
        at=datetime.now(UTC) - timedelta(days=10),
        holder=Card("Young", mailboxes=("young@kite.test",)),
    )
    Finding.objects.create(
        hotline_id=case.hotline_id,
        location_id=case.location_id,
        kind="registrant",
        value="Joe User",
        source="RDAP",
        at=old,
    )
    assert hosting_services.forget_registrants(desk.cast.hotline_id, datetime.now(UTC)) == 2
    assert hosting_services.forget_registrants(desk.cast.hotline_id, datetime.now(UTC)) == 0
    first, second = NameRecord.objects.filter(name="kite.test").order_by("pk")
    assert (first.holder, first.has_holder, bool(first.holder_key)) == ({}, False, True)
    assert second.holder["name"] == "Young"
    assert not Finding.objects.filter(value="Joe User").exists()
    noted(desk, NAME)
    assert "kite.test" in part(desk, case)


def test_the_same_registrant_under_another_name_joins_one_timeline_and_warns(desk: Desk) -> None:
    case = desk.first()
    noted(desk, NAME)
    assert "other name" not in part(desk, case)
    noted(desk, "kite.test", at=datetime.now(UTC) - timedelta(days=30), statuses=("server hold",))
    page = part(desk, case)
    assert "under 1 other name." in page
    assert "same registrant" in page
    assert page.count("Suspended") == 1
    # A withheld name links nobody.
    noted(desk, "one.test", holder=Card("REDACTED FOR PRIVACY"))
    noted(desk, "two.test", holder=Card("REDACTED FOR PRIVACY"))
    noted(desk, "three.test", holder=Card("Whois Guard Ltd", mailboxes=("contact@shared.test",)))
    assert (
        not NameRecord.objects.filter(name__in=("one.test", "two.test", "three.test")).exclude(holder_key="").exists()
    )


def test_the_same_content_under_another_name_leads_to_its_case(desk: Desk) -> None:
    case = desk.first()
    other = desk.case(desk.world.far_gallery_url)
    theirs = FoundFile.objects.filter(fetch__location_id=other.location_id).exclude(sha256="").first()
    assert theirs is not None
    ours = Fetch.objects.filter(location_id=case.location_id).latest("pk")
    FoundFile.objects.create(
        hotline_id=case.hotline_id,
        fetch=ours,
        position=99,
        url="http://kite.test/x",
        media="picture",
        sha256=theirs.sha256,
    )
    page = part(desk, case)
    assert "far-shore.example" in page
    assert "same content" in page
    assert other.reference in page
    assert "far-shore.example" not in str(
        desk.signed_in("dora").get(f"/desk/case/{case.reference}/name").content.decode()
    )
    NameRecord.objects.all().delete()
    page = part(desk, case)
    assert "No registry has answered" in page
    assert other.reference in page.partition("Other names")[2], "the warning leads here, whoever is silent"
    assert "The police come first" in page
    Location.objects.filter(pk=other.location_id).update(host="192.0.2.7")
    assert "Other names" not in part(desk, case)
    assert hosting_services.note_hop(case.location_id) is None, "an address by its number has no name"


def test_a_name_that_joins_another_is_news_once_on_both_sides(desk: Desk) -> None:
    case = desk.first()
    other = desk.case(desk.world.far_gallery_url)
    noted(desk, NAME, place=case.location_id)
    noted(desk, "far-shore.example", place=other.location_id)
    following.something_is_new(case.pk, "mail_received")  # still unread, which must not hide what follows
    hosting_services.note_hop(other.location_id)
    desk.work()
    for one in (case, other):
        one.refresh_from_db()
        assert one.news, one.reference
        assert "was seen under another domain name. The page of the name shows which" in timeline(desk, one)
    Case.objects.update(news_at=None)
    for one in (case, other):
        assert hosting_services.note_hop(one.location_id) is None
    desk.work()
    assert not Case.objects.filter(news_at__isnull=False).exists()
    page = part(desk, case)
    assert other.reference in page, "the registrant's other name leads to its case"


def test_a_name_that_gets_another_registrant_joins_that_ones_names_and_warns_again(desk: Desk) -> None:
    """Who sells a name on, or lends theirs, is no reason to be silent for ever."""
    case, other = desk.first(), desk.case(desk.world.far_gallery_url)
    now, second = datetime.now(UTC), Card("Ann", mailboxes=("ann@gale.test",))
    noted(desk, NAME, at=now - timedelta(days=3), place=case.location_id)
    noted(desk, "kite.test", at=now - timedelta(days=3))
    first = NameHop.objects.get(pk=hosting_services.note_hop(case.location_id))
    assert (first.name, first.other) == (NAME, "kite.test")
    noted(desk, "far-shore.example", at=now - timedelta(days=2), holder=second, place=other.location_id)
    NameHop.objects.update(at=now - timedelta(days=2))
    desk.work()
    Case.objects.update(news_at=None)
    assert hosting_services.note_hop(case.location_id) is None
    noted(desk, NAME, at=now, holder=second, place=case.location_id)
    desk.work()
    hop = NameHop.objects.latest("pk")
    assert (hop.name, hop.other, hop.by) == (NAME, "far-shore.example", ["registrant"])
    for one in (case, other):
        one.refresh_from_db()
        assert one.news, one.reference
    Case.objects.update(news_at=None)
    # Neither the other side, nor the same registrant once more, nor a withheld one is news.
    noted(desk, NAME, at=now + timedelta(minutes=1), holder=Card("REDACTED FOR PRIVACY"), place=case.location_id)
    noted(desk, NAME, at=now + timedelta(minutes=2), holder=second, place=case.location_id)
    for one in (case, other):
        assert hosting_services.note_hop(one.location_id) is None
    desk.work()
    assert not Case.objects.filter(news_at__isnull=False).exists()
    assert NameHop.objects.count() == 2


def test_nobody_is_warned_of_what_was_nothing_illegal_or_is_an_icon(desk: Desk) -> None:
    case, other = desk.first(), desk.case(desk.world.far_gallery_url)
    ours, theirs = (Fetch.objects.filter(location_id=one.location_id).latest("pk") for one in (case, other))
    for fetch, side in ((ours, 500), (theirs, 16)):
        FoundFile.objects.create(
            hotline_id=case.hotline_id, fetch=fetch, position=99, url="http://kite.test/x", media="picture", sha256="a" * 64,
            width=side, height=side,
        )  # fmt: skip
    assert hosting_services.note_hop(case.location_id) is None
    FoundFile.objects.filter(sha256="a" * 64).update(width=500, height=500)
    Case.objects.filter(pk=other.pk).update(state="closed", outcome="not_illegal")
    assert hosting_services.note_hop(case.location_id) is not None
    desk.work()
    case.refresh_from_db()
    assert not case.news


def test_an_answer_that_was_kept_in_memory_changes_nothing_back(desk: Desk) -> None:
    desk.first()
    now = datetime.now(UTC)
    held = noted(desk, NAME, at=now + timedelta(hours=1), statuses=("client hold",))
    assert noted(desk, NAME, at=now).pk == held.pk
    assert NameRecord.objects.filter(name=NAME).latest("pk").is_suspended


@pytest.mark.parametrize("address", ["snapchat kite.one"])
def test_a_case_without_a_name_says_so(desk: Desk, address: str) -> None:
    assert "has no domain name" in part(desk, desk.case(address))


def test_the_page_asks_few_questions(desk: Desk, django_assert_max_num_queries: Any) -> None:
    case = desk.first()
    for number in range(30):
        noted(desk, f"kite{number}.test")
        noted(desk, NAME, registrar=f"Names {number}")
    client = desk.signed_in("ana")
    client.get("/desk/my-day")
    with django_assert_max_num_queries(20):
        client.get(f"/desk/case/{case.reference}/name")


def seen_of(page: str, what: str) -> str:
    found = re.search(rf'name="seen" value="([^"]+)">\s*<input type="hidden" name="what" value="{what}"', page)
    assert found
    return found[1]


def test_an_act_about_the_name_is_done_on_its_page_and_what_stands_in_the_way_is_said(desk: Desk) -> None:
    case = desk.first()
    page = part(desk, case)
    assert "The police come first" in page
    assert "<button" not in page.partition("What can be done about the name")[2].partition("</ul>")[0]
    place = f"/desk/case/{case.reference}/name/act"
    refused = desk.signed_in("ana").post(place, {"once": new_form_key(), "what": "registrar", "seen": "0"})
    assert refused.status_code == 409
    brief = CaseBrief(
        case_id=case.pk, reference=case.reference, hotline_id=case.hotline_id, portal_id=desk.cast.portal_id, location_id=case.location_id,
        address=desk.world.gallery_url, received_at=datetime.now(UTC), country="JM", judged="person",
    )  # fmt: skip
    notices_services.act_on(brief, plan=Plan(police=False, host=True), actor=desk.cast["ana"].actor)
    page = part(desk, case)
    assert "abuse@good-names.example" in page
    sent = {"once": new_form_key(), "what": "registrar", "seen": seen_of(page, "registrar")}
    done = desk.signed_in("ana").post(place, sent, follow=True).content.decode()
    assert "the page of the name shows its clock" in done
    page = part(desk, case)
    assert "answer due" in page
    assert "3.18.1" in page
    for who, status in (("pia", 403), ("otto", 403), ("dora", 404)):
        assert desk.signed_in(who).post(place, {"once": new_form_key(), "what": "data"}).status_code == status
    assert "Send a reminder" not in page
    late = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
    Notice.objects.filter(kind="name_registrar").update(sent_at=late - timedelta(days=3))
    NameAct.objects.update(due_at=late)
    name_acts.note_overdue(NameAct.objects.get().pk)
    desk.work()
    said = "“Report illegal activity to the registrar”: no answer by 12 March 2026, 14:05 UTC. Send a reminder from"
    assert said in timeline(desk, case)
    page = " ".join(part(desk, case).split())
    assert "Send a reminder: Report illegal activity to the registrar </button>" in page
    assert "an answer was due <time" in page


def test_a_countrys_domain_has_a_page_with_its_names_and_what_its_registry_does(desk: Desk) -> None:
    for number in range(51):
        noted(desk, f"kite{number}.uk", statuses=("suspended",) if number == 50 else ())
    noted(desk, "kite7.uk", registrar="Other Names")
    client = desk.signed_in("ana")
    page = client.get("/desk/names/GB").content.decode()
    assert "suspends on request" in page
    assert "kite50.uk" in page
    assert page.count("Suspended") == 1
    assert page.count("?q=kite7.uk") == 1, "each name once, as it is now"
    assert "kite0.uk" not in page
    older = page.partition("?before=")[2].partition('"')[0]
    assert "kite0.uk" in client.get(f"/desk/names/gb?before={older}").content.decode()
    for odd in ("x", "-1", "9" * 400, "٣"):
        assert "kite50.uk" in client.get(f"/desk/names/gb?before={odd}").content.decode()
    assert "not on record" in client.get("/desk/names/JM").content.decode()
    assert "No case here" in client.get("/desk/names/JM").content.decode()
    assert client.get("/desk/names/zz").status_code == 404
    assert "kite50.uk" not in desk.signed_in("dora").get("/desk/names/GB").content.decode()
