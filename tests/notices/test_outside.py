"""What hosts and police get to act on: a warning, hashes, a deadline, whom to keep evidence for, and lists for programs."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from leeward.casework.acting.rules.police import ENDS_NOTHING
from leeward.notices import queries, services
from leeward.notices.rules.answers import OUTCOMES
from leeward.notices.rules.briefs import Plan
from leeward.people.models import Portal
from leeward.web_security.keys import new_form_key
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_overview import change, link_of
from tests.notices.test_pages import path_of
from tests.notices.test_services import link_in
from tests.reading import compact

pytestmark = pytest.mark.django_db
DESK = "Constabulary, desk for online harm, 555 0119"
FILES = tuple(("sha256", f"{number:064x}") for number in range(1, 6))


def notice_of(office: Office, **changes: Any) -> str:
    office.act(office.case(kind="url", file_hashes=FILES, **changes), Plan(police=False))
    office.work()
    return " ".join(office.mails(ABUSE)[-1].text.split())


def test_a_hosts_mail_has_what_its_desk_needs(office: Office) -> None:
    Portal.objects.update(police_for_hosts=DESK)
    text = notice_of(office)
    warning, address = "Warning: this address shows child sexual abuse material.", "pictures.harbour-host.example/a/1"
    assert text.index(warning) < text.index(address)
    assert [value in text for _kind, value in FILES] == [True, True, True, False, False]
    assert "2 more hashes are in the list on the page below" in text
    assert "as far as your law allows" in text
    assert "as CSV or JSON" in text
    assert f"To reach the police: {DESK}." in text
    assert "Please do so by 2026-11-25 12:00 UTC. We write again about what has not gone by then." in text
    assert "In Jamaica this material is likely illegal under" in text
    assert "falls under" not in text


def test_nothing_is_named_that_nobody_entered_or_of_another_country(office: Office, configure: Any) -> None:
    assert "To reach the police" not in notice_of(office)
    configure(notify_foreign_hosts=True)
    Portal.objects.update(police_for_hosts=DESK)
    assert DESK not in notice_of(office, country="CA", opinions=(("CA", "likely", "s 163.1"),))


def test_one_page_and_two_files_for_many_addresses(office: Office, django_assert_max_num_queries: Any) -> None:
    Portal.objects.update(police_for_hosts=DESK)
    for path in ("/a/1", "/=cmd"):
        office.act(office.case(path=path, kind="url", file_hashes=FILES), Plan(police=False))
    office.work()
    [mail] = office.mails(ABUSE)
    link = path_of(link_in(mail, "notice"))
    with django_assert_max_num_queries(12):
        page = Client().get(link).content.decode()
    text = compact(page)
    assert "<h1>A notice from a hotline</h1>" in text
    assert text.index("Before you open an address") < text.index("/a/1<")
    assert "If it is still there on" in text
    assert FILES[4][1] in text
    assert f"To reach the police: {DESK}." in text
    for form in ("csv", "json"):
        assert f'href="{link}/addresses.{form}"' in text
    with django_assert_max_num_queries(12):
        given = Client().get(f"{link}/addresses.csv")
    assert given.headers["Content-Disposition"] == 'attachment; filename="addresses.csv"'
    assert (given.headers["Cache-Control"], given.cookies) == ("no-store", {})
    rows = list(csv.DictReader(io.StringIO(given.content.decode())))
    assert [row["address"].rpartition("example")[2] for row in rows] == ["/a/1", "/=cmd"]
    assert rows[0]["file_hashes"].split() == [f"sha256:{value}" for _kind, value in FILES]
    read = json.loads(Client().get(f"{link}/addresses.json").content)
    assert read["answer"].endswith(link)
    assert [item["address"] for item in read["items"]] == [row["address"] for row in rows]
    assert read["items"][1]["file_hashes"][4] == {"kind": "sha256", "value": FILES[4][1]}
    assert Client().get(f"{link[:-1]}!/addresses.csv").status_code == 404
    assert Client().post(f"{link}/addresses.csv").status_code == 405
    change(office, "open")
    overview = link_of(office)
    assert len(Client().get(f"{overview}/addresses.csv").content.decode().splitlines()) == 3
    services.stop_for_location(queries.items_of(1)[0].location_id)
    for place in (link, overview):
        assert "/a/1" not in Client().get(f"{place}/addresses.json").content.decode()
    change(office, "close")
    assert Client().get(f"{overview}/addresses.csv").status_code == 404


def test_what_was_withdrawn_is_in_no_list_abroad_either(office: Office) -> None:
    there = services.ContactDetails(kind="police", country="CA", name="There", email="police@example.test")
    services.add_contact(there, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    brief = office.case(country="CA", kind="url")
    office.act(brief, Plan(foreign=True))
    office.work()
    [mail] = office.mails(there.email)
    link = path_of(link_in(mail, "notice"))
    assert brief.address in Client().get(f"{link}/addresses.csv").content.decode()
    services.withdraw(brief.case_id, actor=office.cast["carl"].actor)
    for form in ("csv", "json"):
        assert brief.address not in Client().get(f"{link}/addresses.{form}").content.decode()


def test_the_police_page_explains_what_it_says(office: Office) -> None:
    office.act(office.case(file_hashes=FILES))
    office.work()
    link = path_of(link_in(office.mails(POLICE)[0], "referral"))
    page = compact(Client().get(link).content.decode())
    assert "harbour-host" not in page
    assert "A is the most severe" in page
    assert page.count("(UTC−5)") >= 2  # since when they have it, and when the host is told
    assert "in the time of America/Jamaica" in page
    assert "It neither holds nor releases the notice to the host." in page
    assert all(value in page for _kind, value in FILES)
    rows = Client().get(f"{link}/hashes.csv").content.decode().splitlines()
    assert rows[1:] == [f"2026-0001,sha256,{value}" for _kind, value in FILES]
    once = new_form_key()
    assert Client().post(link, {"act": "outcome", "outcome": "identified", "once": once}).status_code == 303
    assert queries.referral_of(1).outcome == "identified"
    assert "Somebody was identified" in compact(Client().get(link).content.decode())


def test_where_the_police_open_no_case_nothing_ends_by_itself() -> None:
    assert {"", "not_traced", "no_case"} == ENDS_NOTHING
    assert set(OUTCOMES) >= ENDS_NOTHING - {""}
