"""An entry's life: what it needs, who decides, what becomes of it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from leeward.foundation.errors import BadInput, LeewardError, NotAllowed, NotFound
from tests.blocklist.conftest import FACTS, Lists, brief, listed, propose
from tests.personas import Cast
from tests.sealed import tables_that_hold


def live(list_id: int) -> list[tuple[str, str]]:
    from leeward.blocklist.queries import live_entries

    return [(row.entry.scope.value, row.entry.comparable) for row in live_entries(list_id)]


def know_platform(cast: Cast) -> None:
    """A newer list of shared platforms."""
    from leeward.blocklist.services import import_names
    from leeward.foundation.actor import SYSTEM

    content = b"name,shared_by,kind,as_of,source\nmany-shops.example,paths,shop,2026-11-24,a test\n"
    on = date(2026, 11, 24)
    import_names("platforms", content, source="A test", as_of=on, hotline_id=cast.hotline_id, actor=SYSTEM)


def state(entry_id: int) -> str:
    from leeward.blocklist.models import Entry

    return Entry.objects.get(pk=entry_id).state


def test_two_persons_stand_behind_an_entry(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.errors import SecondPersonNeeded, WrongState
    from leeward.blocklist.services import approve_entry

    entry = propose(cast, lists.national)
    assert live(lists.national) == []
    with pytest.raises(NotAllowed):
        approve_entry(entry, actor=cast["bela"].actor)
    approve_entry(entry, actor=cast["carl"].actor)
    assert live(lists.national) == [("url", "https://bad.example/pictures/1.html")]
    with pytest.raises(WrongState):
        approve_entry(entry, actor=cast["carl"].actor)
    other = propose(cast, lists.national, by="carl", address="https://bad.example/2")
    with pytest.raises(SecondPersonNeeded):
        approve_entry(other, actor=cast["carl"].actor)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"is_decided": False}, "case_not_decided"),
        ({"tried_by": "", "tried_at": None}, "removal_not_tried"),
        ({"kind": "onion", "address": "http://" + "a" * 56 + ".onion/"}, "not_listable"),
        ({"facts": FACTS | {"real_person": "no", "age_band": "adult"}}, "criteria_not_met"),
    ],
)
def test_a_proposal_needs_its_ground(cast: Cast, lists: Lists, given: dict[str, object], code: str) -> None:
    with pytest.raises(LeewardError) as caught:
        propose(cast, lists.national, case=brief(cast, **given))
    assert caught.value.code == code


def test_no_law_no_agreement_no_baseline_no_entry_and_it_says_what_would_mend_it(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.models import BlockList

    BlockList.objects.update(country="TV")
    with pytest.raises(LeewardError) as caught:
        propose(cast, lists.national, case=brief(cast, facts=FACTS | {"age_band": "14-15"}))
    assert caught.value.code == "no_legal_basis"
    assert "no law of TV" in caught.value.text
    assert "international baseline" in caught.value.text
    assert "A supervisor can record the operators’ agreement" in str(caught.value.hint)


def test_the_law_is_cited(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.models import Entry
    from leeward.laws.queries import law_cited

    entry = Entry.objects.get(pk=propose(cast, lists.national))
    assert entry.base == "own_law"
    assert entry.basis == law_cited("JM", entry.proposed_at.date()).citation != ""
    assert entry.tried_by == "notice"


@pytest.mark.parametrize(("country", "base"), [("GH", "own_law"), ("TV", "operators")])
def test_a_country_whose_law_no_engine_knows_can_block(cast: Cast, lists: Lists, country: str, base: str) -> None:
    from leeward.blocklist.models import BlockList, Entry
    from leeward.blocklist.services import approve_entry, record_agreement

    BlockList.objects.filter(pk=lists.national).update(country=country)
    if base == "operators":
        with pytest.raises(LeewardError, match="no agreement"):
            propose(cast, lists.national)
        record_agreement("national", "The operators of Tuvalu, 3 May 2026", actor=cast["carl"].actor)
    entry = Entry.objects.get(pk=propose(cast, lists.national))
    assert entry.base == base
    if base == "operators":
        record_agreement("national", "", actor=cast["carl"].actor)
        with pytest.raises(LeewardError, match="no agreement"):
            approve_entry(entry.pk, actor=cast["carl"].actor)
        record_agreement("national", "The operators of Tuvalu, 4 May 2026", actor=cast["carl"].actor)
    approve_entry(entry.pk, actor=cast["carl"].actor)
    assert (
        "Cybersecurity Act 2020 s 62" if base == "own_law" else "The operators of Tuvalu, 3 May 2026"
    ) in entry.basis


def test_a_worst_of_list_rests_on_the_baseline_where_no_law_is_recorded(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.models import BlockList, Entry

    BlockList.objects.filter(pk=lists.worst_of).update(country="TV")
    number = propose(
        cast,
        lists.worst_of,
        scope="domain",
        target="https://bad.example/",
        reason="All of it.",
        confirmed_by=("Jamaica", "Barbados"),
    )
    assert Entry.objects.get(pk=number).base == "baseline"


def test_an_agreement_is_dated_and_written_down_once_by_who_may(cast: Cast, lists: Lists) -> None:
    from leeward.audit.models import AuditRow
    from leeward.blocklist.services import record_agreement
    from leeward.foundation.errors import BadInput, NotAllowed, NotFound, TextTooLong

    with pytest.raises(NotAllowed):
        record_agreement("national", "All of them, 2026", actor=cast["ana"].actor)
    carl = cast["carl"].actor
    for text, refusal in (("All of them", BadInput), ("2026 " + "x" * 300, TextTooLong)):
        with pytest.raises(refusal):
            record_agreement("national", text, actor=carl)
    with pytest.raises(NotFound):
        record_agreement("other", "All of them, 2026", actor=carl)
    for text in ("All of them,  2026", "All of them, 2026", ""):
        record_agreement("national", text, actor=carl)
    rows = AuditRow.objects.filter(event="list.agreement_changed").order_by("number")
    assert [json.loads(row.facts)["agreement"] for row in rows] == ["All of them, 2026", ""]


def test_wider_than_a_page_needs_a_reason_and_must_cover_the_case(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.errors import NotListable, ReasonMissing

    with pytest.raises(ReasonMissing):
        propose(cast, lists.national, scope="domain", target="https://bad.example/")
    with pytest.raises(NotListable):
        propose(cast, lists.national, scope="domain", target="https://other.example/", reason="All of it.")
    propose(cast, lists.national, scope="domain", target="https://bad.example/", reason="All of it.")


@pytest.mark.parametrize(
    ("address", "scope", "target", "why"),
    [
        ("https://github.io/x", "domain", "https://github.io/", "owners"),
        ("https://many-shops.example/x", "host", "https://many-shops.example/", "others share"),
        ("desk.gov.jm/x", "url", "", "government"),
        ("https://sub.constabulary.example/x", "url", "", "government"),
        ("https://jm.example/report", "url", "", "our own"),
        ("https://localhost/x", "url", "", "no dot"),
        ("http://192.0.2.7/x", "domain", "http://192.0.2.7/", "numeric"),
    ],
)
def test_names_that_are_never_listed(cast: Cast, lists: Lists, address: str, scope: str, target: str, why: str) -> None:
    know_platform(cast)
    with pytest.raises(LeewardError, match=why) as caught:
        propose(cast, lists.national, address=address, scope=scope, target=target, reason="It is all of it.")
    assert caught.value.code == "not_listable"


def test_a_page_on_a_shared_platform_can_be_listed(cast: Cast, lists: Lists) -> None:
    know_platform(cast)
    propose(cast, lists.national, address="https://many-shops.example/x")


@pytest.mark.parametrize(
    ("address", "blocked"),
    [
        (r"http://good.example\@bad.example/x", ("url", "http://good.example/@bad.example/x")),
        ("http://0300.0000.02.07/x", ("url", "http://192.0.2.7/x")),
        ("http://bad.example./x", ("url", "http://bad.example/x")),
        ("http://bad.example:8080/x", ("url", "http://bad.example/x")),
        ("http://b\N{CYRILLIC SMALL LETTER A}d.example/x", ("url", "http://xn--bd-7kc.example/x")),
    ],
)
def test_odd_addresses_become_what_a_browser_opens(
    cast: Cast, lists: Lists, address: str, blocked: tuple[str, str]
) -> None:
    listed(cast, lists.national, address=address)
    assert live(lists.national) == [blocked]


@pytest.mark.parametrize(
    "address",
    ["http://bad..example/x", f"http://{'a' * 64}.example/x", "http://bad.example/" + "x" * 60_000, "http://"],
)
def test_addresses_that_nobody_can_open_are_refused(cast: Cast, lists: Lists, address: str) -> None:
    with pytest.raises(LeewardError) as caught:
        propose(cast, lists.national, address=address)
    assert caught.value.code in ("bad_address", "not_listable")
    assert len(caught.value.text) < 300


def test_the_same_thing_stands_on_a_list_once(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.errors import AlreadyListed
    from leeward.blocklist.services import withdraw_entry

    first = listed(cast, lists.national)
    with pytest.raises(AlreadyListed) as caught:
        propose(cast, lists.national, address="http://BAD.example:80/pictures/./1.html")
    assert str(first) in caught.value.text
    withdraw_entry(first, comment="It was a mistake.", actor=cast["carl"].actor)
    propose(cast, lists.national)


def test_worst_of_wants_interpols_criteria(cast: Cast, lists: Lists) -> None:
    whole = {"scope": "domain", "target": "https://bad.example/", "reason": "The whole site is for it."}
    with pytest.raises(LeewardError) as caught:
        propose(cast, lists.worst_of, confirmed_by=["Jamaica"])
    assert getattr(caught.value, "missing", ()) == ("confirmed", "domain")
    facts = FACTS | {"age_band": "11-13", "act": "uk_c", "medium": "drawing", "real_person": "unknown"}
    with pytest.raises(LeewardError) as caught:
        propose(cast, lists.worst_of, case=brief(cast, facts=facts), confirmed_by=["Jamaica", "jamaica "], **whole)
    assert getattr(caught.value, "missing", ()) == ("real_child", "under_13", "severe", "confirmed")
    listed(cast, lists.worst_of, confirmed_by=["Jamaica", "Barbados"], **whole)
    assert live(lists.worst_of) == [("domain", "https://bad.example/")]


def test_suspending_and_withdrawing_take_off_and_tell_the_publisher(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.models import Entry
    from leeward.blocklist.services import resume_entry, suspend_entry, withdraw_entry
    from leeward.jobs.registry import kinds_for

    carl = cast["carl"].actor
    entry = listed(cast, lists.national)
    with pytest.raises(BadInput):
        suspend_entry(entry, comment=" ", actor=carl)
    with pytest.raises(NotAllowed):
        suspend_entry(entry, comment="Wait.", actor=cast["ana"].actor)
    suspend_entry(entry, comment="Wait.", actor=carl)
    assert live(lists.national) == []
    resume_entry(entry, actor=carl)
    assert len(live(lists.national)) == 1
    withdraw_entry(entry, comment="Gone for other reasons.", actor=carl)
    assert Entry.objects.get(pk=entry).ending_comment == "Gone for other reasons."
    assert tables_that_hold("Gone for other reasons.") == set()
    assert live(lists.national) == []
    assert state(entry) == "removed"
    assert kinds_for("location.removed")


def test_who_proposed_may_take_it_back_and_a_supervisor_may_refuse(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.services import refuse_entry, withdraw_entry

    mine = propose(cast, lists.national)
    with pytest.raises(NotAllowed):
        withdraw_entry(mine, comment="No.", actor=cast["bela"].actor)
    withdraw_entry(mine, comment="I was wrong.", actor=cast["ana"].actor)
    theirs = propose(cast, lists.national)
    refuse_entry(theirs, comment="Too early.", actor=cast["carl"].actor)
    assert (state(mine), state(theirs)) == ("removed", "refused")


def test_a_review_moves_the_day_and_a_forgotten_one_suspends(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.errors import ReviewDayIsWrong
    from leeward.blocklist.models import Entry
    from leeward.blocklist.services import review_entry, suspend_unreviewed

    entry = listed(cast, lists.national)
    today = datetime.now(UTC).date()
    for wrong in (today, date(2000, 1, 1), today + timedelta(days=400)):
        with pytest.raises(ReviewDayIsWrong):
            review_entry(entry, review_on=wrong, actor=cast["carl"].actor)
    review_entry(entry, review_on=today + timedelta(days=10), actor=cast["carl"].actor)
    assert Entry.objects.get(pk=entry).review_on == today + timedelta(days=10)
    later = datetime.now(UTC) + timedelta(days=10)
    assert suspend_unreviewed(now=later) == 0
    assert suspend_unreviewed(now=later + timedelta(days=15)) == 1
    assert live(lists.national) == []


def test_a_clock_that_jumps_ahead_empties_no_list(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.services import suspend_unreviewed
    from leeward.jobs.clockwatch import Jump, note

    listed(cast, lists.national)
    now, ahead = datetime.now(UTC), datetime.now(UTC) + timedelta(days=800)
    note(Jump(now, ahead), "here:0")
    assert suspend_unreviewed(now=ahead) == 0
    assert len(live(lists.national)) == 1


def test_every_step_is_in_the_log_without_the_address(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.queries.entries import entry_by_id, life_of
    from leeward.blocklist.services import withdraw_entry

    entry = listed(cast, lists.national)
    withdraw_entry(entry, comment="Over.", actor=cast["carl"].actor)
    lines = life_of(entry_by_id(entry))
    assert [line.event for line in lines] == ["entry.removed", "entry.approved", "entry.proposed"]
    assert not [line for line in lines if "example" in str(line.facts)]


def test_another_hotline_sees_and_moves_nothing(cast: Cast, lists: Lists) -> None:
    from django_scopes import scope

    from leeward.blocklist.queries import block_lists, entries_of_case
    from leeward.blocklist.services import approve_entry, withdraw_entry

    entry = propose(cast, lists.national)
    with scope(hotline=cast.other_hotline_id):
        assert block_lists() == []
        assert entries_of_case(17) == []
        for act in (approve_entry, lambda number, actor: withdraw_entry(number, comment="x", actor=actor)):
            with pytest.raises(NotFound):
                act(entry, actor=cast["dora"].actor)
    with pytest.raises(NotAllowed):
        approve_entry(entry, actor=cast["dora"].actor)
    assert state(entry) == "proposed"


def test_what_is_gone_or_overturned_goes(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.models import Entry
    from leeward.blocklist.services import remove_at_location, remove_of_case

    one = listed(cast, lists.national)
    two = propose(cast, lists.national, case=brief(cast, "https://bad.example/2", case_id=18))
    location = Entry.objects.get(pk=one).location_id
    assert location is not None
    assert remove_at_location(location) == 1
    assert remove_of_case(18, actor=cast["carl"].actor) == 1
    assert (state(one), state(two)) == ("removed", "removed")
    assert remove_of_case(18, actor=cast["carl"].actor) == 0


def test_looking_up_what_blocks_an_address(cast: Cast, lists: Lists) -> None:
    from leeward.blocklist.queries import check_addresses

    listed(cast, lists.national, scope="path", target="https://bad.example/pictures/", reason="All pages of it.")
    rows = check_addresses(lists.national, ["http://bad.example/pictures/7", "http://bad.example/other", "bad.example"])
    assert [(row.blocked, row.expression, row.scope) for row in rows] == [
        (True, "bad.example/pictures/", "path"),
        (False, "", ""),
        (False, "", ""),
    ]
