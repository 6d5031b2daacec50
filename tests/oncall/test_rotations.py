"""The rota of a portal: who is paged first by it, its page, and everybody's own calendar."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.oncall import queries, services
from leeward.oncall.errors import CantTakePages, RotaUnusable
from leeward.oncall.models import PageWebhook, PortalRota
from leeward.people.models import User
from leeward.people.queries import portal, staff_of
from tests.having_read import seen_on
from tests.oncall.conftest import NIGHT, Night
from tests.personas import Cast
from tests.sealed import tables_that_hold

pytestmark = pytest.mark.django_db
TEN = timedelta(minutes=10)


def signed_in(cast: Cast, who: str) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=cast[who].account_id))
    return client


def rota_page(night: Night) -> str:
    return f"/desk/oncall/{night.cast.portal_id}/rota"


def rotation(person: int, **other: object) -> dict[str, object]:
    """What the form of a rotation sends."""
    sent: dict[str, object] = {
        "person": person, "layer": 1, "starts_on": "2026-11-01", "last_on": "", "begins": "08:00", "ends": "08:00",
        "zone": "America/Jamaica", "days": 1, "on": list(range(1, 9)),
    } | other  # fmt: skip
    return {f"rotation-{name}": value for name, value in sent.items()} | {"act": "rotation"}


def acted(client: Client, here: str, act: str, number: int, **more: object) -> dict[str, object]:
    """What a button of the page sends about the rotation or the override of this number, as the page shows it now."""
    for form in re.findall(r"<form.*?</form>", client.get(here).content.decode(), re.DOTALL):
        if f'value="{act}"' in form and f'name="number" value="{number}"' in form:
            seen = re.search(r'name="seen" value="(\w+)"', form)
            assert seen is not None
            return {"act": act, "number": number, "seen": seen[1]} | more
    raise AssertionError(f"the page has no “{act}” for {number}")


def test_whose_shift_it_is_comes_first_then_the_next_layer(night: Night) -> None:
    ana, bela = night.cast["ana"], night.cast["bela"]
    client = signed_in(night.cast, "carl")
    for layer, person in ((1, ana), (2, bela)):
        assert client.post(rota_page(night), rotation(person.account_id, layer=layer)).status_code == 302
    night.report()
    night.work()
    assert night.counts() == {"ana": 1}
    night.work(TEN)
    assert night.counts() == {"ana": 2, "bela": 1}
    night.work(TEN)
    assert night.counts() == {"ana": 3, "bela": 2, "carl": 1}


def test_a_rotation_is_written_changed_and_ended_on_the_page(night: Night) -> None:
    ana, bela = (night.cast[who].account_id for who in ("ana", "bela"))
    client, here = signed_in(night.cast, "carl"), rota_page(night)
    wrong = client.post(here, rotation(ana, zone="Mars/Olympus", days=7))
    assert wrong.status_code == 422
    assert "there is no such time zone" in wrong.content.decode()
    client.post(here, rotation(ana, on=[1, 2, 3, 4, 5]))
    page = client.get(here).content.decode()
    assert "Nobody is on call:" in page, "nobody has the weekend"
    client.post(here, acted(client, here, "join", 1, person=bela))
    override = {"override-person": bela, "override-instead_of": "", "act": "override"}
    override |= {"override-starts": "2026-11-28T00:00", "override-ends": "2026-12-20T00:00"}
    assert client.post(here, override).status_code == 302
    page = client.get(here).content.decode()
    assert "Somebody is on call at every hour" in page
    assert page.count("Bela") >= 2
    assert client.post(here, override | {"override-ends": "2026-11-27T00:00"}).status_code == 422
    assert client.post(here, override | {"override-ends": "tomorrow"}).status_code == 422
    client.post(here, acted(client, here, "leave", 1, person=ana))
    refused = client.post(here, acted(client, here, "end", 1) | {"act": "leave", "person": bela})
    assert refused.status_code == 422
    assert PortalRota.objects.get().rotations[0]["people"] == [bela], "the last person stays"
    client.post(here, acted(client, here, "take_back", 1))
    assert client.post(here, acted(client, here, "end", 1)).status_code == 409, "nobody would be on call"
    services.put_on_call(night.cast.portal_id, bela, actor=night.cast["carl"].actor)
    client.post(here, acted(client, here, "end", 1))
    assert client.post(here, {"act": "no such"}).status_code == 400
    row = PortalRota.objects.get()
    assert (row.rotations, row.overrides) == ([], [])


def test_a_page_of_before_takes_back_no_other_override_of_the_same_number(night: Night) -> None:
    ana, bela = (night.cast[who].account_id for who in ("ana", "bela"))
    client, here = signed_in(night.cast, "carl"), rota_page(night)
    override = {"override-person": ana, "override-instead_of": "", "act": "override"}
    override |= {"override-starts": "2026-11-28T00:00", "override-ends": "2026-12-20T00:00"}
    client.post(here, override)
    old_tab = acted(client, here, "take_back", 1)
    client.post(here, acted(client, here, "take_back", 1))
    client.post(here, override | {"override-person": bela})
    for sent in (old_tab, {"act": "take_back", "number": 1}):
        refused = client.post(here, sent)
        assert "Something else was entered since you opened this page." in refused.content.decode()
        assert [one["person"] for one in PortalRota.objects.get().overrides] == [bela]
    client.post(here, acted(client, here, "take_back", 1))
    assert PortalRota.objects.get().overrides == []
    assert client.post(here, old_tab).status_code == 302, "what is gone is gone"


def test_a_page_of_before_changes_no_other_rotation_of_the_same_number(night: Night) -> None:
    ana, bela, carl = (night.cast[who].account_id for who in ("ana", "bela", "carl"))
    client, here = signed_in(night.cast, "carl"), rota_page(night)
    services.put_on_call(night.cast.portal_id, carl, actor=night.cast["carl"].actor)
    client.post(here, rotation(ana))
    old_tab = acted(client, here, "join", 1)
    client.post(here, acted(client, here, "end", 1))
    client.post(here, rotation(bela, layer=2))
    client.post(here, acted(client, here, "join", 1, person=carl))
    kept = PortalRota.objects.get().rotations
    assert [(one["number"], one["people"]) for one in kept] == [(1, [bela, carl])]
    for act in ({"act": "join", "person": ana}, {"act": "leave", "person": carl}, {"act": "end"}):
        for sent in (old_tab | act, {"number": 1} | act):
            refused = client.post(here, sent)
            assert "Something else was entered since you opened this page." in refused.content.decode()
            assert PortalRota.objects.get().rotations == kept


def test_a_gap_keeps_a_portal_from_opening(night: Night) -> None:
    ana, carl = night.cast["ana"], night.cast["carl"]
    signed_in(night.cast, "carl").post(rota_page(night), rotation(ana.account_id))
    jm = portal(night.cast.portal_id)
    assert queries.readiness(jm, staff_of(jm.hotline_id)).is_ready
    User.objects.filter(pk=ana.account_id).update(
        away_from=(NIGHT + timedelta(days=3)).date(), away_until=(NIGHT + timedelta(days=5)).date()
    )
    ready = queries.readiness(jm, staff_of(jm.hotline_id))
    assert not ready.is_ready
    assert ready.gaps[0].starts == datetime(2026, 11, 27, 5, 0, tzinfo=UTC), "midnight in Jamaica"
    assert ready.gaps[0].ends - ready.gaps[0].starts == timedelta(days=2)
    checklist = signed_in(night.cast, "adam").get(f"/desk/administration/portals/{jm.id}").content.decode()
    assert "Nobody is on call from 2026-11-27 00:00 to 2026-11-29 00:00." in checklist
    services.put_on_call(jm.id, carl.account_id, actor=carl.actor)
    assert queries.readiness(jm, staff_of(jm.hotline_id)).is_ready, "somebody always is on call"


def test_whoever_switched_their_calls_off_fills_no_hour_when_a_portal_opens(night: Night) -> None:
    ana, carl, jm = night.cast["ana"], night.cast["carl"], portal(night.cast.portal_id)
    signed_in(night.cast, "carl").post(rota_page(night), rotation(ana.account_id))
    services.put_on_call(jm.id, ana.account_id, actor=carl.actor)
    assert queries.readiness(jm, staff_of(jm.hotline_id)).is_ready
    services.switch(jm.id, ana.account_id, is_on=False, actor=carl.actor)
    ready = queries.readiness(jm, staff_of(jm.hotline_id))
    assert (ready.is_ready, ready.has_way) == (False, False)
    assert ready.gaps[0].ends - ready.gaps[0].starts == timedelta(days=14)


def test_a_rota_page_says_only_what_is_so_of_a_portal_without_a_rota(night: Night) -> None:
    client, jm, carl = signed_in(night.cast, "carl"), night.cast.portal_id, night.cast["carl"]
    assert "Somebody is on call at every hour" not in (page := client.get(rota_page(night)).content.decode())
    assert "Supervisors who are not away are paged instead" in page
    services.put_on_call(jm, carl.account_id, actor=carl.actor)
    assert "Somebody is on call at every hour" in client.get(rota_page(night)).content.decode()
    PageWebhook.objects.create(hotline_id=night.cast.hotline_id, portal_id=jm, url="https://pager.example/x")
    services.switch(jm, carl.account_id, is_on=False, actor=carl.actor)
    assert "Somebody is on call at every hour" not in client.get(rota_page(night)).content.decode()


def test_nobody_is_put_on_call_at_who_can_take_no_page_or_is_from_elsewhere(night: Night) -> None:
    carl, otto, dora = (night.cast[who] for who in ("carl", "otto", "dora"))
    client, here = signed_in(night.cast, "carl"), rota_page(night)
    assert client.post(here, rotation(otto.account_id)).status_code == 422, "the auditor isn't offered"
    client.post(here, rotation(night.cast["ana"].account_id))
    portal_id = night.cast.portal_id
    with pytest.raises(CantTakePages):
        services.change_people(portal_id, 1, otto.account_id, joins=True, seen="", actor=carl.actor)
    with pytest.raises(NotFound):
        services.change_people(portal_id, 1, dora.account_id, joins=True, seen="", actor=carl.actor)
    with pytest.raises(NotAllowed):
        services.remove_rotation(portal_id, 1, seen="", actor=night.cast["ana"].actor)
    with pytest.raises(NotAllowed):
        services.remove_rotation(portal_id, 1, seen="", actor=dora.actor)
    assert signed_in(night.cast, "dora").get(here).status_code == 404
    for _ in range(11):
        client.post(here, rotation(night.cast["ana"].account_id))
    it = queries.rotations_of(queries.lists_of(carl.actor.hotline_id or 0, [portal_id]).rotas[portal_id])[0].it
    with pytest.raises(RotaUnusable):
        services.add_rotation(portal_id, it, actor=carl.actor)


def test_notes_are_left_for_whoever_comes_next(night: Night) -> None:
    signed_in(night.cast, "ana").post(rota_page(night), {"act": "note", "text": "Case 2026-0001 waits for the police."})
    assert tables_that_hold("waits for the police") == set()
    assert "Case 2026-0001 waits" in signed_in(night.cast, "carl").get(rota_page(night)).content.decode()
    assert signed_in(night.cast, "ana").post(rota_page(night), {"act": "note", "text": " "}).status_code == 400


def test_a_calendar_has_ones_own_shifts_until_its_address_is_taken_back(night: Night) -> None:
    ana = night.cast["ana"]
    signed_in(night.cast, "carl").post(rota_page(night), rotation(ana.account_id))
    client = signed_in(night.cast, "ana")
    client.post(rota_page(night), {"act": "calendar"})
    address = queries.calendar_address(ana.account_id).partition("//")[2].partition("/")[2]
    found = Client().get(f"/{address}")
    assert found.headers["Content-Type"].startswith("text/calendar")
    assert b"SUMMARY:Jamaica: Paged first" in found.content
    assert b"Ana" not in found.content
    assert Client().post(f"/{address}").status_code == 405
    client.post(rota_page(night), {"act": "calendar"})
    assert Client().get(f"/{address}").status_code == 404, "a new address, and the old one is dead"
    newest = queries.calendar_address(ana.account_id).partition("//")[2].partition("/")[2]
    assert Client().get(f"/{newest[:-6]}aa.ics").status_code == 404
    client.post(rota_page(night), {"act": "no_calendar"})
    assert Client().get(f"/{newest}").status_code == 404
    client.post(rota_page(night), {"act": "calendar"})
    services.forget_person(ana.account_id)
    assert queries.calendar_address(ana.account_id) == ""


def test_a_partner_counts_only_while_both_sides_agree(night: Night) -> None:
    cast = night.cast
    server = Actor("command")  # staff change it only two together
    other = cast.other_portal_id
    services.want_partner(cast.portal_id, other, "22:00-06:00", actor=server)
    assert not queries.agreements_of(cast.portal_id).partner.is_agreed
    with scope(hotline=cast.other_hotline_id):
        page = signed_in(cast, "dora").get(f"/desk/oncall/{other}/rota").content.decode()
        old = seen_on(page.partition('id="partner"')[2])
        assert "wants your people on call to be paged as well" in page
        assert "22:00-06:00. (America/Jamaica)" in " ".join(page.split()), "hours are those of who asks"
        services.agree_to_help(other, cast.portal_id, agrees=True, actor=server, hours="22:00-06:00")
    assert queries.agreements_of(cast.portal_id).partner.is_agreed
    services.want_partner(cast.portal_id, other, "20:00-06:00", actor=server)
    assert not queries.agreements_of(cast.portal_id).partner.is_agreed, "other hours need another word"
    with scope(hotline=cast.other_hotline_id):
        for act in ("agree", "stop"):
            seen = {"act": act, "number": cast.portal_id, "hours": "22:00-06:00", "seen": old}
            answer = signed_in(cast, "dora").post(f"/desk/oncall/{other}/rota", seen)
            assert (answer.status_code, "since you opened this page" in answer.content.decode()) == (422, True), (
                "they ask for others"
            )
        services.agree_to_help(other, cast.portal_id, agrees=True, actor=server, hours="20:00-06:00")
        services.agree_to_help(other, cast.portal_id, agrees=False, actor=server)
    assert not queries.agreements_of(cast.portal_id).partner.is_agreed
