"""The desk's pages of publishing: what each role sees and does."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django_scopes import scope

from leeward.blocklist.models import Entry
from leeward.blocklist.publishing import queries, services
from leeward.blocklist.publishing.models import Fetch, Publication
from leeward.blocklist.publishing.rules.alarms import quarter_of
from leeward.blocklist.services import open_list
from leeward.foundation.actor import Actor
from leeward.people.errors import FieldIsWrong
from leeward.people.models import Hotline, Portal, User
from leeward.web_security.keys import new_form_key
from tests.blocklist.publishing.conftest import CHOSEN, House
from tests.having_read import seen_in_form, seen_on

DESK = "/desk/publishing"
MOST_QUERIES = 12


def of(house: House, who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=house.cast[who].account_id))
    return client


def send(client: Client, path: str, **values: object):
    page = path.removesuffix("/publish").removesuffix("/resume") if path.startswith("/lists/") else path
    action = "/act" if page.endswith("/act") else "/test"
    page = page.removesuffix("/act").removesuffix("/test")
    is_acting = page != path and path.startswith("/subscribers")
    with_marks = is_acting or page.endswith(("/settings", "/change", "/national"))
    shown = client.get(DESK + page).content.decode() if with_marks else ""
    found = (seen_in_form(shown, action) if is_acting else seen_on(shown)) if 'name="seen"' in shown else ""
    seen = {"seen": found} if found else {}
    return client.post(DESK + path, {"once": new_form_key(), **seen, **values}, follow=True)


def test_empty_pages_say_what_to_do_next(house: House) -> None:
    carl = of(house, "carl")
    assert "Nothing published" in carl.get(DESK).content.decode()
    assert "then publish" in carl.get(f"{DESK}/lists/national").content.decode()
    assert "Add those who load your lists" in carl.get(f"{DESK}/subscribers").content.decode()
    assert "No mobile operator" in carl.get(f"{DESK}/operators").content.decode()


def test_a_supervisor_publishes_goes_back_and_goes_on(house: House) -> None:
    carl = of(house, "carl")
    page = send(carl, "/lists/national/publish")
    assert "serial 1" in page.content.decode()
    house.list_entry("domain", "http://mistake.example/")
    send(carl, "/lists/national/publish")
    assert "Say why" in send(carl, "/lists/national/rollback", serial="1", reason=" ").content.decode()
    page = send(carl, "/lists/national/rollback", serial="1", reason="a mistake")
    assert "Held" in page.content.decode()
    assert queries.newest(house.list_id).serial == 3
    old = seen_on(page.content.decode())
    send(carl, "/lists/national/resume")
    send(carl, "/lists/national/rollback", serial="1", reason="a court ordered it")
    for seen in (old, ""):
        assert send(carl, "/lists/national/resume", seen=seen).status_code == 409, "it is held for another reason"
    assert queries.hold_of(house.list_id).reason == "a court ordered it"
    send(carl, "/lists/national/resume")
    assert queries.newest(house.list_id).entries == 6


def test_a_stopped_publication_says_which_gate_and_what(house: House) -> None:
    carl = of(house, "carl")
    send(carl, "/lists/national/publish")
    entry = house.list_entry("url", "http://placeholder.example/page")
    Entry.objects.filter(pk=entry.pk).update(scope="domain", address="http://co.uk/", comparable="http://co.uk/")
    page = send(carl, "/lists/national/publish").content.decode()
    assert "Names that many others share" in page
    assert "co.uk" in page
    assert "The jump is right" not in page
    assert "A release check stopped it" in carl.get(DESK).content.decode()


def test_a_jump_in_size_can_be_accepted_there(house: House) -> None:
    carl = of(house, "carl")
    send(carl, "/lists/national/publish")
    for number in range(60):
        house.list_entry("domain", f"http://many{number}.example/")
    assert "The jump is right" in send(carl, "/lists/national/publish").content.decode()
    send(carl, "/lists/national/publish", accept="sizes")
    assert queries.newest(house.list_id).serial == 2


def test_sending_a_form_twice_publishes_once(house: House) -> None:
    carl, once = of(house, "carl"), new_form_key()
    seen = seen_on(carl.get(f"{DESK}/lists/national").content.decode())
    for _ in range(2):
        carl.post(f"{DESK}/lists/national/publish", {"once": once, "seen": seen})
    assert queries.newest(house.list_id).serial == 1


def add(house: House, **more: object):
    values: dict[str, object] = {
        "name": "Alpha Net",
        "slug": "alpha",
        "kind": "access",
        "lists": [str(house.list_id)],
        "formats": ["rpz", "hashes"],
        "dns_action": "no_such_name",
        "notify": "192.0.2.7:53\n",
    }
    return send(of(house, "adam"), "/subscribers/new", **(values | more))


def test_an_administrator_adds_a_subscriber_and_sees_the_keys_once(house: House) -> None:
    house.publish()
    page = add(house).content.decode()
    key = re.findall(r"leeward_[\w-]{43}", page)
    assert len(key) == 1
    row = queries.subscriber_by_slug("alpha")
    assert row
    assert row.notify == ("192.0.2.7:53",)
    shown = of(house, "adam").get(f"{DESK}/subscribers/{row.id}").content.decode()
    assert key[0] not in shown
    assert "national.rpz.hotline.example." in shown
    assert "blocked-national.test.lists.example" in shown
    page = send(of(house, "adam"), f"/subscribers/{row.id}/act", act="key").content.decode()
    assert re.findall(r"leeward_[\w-]{43}", page) != key
    send(of(house, "adam"), f"/subscribers/{row.id}/act", act="end")
    assert queries.subscriber(row.id).ended_at
    assert "Alpha Net" not in of(house, "adam").get(f"{DESK}/subscribers").content.decode()
    assert "Alpha Net" in of(house, "adam").get(f"{DESK}/subscribers?ended=1").content.decode()


WRONG_CONTRACTS: list[tuple[dict[str, object], str]] = [
    ({"slug": "Not Good!"}, "Lower-case letters, digits and hyphens"),
    ({"formats": ["hosts"]}, "only to subscribers who are trusted"),
    ({"formats": ["urls"]}, "give the OpenPGP certificate"),
    ({"certificate": "no certificate"}, "This certificate can’t be used for encryption"),
    ({"notify": "somewhere"}, "Write address and port"),
    ({"lists": []}, "Nothing is chosen"),
    ({"lists": ["99999"]}, "is not one of the answers"),
]


def test_a_wrong_contract_is_one_clear_answer(house: House) -> None:
    for wrong, said in WRONG_CONTRACTS:
        page = add(house, **wrong)
        assert page.status_code == 422, wrong
        assert said in page.content.decode()
    assert queries.subscriber_by_slug("alpha") is None


def test_changing_a_contract_publishes_the_list_again(house: House) -> None:
    from leeward.jobs.worker import run_until_idle

    house.publish()
    row, _ = house.subscribe()
    send(
        of(house, "adam"),
        f"/subscribers/{row.id}/change",
        name="Alpha Two",
        kind="access",
        lists=[str(house.list_id)],
        formats=["hashes"],
        dns_action="no_such_name",
    )
    assert queries.subscriber(row.id).formats == ("hashes",)
    run_until_idle()
    newest = queries.newest(house.list_id)
    assert newest
    assert (newest.serial, newest.why) == (2, "subscriber")


def test_the_settings_are_kept_in_their_form(house: House) -> None:
    values = {
        "test_domain": "Test.Lists.Example.",
        "canary_domains": "a.example\nb.example",
        "zone_suffix": "rpz.x.example",
    }
    send(of(house, "adam"), "/settings", **values)
    row = queries.list_settings(house.cast.hotline_id)
    assert (row.test_domain, row.zone_suffix) == (CHOSEN.test_domain, "rpz.x.example.")
    assert row.canary_domains == ("a.example", "b.example")
    for seen in ("", "0" * 32):
        assert send(of(house, "adam"), "/settings", **values, seen=seen).status_code == 409, (
            "others may have set it since"
        )
    page = send(of(house, "adam"), "/settings", test_domain="not a name")
    assert page.status_code == 422
    assert "This is not a host name such as" in page.content.decode()


def test_the_quarterly_test_is_recorded_and_a_failure_alarms(house: House) -> None:
    house.publish()
    row, _ = house.subscribe()
    page = send(of(house, "carl"), f"/subscribers/{row.id}/test", list="national", answer="open").content.decode()
    assert "Does not block the test name" in page
    assert "Subscribers that need a call" in of(house, "carl").get(DESK).content.decode()
    send(of(house, "carl"), f"/subscribers/{row.id}/test", list="national", answer="blocked")
    assert "Subscribers that need a call" not in of(house, "carl").get(DESK).content.decode()


def test_evidence_of_a_mobile_operator_is_dated_and_public_by_its_day(house: House) -> None:
    row, _ = house.subscribe("mobile", kind="mobile", name="Island Mobile")
    adam = of(house, "adam")
    values = {
        "commitment": "block_list",
        "on": "2026-11-01",
        "seen": "The test name was blocked.",
        "source": "Letter 7",
    }
    assert "Letter 7" in send(adam, f"/operators/{row.id}", **values).content.decode()
    assert send(adam, f"/operators/{row.id}", **(values | {"on": "2999-01-01"})).status_code == 422
    public = Client().get("/jm/operators").content.decode()
    assert "Island Mobile" in public
    assert "1 November 2026" in public
    assert "Letter 7" not in public


@pytest.mark.parametrize("who", ["ana", "carl", "adam"])
def test_pages_are_read_by_those_who_may_with_few_queries(
    house: House, who: str, django_assert_max_num_queries
) -> None:
    house.publish()
    for number in range(12):  # as many partners
        make = {"kind": "partner", "source": "P", "hotline_id": house.cast.hotline_id, "actor": Actor(kind="command")}
        open_list(f"partner-{number}", title="A partner", **make)
    for number in range(30):
        house.subscribe(f"number-{number}")
    row = queries.subscriber_by_slug("number-3")
    client = of(house, who)
    client.get(DESK)
    for path in ("", "/lists/national", "/subscribers", f"/subscribers/{row.id}", "/operators"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(DESK + path).status_code == 200


def test_another_hotline_sees_nothing(house: House) -> None:
    house.publish()
    row, _ = house.subscribe()
    dora = of(house, "dora")
    with scope(hotline=house.cast.other_hotline_id):
        assert "National list" not in dora.get(DESK).content.decode()
        assert dora.get(f"{DESK}/lists/national").status_code == 404
        assert dora.get(f"{DESK}/subscribers/{row.id}").status_code == 404
        assert send(dora, "/lists/national/publish").status_code == 404


def test_times_are_those_of_the_hotlines_clock(house: House) -> None:
    row, _ = house.subscribe("alpha")
    house.publish()
    services.note_fetch(hotline_id=row.hotline_id, subscriber_id=row.id, list_id=house.list_id, form="rpz", serial=1)
    at = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    Publication.objects.update(at=at)
    Fetch.objects.update(at=at)
    carl = of(house, "carl")
    for path in ("", "/lists/national", "/subscribers", f"/subscribers/{row.id}"):
        assert "23 November 2026, 21:30" in carl.get(DESK + path).content.decode(), path


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("lists.hotline.example", "of the hotline’s mail are never listed"),
        ("hotline.example", "of the hotline’s mail are never listed"),
        ("lists.police.example", "of the police’s mail are never listed"),
        ("lists.gov.jm", "Names of the government"),
        ("example.com.jm.", None),
        ("test.github.io", None),
    ],
)
def test_a_test_name_that_would_stop_every_publication_is_refused(house: House, name: str, why: str | None) -> None:
    Hotline.objects.filter(pk=house.cast.hotline_id).update(email="desk@hotline.example")
    Portal.objects.update(police_email="unit@police.example")
    if why is None:
        house.choose(test_domain=name)
        assert house.publish().stopped is None
        return
    with pytest.raises(FieldIsWrong, match=why) as refused:
        house.choose(test_domain=name)
    assert "Register a name for this purpose alone" in refused.value.text
    assert queries.list_settings(house.cast.hotline_id).test_domain == CHOSEN.test_domain
    assert house.publish().stopped is None


def test_by_a_page_from_before_nobody_stops_a_new_key_or_puts_another_result(house: House) -> None:
    house.publish()
    add(house)
    row = queries.subscriber_by_slug("alpha")
    adam, here = of(house, "adam"), f"/subscribers/{row.id}"
    older = seen_in_form(adam.get(DESK + here).content.decode(), "/act")
    cora = of(house, "adam")
    send(cora, f"{here}/act", act="key")
    token = queries.subscriber(row.id).token_id
    for act, seen in (("key", ""), ("key", older), ("end", ""), ("end", older)):
        page = send(adam, f"{here}/act", act=act, seen=seen).content.decode()
        assert "Something else was entered since you opened this page." in page
        now = queries.subscriber(row.id)
        assert (now.token_id, now.ended_at) == (token, None)
    carl = of(house, "carl")
    older = seen_in_form(carl.get(DESK + here).content.decode(), "/test")
    send(of(house, "carl"), f"{here}/test", list="national", answer="open")
    for seen in ("", older):
        page = send(carl, f"{here}/test", list="national", answer="blocked", seen=seen).content.decode()
        assert "Something else was entered since you opened this page." in page
        assert [one.answer for one in queries.tests_of(row.id, quarter_of(datetime.now(UTC).date()))] == ["open"]
