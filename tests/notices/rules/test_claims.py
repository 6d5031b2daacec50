"""Which sentences a letter may contain, name by name: what is known of the case, and what must then be said or not."""

from typing import Any

import pytest

from leeward.notices.rules.claims import Known, Police, SentCounts, claim_holds_for, times_sent, to_contact, to_police

OFTEN = SentCounts(host=2, owner=2)


def known(**values: Any) -> Known:
    """A case that a person assessed, at a web address."""
    usual: dict[str, Any] = {
        "judged": "person", "assessments": "one", "verdict": "", "is_baseline": False, "country": "JM", "address": "a", "kind": "url",
        "urgencies": (), "was_read": True, "was_assessed": False, "is_unseen": False, "reporter_texts": 0, "facts": 0, "opinions": 0,
        "hashes": 0,
    }  # fmt: skip
    return Known(**(usual | values))


def police(**values: bool) -> Police:
    """A portal whose police leave it to us when the host is told."""
    return Police(
        **({"tells_host": False, "host_is_informed": False, "was_passed": False, "was_referred": False} | values)
    )


def between(told: dict[str, bool], **values: Any) -> set[str]:
    """What a referral says beside its opening and the address."""
    said = to_police(known(**values), police(**told))
    usual = {"assessed", "assessed_before", "from_record", "read_only", "unread", "address", "open_with_care"}
    return set(said - usual)


@pytest.mark.parametrize(
    ("values", "opening"),
    [
        ({"judged": "person", "was_assessed": True}, "assessed"),
        ({"judged": "record", "was_assessed": True}, "from_record"),
        ({"judged": "", "was_assessed": True}, "assessed_before"),
        ({"judged": "", "was_read": True}, "read_only"),
        ({"judged": "", "was_read": False}, "unread"),
    ],
)
def test_a_referral_opens_with_what_was_done(values: dict[str, Any], opening: str) -> None:
    assert to_police(known(**values), police()) == {opening, "address", "open_with_care"}


@pytest.mark.parametrize("judged", ["person", "record", ""])
@pytest.mark.parametrize(("assessments", "said"), [("same", "two_agree"), ("differ", "two_differ")])
def test_two_people_are_spoken_of_where_people_assessed(judged: str, assessments: str, said: str) -> None:
    assert between({}, judged=judged, assessments=assessments) == ({said} if judged == "person" else set())


@pytest.mark.parametrize(("judged", "is_said"), [("person", True), ("", True), ("record", False)])
def test_nobody_looked_is_said_to_the_police_but_of_a_known_file(judged: str, *, is_said: bool) -> None:
    assert between({}, judged=judged, is_unseen=True) == ({"nobody_looked"} if is_said else set())


def test_what_the_police_had_before() -> None:
    both = {"was_passed": True, "was_referred": True}
    assert between(both) == {"passed_before"}
    assert between(both, judged="") == {"referred_before"}
    assert between({"was_referred": True}) == set()
    assert between({"was_passed": True}, judged="") == set()


def test_each_urgency_has_its_sentence() -> None:
    assert between({}, urgencies=("danger", "shown")) == {"urgent_danger", "urgent_shown"}


@pytest.mark.parametrize("kind", ["url", "onion", "magnet", "ed2k"])
def test_what_leads_to_the_material_is_opened_with_care(kind: str) -> None:
    assert to_police(known(kind=kind), police()) == {"assessed", "address", "open_with_care"}
    assert to_police(known(kind=kind, address=""), police()) == {"assessed", "no_address"}


def test_a_name_leads_nowhere() -> None:
    assert to_police(known(kind="username"), police()) == {"assessed", "address"}


@pytest.mark.parametrize("part", ["facts", "reporter_texts", "opinions", "hashes"])
def test_a_part_is_announced_where_there_is_one(part: str) -> None:
    assert between({}, **{part: 1}) == {part}


def test_what_the_police_read_of_the_host() -> None:
    rest = {"assessed", "address", "open_with_care"}
    assert to_police(known(), police(tells_host=True, host_is_informed=True)) == {*rest, "host_was_told"}
    assert to_police(known(), police(tells_host=True)) == {*rest, "host_waits", "time_runs"}
    assert to_police(known(), police(tells_host=True, time_runs=False)) == {*rest, "host_waits"}
    assert to_police(known(), police(host_is_informed=True)) == rest


def test_a_notice_of_nothing_says_nothing() -> None:
    assert to_contact("host", []) == frozenset()


@pytest.mark.parametrize(
    ("judged", "finding"),
    [
        (["person", "person"], "found_by_person"),
        (["record", "record"], "found_by_record"),
        (["person", "record"], "found_either"),
        (["person", ""], "reported"),
        (["", ""], "reported"),
    ],
)
def test_a_notice_says_who_judged_all_of_it(judged: list[str], finding: str) -> None:
    standard = "by_nobody" if "" in judged else "by_us"
    warning = set() if "" in judged else {"shows"}
    assert to_contact("host", [known(judged=one) for one in judged]) == {finding, "to_host", standard} | warning


LAWFUL = {"verdict": "likely", "country": "JM"}


