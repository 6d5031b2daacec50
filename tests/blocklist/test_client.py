"""The client against a real source on loopback: what it answers alone, what it asks, and what it does when things go wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.blocklist.client import AskFailed, ListDamaged, LocalList
from leeward.blocklist.client_http import HttpTransport
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import BadCoding, BadUpdate
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.hash_list import HashList, whole
from leeward.blocklist.rules.hash_list_wire import write_update
from leeward.blocklist.rules.scopes import Scope
from leeward.foundation.errors import BadInput
from leeward.hosting.rules.urls import BadAddress
from tests.blocklist.feed import Feed, serving

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAGE = ListEntry(Scope.URL, "http://shared.example/p")
HOST = ListEntry(Scope.HOST, "http://one.example/")
OTHERS = [ListEntry(Scope.DOMAIN, f"http://bad{n}.example/") for n in range(50)]


@pytest.fixture
def feed():
    made = Feed()
    made.publish(PAGE, HOST, *OTHERS)
    return made


@pytest.fixture
def address(feed):
    with serving(feed) as where:
        yield where


@pytest.fixture
def held(tmp_path, address):
    made = LocalList(tmp_path, "national", HttpTransport(address, "national", "token"))
    made.refresh(NOW)
    return made


def test_most_addresses_are_answered_without_asking_anyone(held, feed):
    for n in range(200):
        assert held.check(f"http://fine{n}.example/a/b?c={n}", NOW).state == "clear"
    assert feed.questions == []


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("http://shared.example/p?any=1", "blocked"),
        ("http://shared.example/q", "clear"),
        ("https://one.example/", "blocked"),
        ("http://www.one.example/", "clear"),
        ("http://www.bad7.example/x", "blocked"),
    ],
)
def test_what_is_listed_is_blocked_to_the_letter(held, url, state):
    assert held.check(url, NOW).state == state


def test_a_question_hides_the_prefix_among_others_of_the_list(held, feed):
    verdict = held.check("http://one.example/x", NOW)
    assert (verdict.is_blocked, verdict.expression, verdict.asked) == (True, "one.example/", True)
    [asked] = feed.questions
    assert digest("one.example/")[:4] in asked
    assert len(asked) == 4
    assert asked == sorted(asked)
    assert {int.from_bytes(prefix) for prefix in asked} <= set(feed.latest.prefixes.tolist())


def test_an_answer_is_remembered_as_long_as_it_says(held, feed):
    for _ in range(3):
        assert held.check("http://one.example/x", NOW).is_blocked
    assert len(feed.questions) == 1
    assert held.check("http://one.example/x", NOW + feed.cache).is_blocked
    assert len(feed.questions) == 2


def test_without_an_answer_the_client_says_that_it_is_unsure(tmp_path, held, feed):
    held = LocalList(tmp_path, "national", held._transport, decoys=0)
    feed.status = 503
    assert held.check("http://one.example/", NOW).state == "unsure"
    assert held.check("http://fine.example/", NOW).state == "clear"
    feed.status = 200
    assert held.check("http://one.example/", NOW).is_blocked
    feed.status = 503
    assert held.check("http://one.example/", NOW + timedelta(days=1)).is_blocked, "an old answer is better than none"
    feed.status, feed.broken = 200, b"<html>"
    assert held.check("http://bad1.example/", NOW + timedelta(days=2)).state == "unsure"


def test_a_refresh_takes_one_step_and_a_removal_is_open_at_once(held, feed):
    assert held.check("http://one.example/", NOW).is_blocked
    feed.publish(PAGE, *OTHERS, ListEntry(Scope.HOST, "http://new.example/"))
    done = held.refresh(NOW)
    assert done.changed
    assert done.size == len(held) == 52
    assert feed.fetches == ["", "1"]
    assert held.check("http://one.example/", NOW).state == "clear"
    assert held.check("http://new.example/", NOW).is_blocked
    assert not held.refresh(NOW).changed
    assert feed.fetches[-1] == "2"


def test_the_source_is_not_asked_before_it_wants_to_be(tmp_path, feed, address):
    feed.wait = timedelta(minutes=30)
    feed.publish(PAGE)
    held = LocalList(tmp_path, "national", HttpTransport(address, "national", "token"))
    assert held.refresh(NOW).next_at == NOW + feed.wait
    done = held.refresh(NOW + timedelta(minutes=29))
    assert (done.changed, done.next_at, len(feed.fetches)) == (False, NOW + feed.wait, 1)
    held.refresh(NOW + feed.wait)
    assert len(feed.fetches) == 2
    assert held.age(NOW + timedelta(hours=1)) == timedelta(minutes=30)


def test_a_step_that_does_not_fit_is_replaced_by_the_whole_list(held, feed):
    feed.states[b"1"] = HashList("national", b"1", feed.latest.prefixes[:9])
    feed.publish(HOST)
    assert held.refresh(NOW).size == 1
    assert feed.fetches == ["", "1", ""]


def test_a_source_that_was_put_back_from_a_backup_gives_the_whole_list(held, feed):
    held.refresh(NOW)
    feed.states = {b"earlier": feed.latest}
    feed.states[b"earlier"] = HashList("national", b"earlier", feed.latest.prefixes)
    feed.has_forgotten = True
    assert held.refresh(NOW + timedelta(hours=1)).changed
    assert (held.version, feed.fetches[-1]) == (b"earlier", "")


def test_a_source_that_sends_nonsense_changes_nothing(held, feed):
    feed.broken = b"<html>no list</html>"
    with pytest.raises(BadCoding):
        held.refresh(NOW)
    assert held.version == b"1"
    feed.broken = None
    assert held.check("http://one.example/", NOW).is_blocked


def test_the_list_outlives_the_program_and_the_source(tmp_path, held, feed):
    feed.status = 503
    again = LocalList(tmp_path, "national", held._transport)
    assert (again.version, len(again), again.fetched_at) == (b"1", 52, NOW)
    with pytest.raises(AskFailed, match="503"):
        again.refresh(NOW)
    assert again.check("http://one.example/", NOW).state == "unsure"


def test_two_programs_share_a_folder(tmp_path, held, feed):
    other = LocalList(tmp_path, "national", held._transport)
    feed.publish(PAGE)
    assert held.refresh(NOW).size == 1
    assert not other.refresh(NOW).changed
    assert len(other) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["national.prefixes"]


def test_an_empty_list_blocks_nothing(tmp_path, feed, address):
    feed.publish()
    held = LocalList(tmp_path, "national", HttpTransport(address, "national", "token"))
    assert held.check("http://one.example/", NOW).state == "unsure", "nothing was loaded yet"
    assert held.refresh(NOW).size == 0
    assert held.check("http://one.example/", NOW).state == "clear"


def test_a_text_that_is_no_address_is_an_error(held):
    with pytest.raises(BadAddress):
        held.check("http://")


@pytest.mark.parametrize("content", [b"", b"{}\n", b'{"name": "other"}\n', b"\xff\n", b"[]\n"])
def test_a_damaged_file_is_said_to_be_so(tmp_path, held, content):
    content_before = held.path.read_bytes()
    held.path.write_bytes(content)
    with pytest.raises(ListDamaged):
        LocalList(tmp_path, "national", held._transport)
    held.path.write_bytes(content_before[:-4])
    with pytest.raises(ListDamaged):
        LocalList(tmp_path, "national", held._transport)


def test_a_wrong_token_a_redirect_and_a_silent_source_fail_with_one_sentence(tmp_path, feed, address):
    with pytest.raises(AskFailed, match="401"):
        HttpTransport(address, "national", "wrong").fetch(b"")
    feed.status = 302
    with pytest.raises(AskFailed, match="302"):
        HttpTransport(address, "national", "token").fetch(b"")
    with pytest.raises(AskFailed):
        HttpTransport("http://127.0.0.1:1", "national", "token").search([b"aaaa"])


@pytest.mark.parametrize("base", ["http://lists.example", "ftp://lists.example", "lists.example", "file:///etc/passwd"])
def test_a_token_never_goes_out_in_the_clear(base):
    with pytest.raises(BadInput):
        HttpTransport(base, "national", "token")


def test_another_lists_update_is_refused(tmp_path, held, feed):
    other = Feed("worst-of")
    other.publish(HOST)
    feed.broken = write_update(whole(other.latest))
    with pytest.raises(BadUpdate, match="worst-of"):
        held.refresh(NOW)
