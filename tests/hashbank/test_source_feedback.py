"""What we say of a source's entries goes back to it: seen first, each word once, also over a crash, in each protocol's own words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.administration.services import confirm_restored, take_up
from leeward.audit.models import AuditRow
from leeward.backup.models import Restoration
from leeward.demo.world.feeds import LeewardFeed, NcmecFeed, StopNciiFeed, ThreatExchangeFeed
from leeward.demo.world.feeds.leeward import LIST
from leeward.demo.world.feeds.ncmec import REASON
from leeward.demo.world.feeds.threatexchange import GROUP
from leeward.demo.world.web import Answer
from leeward.foundation.errors import BadInput
from leeward.hashbank.models import LiveSource, Record, SourceFeedback, Vote
from leeward.hashbank.sources.errors import FeedbackNotSeen
from leeward.hashbank.sources.services import feeding_back, watching
from leeward.jobs.worker import run_until_idle
from tests.hashbank.conftest import Desk, decide, picture_code
from tests.hashbank.feeds import agreed_source, prints, pull
from tests.hashbank.test_source_protocols import cells, code
from tests.personas import Cast


def record_of(foreign_id: str) -> int:
    return int(Vote.objects.filter(foreign_id__startswith=foreign_id).values_list("record_id", flat=True)[0])


def preview(cast: Cast) -> list[tuple[str, str]]:
    return [(one.entry, one.reply) for one in feeding_back.preview_feedback("feed", actor=cast["carl"].actor)]


def send(cast: Cast) -> feeding_back.SentFeedback:
    return feeding_back.send_feedback("feed", actor=cast["carl"].actor)


@pytest.fixture
def ncmec(reach: None, cast: Cast, bank: Desk) -> Any:
    """A collection of three entries that are here; the hotline confirms one and denies another."""
    with NcmecFeed() as feed:
        for one in ("right", "wrong", "unseen"):
            feed.add(one, prints(one))
        pull(agreed_source(cast, feed, "ncmec"), cast)
        decide(record_of("42-right"), "confirm", actor=bank.supervisor)
        decide(record_of("42-wrong"), "not_illegal", actor=bank.supervisor)
        yield feed


def test_nothing_goes_before_somebody_has_seen_it_and_each_word_goes_once(ncmec: NcmecFeed, cast: Cast) -> None:
    with pytest.raises(FeedbackNotSeen):
        send(cast)
    assert preview(cast) == [("42-right", "affirmative"), ("42-wrong", "negative")]
    assert ncmec.replied == [], "a preview sends nothing"
    done = send(cast)
    assert (done.sent, done.waiting, done.unsure) == (2, 0, 0)
    assert [(one["entry"], one["kind"], one["word"]) for one in ncmec.replied] == [
        ("right", "MD5", "up"), ("wrong", "MD5", "down"),
    ]  # fmt: skip
    assert f"<guid>{REASON}</guid>" in ncmec.replied[1]["body"]
    assert 'xmlns="https://hashsharing.ncmec.org/hashsharing/v2"' in ncmec.replied[0]["body"]
    assert (send(cast).sent, preview(cast)) == (0, [])
    decide(record_of("42-wrong"), "harmless", actor=cast["carl"].actor)
    assert preview(cast) == [], "another word here, the same word there"
    decide(record_of("42-wrong"), "confirm", actor=cast["carl"].actor)
    assert preview(cast) == [("42-wrong", "affirmative")]
    assert send(cast).sent == 1
    events = list(AuditRow.objects.filter(event="live_source.fed_back").values_list("facts", flat=True))
    assert '"sent":2' in events[0].replace(" ", "")


def test_after_a_restoring_somebody_reviews_it_again_before_it_goes(ncmec: NcmecFeed, cast: Cast) -> None:
    """What waited in the backup may have gone since."""
    preview(cast)
    feeding_back.allow_feedback("feed", actor=cast["carl"].actor)
    now = datetime.now(UTC)
    Restoration.objects.create(backup_at=now - timedelta(hours=1), restored_at=now)
    assert take_up(now)
    run_until_idle(now)
    confirm_restored(actor=cast["adam"].actor, now=now)
    watching.carry_on(LiveSource.objects.get().pk)
    assert ncmec.replied == []
    with pytest.raises(FeedbackNotSeen):
        send(cast)
    assert len(preview(cast)) == 2
    assert send(cast).sent == 2


def test_after_a_crash_nothing_is_sent_twice(ncmec: NcmecFeed, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the word went and before its answer was written down."""

    class Killed(BaseException):
        pass

    def dying(*_given: object) -> None:
        raise Killed

    preview(cast)
    with monkeypatch.context() as patched:
        patched.setattr(feeding_back, "_note", dying)
        with pytest.raises(Killed):
            send(cast)
    assert len(ncmec.replied) == 1
    assert (send(cast).sent, len(ncmec.replied)) == (1, 2), "the other word; the first may still be on its way"
    late = datetime.now(UTC) - timedelta(minutes=11)
    SourceFeedback.objects.filter(state="sending").update(at=late)
    assert (send(cast).sent, len(ncmec.replied)) == (0, 2)
    [word] = feeding_back.preview_feedback("feed", actor=cast["carl"].actor)
    assert (word.entry, word.state) == ("42-right", "unsure")
    feeding_back.send_again("feed", word.record_id, actor=cast["carl"].actor)
    assert send(cast).sent == 1
    with pytest.raises(BadInput):
        feeding_back.send_again("feed", word.record_id, actor=cast["carl"].actor)


