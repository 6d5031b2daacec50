"""A case is reported to another hotline from its page, after a preview; what either says is on the pages of both."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from leeward.casework.acting.services import following
from leeward.casework.acting.services.case_briefs import follows_for
from leeward.casework.merging.models import Merging
from leeward.casework.merging.services.merging import merge
from leeward.casework.merging.services.splitting import split, undo_merging
from leeward.casework.models import Case, CaseItem
from leeward.clocks.models import Clock
from leeward.exchange import services
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from leeward.foundation.actor import Actor
from leeward.hosting.models import Finding, FoundFile
from leeward.hosting.queries import address_key_of, whereabouts
from leeward.notices import services as notices_services
from leeward.notices.models import Contact, NoticeCase, Referral
from leeward.notices.rules.briefs import read
from leeward.people.models import Hotline, Portal
from leeward.people.queries import hotline
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GALLERY, Desk
from tests.exchange.link import Pair, said
from tests.exchange.test_peers import Two
from tests.having_read import seen_in_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(desk: Desk) -> Pair:
    """Jamaica's hotline and another one that takes what is hosted in Canada."""
    taking = list(Portal.objects.filter(takes_reports=True).values_list("pk", flat=True))
    Portal.objects.update(takes_reports=False, was_opened=False)
    found = Pair(Two(desk.cast))
    Portal.objects.filter(pk__in=taking).update(takes_reports=True)
    Peer.objects.update(countries=["CA"])
    return found


def pages(desk: Desk, case: Case) -> tuple[Client, str]:
    return desk.signed_in("ana"), f"/desk/case/{case.reference}/hotlines"


def send(client: Client, path: str, **given: Any) -> Any:
    """Press a form of a page that is as it is now."""
    own_page = path if path.endswith("/report") else path.rpartition("/")[0]
    marks = re.findall(r'name="seen" value="([^"]+)"', client.get(own_page).content.decode())
    if path.endswith("/correct"):
        marks = [seen_in_form(client.get(own_page).content.decode(), "/correct")]
    return client.post(path, {"once": new_form_key(), "seen": marks[0] if marks else ""} | given)


def decided(desk: Desk, *, let_go: bool = True) -> Case:
    """A case hosted in another country that was decided and acted on; the police have it, and let others be told."""
    case: Case = desk.case(desk.world.far_gallery_url)
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    if let_go:
        answer_police(case, "release")
    return case


def answer_police(case: Case, act: str, **more: Any) -> None:
    newest = Referral.objects.filter(case_id=case.pk).latest("pk")
    notices_services.answer_referral(newest.pk, act, actor=Actor("police"), **more)


def reported(desk: Desk, pair: Pair) -> tuple[Case, Client, str]:
    """A case that was decided, and reported to the hotline of the country where it is hosted."""
    case = decided(desk)
    client, path = pages(desk, case)
    answer = send(client, f"{path}/report", peer=Peer.objects.get().pk, text="Seen today.")
    assert answer.status_code == 302
    return case, client, path


@pytest.mark.slow
def test_a_preview_says_where_it_goes_and_why_and_sending_is_one_click_more(desk: Desk, pair: Pair) -> None:
    case = desk.case(desk.world.far_gallery_url)
    client, path = pages(desk, case)
    assert "No other hotline knows of this case" in client.get(path).content.decode()
    assert client.get(f"{path}/report").status_code == 409, "nobody has decided it"
    case = decided(desk)
    client, path = pages(desk, case)
    assert f"{path}/report" in client.get(path).content.decode()
    page = client.get(f"{path}/report").content.decode()
    assert "This is the hotline of the country where it is hosted." in page
    assert "National law" in page
    assert "Canada" in page
    assert Exchange.objects.count() == 0, "a preview sends nothing"
    send(client, f"{path}/report", peer=Peer.objects.get().pk, text="Seen today.")
    (message,) = ExchangeMessage.objects.all()
    report = message.details["report"]
    assert report["location"]["address"] == desk.world.far_gallery_url
    assert report["facts"]["age_band"] == "11-13"
    assert report["hashes"][0]["kind"] == "sha256"
    assert "I found a bad page" not in str(message.details), "nothing of the reporter's"
    assert f"{path}/report" not in client.get(path).content.decode()
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk).status_code == 409


