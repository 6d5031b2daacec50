"""Send feedback about a source's entries back to the source: reviewed by a person first, each item sent once.

An item is marked before its first byte is sent and again after the answer. If a crash happened in between, nobody knows
whether it arrived, so it is not resent automatically.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.audit.services import record as audit
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput
from leeward.hashbank.models import LiveSource, Record, RecordHash, Source, SourceFeedback, Vote
from leeward.hashbank.records.services.voting import name_key, our_source
from leeward.hashbank.rules.kinds import KIND_NAMES, Hash
from leeward.hashbank.rules.sources import may_be_asked, reply_to, to_say
from leeward.hashbank.scene import bank_transaction, hotline_here
from leeward.hashbank.sources.errors import FeedbackNotSeen, PullStopped, SourceIsOff
from leeward.hashbank.sources.protocols import SENDERS, FeedbackItem, FeedbackResult, Line
from leeward.hashbank.sources.protocols.line import later
from leeward.hashbank.sources.queries import PendingFeedback, live_source, state_of_row, word_of, words_to
from leeward.hashbank.sources.services.pulling import OFF, client, feed_of
from leeward.people.services import authorize

MOST_AT_ONCE = 500
SENDING_LASTS = timedelta(minutes=10)


@dataclass(slots=True)
class SentFeedback:
    """The result of sending: sent, refused for good, unsure whether it arrived, still waiting; `why` it stopped."""

    sent: int = 0
    refused: int = 0
    unsure: int = 0
    waiting: int = 0
    why: object = None
    wait_seconds: int = 0


def preview_feedback(name: str, *, actor: Actor) -> list[PendingFeedback]:
    """Return what would be sent to a source now, and what may or may not have arrived; records that somebody reviewed
    it.
    """
    authorize(actor, "hash.exchange", hotline_here())
    row = live_source(name)
    _follow(row)
    with bank_transaction():
        LiveSource.objects.filter(pk=row.pk).update(previewed_at=datetime.now(UTC))
        facts = {"waiting": SourceFeedback.objects.filter(live=row, state="waiting").count()}
        subject = f"live_source:{row.pk}"
        audit("live_source.feedback_seen", actor=actor, hotline_id=hotline_here(), subject=subject, facts=facts)
    return [word_of(row, one) for one in words_to(row)]


def allow_feedback(name: str, *, actor: Actor) -> None:
    """Let what waits be sent after the next pull and each one after it. Raises FeedbackNotSeen where nobody has reviewed
    it, SourceIsOff.
    """
    authorize(actor, "hash.exchange", hotline_here())
    with bank_transaction():
        row = live_source(name)
        _refuse_unready(row)
        LiveSource.objects.filter(pk=row.pk).update(feeds_back=True)
        subject = f"live_source:{row.pk}"
        audit("live_source.feedback_allowed", actor=actor, hotline_id=hotline_here(), subject=subject)


def _refuse_unready(row: LiveSource) -> None:
    state = state_of_row(row)
    if not may_be_asked(state):
        raise SourceIsOff(name=row.name, why=OFF[state])
    if row.previewed_at is None:
        raise FeedbackNotSeen(row.name)


def send_feedback(name: str, *, actor: Actor) -> SentFeedback:
    """Send what waits; from now on it is also sent after each pull. Raises FeedbackNotSeen where nobody has reviewed
    it, SourceIsOff.
    """
    authorize(actor, "hash.exchange", hotline_here())
    row = live_source(name)
    _refuse_unready(row)
    LiveSource.objects.filter(pk=row.pk).update(feeds_back=True)
    _follow(row)
    feedback = SentFeedback()
    try:
        feed = feed_of(row, "feedback")
        with client() as way:
            line = Line(way, feed)
            for one in _waiting(row):
                item = _item_of(row, one)
                mark = _Mark(one)
                result = SENDERS[row.protocol](line, feed, item, mark)
                if result is None:
                    continue
                _note(one, result, feedback)
                if not (result.is_there or result.is_refused or result.is_unsure):
                    feedback.wait_seconds = result.wait_seconds
                    feedback.why = later(result.status)
                    break
    except PullStopped as error:
        feedback.why, feedback.wait_seconds = error.why, error.wait_seconds
    feedback.waiting = SourceFeedback.objects.filter(live=row, state="waiting").count()
    with bank_transaction():
        facts = {
            "sent": feedback.sent,
            "refused": feedback.refused,
            "unsure": feedback.unsure,
            "waiting": feedback.waiting,
        }
        audit(
            "live_source.fed_back", actor=actor, hotline_id=hotline_here(), subject=f"live_source:{row.pk}", facts=facts
        )
    return feedback


def stop_feedback(name: str, *, actor: Actor) -> None:
    """Stop automatic sending; somebody has to review the feedback before the next time."""
    authorize(actor, "hash.exchange", hotline_here())
    with bank_transaction():
        row = live_source(name)
        LiveSource.objects.filter(pk=row.pk).update(feeds_back=False, previewed_at=None)
        subject = f"live_source:{row.pk}"
        audit("live_source.feedback_stopped", actor=actor, hotline_id=hotline_here(), subject=subject)


def hold_feedback() -> None:
    """Let a person review what waits for any source before it is sent: some of it may have been sent before what was restored, moved here or
    put back. In the caller's transaction."""
    for number in LiveSource.objects.filter(Q(feeds_back=True) | Q(previewed_at__isnull=False)).values_list(
        "pk", flat=True
    ):
        LiveSource.objects.filter(pk=number).update(feeds_back=False, previewed_at=None)
        subject = f"live_source:{number}"
        audit("live_source.feedback_stopped", actor=SYSTEM, hotline_id=hotline_here(), subject=subject)


