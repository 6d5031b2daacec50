"""The desk's pages about lists over HTTP, without script: who sees what, what a form does, how many queries a page asks."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leeward.jobs.clockwatch import Jump, note
from leeward.jobs.registry import load
from leeward.jobs.worker import run_until_idle
from leeward.web_security.keys import new_form_key
from tests.blocklist.conftest import Lists, listed, propose
from tests.having_read import seen_on
from tests.personas import Cast, date_roles

MOST_QUERIES = 12
PAGES = ("/desk/blocking", "/desk/blocking/lists/national", "/desk/blocking/approvals", "/desk/blocking/reviews")


def signed_in(cast: Cast, name: str) -> Client:
    from leeward.people.models import User

    client = Client()
    client.force_login(User.objects.get(pk=cast[name].account_id))
    client.get("/desk/account/")  # remembers the second factor
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def post(client: Client, page: str, path: str, **values: str) -> Any:
    shown = text(client.get(page))
    found = re.search(r'name="once" value="([^"]+)"', shown)
    assert found
    return client.post(path, {"once": found[1], "seen": seen_on(shown), **values})


def test_a_proposal_is_approved_suspended_and_withdrawn_by_forms(cast: Cast, lists: Lists) -> None:
    entry = propose(cast, lists.national)
    page = f"/desk/blocking/entries/{entry}"
    ana, carl = signed_in(cast, "ana"), signed_in(cast, "carl")
    assert "another person approves it" in text(ana.get(page))
    assert "Approve it" not in text(ana.get(page))
    assert ana.post(f"{page}/approve", {"once": "x"}).status_code == 403
    assert "bad.example/pictures/1.html" in text(carl.get("/desk/blocking/approvals"))
    assert post(carl, page, f"{page}/approve").status_code == 302
    assert "Approved: it is on the list" in text(carl.get(page))
    assert post(carl, page, f"{page}/suspend", text="").status_code == 400
    post(carl, page, f"{page}/suspend", text="Wait a moment.")
    assert "Wait a moment." in text(carl.get(page))
    post(carl, page, f"{page}/resume")
    assert post(carl, page, f"{page}/review", review_on="1999-01-01").status_code == 400
    post(carl, page, f"{page}/withdraw", text="It was wrong.")
    assert "Taken off the list" in text(carl.get(page))


def test_where_every_supervisor_had_a_part_an_administrator_answers(cast: Cast, lists: Lists) -> None:
    """Whoever approved an entry never answers for it, also where there is only one supervisor."""
    from datetime import date

    from leeward.blocklist import services
    from leeward.blocklist.errors import HadPart, SupervisorIsFree
    from leeward.blocklist.models import BlockAppeal, Entry
    from leeward.people.models import User

    bela = User.objects.filter(pk=cast["bela"].account_id)
    date_roles(cast["bela"].account_id, ["supervisor"])
    entry = listed(cast, lists.national)
    services.open_block_appeals(
        1, address="https://bad.example/pictures/1.html", relation="owner", text="Mine.", hotline_id=cast.hotline_id
    )
    (appeal,) = BlockAppeal.objects.all()
    page, adam, carl = f"/desk/blocking/appeals/{appeal.pk}", signed_in(cast, "adam"), signed_in(cast, "carl")
    kept = {"lifted": False, "reasons": "It is right."}
    assert adam.get(page).status_code == 403, "another supervisor is there"
    assert "bad.example" not in text(adam.get("/desk/blocking/appeals"))
    with pytest.raises(SupervisorIsFree):
        services.decide_block_appeal(appeal.pk, actor=cast["adam"].actor, **kept)

    bela.update(away_until=date(2999, 1, 1))
    assert services.find_stranded(cast.hotline_id) == services.find_stranded(cast.hotline_id) == 1
    assert "1 appeal against a block waits for you" in text(adam.get("/desk/publishing"))
    assert "bad.example" in text(adam.get("/desk/blocking/appeals"))
    assert "You had a part" in text(carl.get(page))
    Entry.objects.filter(pk=entry).update(case_people=[cast["adam"].account_id])
    with pytest.raises(HadPart):
        services.decide_block_appeal(appeal.pk, actor=cast["adam"].actor, **kept)
    Entry.objects.filter(pk=entry).update(case_people=[])
    shown = text(adam.get(page))
    assert "This comes to you" in shown
    assert f"/desk/blocking/entries/{entry}" not in shown, "which administrators can't open"
    assert post(adam, page, page, answer="lifted", text="Too wide.").status_code == 302
    assert "Too wide." in text(adam.get(page))
    assert Entry.objects.get(pk=entry).ending == "appeal"


def test_where_nobody_is_apart_the_block_goes_until_somebody_is(cast: Cast, lists: Lists) -> None:
    """In a hotline of two who both had a part, a third person is asked for; after three days without one nothing is blocked."""
    from leeward.blocklist import services
    from leeward.blocklist.models import BlockAppeal, Entry
    from leeward.notices.models import StaffNote
    from leeward.people.models import User

    def asked(number: int) -> int:
        where = "https://bad.example/pictures/1.html"
        values = {"address": where, "relation": "owner", "text": "Mine.", "hotline_id": cast.hotline_id}
        return services.open_block_appeals(number, **values)[0]

    load()
    two = {"ana": ["administrator", "analyst", "supervisor"], "carl": ["administrator", "supervisor"]}
    User.objects.filter(hotline_id=cast.hotline_id).exclude(pk__in=[cast[one].account_id for one in two]).update(
        is_active=False
    )
    for name, roles in two.items():
        date_roles(cast[name].account_id, roles)
    entry = listed(cast, lists.national)
    state = Entry.objects.filter(pk=entry).values_list("state", "ending")
    appeal = asked(1)
    run_until_idle()
    run_until_idle()
    told = StaffNote.objects.filter(what="appeal_unanswerable")
    assert set(told.values_list("person_id", flat=True)) == {cast[one].account_id for one in two}
    carl, page = signed_in(cast, "carl"), f"/desk/blocking/appeals/{appeal}"
    shown = text(carl.get(page))
    assert "Nobody here can answer it" in shown
    assert "/desk/people/invitations" in shown
    assert "nobody can answer" in text(carl.get("/desk/blocking/appeals"))
    assert list(state.all()) == [("approved", "")], "a letter alone empties no list"

    now = datetime.now(UTC)
    services.find_stranded(cast.hotline_id, now=now + timedelta(days=2, hours=23))
    assert list(state.all()) == [("approved", "")]
    ahead = now + timedelta(days=30)
    note(Jump(now, ahead), "here:0")
    services.find_stranded(cast.hotline_id, now=ahead)
    assert list(state.all()) == [("approved", "")], "no clock that jumped has waited for three days"
    note(Jump(ahead, now), "here:0")
    BlockAppeal.objects.update(nobody_since=now - timedelta(days=30))
    services.find_stranded(cast.hotline_id, now=now + timedelta(days=2, hours=23))
    assert list(state.all()) == [("approved", "")], "nor one that was behind"
    BlockAppeal.objects.update(nobody_since=now)
    for _ in range(2):
        services.find_stranded(cast.hotline_id, now=now + timedelta(days=3, minutes=1))
        assert list(state.all()) == [("suspended", "nobody")]
    run_until_idle()
    assert told.count() == 2, "told once"
    assert "comes back only if" in text(carl.get(page))
    where = f"/desk/blocking/entries/{entry}"
    refused = post(carl, where, f"{where}/resume")
    assert (refused.status_code, "has not been answered yet" in text(refused)) == (409, True)

    adam = User.objects.filter(pk=cast["adam"].account_id)
    adam.update(is_active=True)
    services.find_stranded(cast.hotline_id)
    third = signed_in(cast, "adam")
    assert "This comes to you" in text(third.get(page))
    assert post(third, page, page, answer="kept", text="It is right.").status_code == 302
    assert list(state.all()) == [("approved", "")]

    adam.update(is_active=False)
    asked(2)
    services.find_stranded(cast.hotline_id, now=datetime.now(UTC) + timedelta(days=4))
    assert list(state.all()) == [("suspended", "nobody")]
    services.withdraw_block_appeals(2)
    assert list(state.all()) == [("approved", "")]
    assert BlockAppeal.objects.filter(state="open").count() == 0


def test_every_list_of_entries_walks_along_an_index(cast: Cast, lists: Lists) -> None:
    """With a million entries, a page costs what a page costs: nothing is sorted, no table is read through."""
    from datetime import date

    from django.db import connection

    from leeward.blocklist.queries import entries

    if connection.vendor != "sqlite":
        pytest.skip("the plan is read as SQLite tells it")
    asked: list[dict[str, str]] = [{}, {"state": "approved"}, {"scope": "domain"}, {"find": "h"}]
    walks = [entries.entries_listed(lists.national, **one) for one in asked]
    for rows in (*walks, entries.proposed(), entries.review_due(date(2026, 11, 24))):
        plan = rows[:50].explain()
        assert "blocklist_entry USING INDEX" in plan, plan
        assert "TEMP B-TREE" not in plan, plan


def test_only_who_answers_appeals_is_led_there(cast: Cast, lists: Lists) -> None:
    assert "/desk/blocking/appeals" in text(signed_in(cast, "carl").get("/desk/blocking"))
    ana = signed_in(cast, "ana")
    assert "/desk/blocking/appeals" not in text(ana.get("/desk/blocking"))
    assert ana.get("/desk/blocking/appeals").status_code == 403


def test_a_form_sent_twice_counts_once(cast: Cast, lists: Lists) -> None:
    entry = propose(cast, lists.national)
    page = f"/desk/blocking/entries/{entry}"
    carl = signed_in(cast, "carl")
    shown = text(carl.get(page))
    key = re.search(r'name="once" value="([^"]+)"', shown)
    assert key
    for _ in range(2):
        assert carl.post(f"{page}/approve", {"once": key[1], "seen": seen_on(shown)}).status_code == 302


def test_by_an_older_page_no_entry_comes_back(cast: Cast, lists: Lists) -> None:
    """Two supervisors: one reads why an entry is suspended; meanwhile it was put back and suspended again, for another reason."""
    from leeward.blocklist import services
    from leeward.blocklist.models import Entry

    entry = listed(cast, lists.national)
    state = Entry.objects.filter(pk=entry).values_list("state", flat=True)
    carl, page = signed_in(cast, "carl"), f"/desk/blocking/entries/{entry}"
    services.suspend_entry(entry, comment="The address was typed wrong.", actor=cast["carl"].actor)
    old = {"seen": seen_on(text(carl.get(page)))}
    services.resume_entry(entry, actor=cast["carl"].actor)
    services.suspend_entry(entry, comment="A court ordered it.", actor=cast["carl"].actor)
    for path in ("resume", "withdraw"):
        for seen in (old, {}):
            answer = carl.post(f"{page}/{path}", {"once": new_form_key(), "text": "As it said.", **seen})
            assert (answer.status_code, state.get()) == (409, "suspended")
    assert post(carl, page, f"{page}/resume").status_code == 302
    assert state.get() == "approved"


def test_by_an_older_page_no_request_is_answered(cast: Cast, lists: Lists) -> None:
    """What somebody added to their request is read before it is answered."""
    from leeward.blocklist import services
    from leeward.blocklist.models import BlockAppeal

    listed(cast, lists.national)
    where = "https://bad.example/pictures/1.html"
    (appeal,) = services.open_block_appeals(
        1, address=where, relation="owner", text="Mine.", hotline_id=cast.hotline_id
    )
    date_roles(cast["bela"].account_id, ["supervisor"])
    bela, page = signed_in(cast, "bela"), f"/desk/blocking/appeals/{appeal}"
    old = {"seen": seen_on(text(bela.get(page)))}
    services.follow_block_appeals(1, text="Mine. A court said so: here is the ruling.")
    for answer in ("kept", "lifted", "suspend"):
        for seen in (old, {}):
            values = {"once": new_form_key(), "text": "It is right.", "answer": answer, **seen}
            assert bela.post(page, values).status_code == 409
    assert BlockAppeal.objects.get(pk=appeal).state == "open"
    assert post(bela, page, page, answer="kept", text="It is right.").status_code == 302


def test_an_older_page_brings_no_agreement_back(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.models import BlockList

    page = "/desk/blocking/lists/national"
    carl, agreed = (
        signed_in(cast, "carl"),
        BlockList.objects.filter(pk=lists.national).values_list("agreement", flat=True),
    )
    assert post(carl, page, f"{page}/agreement", agreement="All operators, 1 June 2026").status_code == 302
    old = {"seen": seen_on(text(carl.get(page)))}
    assert post(carl, page, f"{page}/agreement", agreement="").status_code == 302
    for seen in (old, {}):
        values = {"once": new_form_key(), "agreement": "All operators, 1 June 2026", **seen}
        assert carl.post(f"{page}/agreement", values).status_code == 409
    assert agreed.get() == ""


@pytest.mark.parametrize("name", ["adam", "otto", "pia"])
def test_other_roles_see_no_list(cast: Cast, lists: Lists, name: str) -> None:
    entry = propose(cast, lists.national)
    client = signed_in(cast, name)
    for page in (*PAGES, f"/desk/blocking/entries/{entry}"):
        assert client.get(page).status_code == 403


def test_the_other_hotline_finds_nothing(cast: Cast, lists: Lists) -> None:
    entry = listed(cast, lists.national)
    dora = signed_in(cast, "dora")
    assert "bad.example" not in text(dora.get("/desk/blocking"))
    for page in ("/desk/blocking/lists/national", f"/desk/blocking/entries/{entry}"):
        assert dora.get(page).status_code == 404
    form = {"once": new_form_key(), "text": "x"}
    assert dora.post(f"/desk/blocking/entries/{entry}/withdraw", form).status_code == 404
    assert dora.post("/desk/blocking/lists/national/export").status_code == 404


def test_finding_and_filtering(cast: Cast, lists: Lists) -> None:
    listed(cast, lists.national)
    listed(cast, lists.national, address="https://worse.example/a")
    ana = signed_in(cast, "ana")
    where = "/desk/blocking/lists/national"
    assert "worse.example" not in text(ana.get(where, {"find": "bad"}))
    assert "worse.example/a" in text(ana.get(where, {"find": "http://worse.example/a?x=1"}))
    assert "Nothing found" in text(ana.get(where, {"find": "http://worse.example/b"}))
    assert "Nothing found" in text(ana.get(where, {"state": "refused"}))
    assert "worse.example" in text(ana.get(where, {"scope": "url", "page": "x", "state": "drop table"}))


def test_the_file_is_safe_to_open_and_the_log_knows_of_it(cast: Cast, lists: Lists) -> None:
    from leeward.audit.queries import log_of

    listed(cast, lists.national)
    ana, carl = signed_in(cast, "ana"), signed_in(cast, "carl")
    where = "/desk/blocking/lists/national/export"
    assert ana.post(where).status_code == 403
    assert carl.get(where).status_code == 405
    response = carl.post(where, {"state": "approved"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[0].startswith("id,scope,target")
    assert "https://bad.example/pictures/1.html" in lines[1]
    assert response["Cache-Control"] == "no-store"
    assert log_of(cast.hotline_id, f"list:{lists.national}")[0].event == "list.exported"


@pytest.mark.parametrize("many", [1, 60])
def test_pages_ask_few_queries_however_long_the_list_is(
    cast: Cast, lists: Lists, many: int, django_assert_max_num_queries: Any
) -> None:
    from leeward.blocklist.services import import_list
    from leeward.foundation.actor import Actor

    content = "\n".join(f"p{number}.example" for number in range(many)).encode()
    import_list(
        lists.national, content, source="Partner", basis="Agreement, section 4", mix=True, actor=Actor(kind="command")
    )
    entry = propose(cast, lists.national)
    ana = signed_in(cast, "ana")
    for page in (*PAGES, f"/desk/blocking/entries/{entry}"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert ana.get(page).status_code == 200


def test_a_count_stops_where_a_page_needs_no_more(cast: Cast, lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of a million entries shows that there are more than ten thousand, and reads no more than those."""
    for number in range(3):
        propose(cast, lists.national, address=f"http://bad.example/{number}.html")
    page = "/desk/blocking"
    assert '?state=proposed">3</a>' in text(signed_in(cast, "carl").get(page))
    monkeypatch.setattr("leeward.blocklist.queries.entries.MOST_COUNTED", 2)
    assert '?state=proposed">2+</a>' in text(signed_in(cast, "carl").get(page))


def test_times_are_those_of_the_hotlines_clock(cast: Cast, lists: Lists) -> None:
    """Every page of the lists tells the same time of the same act: Jamaica's, five hours behind UTC."""
    from leeward.blocklist.models import BlockAppeal, Entry
    from leeward.blocklist.services import open_block_appeals

    listed(cast, lists.national)
    propose(cast, lists.national, address="http://other.example/a")
    open_block_appeals(
        1, address="http://bad.example/pictures/1.html", relation="owner", text="Mine.", hotline_id=cast.hotline_id
    )
    at = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    Entry.objects.update(state_at=at, proposed_at=at, approved_at=at)
    BlockAppeal.objects.update(asked_at=at)
    carl = signed_in(cast, "carl")
    for page in ("lists/national", "approvals", "appeals"):
        assert "23 November 2026, 21:30" in text(carl.get(f"/desk/blocking/{page}")), page
