"""Sources: agreed by two, pulled page by page, taken up after a crash exactly, withdrawn in one run; each against a real server."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from leeward.audit.models import AuditRow
from leeward.demo.world.feeds import NcmecFeed
from leeward.demo.world.web import Answer
from leeward.foundation import sandbox
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hashbank.models import Import, LiveSource, Record, Source, Vote
from leeward.hashbank.queries import live_sources
from leeward.hashbank.records.services.sources import follow_sources
from leeward.hashbank.sources.errors import PullUnderWay, SourceIsOff
from leeward.hashbank.sources.protocols import ncmec as protocols_ncmec
from leeward.hashbank.sources.services import agreeing, pulling
from leeward.people.errors import NotSecondPerson
from leeward.site.doctor import findings
from leeward.site.health import current_alarms
from tests.hashbank.conftest import Desk
from tests.hashbank.feeds import TERMS, agreed_source, cut_after, prints, pull, states
from tests.having_read import confirm_agreement
from tests.personas import Cast

ANY_XML = "application/xml"


@pytest.fixture
def ncmec(reach: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[NcmecFeed]:
    """It is one second after the last change there: what a pull asks for ends a while before now."""
    with NcmecFeed() as feed:
        later = protocols_ncmec.BEHIND + timedelta(seconds=1)
        monkeypatch.setattr(protocols_ncmec, "_now", lambda: datetime.fromtimestamp(feed.clock, UTC) + later)
        yield feed


@pytest.fixture
def added(bank: Desk, cast: Cast) -> Callable[..., int]:
    """Add a source and let two people agree on it."""

    def add(feed: Any, protocol: str = "ncmec", **more: Any) -> int:
        return agreed_source(cast, feed, protocol, **more)

    return add


def test_nothing_is_asked_before_two_people_have_agreed(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    ncmec.add("one", prints("one"))
    number = added(ncmec, agreed=False)
    carl = cast["carl"].actor
    for act in (pulling.pull, pulling.preview_pull):
        with pytest.raises(SourceIsOff, match="no agreement"):
            act(number, actor=carl)
    with pytest.raises(BadInput, match="day that has come"):
        agreeing.agree("feed", terms="Memorandum", agreed_on=date(2999, 1, 1), actor=carl)
    agreeing.agree("feed", **TERMS, actor=carl)
    with pytest.raises(SourceIsOff, match="second person"):
        pull(number, cast)
    with pytest.raises(NotAllowed, match="second person"):
        confirm_agreement("feed", actor=carl)
    with pytest.raises(NotAllowed):
        confirm_agreement("feed", actor=cast["ana"].actor)
    assert ncmec.requests() == [], "not one request has gone out"
    confirm_agreement("feed", actor=cast["adam"].actor)
    assert pull(number, cast).added == 1
    agreeing.agree("feed", terms="Memorandum 2027-1", agreed_on=date(2026, 6, 1), actor=carl)
    with pytest.raises(SourceIsOff, match="second person"):
        pull(number, cast)
    events = AuditRow.objects.filter(event__startswith="live_source.").order_by("number")
    assert [one.event.partition(".")[2] for one in events] == ["added", "agreed", "confirmed", "agreed"]


def test_a_source_that_nobody_could_ask_for_a_day_is_an_alarm_however_it_came_to_that(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    ncmec.add("one", prints("one"))
    number, now, hour = added(ncmec), datetime.now(UTC), timedelta(hours=1)

    def old(at: datetime) -> list[tuple[int, str]]:
        return [(one.hotline_id, one.about) for one in current_alarms(at) if one.code == "source_old"]

    assert (old(now), old(now + 26 * hour)) == ([], [(cast.hotline_id, "feed")]), "it was never asked"
    LiveSource.objects.update(second_at=now - 90 * hour)
    assert pull(number, cast).added == 1
    assert old(now) == []
    LiveSource.objects.update(last_at=now - 26 * hour, good_at=now - 26 * hour)
    assert old(now) == [(cast.hotline_id, "feed")], "no pull was tried"
    assert "leeward.hashbank.W006" in {one.id for one in findings()}
    LiveSource.objects.update(last_at=now - hour)
    assert old(now) == [], "it gave a part of what it has"
    LiveSource.objects.update(failures=1)
    assert old(now) == [(cast.hotline_id, "feed")], "it was asked, and failed"
    LiveSource.objects.update(paused_at=now)
    assert old(now) == []
    LiveSource.objects.update(paused_at=None, every_minutes=7 * 24 * 60)
    assert old(now) == [], "it is to be asked once a week"


def test_a_pull_keeps_who_said_what_under_which_number_and_when(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    ncmec.page_size = 2
    for one in range(5):
        ncmec.add(f"entry{one}", prints(str(one)), label="B1" if one else "A1")
    ncmec.add("liked", prints("liked"), up=((43, "Second Member"),))
    number = added(ncmec)
    done = pull(number, cast)
    assert (done.pages, done.rows, done.added, done.joined, done.why) == (3, 6, 6, 0, None)
    vote = Vote.objects.select_related("source", "via").get(foreign_id="42-entry0")
    assert (vote.source.name, vote.via.name, vote.label) == ("Example Member", "Clearing House", "A1")
    assert vote.at == datetime.fromtimestamp(ncmec.entries["entry0"]["at"], UTC)
    run = Import.objects.get(pk=vote.brought_by)
    assert (run.format, run.file_name, run.rows, run.finished_at is not None) == ("ncmec", "feed", 6, True)
    assert run.categories["B1"]["count"] == 4
    liked = Vote.objects.filter(foreign_id="42-liked").order_by("id")
    assert [one.source.name for one in liked] == ["Example Member", "Second Member"]
    again = pull(number, cast)
    assert (again.rows, again.added, again.withdrawn) == (0, 0, 0)
    assert Import.objects.count() == 1, "a pull that brings nothing leaves no import"
    [row] = live_sources()
    assert (row.state, row.rows, row.added) == ("up_to_date", 6, 6)
    assert row.next_at is not None
    assert timedelta(minutes=55) < row.next_at - datetime.now(UTC) <= timedelta(minutes=60)


def test_what_a_source_takes_back_is_gone_in_the_same_run(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    for one in ("stays", "goes", "moves"):
        ncmec.add(one, prints(one))
    ncmec.add("doubted", prints("doubted"), up=((43, "Second Member"), (44, "Third Member")))
    number = added(ncmec)
    pull(number, cast)
    assert states() == {"confirmed": 4}
    ncmec.delete("goes")
    ncmec.add("moves", prints("another file"))
    ncmec.add("doubted", prints("doubted"), up=((43, "Second Member"),))
    preview = pulling.preview_pull(number, actor=cast["carl"].actor)
    done = pull(number, cast)
    assert (done.rows, done.added, done.joined, done.withdrawn) == (3, 1, 1, 3)
    assert (preview.added, preview.joined) == (1, 1)
    assert states() == {"confirmed": 3, "withdrawn": 2}, "the deleted one, and the file that the entry no longer is of"
    left = Vote.objects.filter(foreign_id="42-doubted", withdrawn_at=None).values_list("source__name", flat=True)
    assert set(left) == {"Example Member", "Second Member"}, "a member took its word back"
    ncmec.delete("doubted")
    pull(number, cast)
    assert not Vote.objects.filter(foreign_id="42-doubted", withdrawn_at=None).exists(), "with what others said of it"


def test_a_dry_run_counts_and_writes_nothing(ncmec: NcmecFeed, added: Callable[..., int], cast: Cast) -> None:
    ncmec.add("one", prints("one"))
    ncmec.add("two", prints("two"))
    number = added(ncmec)
    before = LiveSource.objects.values().get()
    done = pulling.preview_pull(number, actor=cast["carl"].actor)
    assert (done.rows, done.added, done.categories["A1"]["count"]) == (2, 2, 2)
    assert LiveSource.objects.values().get() == before
    assert (Record.objects.count(), Vote.objects.count(), Import.objects.count()) == (0, 0, 0)


def test_a_pull_that_is_killed_goes_on_exactly_where_it_was(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after each page, and in the middle of writing each."""
    ncmec.page_size = 3
    for one in range(10):
        ncmec.add(f"entry{one}", prints(str(one)))
    number = added(ncmec)
    count = pulling._count
    kills = iter([False, True, False, True, True, False, False, False, False])

    class Killed(BaseException):
        pass

    def dying(*given: Any) -> None:
        count(*given)
        if next(kills):
            raise Killed

    monkeypatch.setattr(pulling, "_count", dying)
    deaths = 0
    while True:
        try:
            pull(number, cast)
            break
        except Killed:
            deaths += 1
    assert deaths == 3
    run = Import.objects.get()
    assert (run.rows, run.added, run.joined, Record.objects.count(), Vote.objects.count()) == (10, 10, 0, 10, 10)
    row = LiveSource.objects.get()
    assert (row.rows, row.added, row.import_id, row.failures) == (10, 10, 0, 0)


