"""Lists, switches, webhooks, test pages, and who may do what."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.demo.world.receiver import Receiver
from leeward.demo.world.web import Answer
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.installation.errors import TriedTooOften
from leeward.oncall import queries, services
from leeward.oncall.errors import CantBePaged, CantTakePages, LastOnCall, NotOnCall, PageWebhookUnusable
from leeward.oncall.labels import ALARMS
from leeward.oncall.models import OnCallPerson, Page, PageMessage, PageWebhook
from leeward.people.services import add_account, change_account, close_account, set_leave
from leeward.site.doctor import findings
from leeward.site.health import current_alarms
from tests.oncall.conftest import Night
from tests.people.signing import GOOD, signed_in

pytestmark = pytest.mark.django_db
TEN = timedelta(minutes=10)
SERVER = Actor("command")  # staff change a portal's webhook only two together


@pytest.fixture
def receiver(configure: Callable[..., None]) -> Iterator[Receiver]:
    """A server of somebody's pager, which checks signatures."""
    configure(webhook_allow_http=True, fetch_allowed_networks=("127.0.0.0/8",))
    with Receiver() as server:
        yield server


def test_a_page_is_posted_signed_and_once(night: Night, receiver: Receiver) -> None:
    portal = night.cast.portal_id
    receiver.secrets = {services.set_webhook(portal, receiver.webhook, actor=SERVER)}
    number = night.report()
    night.work()
    assert night.counts() == {}, "the portal's webhook is who is called first"
    [posted] = receiver.posted()
    data = posted.content["data"]
    assert (posted.content["type"], data["count"], data["round"]) == ("page.urgent", 1, 1)
    assert data["reports"] == [
        {"report": number, "urgency": "danger", "test": False, "received_at": "2026-11-24T08:00:00Z"}
    ]
    assert "[message withheld]" not in str(posted.content)
    link = data["acknowledge"].partition("/page/")[2]
    shown = Client().get(f"/page/{link}")
    assert shown.status_code == 200
    assert Client().post(f"/page/{link}", {"upto": "999999999"}).status_code == 303
    assert Page.objects.get().how == "link"


