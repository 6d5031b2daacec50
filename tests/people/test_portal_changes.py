"""Whom a portal tells and calls is changed by two people; until then all stays as it is."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as ours
from django_scopes import scope

from leeward.administration.services.settings_file import take_settings
from leeward.audit.queries import log_page
from leeward.cli import main
from leeward.clocks.queries import on_call
from leeward.clocks.services import set_on_call
from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import StaffNote
from leeward.notices.recipients import police_of
from leeward.notices.rules.webhooks import as_text
from leeward.oncall.models import PageWebhook
from leeward.oncall.rules.links import secret_of
from leeward.oncall.services import forget_person, remove_webhook, set_webhook
from leeward.people import queries, services
from leeward.people.access import actor_for
from leeward.people.errors import ChangeIsSettled, ChangeWaits, NotSecondPerson
from leeward.people.models import Helpline, Portal, PortalChange, User
from leeward.people.rules.reach import GUARDED
from tests.having_read import post_as_shown, seen_on
from tests.people.signing import signed_in
from tests.personas import PASSWORD, Cast, add_person

pytestmark = pytest.mark.django_db
NIGHT, MINUTE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC), timedelta(minutes=1)
OLD, NEW = "police@constabulary.example", "unit@puppet.example"
GUARDED_NOW: dict[str, object] = {
    "is_open": False,
    "languages": ["sm"],
    "country": "LC",
    "mode": "post_box",
    "police_name": "Puppet unit",
    "exit_url": "https://puppet.example/",
    "police_email": NEW,
    "police_for_hosts": "Puppet unit, 557",
    "reached_at": "1 Puppet Street",
    "police_on_danger": "after_assessment",
    "police_on_urgent": "after_assessment",
    "own_picture": "wish",
    "own_removal": "wish",
    "emergency_number": "555",
    "time_zone": "Pacific/Honolulu",
}


def change(cast: Cast, **wanted: object) -> int:
    found = services.change_portal(cast.portal_id, actor=cast["adam"].actor, **wanted)
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(set(GUARDED) - {"takes_reports"}))
def test_one_administrator_alone_changes_nothing_of_whom_a_portal_tells_or_calls(cast: Cast, name: str) -> None:
    before, after = getattr(queries.portal(cast.portal_id), name), GUARDED_NOW[name]
    number = change(cast, **{name: GUARDED_NOW[name], "name": "Another name"})
    kept = queries.portal(cast.portal_id)
    assert (getattr(kept, name), kept.name) == (before, "Another name")
    with pytest.raises(NotSecondPerson):
        services.settle_change(number, confirm=True, actor=cast["adam"].actor)
    with pytest.raises(NotAllowed):
        services.settle_change(number, confirm=True, actor=cast["ana"].actor)
    with pytest.raises(NotFound):
        services.settle_change(number, confirm=True, actor=cast["dora"].actor)
    services.settle_change(number, confirm=True, actor=cast["carl"].actor)
    assert getattr(queries.portal(cast.portal_id), name) == (tuple(after) if isinstance(after, list) else after)
    with pytest.raises(ChangeIsSettled):
        services.settle_change(number, confirm=True, actor=cast["carl"].actor)


def test_nor_with_an_account_that_they_made(cast: Cast) -> None:
    values = {"email": "zed@staff.example", "name": "Zed", "roles": ["supervisor"], "password": PASSWORD}
    zed = services.add_account(cast.hotline_id, actor=cast["adam"].actor, **values)
    number = change(cast, police_email=NEW)
    with pytest.raises(NotSecondPerson):
        services.settle_change(number, confirm=True, actor=actor_for(User.objects.get(pk=zed)))
    assert queries.portal(cast.portal_id).police_email == OLD


def test_closing_the_portal_first_does_not_help(cast: Cast) -> None:
    services.close_to_reports(cast.portal_id, actor=Actor("command", hotline_id=cast.hotline_id))
    change(cast, police_email=NEW)
    assert queries.portal(cast.portal_id).police_email == OLD


def test_before_a_portal_opens_everything_is_entered_at_once_and_nothing_after(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    assert services.change_portal(cast.portal_id, police_email=NEW, actor=cast["adam"].actor) is None
    assert queries.portal(cast.portal_id).police_email == NEW
    assert services.open_to_reports(cast.portal_id, actor=cast["adam"].actor) is None
    assert Portal.objects.get(pk=cast.portal_id).was_opened
    Portal.objects.filter(pk=cast.portal_id).update(police_email="")
    change(cast, police_email=OLD)
    assert queries.portal(cast.portal_id).police_email == "", "the directory may stand in for what is empty"


def test_asking_again_adds_to_it_and_what_is_about_something_else_waits_beside_it(cast: Cast) -> None:
    first = change(cast, police_email=NEW, police_name="Puppet unit")
    assert change(cast, police_email=NEW, police_name="Puppet unit") == first, "asking twice is asking once"
    assert change(cast, police_email=NEW) == first
    beside = change(cast, emergency_number="555")
    second = change(cast, police_email="other@constabulary.example")
    assert [row.id for row in queries.portal_changes_waiting(cast.hotline_id)] == [beside, second]
    whole = queries.portal_change(second)
    assert whole is not None
    assert whole.wanted == {"police_email": "other@constabulary.example", "police_name": "Puppet unit"}, (
        "nothing is lost"
    )
    with pytest.raises(ChangeIsSettled):
        services.settle_change(first, confirm=True, actor=cast["carl"].actor)
    services.settle_change(second, confirm=False, actor=cast["adam"].actor)
    services.settle_change(beside, confirm=True, actor=cast["carl"].actor)
    kept = queries.portal(cast.portal_id)
    assert (kept.police_email, kept.police_name, kept.emergency_number) == (OLD, "Constabulary", "555")
    assert queries.portal_changes_waiting(cast.hotline_id) == []


def test_nobody_puts_their_own_wish_in_the_place_of_somebody_elses(cast: Cast) -> None:
    olga = add_person("olga", ["administrator"], cast.hotline_id)
    number = change(cast, police_email="right@constabulary.example")
    with pytest.raises(ChangeWaits, match=f"change {number}"):
        services.change_portal(cast.portal_id, police_email=NEW, name="Taken over", actor=olga.actor)
    assert queries.portal(cast.portal_id).name == "Jamaica", "nothing of it was saved"
    assert services.change_portal(cast.portal_id, exit_url="https://news.example/", actor=olga.actor) is not None
    [mine, beside] = queries.portal_changes_waiting(cast.hotline_id)
    assert (mine.id, mine.asked_by, beside.asked_by) == (number, "Adam", "Olga")


def test_whoever_leaves_takes_what_they_asked_for_along(cast: Cast) -> None:
    add_person("olga", ["administrator"], cast.hotline_id)
    number = change(cast, police_email=NEW)
    services.close_account(cast["adam"].account_id, actor=Actor("command"))
    assert PortalChange.objects.get(pk=number).outcome == "refused"


def test_both_who_could_confirm_hear_of_it_and_the_old_address_when_it_takes_effect(
    cast: Cast, settings: object
) -> None:
    with MailServer() as server:
        host = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        settings.LEEWARD = ours.LEEWARD.model_copy(update=host)
        number = change(cast, police_email=NEW)
        run_until_idle()
        with scope(hotline=cast.hotline_id):
            asked = StaffNote.objects.filter(what="reach_asked")
            assert {one.person_id for one in asked} == {cast["adam"].account_id, cast["carl"].account_id}
            assert {one.path for one in asked} == {f"/desk/portals/changes/{number}"}
        assert server.messages(OLD) == []
        services.settle_change(number, confirm=True, actor=cast["carl"].actor)
        run_until_idle()
        [letter] = server.messages(OLD)
        text = " ".join(letter.text.split())
        assert "go to another address, and this one gets no more" in text
        assert NEW not in text
    with scope(hotline=cast.hotline_id):
        assert police_of(queries.portal(cast.portal_id)) == ("Constabulary", NEW)
        assert StaffNote.objects.filter(what="reach_changed").exists()
    events = [line.event for line in log_page(cast.hotline_id)]
    assert {"portal.change_asked", "portal.change_confirmed"} <= set(events)


def test_whoever_asks_for_many_changes_floods_nobody_and_hides_none(cast: Cast) -> None:
    def told() -> list[tuple[str, int]]:
        run_until_idle()
        with scope(hotline=cast.hotline_id):
            notes = StaffNote.objects.filter(what="reach_asked", person=cast["carl"].account_id).order_by("pk")
            return [(one.path, (one.made_at - NIGHT) // MINUTE) for one in notes]

    with time_machine.travel(NIGHT, tick=False) as clock:
        first = change(cast, police_email=NEW)
        assert told() == [(f"/desk/portals/changes/{first}", 0)]
        for digit in range(4):
            change(cast, emergency_number=f"11{digit}")
        assert told()[1:] == [("/desk/oncall", 10)], "one more, which leads to the list"
        clock.move_to(NIGHT + 19 * MINUTE)
        change(cast, police_name="Unit")
        assert told()[2:] == [("/desk/oncall", 20)]
        clock.move_to(NIGHT + 40 * MINUTE)
        last = change(cast, exit_url="https://weather.example/")
        assert told()[3:] == [(f"/desk/portals/changes/{last}", 40)]
    assert signed_in(cast, "carl").get("/desk/oncall").content.decode().count("/desk/portals/changes/") >= 4


def test_where_pages_are_mailed_takes_two_as_well(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        number = set_on_call(cast.portal_id, "night@puppet.example", actor=cast["adam"].actor)
        assert number is not None
        assert on_call(cast.portal_id) == ""
        services.settle_change(number, confirm=True, actor=cast["carl"].actor)
    run_until_idle()
    with scope(hotline=cast.hotline_id):
        assert on_call(cast.portal_id) == "night@puppet.example"


def test_so_does_where_they_are_posted_and_one_s_own_webhook_does_not(cast: Cast) -> None:
    adam, carl, url = cast["adam"].actor, cast["carl"].actor, "https://pager.puppet.example/"

    def hooks() -> list[str]:
        return list(PageWebhook.objects.filter(portal_id=cast.portal_id).values_list("url", flat=True))

    def settle() -> None:
        [row] = queries.portal_changes_waiting(cast.hotline_id)
        services.settle_change(row.id, confirm=True, actor=carl)
        for _again in range(2):
            run_until_idle()

    with scope(hotline=cast.hotline_id):
        secret = set_webhook(cast.portal_id, url, actor=adam)
        assert hooks() == [""], "nothing is posted yet"
        settle()
        assert hooks() == [url]
        assert PageWebhook.objects.get(portal_id=cast.portal_id).serial == 1
        remove_webhook(cast.portal_id, actor=adam)
        assert hooks() == [url]
        settle()
        assert hooks() == [""]
        assert secret
        set_webhook(cast.portal_id, url, person_id=adam.id, actor=adam)
        assert queries.portal_changes_waiting(cast.hotline_id) == []


def test_the_secret_that_was_told_is_the_one_that_signs(cast: Cast) -> None:
    """Whatever was told, set or removed while it waited; and no two people were told the same one."""
    adam, carl, url = cast["adam"].actor, cast["carl"].actor, "https://pager.puppet.example/"

    def signing() -> str:
        row = PageWebhook.objects.get(portal_id=cast.portal_id)
        return as_text(secret_of(ours.LEEWARD.secret_bytes, row.pk, row.serial)) if row.url else ""

    def settle(*, confirm: bool, by: Actor) -> None:
        [row] = queries.portal_changes_waiting(cast.hotline_id)
        services.settle_change(row.id, confirm=confirm, actor=by)
        for _again in range(2):
            run_until_idle()

    with scope(hotline=cast.hotline_id):
        told = [set_webhook(cast.portal_id, url, actor=adam)]
        settle(confirm=False, by=carl)
        told.append(set_webhook(cast.portal_id, url, actor=carl))
        with pytest.raises(ChangeWaits):
            set_webhook(cast.portal_id, "https://other.puppet.example/", actor=adam)
        server = set_webhook(cast.portal_id, "https://duty.example/", actor=Actor("command"))
        assert signing() == server
        settle(confirm=True, by=adam)
        assert signing() == told[1]
        remove_webhook(cast.portal_id, actor=adam)
        settle(confirm=True, by=carl)
        assert signing() == ""
        told.append(set_webhook(cast.portal_id, url, actor=adam))
        forget_person(cast["carl"].account_id)
        settle(confirm=True, by=carl)
        assert signing() == told[2]
        assert len({*told, server}) == 4


def test_the_page_shows_old_and_new_and_takes_the_answer_of_a_second_person(cast: Cast) -> None:
    number = change(cast, police_email=NEW, police_on_danger="after_assessment")
    adam, carl, path = signed_in(cast, "adam"), signed_in(cast, "carl"), f"/desk/portals/changes/{number}"
    page = adam.get(path).content.decode()
    assert "Confirm: I have checked" not in page
    assert f"leeward portal confirm {number}" in page
    assert f"{path}" in adam.get(f"/desk/portals/{cast.portal_id}").content.decode()
    assert post_as_shown(adam, path, answer="confirm").status_code == 403
    assert path in carl.get("/desk/oncall").content.decode()
    page = carl.get(path).content.decode()
    for text in (OLD, NEW, "Never before somebody here has assessed it", "Confirm: I have checked"):
        assert text in page
    assert carl.post(path, {"answer": "perhaps"}).status_code == 400
    assert signed_in(cast, "dora").get(path).status_code == 404
    assert signed_in(cast, "ana").get(path).status_code == 403
    assert queries.portal(cast.portal_id).police_email == OLD
    assert carl.post(path, {"answer": "confirm", "seen": ""}).status_code == 409
    assert post_as_shown(carl, path, answer="confirm").status_code == 302
    assert queries.portal(cast.portal_id).police_email == NEW
    assert "Carl" in adam.get(path).content.decode()


def test_saving_the_portals_form_says_that_it_waits(cast: Cast) -> None:
    from tests.people.test_pages import PORTAL

    adam, path = signed_in(cast, "adam"), f"/desk/portals/{cast.portal_id}"
    values = {name: value for name, value in PORTAL.items() if name != "slug"}
    values["seen"] = seen_on(adam.get(path).content.decode())
    page = adam.post(path, values | {"police_email": NEW}, follow=True).content.decode()
    assert "This takes two people" in page
    assert queries.portal(cast.portal_id).police_email == OLD


def test_an_older_page_of_a_portal_puts_nothing_back(cast: Cast) -> None:
    """Two administrators have it open: the second one saves over nothing that the first one has changed."""
    from tests.people.test_pages import PORTAL

    adam, path = signed_in(cast, "adam"), f"/desk/portals/{cast.portal_id}"
    values = {name: value for name, value in PORTAL.items() if name != "slug"}
    old = seen_on(adam.get(path).content.decode())
    Portal.objects.filter(pk=cast.portal_id).update(reached_at="The desk, room 4")
    for seen in (old, ""):
        page = adam.post(path, values | {"seen": seen}, follow=True).content.decode()
        assert "Something else was entered since you opened this page." in page
        assert queries.portal(cast.portal_id).reached_at == "The desk, room 4"
    assert "Saved." in adam.post(path, values | {"seen": seen_on(page)}, follow=True).content.decode()


def test_whoever_confirms_that_a_portal_is_opened_has_read_its_helplines(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False, was_opened=True)
    number = services.open_to_reports(cast.portal_id, actor=cast["adam"].actor)
    carl, path = signed_in(cast, "carl"), f"/desk/portals/changes/{number}"
    old = seen_on(carl.get(path).content.decode())
    Helpline.objects.update(number="888 2222")
    assert carl.post(path, {"answer": "confirm", "seen": old}).status_code == 409
    assert not Portal.objects.get(pk=cast.portal_id).takes_reports


def test_a_settings_file_that_one_administrator_brings_in_waits_too(cast: Cast) -> None:
    text = json.dumps(
        {
            "leeward_settings": 1,
            "portals": {"jm": {"police_email": NEW}},
            "on_call": {"jm": {"email": "night@puppet.example"}},
        }
    )
    with scope(hotline=cast.hotline_id):
        done = take_settings(cast.hotline_id, text, actor=cast["adam"].actor)
        assert done.changed == []
        assert len([line for line in done.by_hand if "A second person confirms" in str(line)]) == 2
    assert {row.what for row in queries.portal_changes_waiting(cast.hotline_id)} == {"portal", "on_call_mail"}
    assert queries.portal(cast.portal_id).police_email == OLD


def test_whoever_runs_the_server_is_the_second_person_of_a_hotline_of_one(
    cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "NOUNS", {"portal": main.NOUNS["portal"]})
    monkeypatch.setattr(main, "VERBS", ())
    monkeypatch.setattr(main, "app", __import__("typer").Typer())
    number = change(cast, police_email=NEW)
    assert main.run(["portal", "changes", "--json"]) == 0
    assert NEW in capsys.readouterr().out
    assert main.run(["portal", "confirm", str(number)]) == 0
    assert queries.portal(cast.portal_id).police_email == NEW
    assert main.run(["portal", "confirm", "999999"]) == 2
