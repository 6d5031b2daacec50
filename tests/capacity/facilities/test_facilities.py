"""Facilities and contacts on the desk."""

import csv
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.capacity.facilities import queries, services
from leeward.capacity.facilities.models import DirectoryEntry, Equipment, Facility
from leeward.web_security.keys import new_form_key
from tests.awareness.test_catalogue import enter
from tests.personas import Cast

LIST = "/desk/training/facilities"
LAB = {"name": "Island laboratory", "kind": "laboratory", "country": "JM", "per_month": "10", "waiting": "25"}


@pytest.fixture
def carl(cast: Cast) -> Client:
    return enter(cast, "carl")


def sent(client: Client, path: str, **values: Any) -> Any:
    return client.post(path, {"once": new_form_key(), **values})


def seen(client: Client, path: str) -> str:
    """The mark that a page's form sends."""
    found = re.search(r'name="seen" value="(\w+)"', words(client, path))
    assert found is not None
    return found[1]


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_facility_with_its_backlog_and_licences(cast: Cast, carl: Client) -> None:
    today = datetime.now(UTC).date()
    assert "No facilities" in words(carl, LIST)
    old = {"counted_on": (today - timedelta(days=200)).isoformat()}
    assert sent(carl, f"{LIST}/add", **LAB, **old).status_code == 302
    assert "of this name in this country already" in sent(carl, f"{LIST}/add", **LAB).content.decode()
    for wrong in (
        {"per_month": "-1"},
        {"waiting": "9" * 30},
        {"name": "\u202e"},
        {"country": "XX"},
        {"counted_on": "2099-01-01"},
    ):
        assert sent(carl, f"{LIST}/add", **LAB | {"name": "Other"} | wrong).status_code == 422
    with scope(hotline=cast.hotline_id):
        number = Facility.objects.get().pk
    shown = words(carl, LIST)
    assert re.search(r">\s*77\s*<", shown)
    assert "more than 3 months ago" in shown
    page = f"{LIST}/{number}"
    sent(carl, page, kind="write_blocker", name="Bridge", count="3")
    sent(carl, page, kind="licence", name="Examiner", count="1", ends_on=(today - timedelta(days=1)).isoformat())
    sent(carl, page, kind="licence", name="Carver", count="1", ends_on=(today + timedelta(days=9)).isoformat())
    assert sent(carl, page, kind="licence", name="Carver", count="0").status_code == 422
    shown = words(carl, LIST)
    assert "Bridge" not in shown
    assert shown.index("Examiner") < shown.index("Has ended") < shown.index("Carver") < shown.index("Ends within 90")
    assert "3 ×" in words(carl, page)
    nothing = LAB | {"per_month": "0", "waiting": "4"}
    assert sent(carl, f"{page}/change", **nothing, seen=seen(carl, f"{page}/change")).status_code == 302
    assert "unknown" in words(carl, page)
    with scope(hotline=cast.hotline_id):
        sent(carl, f"/desk/training/equipment/{Equipment.objects.get(name='Bridge').pk}/remove")
        assert Equipment.objects.count() == 2
        sent(carl, f"{page}/change", act="remove", seen=seen(carl, f"{page}/change"))
        assert not Equipment.objects.exists()
    events = (
        AuditRow.objects.filter(event__regex="^(facility|equipment)").order_by("id").values_list("event", flat=True)
    )
    assert list(events) == [
        "facility.added",
        *["equipment.added"] * 3,
        "facility.changed",
        "equipment.removed",
        "facility.removed",
    ]


def test_what_ends_soon_is_not_hidden_by_what_ended_long_ago(cast: Cast) -> None:
    today = datetime.now(UTC).date()
    with scope(hotline=cast.hotline_id):
        facility = Facility.objects.create(hotline_id=cast.hotline_id, name="Lab", kind="laboratory", country="JM")
        Equipment.objects.bulk_create(
            Equipment(hotline_id=cast.hotline_id, facility=facility, kind="licence", name=str(days), ends_on=day)
            for days, day in ((days, today + timedelta(days=days)) for days in (*range(-130, -20), -1, 0, 90, 91))
        )
        found = [(row.name, row.licence) for row in queries.ending(today)]
    assert (len(found), found[0]) == (100, ("-117", "over"))
    assert found[-3:] == [("-1", "over"), ("0", "ending"), ("90", "ending")]


