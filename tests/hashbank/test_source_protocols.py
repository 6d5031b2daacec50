"""Each protocol that a source speaks beside NCMEC's: what its entries become, what it takes back, and what is no good of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from leeward.demo.world.feeds import LeewardFeed, StopNciiFeed, ThreatExchangeFeed
from leeward.demo.world.feeds.leeward import LIST
from leeward.demo.world.feeds.threatexchange import GROUP
from leeward.demo.world.web import Answer
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hashbank.models import Import, LiveSource, Record, Vote
from leeward.hashbank.sources.protocols import leeward as protocols_leeward
from leeward.hashbank.sources.services import agreeing, pulling, replacing
from tests.hashbank.conftest import Desk, file_hashes, picture_code
from tests.hashbank.feeds import TERMS, agreed_source, pull, states
from tests.having_read import confirm_agreement
from tests.personas import Cast

JSON = "application/json"


def code(seed: int) -> str:
    return picture_code(seed).hex()


@pytest.fixture
def stopncii(reach: None) -> Iterator[StopNciiFeed]:
    with StopNciiFeed() as feed:
        yield feed


@pytest.fixture
def group(reach: None) -> Iterator[ThreatExchangeFeed]:
    with ThreatExchangeFeed() as feed:
        yield feed


@pytest.fixture
def peer(reach: None) -> Iterator[LeewardFeed]:
    with LeewardFeed() as feed:
        yield feed


def said() -> set[tuple[str, str]]:
    """Who says what and has not taken it back."""
    return set(Vote.objects.filter(withdrawn_at=None).values_list("source__name", "verdict"))


def test_a_case_of_stopncii_is_never_taken_for_illegal_unless_somebody_says_so(
    stopncii: StopNciiFeed, cast: Cast, bank: Desk
) -> None:
    stopncii.page_size = 2
    for seed in range(3):
        stopncii.add(code(seed))
    number = agreed_source(cast, stopncii, "stopncii", bank="intimate")
    assert "case (2)" in str(pull(number, cast).why)
    assert Record.objects.count() == 0
    agreeing.change_source("feed", mapping={"case": "confirm", "Blocked": "confirm"}, actor=cast["carl"].actor)
    done = pull(number, cast)
    assert (done.pages, done.added, done.why) == (2, 3, None)
    stopncii.add(
        code(1), feedback=(("Company A", "Blocked"), ("Company B", "NotBlocked"), ("Company C", "PendingReview"))
    )
    stopncii.delete(code(2))
    done = pull(number, cast)
    assert (done.rows, done.withdrawn) == (2, 1)
    assert states() == {"confirmed": 1, "quarantined": 1, "withdrawn": 1}
    assert said() == {("Clearing House", "confirm"), ("Company A", "confirm"), ("Company B", "not_illegal")}
    stopncii.add(code(1), feedback=(("Company A", "Blocked"),))
    pull(number, cast)
    assert said() == {("Clearing House", "confirm"), ("Company A", "confirm")}, "what B said is taken back"


def test_a_group_of_threatexchange_says_everything_of_an_indicator_at_once(
    group: ThreatExchangeFeed, cast: Cast, bank: Desk
) -> None:
    group.page_size = 2
    group.add("100", code(1), ("11", "55", "Company A", "MALICIOUS"), ("12", "56", "Company B", "MALICIOUS"))
    group.add("101", code(2), ("13", "55", "Company A", "MALICIOUS"), reactions={"DISAGREE_WITH_TAGS": "57"})
    group.add("102", code(3), ("14", "1234567890", "Ourselves", "MALICIOUS"))
    group.add("103", code(4), ("15", "56", "Company B", "UNKNOWN"))
    number = agreed_source(cast, group, "threatexchange", part=GROUP)
    done = pull(number, cast)
    assert (done.pages, done.added, done.left_out, done.why) == (2, 2, 1, None), (
        "neither our own nor what nobody has looked at"
    )
    assert states() == {"confirmed": 1, "quarantined": 1}
    assert said() == {("Company A", "confirm"), ("Company B", "confirm"), ("57", "dispute")}
    group.add("100", code(1), ("11", "55", "Company A", "MALICIOUS"))
    group.delete("101")
    done = pull(number, cast)
    assert (done.rows, done.withdrawn, states()) == (2, 3, {"confirmed": 1, "withdrawn": 1})
    assert said() == {("Company A", "confirm")}


def test_the_token_of_a_group_is_in_no_checkpoint(
    group: ThreatExchangeFeed, cast: Cast, bank: Desk, monkeypatch: Any
) -> None:
    group.page_size = 1
    for seed in range(3):
        group.add(str(seed), code(seed), (str(seed), "55", "Company A", "MALICIOUS"))
    number = agreed_source(cast, group, "threatexchange", part=GROUP)
    monkeypatch.setattr(pulling, "MOST_PAGES", 1)
    assert pull(number, cast).has_more
    kept = LiveSource.objects.get().checkpoint
    assert "after=1" in kept["next"]
    assert "demonstration" not in str(LiveSource.objects.values().get())
    monkeypatch.undo()


NO_GOOD = {
    "not UTF-8": (Answer(200, b'{"data": ["\xff"]}', JSON), "not UTF-8"),
    "not whole": (Answer(200, b'{"data": [', JSON), "stops in the middle"),
    "no list": (Answer(200, b'{"data": 5}', JSON), "has no data"),
    "a list": (Answer(200, b"[]", JSON), "not a JSON object"),
    "nested": (Answer(200, b'{"data": ' + b"[" * 500 + b"]" * 500 + b"}", JSON), "nested deeper"),
    "backwards": (Answer(200, b'{"data": [{"id": "1", "last_updated": 5}]}', JSON), "it goes backwards"),
    "elsewhere": (
        Answer(200, b'{"data": [], "paging": {"next": "http://127.0.0.8/x?access_token=1"}}', JSON),
        "another address than the source",
    ),
    "a page": (Answer(200, b"<p>busy</p>"), "'text/html', which is no list"),
}  # fmt: skip


@pytest.mark.parametrize("what", NO_GOOD)
def test_json_that_is_no_good_is_told_and_moves_nothing(
    group: ThreatExchangeFeed, cast: Cast, bank: Desk, what: str
) -> None:
    group.add("100", code(1), ("11", "55", "Company A", "MALICIOUS"))
    number = agreed_source(cast, group, "threatexchange", part=GROUP)
    pull(number, cast)
    before = LiveSource.objects.values("checkpoint", "serial").get()
    answer, sentence = NO_GOOD[what]
    group.next(answer)
    assert sentence in str(pull(number, cast).why)
    assert LiveSource.objects.values("checkpoint", "serial").get() == before


def test_an_entry_that_is_no_good_is_named_and_the_others_are_taken(
    group: ThreatExchangeFeed, cast: Cast, bank: Desk
) -> None:
    group.add("100", "no hash", ("11", "55", "Company A", "MALICIOUS"))
    group.add("101", code(1), ("12", "55", "Company A", "MALICIOUS"))
    group.add("102", "somewhere", ("13", "55", "Company A", "MALICIOUS"), kind="URI")
    done = pull(agreed_source(cast, group, "threatexchange", part=GROUP), cast)
    assert (done.added, done.broken, [place for place, _why in done.problems]) == (1, 2, [1, 3])


def cells(name: str) -> dict[str, str]:
    return {one.kind: one.text for one in file_hashes(name)}


@pytest.fixture
def listed(peer: LeewardFeed, cast: Cast, bank: Desk) -> Callable[[], int]:
    def add() -> int:
        return agreed_source(
            cast, peer, "leeward", part=LIST, source="Hotline of Ghana", public_key=peer.public_key
        )  # fmt: skip

    return add


def test_the_list_of_another_leeward_is_taken_whole_then_what_changed(
    peer: LeewardFeed, listed: Callable[[], int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols_leeward, "PIECE_BYTES", 400)  # several pieces
    for one in range(5):
        peer.add(str(one), **cells(str(one)), votes="Hotline of Ghana=confirm|Hotline of Kenya=confirm")
    peer.publish()
    number = listed()
    done = pull(number, cast)
    assert (done.rows, done.added, done.why) == (5, 5, None)
    assert len(peer.requests()) >= 3
    assert said() == {("Hotline of Ghana", "confirm"), ("Hotline of Kenya", "confirm")}
    assert pull(number, cast).rows == 0
    peer.delete("0")
    peer.add("9", **cells("9"))
    peer.publish()
    done = pull(number, cast)
    assert (done.rows, done.added, done.withdrawn, states()) == (2, 1, 2, {"confirmed": 5, "withdrawn": 1})
    assert list((pulling.feed_of(LiveSource.objects.get(), "pull").spool.parent).iterdir()) == []


def test_a_whole_list_takes_back_what_is_not_on_it(
    peer: LeewardFeed, listed: Callable[[], int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in range(6):
        peer.add(str(one), **cells(str(one)))
    peer.publish()
    number = listed()
    pull(number, cast)
    for one in range(5):
        del peer.entries[str(one)]
    peer.publish()
    file = peer._file
    monkeypatch.setattr(peer, "_file", lambda version, since: file(version, 0))
    asked = peer._part
    monkeypatch.setattr(peer, "_part", lambda request, body, version, since: asked(request, body, version, 0))
    monkeypatch.setattr(pulling, "BEHIND_AT_ONCE", 2)
    pieces: list[int] = []

    def withdraw_votes(behind: dict[tuple[int, int], datetime], *, revision: int) -> None:
        replacing.withdraw_votes(behind, revision=revision)
        pieces.extend([len(behind)] if behind else [])
        if behind and len(pieces) == 2:
            raise KeyboardInterrupt  # as if it were killed before this piece is committed

    monkeypatch.setattr(pulling, "withdraw_votes", withdraw_votes)
    with pytest.raises(KeyboardInterrupt):
        pull(number, cast)
    assert states() == {"confirmed": 4, "withdrawn": 2}, "each piece is a transaction of its own"
    row = LiveSource.objects.get()
    assert (row.withdrawn, row.checkpoint["version"]) == (2, 1)
    done = pull(number, cast)
    assert (done.withdrawn, states(), pieces) == (3, {"confirmed": 1, "withdrawn": 5}, [2, 2, 2, 1])
    row = LiveSource.objects.get()
    assert (row.withdrawn, row.checkpoint) == (5, {"version": 2}), "each was counted once"
    assert sorted(Import.objects.values_list("withdrawn", flat=True)) == [0, 5]


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_list_that_lost_most_of_its_rows_withdraws_nothing_before_a_person_confirms_it(
    peer: LeewardFeed, listed: Callable[[], int], cast: Cast, monkeypatch: pytest.MonkeyPatch, *, is_whole: bool
) -> None:
    for one in range(24):
        peer.add(str(one), **cells(str(one)))
    peer.publish()
    number = listed()
    pull(number, cast)
    for one in range(23):
        peer.delete(str(one))
    peer.publish()
    if is_whole:
        file, asked = peer._file, peer._part
        monkeypatch.setattr(peer, "_file", lambda version, since: file(version, 0))
        monkeypatch.setattr(peer, "_part", lambda request, body, version, since: asked(request, body, version, 0))
    for _time in range(2):
        done = pull(number, cast)
        assert "it would withdraw 23 of the 24 entries it has here" in str(done.why)
        assert (done.withdrawn, states()) == (0, {"confirmed": 24})
    row = LiveSource.objects.get()
    assert (row.checkpoint["version"], row.withdrawn, row.held) == (1, 0, {"withdraws": 23, "says": 24})
    carl = cast["carl"].actor
    with pytest.raises(NotAllowed):
        agreeing.allow_withdrawal(row.name, 23, actor=cast["ana"].actor)
    with pytest.raises(BadInput, match="changed meanwhile"):
        agreeing.allow_withdrawal(row.name, 24, actor=carl)
    agreeing.allow_withdrawal(row.name, 23, actor=carl)
    assert (pull(number, cast).why, states()) == (None, {"confirmed": 1, "withdrawn": 23})
    row.refresh_from_db()
    assert (row.may_withdraw, row.held, row.problem) == (0, None, None), "the next time it is asked anew"


def test_a_list_that_was_killed_while_it_came_or_was_read_goes_on(
    peer: LeewardFeed, listed: Callable[[], int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols_leeward, "PIECE_BYTES", 700)
    monkeypatch.setattr(protocols_leeward, "AT_ONCE", 2)
    for one in range(7):
        peer.add(str(one), **cells(str(one)))
    peer.publish()
    number = listed()
    monkeypatch.setattr(pulling, "MOST_PAGES", 1)  # every pull ends after one step, as a kill would end it
    for _step in range(30):
        done = pull(number, cast)
        if not done.has_more:
            break
    row = LiveSource.objects.get()
    assert (row.rows, row.added, row.joined, row.checkpoint) == (7, 7, 0, {"version": 1})
    fetched = sum(int(one.headers["range"].partition("=")[2].split("-")[0]) == 0 for one in peer.requests())
    assert fetched == 1, "no piece was fetched twice"


def test_a_list_under_an_old_key_or_a_version_from_before_is_refused(
    peer: LeewardFeed, listed: Callable[[], int], cast: Cast
) -> None:
    peer.add("1", **cells("1"))
    peer.publish()
    peer.publish()
    number = listed()
    pull(number, cast)
    held, agreed = LiveSource.objects.get().checkpoint, peer.public_key
    peer.go_back()
    assert "it goes backwards" in str(pull(number, cast).why)
    peer.publish()
    peer.renew_key()
    peer.add("2", **cells("2"))
    peer.publish()
    assert "signed by another key" in str(pull(number, cast).why)
    assert (Record.objects.count(), LiveSource.objects.get().checkpoint["version"]) == (1, held["version"])
    assert peer.public_key != agreed
    agreeing.change_source("feed", public_key=peer.public_key, actor=cast["carl"].actor)
    from leeward.hashbank.sources.errors import SourceIsOff

    with pytest.raises(SourceIsOff):
        pull(number, cast)
    agreeing.agree(
        "feed",
        terms="With the new key",
        agreed_on=TERMS["agreed_on"],
        actor=cast["carl"].actor,
    )
    confirm_agreement("feed", actor=cast["adam"].actor)
    assert pull(number, cast).added == 1, "another key is agreed on anew"


def test_a_list_that_is_not_what_was_announced_is_refused(
    peer: LeewardFeed, listed: Callable[[], int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer.add("1", **cells("1"))
    peer.publish()
    number = listed()
    part = peer._part

    def other(*given: Any) -> Answer:
        answer = part(*given)
        return Answer(answer.status, answer.body.replace(b"1", b"2"), answer.content_type, answer.headers)

    monkeypatch.setattr(peer, "_part", other)
    assert "not the one that it announced" in str(pull(number, cast).why)
    monkeypatch.undo()
    assert Record.objects.count() == 0
    assert pull(number, cast).added == 1