def test_no_hotline_abroad_is_told_before_the_police_let_others_be_told(desk: Desk, pair: Pair) -> None:
    case = desk.case(desk.world.far_gallery_url)
    desk.assess(case)
    client, path = pages(desk, case)

    def is_refused() -> bool:
        answer, page = client.get(f"{path}/report"), client.get(path).content.decode()
        assert "The police come first: they must have it, and let others be told." in page
        assert f"{path}/report" not in page
        assert "The police come first" in answer.content.decode()
        sent = send(client, f"{path}/report", peer=Peer.objects.get().pk)
        return (answer.status_code, sent.status_code, Exchange.objects.count()) == (409, 409, 0)

    assert is_refused(), "the police know nothing"
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    assert is_refused(), "they hold it"
    answer_police(case, "release")
    assert "The police come first" not in client.get(path).content.decode()
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk).status_code == 302


def look_again(pair: Pair) -> None:
    """Carry what waits for the police, as a while later."""
    ExchangeMessage.objects.update(waits_since=datetime.now(UTC) - timedelta(minutes=1))
    assert pair.carry() == timedelta(0)
    assert timedelta(minutes=9) < pair.carry() <= timedelta(minutes=10)
    assert pair.rows("there") == []


def test_a_report_that_is_written_waits_until_the_police_let_the_case_go(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    pair.link.loses.append("request")
    assert pair.carry() is not None, "it is tried again"
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    for _time in range(2):
        look_again(pair)
    page = client.get(path).content.decode()
    assert "Not delivered yet." in page
    assert "The police come first" in page
    answer_police(case, "release")
    ExchangeMessage.objects.update(waits_since=datetime.now(UTC) - timedelta(minutes=1))
    pair.quiet()
    assert [row.stage for row in pair.rows("there")] == ["reported"]


def test_one_more_report_before_it_leaves_lets_it_wait_and_no_longer(desk: Desk, pair: Pair) -> None:
    case, _client, _path = reported(desk, pair)
    notices_services.forward_to_police(read(NoticeCase.objects.get(case_id=case.pk).brief), more="urgent")
    look_again(pair)
    desk.work()
    answer_police(case, "release")
    ExchangeMessage.objects.update(waits_since=datetime.now(UTC) - timedelta(minutes=1))
    pair.quiet()
    assert [row.stage for row in pair.rows("there")] == ["reported"]


def test_where_the_police_are_not_to_be_told_nobody_waits_for_them(desk: Desk, pair: Pair) -> None:
    quiet = {"kind": "me", "threat": "no", "wish": "quiet", "text": "It is me on this page."}
    case = desk.case(desk.world.far_gallery_url, **quiet)
    desk.assess(case)
    client, path = pages(desk, case)
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk).status_code == 302


@pytest.mark.slow
def test_unless_they_hold_another_case_about_the_address(desk: Desk, pair: Pair) -> None:
    quiet = {"kind": "me", "threat": "no", "wish": "quiet", "text": "It is me on this page."}
    case = desk.case(desk.world.far_gallery_url, **quiet)
    desk.assess(case)
    client, path = pages(desk, case)
    other = desk.case(desk.world.gallery_url)
    desk.assess(other)
    desk.act(other)
    desk.until(other, lambda one: one.police_told_at is not None)
    there = NoticeCase.objects.filter(case_id=other.pk)
    there.update(address_key=address_key_of(case.location_id))
    answer_police(other, "hold", until=datetime.now(UTC) + timedelta(days=5))
    assert "The police come first" in client.get(path).content.decode()
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk).status_code == 409
    there.update(address_key="")
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk).status_code == 302
    there.update(address_key=address_key_of(case.location_id))
    look_again(pair)
    answer_police(other, "release")
    ExchangeMessage.objects.update(waits_since=datetime.now(UTC) - timedelta(minutes=1))
    pair.quiet()
    assert [row.stage for row in pair.rows("there")] == ["reported"]