def test_a_webhook_that_fails_gets_the_same_again_and_others_are_called(night: Night, receiver: Receiver) -> None:
    ana, portal = night.cast["ana"], night.cast.portal_id
    services.put_on_call(portal, ana.account_id, actor=night.cast["carl"].actor)
    receiver.secrets = {services.set_webhook(portal, receiver.webhook, person_id=ana.account_id, actor=ana.actor)}
    receiver.next(Answer(500), keeps=True)
    night.report()
    night.work()
    assert night.counts() == {"ana": 1}, "mail goes all the same"
    night.work(timedelta(seconds=5))
    assert [one.again for one in receiver.posted()] == [False, True]
    assert set(PageMessage.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize(
    "url", ["", "ftp://pager.example/", "https://me:word@pager.example/", "http://pager.example/", "x"]
)
def test_a_webhook_must_be_a_guarded_address(night: Night, url: str) -> None:
    with pytest.raises(PageWebhookUnusable):
        services.set_webhook(night.cast.portal_id, url, actor=night.cast["carl"].actor)


def test_what_leads_into_our_own_network_is_never_posted_to(night: Night) -> None:
    night.configure(webhook_allow_http=True)
    with Receiver() as inside:
        services.set_webhook(night.cast.portal_id, inside.webhook, actor=SERVER)
        night.report()
        night.work()
        assert inside.requests() == []
    assert PageMessage.objects.get(way="webhook").problem == "hook_not_allowed"
    night.work(timedelta(minutes=1))
    assert night.counts() == {"carl": 1}, "one minute later the next circle"


def test_one_switches_oneself_and_nobody_else(night: Night) -> None:
    cast, portal = night.cast, night.cast.portal_id
    for who in ("ana", "bela"):
        services.put_on_call(portal, cast[who].account_id, actor=cast["adam"].actor)
    services.switch(portal, cast["ana"].account_id, is_on=False, actor=cast["ana"].actor)
    with pytest.raises(NotAllowed):
        services.switch(portal, cast["bela"].account_id, is_on=False, actor=cast["ana"].actor)
    with pytest.raises(NotOnCall):
        services.switch(portal, cast["pia"].account_id, is_on=True, actor=cast["pia"].actor)
    night.report()
    night.work()
    assert night.counts() == {"bela": 1}
    events = list(AuditRow.objects.filter(event__startswith="on_call.").values_list("event", flat=True))
    assert sorted(events) == ["on_call.joined", "on_call.joined", "on_call.switched_off"]


def test_a_rota_that_is_away_is_said_on_every_page_and_others_are_paged(night: Night) -> None:
    cast, portal = night.cast, night.cast.portal_id
    here = ("ana", "bela", "carl", "adam", "pia")

    def leave(*who: str) -> list[str]:
        for one in who:
            set_leave(cast[one].account_id, date(2026, 12, 24), actor=cast["carl"].actor)
        return [
            alarm.code
            for alarm in current_alarms(night.now)
            if alarm.code in ALARMS and alarm.hotline_id == cast.hotline_id
        ]

    assert leave() == [], "where nobody was ever on call, the doctor says so"
    services.put_on_call(portal, cast["ana"].account_id, actor=cast["adam"].actor)
    assert leave() == []
    assert leave("ana") == ["rota_to_supervisors"]
    assert leave("carl") == ["rota_to_staff"]
    assert leave(*here) == ["rota_to_everybody"]
    assert "leeward.oncall.E005" in {one.id for one in findings()}
    night.report()
    night.work()
    assert set(night.counts()) == set(here)


def test_the_last_person_stays_on_the_list(night: Night) -> None:
    cast, portal = night.cast, night.cast.portal_id
    for who in ("ana", "bela"):
        services.put_on_call(portal, cast[who].account_id, actor=cast["adam"].actor)
    services.take_off_call(portal, cast["ana"].account_id, actor=cast["carl"].actor)
    with pytest.raises(LastOnCall):
        services.take_off_call(portal, cast["bela"].account_id, actor=cast["carl"].actor)
    answer = signed_in(cast, "carl").post(
        f"/desk/oncall/{portal}/people", {"act": "remove", "person": cast["bela"].account_id}
    )
    assert "Put somebody else on call first." in answer.content.decode()
    assert OnCallPerson.objects.count() == 1


def test_who_may_not_take_a_page_up_is_neither_paged_nor_put_on_call_and_ends_none(night: Night) -> None:
    """An auditor reads the log; whoever only watches over others must not be able to silence what calls them."""
    cast, portal = night.cast, night.cast.portal_id
    with pytest.raises(CantTakePages):
        services.put_on_call(portal, cast["otto"].account_id, actor=cast["carl"].actor)
    services.put_on_call(portal, cast["ana"].account_id, actor=cast["carl"].actor)
    shown = signed_in(cast, "carl").get("/desk/oncall").content.decode()
    assert f'<option value="{cast["otto"].account_id}"' not in shown
    assert f'<option value="{cast["bela"].account_id}"' in shown
    night.report()
    night.work()
    assert night.counts() == {"ana": 1}
    change_account(cast["ana"].account_id, name="Ana", roles=["auditor"], languages=["en"], actor=SERVER)
    assert night.press("ana").status_code == 403, "she has a link, and may no longer take pages up"
    assert Page.objects.get().closed_at is None
    for _ in range(4):
        night.work(timedelta(minutes=10))
    assert set(night.counts()) == {"ana", "bela", "carl", "adam", "pia"}
    assert night.counts()["ana"] == 1, "nor is she paged again"
    otto = signed_in(cast, "otto")
    assert otto.post(f"/desk/oncall/page/{Page.objects.get().pk}", {"upto": "9"}).status_code == 403
    assert Page.objects.get().closed_at is None


@pytest.mark.parametrize("who", ["ana", "pia", "otto", "dora"])
def test_only_who_keeps_the_list_changes_it(night: Night, who: str) -> None:
    actor, portal = night.cast[who].actor, night.cast.portal_id
    for act in (
        lambda: services.put_on_call(portal, night.cast["ana"].account_id, actor=actor),
        lambda: services.take_off_call(portal, night.cast["ana"].account_id, actor=actor),
        lambda: services.set_webhook(portal, "https://pager.example/", actor=actor),
        lambda: services.remove_webhook(portal, actor=actor),
        lambda: services.send_test(portal, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not OnCallPerson.objects.exists()


def test_somebody_of_another_hotline_sees_and_acknowledges_nothing(night: Night) -> None:
    with pytest.raises(NotFound):
        services.put_on_call(night.cast.portal_id, night.cast["dora"].account_id, actor=night.cast["carl"].actor)
    night.report()
    night.work()
    dora, page = signed_in(night.cast, "dora"), Page.objects.get()
    assert "urgent report" not in dora.get("/desk/oncall").content.decode().replace(
        "An urgent report immediately pages", ""
    )
    assert dora.post(f"/desk/oncall/page/{page.pk}", {"upto": "9"}).status_code == 404
    assert dora.post(f"/desk/oncall/{night.cast.portal_id}/test").status_code == 404
    assert Page.objects.get().closed_at is None


def test_the_desk_acknowledges_and_shows_who_after_how_long(night: Night) -> None:
    night.report()
    night.work()
    carl = signed_in(night.cast, "carl")
    shown = carl.get("/desk/oncall").content.decode()
    assert "1 urgent report" in shown
    night.clock.move_to(night.now + timedelta(minutes=4))
    upto = queries.board(night.cast.hotline_id).open[0].upto
    carl.post(f"/desk/oncall/page/{Page.objects.get().pk}", {"upto": str(upto)})
    shown = carl.get("/desk/oncall").content.decode()
    assert "No page is waiting for acknowledgement." in shown
    assert "after 4 minutes" in shown
    assert "at the desk" in shown


def test_an_administrator_who_acknowledges_keeps_nobody_else_from_being_paged(night: Night) -> None:
    services.put_on_call(night.cast.portal_id, night.cast["adam"].account_id, actor=night.cast["carl"].actor)
    night.report()
    night.work()
    assert set(night.counts()) == {"adam"}
    night.press("adam")
    page = Page.objects.get()
    assert page.closed_at is None
    assert "Paging goes on until" in Client().get(night.link("adam")).content.decode()
    said = signed_in(night.cast, "adam").post(f"/desk/oncall/page/{page.pk}", {"upto": "9"}, follow=True)
    assert "Paging goes on until" in said.content.decode()
    night.work(TEN)
    assert "carl" in night.counts()
    night.press("carl")
    assert Page.objects.get().closed_by_id == night.cast["carl"].account_id


def test_nobody_is_made_deaf_by_test_pages(night: Night) -> None:
    carl, portal = night.cast["carl"].actor, night.cast.portal_id
    for _ in range(6):
        services.send_test(portal, actor=carl)
        Page.objects.update(closed_at=night.now)
    with pytest.raises(TriedTooOften):
        services.send_test(portal, actor=carl)
    night.clock.move_to(night.now + timedelta(minutes=10))
    services.send_test(portal, actor=carl)


def test_a_test_page_must_be_acknowledged_does_not_widen_and_ends_by_itself(night: Night) -> None:
    carl, portal = night.cast["carl"], night.cast.portal_id
    services.put_on_call(portal, night.cast["ana"].account_id, actor=carl.actor)
    for _ in range(2):
        services.send_test(portal, actor=carl.actor)
    night.work()
    assert "Nothing was reported" in night.mails()["ana"][0].text
    for _ in range(5):
        night.work(TEN)
    assert night.counts() == {"ana": 3}
    assert Page.objects.get().how == "ended"
    services.send_test(portal, actor=carl.actor)
    night.work()
    night.press("ana")
    assert queries.board(night.cast.hotline_id).tested_at[portal] == night.now
    assert queries.alarms(night.cast.hotline_id) == []
    night.configure(smtp_host="")
    with pytest.raises(CantBePaged):
        services.send_test(portal, actor=carl.actor)


def test_a_test_page_never_takes_the_place_of_an_urgent_one(night: Night) -> None:
    services.send_test(night.cast.portal_id, actor=night.cast["carl"].actor)
    night.report()
    night.work()
    assert night.counts() == {"carl": 2}
    assert sorted(Page.objects.values_list("kind", flat=True)) == ["test", "urgent"]


def test_whoever_leaves_is_paged_no_more_and_takes_no_secret_along(night: Night) -> None:
    cast, portal = night.cast, night.cast.portal_id
    services.put_on_call(portal, cast["ana"].account_id, actor=cast["adam"].actor)
    services.set_webhook(portal, "https://pager.example/", person_id=cast["ana"].account_id, actor=cast["ana"].actor)
    services.set_webhook(portal, "https://duty.example/", actor=SERVER)
    PageWebhook.objects.filter(portal_id=portal).update(set_by_id=cast["carl"].account_id)
    add_account(
        cast.hotline_id,
        email="eve@staff.example",
        name="Eve",
        roles=["supervisor"],
        password=GOOD,
        actor=Actor(kind="command"),
    )
    for who in ("ana", "carl"):
        close_account(cast[who].account_id, actor=cast["adam"].actor)
    night.work()
    assert not OnCallPerson.objects.exists()
    assert not PageWebhook.objects.exclude(url="").exists()


def test_the_doctor_says_that_nobody_is_on_call_or_can_be_written_to(night: Night) -> None:
    def ids() -> set[str]:
        found = {one.id for one in findings() if one.id.startswith("leeward.oncall")}
        assert "leeward.oncall.W004" in found, "no test page was ever acknowledged"
        return found - {"leeward.oncall.W004"}

    assert ids() == {"leeward.oncall.W001"}
    for cast_portal, who in ((night.cast.portal_id, "carl"), (night.cast.other_portal_id, "dora")):
        hotline_id = night.cast[who].actor.hotline_id
        with scope(hotline=hotline_id):
            services.put_on_call(cast_portal, night.cast[who].account_id, actor=night.cast[who].actor)
    assert ids() == set()
    night.configure(smtp_host="")
    assert ids() == {"leeward.oncall.W002", "leeward.oncall.E001"}
