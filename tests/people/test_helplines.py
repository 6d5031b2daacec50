"""Visitors are given no helpline that nobody has called, and once a portal is open two people change what they are given."""

import re
from datetime import UTC, datetime, time

import pytest
from django.test import Client
from django_scopes import scope

from leeward.administration.services.settings_file import take_settings, write_settings
from leeward.administration.tasks import remind_of_helplines
from leeward.audit.queries import log_page
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.notices.models import StaffNote
from leeward.people import queries, services
from leeward.people.errors import FieldIsWrong, NameIsTaken, NotSecondPerson, PortalIsRecord
from leeward.people.models import Helpline, Portal, PortalChange
from leeward.people.queries.helplines import EMERGENCY, _shipped
from leeward.people.rules.helplines import Span, can_be_dialled, in_order, is_due, is_open, read_hours
from leeward.people.rules.police_words import QUESTIONS
from tests.people.signing import signed_in
from tests.personas import Cast

LINE = {"whom": "child", "name": "Safe Line", "number": "888 1111", "hours": "24/7", "charge": "free"}
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "day", "clock", "opens"),
    [
        ("", 0, (12, 0), None),
        ("24/7", 0, (3, 0), True),
        ("1-5 08:30-16:30", 0, (8, 30), True),
        ("1-5 08:30-16:30", 0, (8, 29), False),
        ("1-5 08:30-16:30", 0, (16, 30), False),
        ("1-5 08:30-16:30", 5, (12, 0), False),
        ("1-5 08:30-16:30; 6 09:00-12:00", 5, (11, 59), True),
        ("5 20:00-02:00", 5, (1, 59), True),
        ("5 20:00-02:00", 4, (1, 59), False),
        ("5 20:00-02:00", 4, (20, 0), True),
        ("5 20:00-02:00", 5, (2, 0), False),
        ("7 20:00-02:00", 0, (1, 0), True),
        ("5 20:00-02:30", 5, (2, 29), True),
        ("1 08:00-08:00", 0, (8, 0), True),
        ("1 08:00-08:00", 1, (7, 59), True),
        ("6-1 10:00-11:00", 5, (10, 30), True),
        ("6-1 10:00-11:00", 6, (10, 30), True),
        ("6-1 10:00-11:00", 0, (10, 30), True),
        ("6-1 10:00-11:00", 1, (10, 30), False),
        ("1-7 12:00-24:00", 2, (23, 59), True),
        ("1-7 12:00-24:00", 2, (0, 1), False),
    ],
)
def test_open_now_is_only_known_where_the_hours_are(
    hours: str, day: int, clock: tuple[int, int], opens: bool | None
) -> None:
    now = MONDAY.replace(day=30) if day == 0 else datetime(2026, 12, day, tzinfo=UTC)
    assert is_open(hours, datetime.combine(now.date(), time(*clock), UTC)) is opens


@pytest.mark.parametrize(
    "hours", ["daily", "8-16", "1-5 08:30", "1-5 25:00-26:00", "1 18:00-42:00", "1 18:00-24:30", "0 08:00-09:00", ";"]
)
def test_hours_that_cannot_be_read_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_hours(hours)


def test_spans_are_read_and_numbers_can_be_dialled() -> None:
    assert read_hours("1 08:00-09:00") == (Span(1, 1, time(8), time(9)),)
    assert read_hours("") == read_hours("24/7") == ()
    with pytest.raises(ValueError, match=r"^daily$"):
        read_hours("1 08:00-09:00; daily")
    assert all(can_be_dialled(number) for number in ("116", "+44 20 7946 0000", "1-800-668-6868", "(876) 555.0100"))
    assert not any(can_be_dialled(number) for number in ("", "1", "none", "116 or 117", "116\n117"))
    assert (is_due(None, MONDAY), is_due(MONDAY, MONDAY), is_due(MONDAY.replace(year=2025), MONDAY)) == (
        True,
        False,
        True,
    )


def test_those_who_answer_now_come_first() -> None:
    class One:
        def __init__(self, whom: str, open_now: bool | None) -> None:
            self.whom, self.open_now = whom, open_now

    closed, unknown, opened, own = One("child", False), One("child", None), One("child", True), One("own", True)
    assert in_order([closed, own, unknown, opened], ("child", "adult")) == [opened, unknown, closed]
    assert in_order([closed, own], ("own", "child")) == [own, closed]