def test_a_file_that_could_not_be_loaded_has_no_hash_and_keeps_no_report_back(desk: Desk, pair: Pair) -> None:
    case = desk.case(desk.world.far_gallery_url)
    last = FoundFile.objects.filter(fetch__location_id=case.location_id).order_by("position").last()
    assert last is not None
    FoundFile.objects.filter(pk=last.pk).update(sha256="", problem="refused")
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    answer_police(case, "release")
    client, path = pages(desk, case)
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk).status_code == 302
    (message,) = ExchangeMessage.objects.all()
    hashes = [one["value"] for one in message.details["report"]["hashes"]]
    assert len(hashes) == last.position - 1
    assert all(hashes)


def test_it_goes_to_the_hotline_that_was_shown_or_to_none(desk: Desk, pair: Pair) -> None:
    case = decided(desk)
    client, path = pages(desk, case)
    Peer.objects.update(countries=["TT"])
    page = client.get(f"{path}/report").content.decode()
    assert "It goes to no other hotline." in page
    assert "It goes by the police." in page
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk).status_code == 409
    assert Exchange.objects.count() == 0


def test_what_a_shield_hid_goes_to_a_hotline_once_its_operator_said_where_it_is(desk: Desk, pair: Pair) -> None:
    case = desk.case(desk.world.far_gallery_url)
    Finding.objects.create(
        hotline_id=case.hotline_id,
        location_id=case.location_id,
        kind="behind",
        value="A shield",
        source="list of shared proxies",
        at=datetime.now(UTC) + timedelta(minutes=1),
    )
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    answer_police(case, "release")
    client, path = pages(desk, case)
    page = client.get(f"{path}/report").content.decode()
    assert "Its abuse desk has to say that first." in page
    said = {"kind": "country", "value": "CA", "reason": "Their answer of today"}
    send(client, f"/desk/case/{case.reference}/correct", **said)
    assert "This is the hotline of the country where it is hosted." in client.get(f"{path}/report").content.decode()
    case.refresh_from_db()
    assert case.place == "abroad"


@pytest.mark.slow
def test_the_clock_for_their_answer_runs_from_their_receipt_to_their_first_word(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    assert not Clock.objects.filter(case_id=case.pk, kind="peer_answered").exists()
    pair.quiet()
    desk.work()
    clock = Clock.objects.get(case_id=case.pk, kind="peer_answered")
    assert clock.met_at is None
    pair.accept()
    pair.quiet()
    desk.work()
    clock.refresh_from_db()
    assert clock.met_at is not None
    case.refresh_from_db()
    assert case.news
    page = client.get(path).content.decode()
    assert "Accepted" in page
    history = client.get(f"/desk/case/{case.reference}/timeline").content.decode()
    assert "From " in history
    assert "Acceptance" in history
    other: Any = desk.case(desk.world.more_url)
    Case.objects.filter(pk=case.pk).update(merged_into=other)
    assert "Accepted" in pages(desk, other)[0].get(pages(desk, other)[1]).content.decode(), "where the work goes on"
    Case.objects.filter(pk=case.pk).update(merged_into=None)
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="question..0", text="Is it gone?")
    assert "Is it gone?" in client.get(path).content.decode()
    assert send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="acceptance..0").status_code == 400


def came_in(desk: Desk, pair: Pair, address: str) -> Case:
    """A case of Jamaica's hotline that the other one reported and somebody here accepted."""
    with pair.at("there") as (hotline_id, actor):
        offer = pair.offer(path=(pair.two.card(pair.two.there).identifier,), address=address)
        peer = Peer.objects.get().pk
        services.report_item(offer, case_id=1, peer_id=peer, hotline_id=hotline_id, actor=actor)
    pair.quiet()
    page = desk.signed_in("ana").get("/desk/exchange").content.decode()
    assert address in page
    send(desk.signed_in("ana"), "/desk/exchange", act="accept", exchange=Exchange.objects.get().pk)
    desk.work()
    return CaseItem.objects.latest("id").case


