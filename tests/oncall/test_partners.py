"""A partner, and the police's number for those on call: once a portal is in use, one person alone changes neither."""

import pytest
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.oncall import queries, services
from leeward.people.errors import ChangeWaits, NotSecondPerson
from leeward.people.models import Portal
from leeward.people.queries import PortalChangeRow, portal_changes_waiting
from leeward.people.services import settle_change
from tests.having_read import seen_on
from tests.oncall.conftest import Night
from tests.people.signing import signed_in
from tests.personas import Cast

SERVER = Actor("command")
HOURS = "22:00-06:00"


def waiting(hotline_id: int) -> PortalChangeRow:
    [change] = portal_changes_waiting(hotline_id)
    return change


def agreed(cast: Cast) -> bool:
    partner = queries.agreements_of(cast.portal_id).partner
    return partner is not None and partner.is_agreed


def test_the_number_of_the_police_changes_once_a_second_person_has_called_it(night: Night) -> None:
    cast, page = night.cast, f"/desk/oncall/{night.cast.portal_id}/rota"
    carl = signed_in(cast, "carl")
    seen = seen_on(carl.get(page).content.decode().partition('id="partner"')[2])
    assert carl.post(page, {"act": "call", "text": "555  0119", "seen": "0" * 32}).status_code == 422
    shown = carl.post(page, {"act": "call", "text": "555  0119", "seen": seen}, follow=True).content.decode()
    assert "This takes two people" in shown
    assert (
        "A change of the police’s number for those on call for Jamaica is waiting"
        in carl.get("/desk/oncall").content.decode()
    )
    assert queries.police_number(cast.portal_id) == ""
    with pytest.raises(ChangeWaits):
        services.set_police_number(cast.portal_id, "555 0120", actor=cast["adam"].actor)
    change = waiting(cast.hotline_id)
    asked = signed_in(cast, "adam").get(f"/desk/portals/changes/{change.id}").content.decode()
    assert "555 0119" in asked
    assert "do the police answer there at any hour?" in asked
    with pytest.raises(NotSecondPerson):
        settle_change(change.id, confirm=True, actor=cast["carl"].actor)
    settle_change(change.id, confirm=True, actor=cast["adam"].actor)
    night.work()
    assert queries.police_number(cast.portal_id) == "555 0119"
    assert services.set_police_number(cast.portal_id, "555 0119", actor=cast["carl"].actor) is None, "nothing changes"
    assert portal_changes_waiting(cast.hotline_id) == []
    number = services.set_police_number(cast.portal_id, "", actor=cast["carl"].actor)
    assert number is not None, "that nobody is to be called takes two as well"
    settle_change(number, confirm=False, actor=cast["adam"].actor)
    night.work()
    assert queries.police_number(cast.portal_id) == "555 0119"
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False, was_opened=False)
    assert services.set_police_number(cast.portal_id, "555 0121", actor=cast["carl"].actor) is None
    assert queries.police_number(cast.portal_id) == "555 0121", "before a portal is opened one person is enough"
    services.set_police_number(cast.portal_id, " 555 \u202e0122\x00\u202c ", actor=cast["carl"].actor)
    assert queries.police_number(cast.portal_id) == "555 0122", "it reads as it is dialled"


def test_a_partner_takes_two_people_on_each_side(night: Night) -> None:
    cast, other = night.cast, night.cast.other_portal_id
    carl, adam, dora = cast["carl"].actor, cast["adam"].actor, cast["dora"].actor
    assert services.want_partner(cast.portal_id, other, HOURS, actor=carl)
    assert queries.agreements_of(cast.portal_id).partner is None
    asked = signed_in(cast, "adam").get(f"/desk/portals/changes/{waiting(cast.hotline_id).id}").content.decode()
    assert HOURS in asked
    settle_change(waiting(cast.hotline_id).id, confirm=True, actor=adam)
    night.work()
    assert not agreed(cast)
    with scope(hotline=cast.other_hotline_id):
        with pytest.raises(NotFound):
            services.agree_to_help(other, cast.portal_id, agrees=True, actor=dora, hours="")
        number = services.agree_to_help(other, cast.portal_id, agrees=True, actor=dora, hours=HOURS)
        assert number
        with pytest.raises(NotSecondPerson):
            settle_change(number, confirm=True, actor=dora)
        settle_change(number, confirm=True, actor=SERVER)
    night.work()
    assert agreed(cast)
    with scope(hotline=cast.other_hotline_id):
        assert services.agree_to_help(other, cast.portal_id, agrees=False, actor=dora)
    night.work()
    assert agreed(cast), "nor does one person alone leave those without help who count on it"
    number = services.want_partner(cast.portal_id, None, "", actor=carl)
    assert number
    assert agreed(cast)
    settle_change(number, confirm=True, actor=adam)
    night.work()
    assert queries.agreements_of(cast.portal_id).partner is None


def test_help_is_given_only_in_hours_that_are_still_asked_for_when_it_is_confirmed(night: Night) -> None:
    cast, other = night.cast, night.cast.other_portal_id
    services.want_partner(cast.portal_id, other, HOURS, actor=SERVER)
    with scope(hotline=cast.other_hotline_id):
        number = services.agree_to_help(other, cast.portal_id, agrees=True, actor=cast["dora"].actor, hours=HOURS)
    services.want_partner(cast.portal_id, other, "20:00-06:00", actor=SERVER)
    with scope(hotline=cast.other_hotline_id):
        assert number
        settle_change(number, confirm=True, actor=SERVER)
    night.work()
    assert not agreed(cast)


def test_by_an_older_page_no_webhook_is_put_back_or_removed(night: Night) -> None:
    """Somebody's own, in two windows: the older one shows an address that was given up since."""
    cast, carl = night.cast, signed_in(night.cast, "carl")
    portal, actor = cast.portal_id, cast["carl"].actor
    services.set_webhook(portal, "https://pager.example/old", person_id=actor.id, actor=actor)
    old = seen_on(carl.get("/desk/oncall").content.decode().partition("My own webhook")[2])
    services.set_webhook(portal, "https://pager.example/new", person_id=actor.id, actor=actor)
    path = f"/desk/oncall/{portal}/webhook"
    for act in ("set", "remove"):
        for seen in (old, ""):
            sent = {"whose": "mine", "act": act, "url": "https://pager.example/old", "seen": seen}
            assert carl.post(path, sent).status_code == 409
    page = carl.get("/desk/oncall").content.decode().partition("My own webhook")[2]
    assert "https://pager.example/new" in page
    assert carl.post(path, {"whose": "mine", "act": "remove", "seen": seen_on(page)}).status_code == 302