def test_of_two_pulls_only_one_goes_on(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncmec.add("one", prints("one"))
    number = added(ncmec)
    taken = pulling._mapped

    def late(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(pulling, "_mapped", taken)
        pull(number, cast)  # another one was faster
        return taken(*given, **named)

    monkeypatch.setattr(pulling, "_mapped", late)
    with pytest.raises(PullUnderWay):
        pull(number, cast)
    assert (LiveSource.objects.get().rows, Vote.objects.count()) == (1, 1)


def test_a_source_that_is_paused_during_a_pull_is_said_to_be_paused(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncmec.add("one", prints("one"))
    number = added(ncmec)
    taken = pulling._mapped

    def late(*given: Any, **named: Any) -> Any:
        LiveSource.objects.update(paused_at=datetime.now(UTC))
        return taken(*given, **named)

    monkeypatch.setattr(pulling, "_mapped", late)
    with pytest.raises(SourceIsOff, match="paused"):
        pull(number, cast)
    assert Vote.objects.count() == 0


def test_a_vote_dated_by_a_clock_that_was_ahead_goes_with_its_entry(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    ncmec.add("one", prints("one"))
    number = added(ncmec)
    pull(number, cast)
    Vote.objects.update(at=datetime.now(UTC) + timedelta(days=30))
    ncmec.delete("one")
    pull(number, cast)
    assert not Vote.objects.filter(withdrawn_at=None).exists()


def test_an_entry_that_appears_late_is_taken_and_what_is_read_twice_counts_once(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    ncmec.add("first", prints("first"), up=((43, "Second Member"),))
    ncmec.add("gone", prints("gone"))
    number = added(ncmec)
    pull(number, cast)
    ncmec.delete("gone")
    assert pull(number, cast).withdrawn == 1
    margin = int(protocols_ncmec.OVERLAP.total_seconds())
    ncmec.tick()
    ncmec.add("late", prints("late"), at=ncmec.clock - margin + 60)
    ncmec.add("too late", prints("too late"), at=ncmec.clock - margin - 60)
    assert pulling.preview_pull(number, actor=cast["carl"].actor).added == 1
    done = pull(number, cast)
    assert (done.rows, done.added, done.joined, done.withdrawn) == (1, 1, 0, 0), "only the late one, within the margin"
    assert "late" in {one.partition("-")[2] for one in Vote.objects.values_list("foreign_id", flat=True)}
    runs = Import.objects.count()
    ncmec.tick()
    again = pull(number, cast)
    assert (again.rows, Import.objects.count()) == (0, runs)
    ncmec.entries["first"]["up"] = ()  # a member takes its word back, and the entry keeps its time stamp
    assert pull(number, cast).withdrawn == 1
    [row] = live_sources()
    assert (row.rows, row.added) == (5, 3)


def test_what_came_while_our_clock_was_ahead_is_asked_for_once_it_is_right(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncmec.add("first", prints("first"))
    number = added(ncmec)
    right = protocols_ncmec._now
    with monkeypatch.context() as wrong:
        wrong.setattr(protocols_ncmec, "_now", lambda: right() + timedelta(days=30))
        for name in ("second", "third"):
            assert pull(number, cast).why is None
            ncmec.tick()
            ncmec.add(name, prints(name))
    done = pull(number, cast)
    assert (done.rows, done.added, Record.objects.count()) == (2, 2, 3)
    ncmec.tick()
    ncmec.add("fourth", prints("fourth"))
    assert pull(number, cast).added == 1


def test_a_span_that_began_anew_counts_what_it_had_read_once(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    ncmec.page_size = 2
    for one in range(5):
        ncmec.add(f"entry{one}", prints(str(one)))
    number = added(ncmec, own_name="us")
    ncmec.next(None, Answer(500, b"", "text/plain"))
    assert pull(number, cast).added == 2
    row = LiveSource.objects.get()
    row.checkpoint["at"] = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    row.save()
    assert (pull(number, cast).added, live_sources()[0].rows) == (3, 5)


SENTENCES = {
    "backwards": (Answer(200, b'<queryResult><images maxTimestamp="1999-01-01T00:00:00Z"/></queryResult>', ANY_XML), "it goes backwards"),
    "cut short": (Answer(200, b"<queryResult><images>", ANY_XML, missing_bytes=9), "stops in the middle"),
    "cut short inside": (Answer(200, b"<queryResult><images>", ANY_XML), "not XML"),
    "another type": (Answer(200, b"<html/>"), "'text/html', which is no list"),
    "not text": (Answer(200, b"<queryResult>\xff\xfe\xfa</queryResult>", ANY_XML), "not XML"),
    "a document type": (Answer(200, b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', ANY_XML), "document type"),
    "elsewhere": (
        Answer(200, b"<queryResult><paging><next>http://127.0.0.9/v2/entries</next></paging></queryResult>", ANY_XML),
        "another address than the source",
    ),
    "redirected": (Answer(302, b"", headers=(("Location", "http://127.0.0.9/"),)), "another address, where no key"),
    "refused": (Answer(401, b"no", "text/plain"), "refuses our key"),
    "gone": (Answer(404, b"no", "text/plain"), "nothing at its address"),
}  # fmt: skip


@pytest.mark.parametrize("what", SENTENCES)
def test_an_answer_that_is_no_good_is_told_in_a_sentence_and_moves_nothing(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, what: str
) -> None:
    ncmec.add("one", prints("one"))
    number = added(ncmec, own_name="us")
    pull(number, cast)
    before = LiveSource.objects.values("checkpoint", "serial", "rows").get()
    answer, sentence = SENTENCES[what]
    ncmec.next(answer)
    done = pull(number, cast)
    assert sentence in str(done.why)
    assert LiveSource.objects.values("checkpoint", "serial", "rows").get() == before
    [row] = live_sources()
    assert (row.state, row.failures, sentence in str(row.problem)) == ("failing", 1, True)
    assert [one.reached for one in ncmec.requests()] == ["127.0.0.1"] * len(ncmec.requests()), "no key went elsewhere"
    ncmec.add("two", prints("two"))
    assert pull(number, cast).added == 1, "the next pull goes on"
    assert live_sources()[0].state == "up_to_date"


def test_a_page_that_killed_its_reader_in_the_middle_is_asked_for_again(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ("one", "two", "three"):
        ncmec.add(one, prints(one))
    number = added(ncmec, own_name="us")
    with monkeypatch.context() as now:
        now.setattr(sandbox, "stream", cut_after(1, "too_much_memory"))
        done = pull(number, cast)
    assert (str(done.why), done.added) == ("reading it needs more memory than one file is allowed", 0)
    assert (pull(number, cast).added, live_sources()[0].state) == (3, "up_to_date")


def test_pages_that_go_in_circles_end(ncmec: NcmecFeed, added: Callable[..., int], cast: Cast) -> None:
    number = added(ncmec, own_name="us")
    links = ["/v2/entries?a=1", "/v2/entries?a=2", "/v2/entries?a=3"] * 5
    pages = [f"<queryResult><paging><next>{link}</next></paging></queryResult>".encode() for link in links]
    ncmec.next(*(Answer(200, page, ANY_XML) for page in pages))
    assert "go in circles" in str(pull(number, cast).why)
    assert len(ncmec.requests()) < 12


def test_a_page_that_is_enormous_is_not_read(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = added(ncmec, own_name="us")
    ncmec.next(Answer(200, b" " * 100, ANY_XML, missing_bytes=1 << 40))
    assert "longer than 32 MB" in str(pull(number, cast).why)
    monkeypatch.setattr("leeward.hashbank.sources.protocols.line.PAGE_ENTRIES", 3)
    for one in range(5):
        ncmec.add(f"entry{one}", prints(str(one)))
    assert "more than 3 entries" in str(pull(number, cast).why)
    assert Record.objects.count() == 0


def test_waiting_grows_and_is_as_long_as_the_other_side_asks(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    number = added(ncmec, own_name="us")
    waits = []
    for _try in range(4):
        ncmec.next(Answer(500, b"", "text/plain"))
        pull(number, cast)
        row = LiveSource.objects.get()
        assert row.next_at is not None
        assert row.last_at is not None
        waits.append((row.next_at - row.last_at).total_seconds() / 60)
    for least, wait in zip((0.5, 1, 2, 4), waits, strict=True):
        assert least <= wait <= 2 * least
    ncmec.next(Answer(429, b"", "text/plain", (("Retry-After", "7200"),)))
    done = pull(number, cast)
    row = LiveSource.objects.get()
    assert row.next_at is not None
    assert row.last_at is not None
    assert row.next_at - row.last_at == timedelta(hours=2)
    assert "come back later (429)" in str(done.why)


def test_a_category_that_nobody_knows_stops_the_pull_with_counts(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    ncmec.add("one", prints("one"))
    ncmec.add("two", prints("two"), label="C9")
    ncmec.add("three", prints("three"), label="C9")
    number = added(ncmec)
    assert "C9 (2)" in str(pull(number, cast).why)
    assert Record.objects.count() == 0, "not the good entry either"
    agreeing.change_source("feed", mapping={"C9": "leave_out"}, actor=cast["carl"].actor)
    done = pull(number, cast)
    assert (done.added, done.left_out, done.why) == (1, 2, None)


def test_one_source_under_two_names_is_refused_or_counts_once(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, bank: Desk
) -> None:
    ncmec.add("one", prints("one"), member=(42, "Clearing House"))
    number = added(ncmec)
    with pytest.raises(BadInput, match="two votes"):
        added(ncmec, name="second", source="Clearing House Ltd", url=ncmec.url + "/")
    with pytest.raises(BadInput, match="not of this hotline"):
        added(ncmec, name="ours", source="Hotline of Jamaica", url="https://other.example")
    pull(number, cast)
    with NcmecFeed() as other:
        other.add("one", prints("one"), member=(42, "Clearing House"))
        pull(added(other, name="other", source="CLEARING  house"), cast)
    assert Vote.objects.count() == 1, "a name in another spelling is the same source"
    assert not Record.objects.get().is_baseline


def test_our_own_word_there_is_no_word_of_another(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, bank: Desk
) -> None:
    ncmec.add("one", prints("one"), up=(ncmec.us,))
    ncmec.add("ours", prints("ours"), member=ncmec.us)
    done = pull(added(ncmec), cast)
    assert done.added == 1
    assert [one.source.name for one in Vote.objects.all()] == ["Example Member"]


def test_secrets_are_in_no_row_log_or_answer(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, bank: Desk
) -> None:
    ncmec.password = "very-secret-word"
    ncmec.add("one", prints("one"))
    pull(added(ncmec), cast)
    tables = [str(list(model.objects.values())) for model in (LiveSource, Import, Vote, AuditRow)]
    assert "very-secret-word" not in "".join(
        [*tables, repr(live_sources()), repr(pulling.feed_of(LiveSource.objects.get(), "x"))]
    )
    agreeing.remove("feed", withdraw=False, actor=cast["carl"].actor)
    assert LiveSource.objects.get().sealed == ""
    assert states() == {"confirmed": 1}, "what it said stays"


def test_a_source_that_is_removed_can_take_everything_back(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, bank: Desk
) -> None:
    bank.add(1)
    ncmec.add("one", prints("one"))
    ncmec.add("known", prints("picture 1"))
    number = added(ncmec)
    pull(number, cast)
    agreeing.pause("feed", paused=True, actor=cast["carl"].actor)
    with pytest.raises(SourceIsOff, match="paused"):
        pull(number, cast)
    assert agreeing.remove("feed", withdraw=True, actor=cast["carl"].actor) == 2
    assert states() == {"confirmed": 1, "withdrawn": 1}, "what others say of it stays"


def test_a_removal_that_broke_off_leaves_a_paused_source_and_goes_on(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        ncmec.add(name, prints(name))
    pull(added(ncmec), cast)
    monkeypatch.setattr(agreeing, "_AT_ONCE", 2)
    given, pieces = agreeing.follow_votes, []

    def breaks_off(ids: Any, **more: Any) -> None:
        pieces.append(len(set(ids)))
        if len(pieces) == 2:
            raise OSError("the disk is gone")
        given(ids, **more)

    monkeypatch.setattr(agreeing, "follow_votes", breaks_off)
    with pytest.raises(OSError, match="gone"):
        agreeing.remove("feed", withdraw=True, actor=cast["carl"].actor)
    assert states() == {"confirmed": 1, "withdrawn": 2}
    (row,) = LiveSource.objects.all()
    assert (row.paused_at is None, row.removed_at) == (False, None)
    assert agreeing.remove("feed", withdraw=True, actor=cast["carl"].actor) == 1
    assert states() == {"withdrawn": 3}


def test_whoever_made_the_second_account_is_no_second_person(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast
) -> None:
    from leeward.people.models import User

    added(ncmec, agreed=False)
    agreeing.agree("feed", **TERMS, actor=cast["carl"].actor)
    User.objects.filter(pk=cast["adam"].account_id).update(
        made_by_id=cast["carl"].account_id, made_at=datetime.now(UTC), confirmed_at=None
    )
    with pytest.raises(NotSecondPerson):
        confirm_agreement("feed", actor=cast["adam"].actor)


def test_members_count_by_themselves_only_where_somebody_says_so(
    ncmec: NcmecFeed, added: Callable[..., int], cast: Cast, bank: Desk
) -> None:
    ncmec.add("one", prints("one"), up=((43, "Second Member"),))
    pull(added(ncmec), cast)
    assert not Record.objects.get().is_baseline
    via = Vote.objects.values_list("via_id", flat=True)[0]
    Source.objects.filter(pk=via).update(vouches=True, merged_at=datetime.now(UTC))
    follow_sources(0)
    assert Record.objects.get().is_baseline