@pytest.mark.slow
def test_what_is_done_here_is_told_whoever_reported_it_by_itself(desk: Desk, pair: Pair) -> None:
    case = came_in(desk, pair, desk.world.gallery_url)
    assert case.source == "peer"
    client, path = pages(desk, case)
    assert "International baseline" not in client.get(path).content.decode()
    assert "National law" not in client.get(path).content.decode(), "nobody is told what to find"
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.host_told_at is not None)
    pair.quiet()
    (there,) = pair.rows("there")
    assert said(there)[1:4] == ["hosting acceptance", "hosting police_told", "hosting host_told"]
    assert there.stage == "acting"
    desk.world.pictures.take_down(GALLERY)
    desk.until(case, lambda one: one.removed_at is not None)
    pair.quiet()
    assert pair.rows("there")[0].stage == "removed"
    following.came_back(case.location_id)
    pair.quiet()
    assert (pair.rows("there")[0].stage, said(pair.rows("there")[0])[-1]) == ("acting", "hosting retraction")
    assert "National law" in client.get(path).content.decode()


def test_a_report_of_what_is_known_here_joins_its_case_and_is_told_what_was_done(desk: Desk, pair: Pair) -> None:
    case = desk.case(desk.world.gallery_url)
    desk.assess(case)
    desk.act(case)
    joined = came_in(desk, pair, desk.world.gallery_url)
    assert joined.pk == case.pk
    pair.quiet()
    assert "hosting police_told" in said(pair.rows("there")[0])