@pytest.mark.parametrize(
    ("first", "second", "standard"),
    [
        (LAWFUL, LAWFUL, "likely_illegal"),
        (LAWFUL, {**LAWFUL, "judged": "record"}, "likely_illegal"),
        (LAWFUL, {**LAWFUL, "country": ""}, "by_us"),
        (LAWFUL, {**LAWFUL, "verdict": "unlikely"}, "by_us"),
        (LAWFUL, {**LAWFUL, "judged": ""}, "by_nobody"),
        ({**LAWFUL, "is_baseline": True}, {"is_baseline": True}, "by_baseline"),
        ({"is_baseline": True}, {}, "by_us"),
        ({"is_baseline": True}, {"is_baseline": True, "judged": ""}, "by_nobody"),
    ],
)
def test_the_standard_holds_for_every_address(first: dict[str, Any], second: dict[str, Any], standard: str) -> None:
    said = to_contact("host", [known(**first), known(**second)])
    assert said & {"likely_illegal", "by_baseline", "by_us", "by_nobody"} == {standard}


@pytest.mark.parametrize(
    ("first", "second", "is_said"),
    [
        (("person", True), ("person", True), True),
        (("person", True), ("record", True), True),
        (("record", True), ("record", True), False),
        (("person", True), ("person", False), False),
        (("", True), ("", True), False),
    ],
)
def test_a_notice_says_that_nobody_looked_where_a_person_judged(
    first: tuple[str, bool], second: tuple[str, bool], *, is_said: bool
) -> None:
    lines = [known(judged=judged, is_unseen=is_unseen) for judged, is_unseen in (first, second)]
    assert ("nobody_looked" in to_contact("host", lines)) is is_said


@pytest.mark.parametrize(
    ("second", "is_warned"),
    [
        ({}, True),
        ({"judged": "record", "is_unseen": True}, True),
        ({"is_unseen": True}, False),
        ({"judged": ""}, False),
        ({"kind": "username"}, False),
    ],
)
def test_a_notice_warns_of_what_people_have_seen_at_each_address(second: dict[str, Any], *, is_warned: bool) -> None:
    assert ("shows" in to_contact("host", [known(), known(**second)])) is is_warned


@pytest.mark.parametrize("kind", ["host", "foreign_host", "upstream"])
def test_those_who_store_or_carry_files_get_hashes(kind: str) -> None:
    assert "hashes" in to_contact(kind, [known(), known(hashes=1)])
    assert "hashes" not in to_contact(kind, [known()])


@pytest.mark.parametrize("kind", ["owner", "registrar", "foreign_police"])
def test_others_get_none_in_the_text(kind: str) -> None:
    assert "hashes" not in to_contact(kind, [known(hashes=1)])


def test_police_abroad_read_that_it_is_in_their_country_where_all_of_it_is() -> None:
    assert "in_your_country" in to_contact("foreign_police", [known(), known()])
    assert "in_your_country" not in to_contact("foreign_police", [known(), known(country="")])
    assert "in_your_country" not in to_contact("host", [known(), known()])


def history(kind: str, *sent: SentCounts) -> set[str]:
    """What a message to this kind of reader says of those before it."""
    return set(
        to_contact(kind, [known(sent=one) for one in sent]) - {f"to_{kind}", "found_by_person", "by_us", "shows"}
    )


@pytest.mark.parametrize("kind", ["host", "foreign_host"])
def test_a_host_reads_of_its_own_notices_alone(kind: str) -> None:
    assert history(kind, OFTEN) == set()
    assert history(kind, SentCounts(reader=1, host=2, owner=2)) == {"told_you"}


@pytest.mark.parametrize("kind", ["upstream", "registrar"])
def test_those_above_a_host_read_who_was_told(kind: str) -> None:
    assert history(kind, OFTEN, OFTEN) == {"host_and_owner_told_often"}
    assert history(kind, OFTEN, SentCounts(host=2, owner=1)) == {"host_and_owner_told"}
    assert history(kind, OFTEN, SentCounts(host=1, owner=2)) == {"host_and_owner_told"}
    assert history(kind, SentCounts(host=1, owner=1)) == {"host_and_owner_told"}
    assert history(kind, OFTEN, SentCounts(host=1)) == {"host_told"}
    assert history(kind, OFTEN, SentCounts(owner=1)) == set()
    assert history(kind, SentCounts(owner=2)) == set()


def test_an_owner_reads_of_the_host_and_not_of_itself() -> None:
    assert history("owner", OFTEN) == {"host_told"}
    assert history("owner", SentCounts(host=1, owner=1)) == {"host_told"}
    assert history("owner", SentCounts(owner=2)) == set()


def test_still_there_follows_a_message_and_a_check_of_each_address() -> None:
    seen = SentCounts(reader=1, is_seen=True)
    assert history("host", seen, seen) == {"told_you", "still_there"}
    assert history("host", seen, SentCounts(reader=1)) == {"told_you"}
    assert history("host", seen, SentCounts(is_seen=True)) == set()
    assert history("owner", SentCounts(host=1, is_seen=True)) == {"host_told", "still_there"}


def test_one_text_speaks_for_all_where_people_looked_at_each() -> None:
    assert claim_holds_for([known(), known()])
    assert not claim_holds_for([known(), known(judged="record")])
    assert not claim_holds_for([known(), known(is_unseen=True)])
    assert not claim_holds_for([known(judged="")])


def test_a_reminder_has_the_number_of_the_address_told_least() -> None:
    assert times_sent([SentCounts(reader=3), SentCounts(reader=2)]) == 2
    assert times_sent([SentCounts(reader=3), SentCounts()]) == 0
    assert times_sent([]) == 0