def test_of_two_who_send_only_one_does(ncmec: NcmecFeed, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    preview(cast)
    waiting = feeding_back._waiting

    def late(row: LiveSource) -> list[SourceFeedback]:
        found = waiting(row)
        monkeypatch.setattr(feeding_back, "_waiting", waiting)
        send(cast)  # another process was faster
        return found

    monkeypatch.setattr(feeding_back, "_waiting", late)
    assert send(cast).sent == 0
    assert len(ncmec.replied) == 2


MOODS: dict[str, tuple[Answer, tuple[int, int, int, int], int]] = {
    "hangs up": (Answer(hangs_up=True), (1, 0, 1, 0), 1),
    "refuses this one": (Answer(422, b"", "text/plain"), (1, 1, 0, 0), 0),
    "is busy": (Answer(503, b"", "text/plain", (("Retry-After", "60"),)), (0, 0, 0, 2), 0),
    "refuses us": (Answer(401, b"", "text/plain"), (0, 0, 0, 2), 0),
}


@pytest.mark.parametrize("mood", MOODS)
def test_what_came_of_a_word_is_told(ncmec: NcmecFeed, cast: Cast, mood: str) -> None:
    preview(cast)
    answer, counts, unsure = MOODS[mood]
    ncmec.next(answer)
    done = send(cast)
    assert (done.sent, done.refused, done.unsure, done.waiting) == counts
    assert SourceFeedback.objects.filter(state="unsure").count() == unsure
    if counts[3]:
        assert send(cast).sent == 2, "what waits goes the next time"


def test_a_denial_names_the_reason_that_a_person_chose(ncmec: NcmecFeed, cast: Cast) -> None:
    from leeward.hashbank.sources.services.agreeing import change_source

    both = (
        b'<availableFeedbackReasons><reason guid="g-1" name="Adult"/><reason guid="g-2" name="Cartoon"/>'
        b"</availableFeedbackReasons>"
    )
    preview(cast)
    ncmec.next(None, Answer(200, both, "application/xml"))
    done = send(cast)
    assert (done.sent, done.waiting) == (1, 1)
    assert "g-1 Adult; g-2 Cartoon" in str(done.why)
    change_source("feed", reason="g-2", actor=cast["carl"].actor)
    ncmec.next(Answer(200, both, "application/xml"))
    assert send(cast).sent == 1
    assert "<guid>g-2</guid>" in ncmec.replied[-1]["body"]


def test_each_protocol_is_told_in_its_own_words(reach: None, cast: Cast, bank: Desk) -> None:
    def told(feed: Any, protocol: str, source: str, **more: Any) -> list[tuple[str, str]]:
        name = f"of-{protocol}"
        pull(agreed_source(cast, feed, protocol, name=name, source=source, **more), cast)
        for number in Vote.objects.filter(via__name=source).values_list("record_id", flat=True).distinct():
            decide(number, "not_illegal", actor=bank.supervisor)
        feeding_back.preview_feedback(name, actor=bank.supervisor)
        assert feeding_back.send_feedback(name, actor=bank.supervisor).waiting == 0
        return [(one["entry"], one["word"]) for one in feed.replied]

    with StopNciiFeed() as stopncii, ThreatExchangeFeed() as group, LeewardFeed() as peer:
        stopncii.add(code(1))
        group.add("100", code(2), ("11", "55", "Company A", "MALICIOUS"))
        peer.add("17", **cells("a file"))
        peer.publish()
        mapping = {"case": "confirm"}
        assert told(stopncii, "stopncii", "StopNCII", mapping=mapping) == [(picture_code(1).hex(), "NotBlocked")]
        assert told(group, "threatexchange", "A group", part=GROUP) == [("11", "DISAGREE_WITH_TAGS")]
        key = peer.public_key
        assert told(peer, "leeward", "Hotline of Ghana", part=LIST, public_key=key) == [("17", "wrong")]


def test_only_what_a_source_has_is_told_to_it(ncmec: NcmecFeed, cast: Cast, bank: Desk) -> None:
    """No hash leaves the house that the source did not bring, and no word about an entry that it took back."""
    own = bank.add(1)
    decide(own, "confirm", actor=bank.supervisor)
    assert [entry for entry, _says in preview(cast)] == ["42-right", "42-wrong"]
    ncmec.clock += 10
    ncmec.delete("wrong")
    later: Callable[[], Any] = lambda: pull(LiveSource.objects.get().pk, cast)  # noqa: E731 - read once, below
    from leeward.hashbank.sources.protocols import ncmec as protocols_ncmec

    protocol_now = protocols_ncmec._now
    protocols_ncmec._now = lambda: (
        datetime.fromtimestamp(ncmec.clock, UTC) + protocols_ncmec.BEHIND + timedelta(seconds=1)
    )
    try:
        LiveSource.objects.update(checkpoint={})
        later()
    finally:
        protocols_ncmec._now = protocol_now
    assert [entry for entry, _says in preview(cast)] == ["42-right"]
    assert Record.objects.filter(pk=own).exists()