def test_contacts_are_unchecked_until_somebody_has_checked_them(
    cast: Cast, carl: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, today = "/desk/training/directory", datetime.now(UTC).date()
    assert words(carl, page).count("Not checked") == len(queries.shipped())
    interpol = f"{page}/contacts/interpol"
    contact = {"name": "INTERPOL", "address": "https://police.example", "purpose": "Advice"}
    sent(carl, interpol, **contact, is_checked="on", seen=seen(carl, interpol))
    assert words(carl, page).count("Not checked") == len(queries.shipped()) - 1
    assert words(carl, page).count("INTERPOL</a>") == 1
    with scope(hotline=cast.hotline_id):
        row = queries.contact("interpol", today)
        assert row is not None
        assert (row.standing, row.checked_by, row.source) == ("checked", "Carl", "")
    sent(carl, interpol, **contact, seen=seen(carl, interpol))
    with scope(hotline=cast.hotline_id):
        assert DirectoryEntry.objects.get().checked_on == today
    sent(carl, interpol, **contact, telephone="116", seen=seen(carl, interpol))
    with scope(hotline=cast.hotline_id):
        assert DirectoryEntry.objects.get().checked_on is None
    assert sent(carl, f"{page}/add", name="Regional police", email="no address").status_code == 422
    sent(carl, f"{page}/add", name="Regional police", email="desk@police.example")
    assert "desk@police.example" in words(carl, page)
    sent(carl, interpol, act="remove", seen=seen(carl, interpol))
    assert "https://police.example" not in words(carl, page)
    monkeypatch.setattr(services, "MOST_ENTRIES", 1)
    assert "at most 1" in sent(carl, f"{page}/add", name="One more").content.decode()
    sent(carl, f"{page}/contacts/inhope", act="remove")
    assert "INHOPE" in words(carl, page)


def test_a_page_of_before_brings_back_no_contact_as_it_was(cast: Cast, carl: Client) -> None:
    page = "/desk/training/directory/contacts/interpol"
    contact = {"name": "INTERPOL", "address": "https://police.example", "is_checked": "on"}
    shipped = seen(carl, page)
    sent(carl, page, **contact, telephone="111", seen=shipped)
    old_tab = seen(carl, page)
    sent(carl, page, **contact, telephone="222", seen=old_tab)
    with scope(hotline=cast.hotline_id):
        DirectoryEntry.objects.update(checked_on=None)
    for mark in (old_tab, shipped, ""):
        refused = carl.post(page, {**contact, "telephone": "111", "seen": mark, "once": new_form_key()}, follow=True)
        assert "Something else was entered since you opened this page." in refused.content.decode()
        assert 'value="222"' in refused.content.decode(), "the page is there to be read anew"
        sent(carl, page, act="remove", seen=mark)
        with scope(hotline=cast.hotline_id):
            assert list(DirectoryEntry.objects.values_list("telephone", "checked_on")) == [("222", None)]
    wrong = sent(carl, page, **contact, email="no address", seen=old_tab)
    assert (wrong.status_code, old_tab in wrong.content.decode()) == (422, True), "it is not read by being refused"
    sent(carl, page, act="remove", seen=seen(carl, page))
    sent(carl, page, **contact, telephone="222", seen=old_tab)
    with scope(hotline=cast.hotline_id):
        assert not DirectoryEntry.objects.exists()


def test_a_page_of_before_changes_and_removes_no_facility(cast: Cast, carl: Client) -> None:
    sent(carl, f"{LIST}/add", **LAB)
    with scope(hotline=cast.hotline_id):
        page = f"{LIST}/{Facility.objects.get().pk}/change"
    old_tab = seen(carl, page)
    assert sent(carl, page, **LAB | {"waiting": "90"}, seen=old_tab).status_code == 302
    for mark in (old_tab, ""):
        for values in (LAB, {"act": "remove"}):
            refused = carl.post(page, {**values, "seen": mark, "once": new_form_key()}, follow=True)
            assert "Something else was entered since you opened this page." in refused.content.decode()
            with scope(hotline=cast.hotline_id):
                assert Facility.objects.get().waiting == 90


def test_another_country_has_its_own(cast: Cast, carl: Client) -> None:
    sent(carl, f"{LIST}/add", **LAB)
    sent(carl, "/desk/training/directory/add", name="Regional police")
    with scope(hotline=cast.hotline_id):
        number, code = Facility.objects.get().pk, DirectoryEntry.objects.get().code
        tool = services.add_equipment(number, "other", "Cable", 1, None, actor=cast["carl"].actor)
    dora = enter(cast, "dora")
    assert "No facilities" in words(dora, LIST)
    assert "Regional police" not in words(dora, "/desk/training/directory")
    for path in (f"{LIST}/{number}", f"{LIST}/{number}/change", f"/desk/training/directory/contacts/{code}"):
        assert dora.get(path).status_code == 404
    assert sent(dora, f"/desk/training/equipment/{tool}/remove").status_code == 404
    assert enter(cast, "ana").get(LIST).status_code == 403


def test_what_is_shipped_is_dated_and_has_its_source() -> None:
    with queries._SHIPPED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({row["code"] for row in rows}) == len(rows) > 5
    for row in rows:
        assert all(row[column] for column in ("code", "name", "region", "purpose", "source", "as_of"))
        assert not row["address"] or row["address"].startswith("http")