def send_again(name: str, record_id: int, *, actor: Actor) -> None:
    """Queue an item again that may not have arrived; raises BadInput where there is none."""
    authorize(actor, "hash.exchange", hotline_here())
    with bank_transaction():
        row = live_source(name)
        mine = SourceFeedback.objects.filter(live=row, record_id=record_id, state__in=("unsure", "refused"))
        if not mine.update(state="waiting"):
            raise BadInput(what=_("The record"), why=_("nothing was sent about it of which the end is not known"))
        facts = {"record": record_id}
        subject = f"live_source:{row.pk}"
        audit("live_source.feedback_again", actor=actor, hotline_id=hotline_here(), subject=subject, facts=facts)


class _Mark:
    """Called once the connection is open: marks the item as being sent; returns False where somebody else is sending
    it.
    """

    def __init__(self, one: SourceFeedback) -> None:
        self._one, self._is_mine = one, False

    def __call__(self) -> bool:
        if not self._is_mine:
            with hotline_transaction():
                mine = SourceFeedback.objects.filter(pk=self._one.pk, state="waiting", wanted=self._one.wanted)
                self._is_mine = mine.update(state="sending", at=datetime.now(UTC)) == 1
        return self._is_mine


def _follow(row: LiveSource) -> None:
    """Update the waiting items from our votes on entries that the source still has; items left half-sent long ago
    become unsure.
    """
    ours = our_source()
    via = Source.objects.filter(hotline_id=hotline_here(), name_key=name_key(row.source)).first()
    now = datetime.now(UTC)
    with bank_transaction():
        SourceFeedback.objects.filter(live=row, state="sending", at__lt=now - SENDING_LASTS).update(state="unsure")
        there = {(one.record_id, one.foreign_id): one for one in SourceFeedback.objects.filter(live=row)}
        fresh = []
        words = list(_our_words(via, ours)) if via else []
        for record_id, foreign, verdict in words:
            one = there.get((record_id, foreign))
            if one is None:
                if to_say(wanted=verdict, sent="", protocol=row.protocol):
                    fresh.append(
                        SourceFeedback(
                            hotline_id=hotline_here(),
                            live=row,
                            record_id=record_id,
                            foreign_id=foreign,
                            wanted=verdict,
                            at=now,
                        )
                    )
            elif one.wanted != verdict and one.state != "sending":
                one.wanted = verdict
                one.state = "waiting" if to_say(wanted=verdict, sent=one.sent, protocol=row.protocol) else "sent"
                one.save(update_fields=["wanted", "state"])
        SourceFeedback.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
        wanted_keys = {(record_id, foreign) for record_id, foreign, _verdict in words}
        over = [one.pk for key, one in there.items() if key not in wanted_keys and one.state == "waiting"]
        SourceFeedback.objects.filter(pk__in=over).delete()


def _our_words(via: Source, ours: int) -> Iterator[tuple[int, str, str]]:
    """Yield our own votes on records that the source has entries of: record, entry, verdict."""
    own = Vote.objects.filter(hotline_id=hotline_here(), source_id=ours, via_id=ours, withdrawn_at=None)
    verdicts = dict(own.values_list("record_id", "verdict"))
    theirs = Vote.objects.filter(hotline_id=hotline_here(), via=via, withdrawn_at=None).exclude(foreign_id="")
    theirs = theirs.filter(record_id__in=own.values("record_id"))
    for record_id, foreign in theirs.values_list("record_id", "foreign_id").distinct():
        if record_id in verdicts:
            yield record_id, foreign, verdicts[record_id]


def _waiting(row: LiveSource) -> list[SourceFeedback]:
    return list(SourceFeedback.objects.filter(live=row, state="waiting").order_by("id")[:MOST_AT_ONCE])


def _item_of(row: LiveSource, one: SourceFeedback) -> FeedbackItem:
    hashes = RecordHash.objects.filter(record_id=one.record_id).order_by("id").values_list("kind", "value")
    media = Record.objects.values_list("media", flat=True).get(pk=one.record_id)
    found = tuple(Hash(KIND_NAMES[kind], bytes(value)) for kind, value in hashes)
    return FeedbackItem(one.foreign_id, reply_to(row.protocol, one.wanted), found, media)


def _note(one: SourceFeedback, result: FeedbackResult, feedback: SentFeedback) -> None:
    """Record the result."""
    state = "waiting"
    if result.is_there:
        state, one.sent, feedback.sent = "sent", one.wanted, feedback.sent + 1
    elif result.is_unsure:
        state, feedback.unsure = "unsure", feedback.unsure + 1
    elif result.is_refused:
        state, feedback.refused = "refused", feedback.refused + 1
    with hotline_transaction():
        SourceFeedback.objects.filter(pk=one.pk).update(
            state=state, sent=one.sent, status=result.status, at=datetime.now(UTC)
        )