@pytest.mark.django_db
def test_every_shipped_line_can_be_entered_as_it_is(cast: Cast) -> None:
    """The shipped table has something for each of the 56 members, and nothing that the form would refuse."""
    members = {row.country for row in _shipped()} - {"ZZ"}
    assert len(members) == 56
    rows = [row for country in members for row in queries.shipped_for(country)]
    assert all(row.values["number"] for row in rows if row.kind == EMERGENCY)
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    names = [(row.country, row.values["name"]) for row in rows if row.kind != EMERGENCY and row.country != "ZZ"]
    assert len(names) == len(set(names)), "a name stands for one line"
    seen: set[str] = set()
    for row in rows:
        if row.kind != EMERGENCY and row.values["name"] not in seen:
            seen.add(str(row.values["name"]))
            services.save_helpline(cast.portal_id, "", values=row.values, is_confirmed=False, actor=cast["adam"].actor)
    assert Helpline.objects.filter(portal_id=cast.portal_id, is_shown=True).count() == 1, "none is shown by itself"


def seen(client: Client, page: str) -> str:
    """The mark that a page's form sends."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(page).content.decode())
    assert found is not None
    return found[1]


@pytest.mark.django_db
def test_nobody_sees_a_helpline_before_somebody_has_confirmed_it(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    adam = signed_in(cast, "adam")
    where = f"/desk/portals/{cast.portal_id}/numbers"
    assert "SafeSpot" in adam.get(where).content.decode(), "it is suggested"
    assert "SafeSpot" not in Client().get("/jm/").content.decode()
    form = f"{where}/helpline"
    page = adam.get(form, {"from": "SafeSpot (Office of the Children's Advocate)"}).content.decode()
    assert 'value="888-723-3776"' in page
    assert adam.post(form, LINE).status_code == 302
    assert [row.name for row in queries.shown_helplines(cast.portal_id)] == ["Child helpline"]
    own = f"{form}?name=Safe+Line"
    adam.post(own, {**LINE, "name_fr": "Ligne", "is_confirmed": "on", "seen": seen(adam, own)})
    [_old, line] = queries.helplines_of(cast.portal_id)
    assert (line.is_shown, line.confirmed_by, line.is_due, line.open_now) == (True, "Adam", False, True)
    services.remove_helpline(cast.portal_id, "Child helpline", actor=cast["adam"].actor)
    assert "888 1111" in Client().get("/jm/").content.decode()
    assert "Ligne" in Client().get("/jm/fr/").content.decode()
    events = [row.event for row in log_page(cast.hotline_id)]
    assert {"helpline.saved", "helpline.removed"} <= set(events)


@pytest.mark.django_db
def test_a_page_of_before_brings_back_no_number_of_a_helpline(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    adam = signed_in(cast, "adam")
    form = f"/desk/portals/{cast.portal_id}/numbers/helpline"
    own = f"{form}?name=Safe+Line"
    adam.post(form, LINE)
    old_tab = seen(adam, own)
    adam.post(own, {**LINE, "number": "888 2222", "seen": old_tab})
    for mark in (old_tab, ""):
        refused = adam.post(own, {**LINE, "is_confirmed": "on", "seen": mark}, follow=True).content.decode()
        assert "Something else was entered since you opened this page." in refused
        assert 'value="888 2222"' in refused, "it is there to be read anew"
        row = Helpline.objects.get(name="Safe Line")
        assert (row.number, row.is_shown) == ("888 2222", False)


@pytest.mark.django_db
def test_a_page_of_before_removes_no_other_helpline_of_that_name(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    adam, where = signed_in(cast, "adam"), f"/desk/portals/{cast.portal_id}/numbers"
    [line] = queries.helplines_of(cast.portal_id)
    old = seen(adam, where)
    Helpline.objects.filter(pk=line.id).update(number="888 2222")
    for mark in (old, ""):
        assert adam.post(f"{where}/remove", {"name": line.name, "seen": mark}).status_code == 409
    assert Helpline.objects.filter(pk=line.id).exists()
    assert adam.post(f"{where}/remove", {"name": line.name, "seen": seen(adam, where)}).status_code == 302


@pytest.mark.django_db
def test_once_the_portal_is_open_two_people_change_what_visitors_see(cast: Cast) -> None:
    adam, carl = cast["adam"].actor, cast["carl"].actor
    asked = services.save_helpline(cast.portal_id, "", values=LINE, is_confirmed=True, actor=adam)
    assert asked is not None
    assert [row.name for row in queries.shown_helplines(cast.portal_id)] == ["Child helpline"]
    with pytest.raises(NotSecondPerson):
        services.settle_change(asked, confirm=True, actor=adam)
    page = signed_in(cast, "carl").get(f"/desk/portals/changes/{asked}").content.decode()
    assert "888 1111" in page
    services.settle_change(asked, confirm=True, actor=carl)
    [old, new] = queries.helplines_of(cast.portal_id)
    assert (new.name, new.is_shown, new.confirmed_by) == ("Safe Line", True, "Carl")
    gone = services.remove_helpline(cast.portal_id, old.name, actor=adam)
    assert gone is not None
    assert len(queries.shown_helplines(cast.portal_id)) == 2, "nobody alone takes a helpline away from visitors"
    services.settle_change(gone, confirm=True, actor=carl)
    assert [row.name for row in queries.helplines_of(cast.portal_id)] == ["Safe Line"]
    Helpline.objects.update(confirmed_at=MONDAY.replace(year=2020))
    assert services.save_helpline(cast.portal_id, "Safe Line", values=LINE, is_confirmed=True, actor=adam) is None
    assert not queries.helplines_of(cast.portal_id)[0].is_due, "what is unchanged one person confirms again"


@pytest.mark.django_db
def test_who_may(cast: Cast) -> None:
    for name, error in (("ana", NotAllowed), ("carl", NotAllowed), ("dora", NotFound)):
        with pytest.raises(error):
            services.save_helpline(cast.portal_id, "", values=LINE, is_confirmed=True, actor=cast[name].actor)
        with pytest.raises(error):
            services.remove_helpline(cast.portal_id, "Child helpline", actor=cast[name].actor)
    where = f"/desk/portals/{cast.portal_id}/numbers"
    assert [signed_in(cast, name).get(where).status_code for name in ("carl", "ana", "dora")] == [403, 403, 404]
    for wrong, why in (
        ({"number": ""}, FieldIsWrong),
        ({"number": "none"}, FieldIsWrong),
        ({"hours": "daily"}, FieldIsWrong),
        ({"zone": "Mars"}, FieldIsWrong),
        ({"chat_url": "javascript:1"}, FieldIsWrong),
        ({"name": "Child helpline"}, NameIsTaken),
    ):
        with pytest.raises(why):
            services.save_helpline(
                cast.portal_id, "", values={**LINE, **wrong}, is_confirmed=True, actor=cast["adam"].actor
            )


@pytest.mark.django_db
def test_a_confirmation_ages_and_administrators_are_reminded(cast: Cast) -> None:
    remind_of_helplines()
    with scope(hotline=cast.hotline_id):
        assert not StaffNote.objects.filter(what="helpline_due").exists()
        Helpline.objects.filter(portal_id=cast.portal_id).update(confirmed_at=None)
        remind_of_helplines()
        remind_of_helplines()
        assert [note.person_id for note in StaffNote.objects.filter(what="helpline_due")] == [cast["adam"].account_id]


@pytest.mark.django_db
def test_what_a_portal_said_before_it_was_handed_over_stays_and_nobody_is_reminded_of_it(cast: Cast) -> None:
    adam, number = cast["adam"].actor, cast.portal_id
    closed = {"is_open": False, "takes_reports": False, "was_opened": False}
    Portal.objects.filter(pk=number).update(handed_over_at=MONDAY, **closed)
    Helpline.objects.filter(portal_id=number).update(confirmed_at=None)
    police = {code: next(iter(question.answers)) for code, question in QUESTIONS.items()}
    for change in (
        lambda: services.save_helpline(number, "", values=LINE, is_confirmed=True, actor=adam),
        lambda: services.remove_helpline(number, "Child helpline", actor=adam),
        lambda: services.confirm_emergency_number(number, "119", actor=adam),
        lambda: services.say_of_police(number, police, actor=adam),
        lambda: services.remove_recording(number, 1, actor=adam),
    ):
        with pytest.raises(PortalIsRecord):
            change()
    assert queries.portal_changes_waiting(cast.hotline_id) == []
    remind_of_helplines()
    with scope(hotline=cast.hotline_id):
        assert not StaffNote.objects.filter(what="helpline_due").exists()


@pytest.mark.django_db
def test_an_emergency_number_is_confirmed_ages_and_is_unconfirmed_once_it_changes(cast: Cast) -> None:
    """A portal is not opened with one that nobody confirmed; once it is open, visitors keep it and administrators hear of it."""
    adam, where = signed_in(cast, "adam"), f"/desk/portals/{cast.portal_id}/numbers"
    checklist = f"/desk/administration/portals/{cast.portal_id}"
    rows = Portal.objects.filter(pk=cast.portal_id)
    rows.update(takes_reports=False, emergency_number="110")
    assert "Nobody has confirmed it: ask the police" in adam.get(checklist).content.decode()
    assert adam.post(f"{checklist}/open", {"despite": "1"}).status_code == 409
    assert adam.post(f"{where}/emergency", {"number": "119"}).status_code == 400, "the page showed another number"
    assert not rows.filter(emergency_confirmed="110").exists()
    assert adam.post(f"{where}/emergency", {"number": "110"}).status_code == 302
    page = adam.get(where).content.decode()
    assert "<bdi>Adam</bdi>" in page
    assert "confirm it" not in page.split("</section>")[0]
    assert "portal.emergency_number_confirmed" in [row.event for row in log_page(cast.hotline_id)]
    for name, error in (("ana", NotAllowed), ("carl", NotAllowed), ("dora", NotFound)):
        with pytest.raises(error):
            services.confirm_emergency_number(cast.portal_id, "110", actor=cast[name].actor)
    rows.update(takes_reports=True)
    remind_of_helplines()
    with scope(hotline=cast.hotline_id):
        assert not StaffNote.objects.filter(what="helpline_due").exists()
        rows.update(emergency_confirmed_at=MONDAY.replace(year=2020))
        remind_of_helplines()
        assert StaffNote.objects.filter(what="helpline_due").count() == 1
    assert "Nobody has confirmed the emergency number for a year" in adam.get(checklist).content.decode()
    assert 'href="tel:110"' in Client().get("/jm/").content.decode(), "better an old one than none"


@pytest.mark.django_db
def test_the_settings_file_carries_helplines_and_confirms_none(cast: Cast) -> None:
    server = Actor("command", hotline_id=cast.hotline_id)
    text = write_settings(cast.hotline_id, only=["portals", "helplines"])
    assert take_settings(cast.hotline_id, text, actor=server).changed == []
    old = '{"leeward_settings": 1, "portals": {"jm": {"helpline_name": "Old line", "helpline_number": "116 222"}}}'
    done = take_settings(cast.hotline_id, old, actor=server)
    assert Helpline.objects.get(name="Old line").number == "116 222"
    new = '{"leeward_settings": 1, "helplines": {"jm/Old line": {"number": "116 333"}, "jm/Two": {"whom": "own", "number": "117"}}}'
    done = take_settings(cast.hotline_id, new, actor=server)
    assert {row.name: row.number for row in queries.helplines_of(cast.portal_id)} == {
        "Child helpline": "116 111",
        "Old line": "116 333",
        "Two": "117",
    }
    assert len(done.by_hand) == 2
    assert [row.name for row in queries.shown_helplines(cast.portal_id)] == ["Child helpline"]
    changed = '{"leeward_settings": 1, "helplines": {"jm/Child helpline": {"number": "116 112"}}}'
    assert len(take_settings(cast.hotline_id, changed, actor=server).by_hand) == 1
    assert queries.shown_helplines(cast.portal_id) == [], "a number that a file brought has been called by nobody"
    assert Helpline.objects.get(name="Child helpline", portal=cast.portal_id).confirmed_at is None


@pytest.mark.django_db
def test_a_name_that_waits_for_a_second_person_is_taken(cast: Cast) -> None:
    """Otherwise two helplines would have it once both changes are confirmed."""
    adam = cast["adam"].actor
    renamed = {"name": "Safe Line"}
    asked = services.save_helpline(cast.portal_id, "Child helpline", values=renamed, is_confirmed=True, actor=adam)
    assert asked is not None
    with pytest.raises(NameIsTaken):
        services.save_helpline(cast.portal_id, "", values=LINE, is_confirmed=False, actor=adam)
    again = renamed | {"number": "116 112"}
    corrected = services.save_helpline(cast.portal_id, "Child helpline", values=again, is_confirmed=True, actor=adam)
    assert corrected is not None
    services.settle_change(corrected, confirm=True, actor=cast["carl"].actor)
    assert [(row.name, row.number) for row in queries.shown_helplines(cast.portal_id)] == [("Safe Line", "116 112")]


@pytest.mark.django_db
def test_a_removal_after_a_change_by_the_same_person_removes(cast: Cast) -> None:
    adam, name = cast["adam"].actor, "Child helpline"
    services.save_helpline(cast.portal_id, name, values={"number": "116 112"}, is_confirmed=True, actor=adam)
    gone = services.remove_helpline(cast.portal_id, name, actor=adam)
    assert gone is not None
    services.settle_change(gone, confirm=True, actor=cast["carl"].actor)
    assert queries.helplines_of(cast.portal_id) == []


@pytest.mark.django_db
def test_a_change_by_whoever_runs_the_server_is_on_record_for_everybody(cast: Cast) -> None:
    """They need no second person. A first helpline leads nobody elsewhere; another number for one that is shown may."""
    server = Actor("command", hotline_id=cast.hotline_id)
    services.save_helpline(cast.portal_id, "", values=LINE, is_confirmed=True, actor=server)
    assert not PortalChange.objects.filter(what="helpline").exists()
    services.save_helpline(cast.portal_id, "Safe Line", values={"number": "118"}, is_confirmed=True, actor=server)
    (noted,) = PortalChange.objects.filter(what="helpline", outcome="confirmed")
    assert (noted.before["number"], noted.wanted["number"], noted.asked_by) == ("888 1111", "118", None)
    assert [row.number for row in queries.shown_helplines(cast.portal_id)] == ["116 111", "118"]