def test_another_hotline_and_other_people_see_nothing(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    number = Exchange.objects.get().pk
    assert client.get(f"/desk/exchange/{number}").url == f"/desk/case/{case.reference}"  # type: ignore[attr-defined]
    dora = desk.signed_in("dora")
    assert dora.get(f"/desk/exchange/{number}").status_code == 404
    assert dora.get(path).status_code == 404
    assert desk.world.far_gallery_url not in dora.get("/desk/exchange").content.decode()
    assert send(desk.signed_in("pia"), f"{path}/report", peer=1).status_code == 403
    assert desk.signed_in("otto").get("/desk/exchange").status_code == 403


def test_a_hotline_may_leave_it_out(desk: Desk, pair: Pair) -> None:
    case = desk.case(desk.world.far_gallery_url)
    client, path = pages(desk, case)
    assert path in client.get(f"/desk/case/{case.reference}").content.decode()
    assert "/desk/exchange" in client.get("/desk/").content.decode()
    Hotline.objects.filter(pk=desk.cast.hotline_id).update(unused_parts=["exchange"])
    assert path not in client.get(f"/desk/case/{case.reference}").content.decode()
    assert "/desk/exchange" not in client.get("/desk/").content.decode()


def test_a_hotline_that_is_contact_and_peer_hears_once(desk: Desk, pair: Pair) -> None:
    case, _client, _path = reported(desk, pair)
    Contact.objects.create(
        hotline_id=case.hotline_id, kind="hotline", country="CA", name="Theirs", email="a@there.example"
    )
    case.refresh_from_db()
    where = whereabouts(case.location_id)
    home = hotline(case.hotline_id)
    assert "foreign" in follows_for(case, where, home).steps, "it has signed no receipt yet"
    pair.quiet()
    assert "peer" in follows_for(case, where, home).steps
    Contact.objects.filter(country="CA").update(kind="police")
    assert "foreign" in follows_for(case, where, home).steps, "the police there have heard nothing"
    pair.accept()
    pair.say("there", "reassignment", details={"hosting": {"country": "TT"}})
    pair.quiet()
    Contact.objects.filter(country="CA").update(kind="hotline")
    assert "foreign" in follows_for(case, where, home).steps, "it has handed it back"


def test_what_was_done_is_told_whoever_reported_a_case_that_is_merged_into_it(desk: Desk, pair: Pair) -> None:
    theirs = came_in(desk, pair, desk.world.gallery_url)
    known = desk.case(desk.world.more_url)
    Case.objects.filter(pk=known.pk).update(police_told_at=datetime.now(UTC))
    merge(theirs.pk, known.pk, reason="The same pages", actor=desk.cast["carl"].actor)
    pair.quiet()
    (row,) = pair.rows("there")
    assert "hosting police_told" in said(row)


@pytest.mark.slow
def test_what_they_heard_of_a_case_is_taken_back_where_their_report_leaves_it(desk: Desk, pair: Pair) -> None:
    known, carl = desk.case(desk.world.more_url), desk.cast["carl"].actor
    theirs = came_in(desk, pair, desk.world.gallery_url)
    Case.objects.filter(pk=known.pk).update(police_told_at=datetime.now(UTC), removed_at=datetime.now(UTC))
    merging = merge(theirs.pk, known.pk, reason="The same pages", actor=carl)
    assert stage_there(pair) == "removed"
    undo_merging(merging, actor=carl)
    assert stage_there(pair) == "accepted"
    Case.objects.filter(pk=theirs.pk).update(police_told_at=datetime.now(UTC))
    undo_merging(merge(theirs.pk, known.pk, reason="The same after all", actor=carl), actor=carl)
    assert stage_there(pair) == "acting", "what was done about their own stands"


def test_and_where_it_is_split_off_until_it_is_back(desk: Desk, pair: Pair) -> None:
    known, carl = desk.case(desk.world.gallery_url), desk.cast["carl"].actor
    Case.objects.filter(pk=known.pk).update(police_told_at=datetime.now(UTC), host_told_at=datetime.now(UTC))
    assert came_in(desk, pair, desk.world.gallery_url) == known
    row = Exchange.objects.get(side="hosting")
    services.say(row.pk, "action", what="removed", hotline_id=known.hotline_id, actor=carl)
    assert stage_there(pair) == "removed"
    split(known.pk, row.report_id, reason="Something else", actor=carl)
    assert stage_there(pair) == "removed", "a person said so"
    assert said(pair.rows("there")[0])[-2:] == ["hosting retraction"] * 2
    undo_merging(Merging.objects.get().pk, actor=carl)
    pair.quiet()
    assert "hosting police_told" in said(pair.rows("there")[0])[-2:]


def stage_there(pair: Pair) -> str:
    pair.quiet()
    return pair.rows("there")[0].stage


@pytest.mark.slow
def test_what_was_written_can_be_undone_until_it_is_sent(desk: Desk, pair: Pair, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"undo_seconds": 10})
    _case, client, path = reported(desk, pair)
    message = ExchangeMessage.objects.get()
    assert pair.carry() is not None, "it waits"
    assert pair.rows("there") == [], "and nobody is told yet"
    page = client.get(path).content.decode()
    assert f"{path}/unsay" in page
    other = desk.signed_in("bela")
    assert f"{path}/unsay" not in other.get(path).content.decode()
    assert send(other, f"{path}/unsay", message=message.pk).status_code == 404
    assert send(client, f"{path}/unsay", message=message.pk).status_code == 302
    assert (Exchange.objects.count(), ExchangeMessage.objects.count()) == (0, 0)
    send(client, f"{path}/report", peer=Peer.objects.get().pk)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11)):
        late = ExchangeMessage.objects.get()
        assert f"{path}/unsay" not in client.get(path).content.decode()
        assert send(client, f"{path}/unsay", message=late.pk).status_code == 409
        pair.quiet()
        assert [row.stage for row in pair.rows("there")] == ["reported"]
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="question..0", text="Is it gone?")
    send(client, f"{path}/unsay", message=ExchangeMessage.objects.latest("id").pk)
    pair.quiet()
    assert said(pair.rows("there")[0]) == ["reporting national"]
