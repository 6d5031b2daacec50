"""The police's answers to a referral, and what happens without one."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.jobs.clockwatch import WHILE_IN_DOUBT, is_in_doubt
from leeward.jobs.services import cancel, publish_event, schedule
from leeward.notices.errors import (
    HoldEndsSooner,
    HoldNotPossible,
    NoRoomForWords,
    NothingToHold,
    OutcomeNeedsWords,
)
from leeward.notices.going_on import FIELDS, has_beside, has_no_end, keeps_waiting, may_be_held, standing_of
from leeward.notices.models import Message, NoticeCase, Referral
from leeward.notices.queries.entered import takes_two, waits_for_second
from leeward.notices.rules.answers import (
    ACTS,
    CONFIRMING,
    FREE,
    MOST_NOTE,
    MOST_WORDS,
    Act,
    HoldTooLong,
    Standing,
    answered,
    due_at,
    frees_host_sooner,
    last_whole_day,
    outcomes_for,
    room_for,
    time_passed,
)
from leeward.notices.rules.plain_text import clean
from leeward.notices.rules.police_first import REFERRAL_TIME
from leeward.notices.services import away, by_hand, holds, measuring, outbox
from leeward.notices.services.police_first import follow_police, note_police_informed
from leeward.notices.services.referring import message_of
from leeward.notices.timing import longest_hold, police_wait
from leeward.payments.rules.masking import without_card_numbers

_EVENTS = {
    "acknowledge": "acknowledged",
    "hold": "held",
    "release": "released",
    "note": "annotated",
    "outcome": "outcome_given",
}


def answer_referral(
    referral_id: int,
    act: str,
    *,
    actor: Actor,
    until: datetime | None = None,
    note: str = "",
    outcome: str = "",
) -> None:
    """Record what the police say: that they have it, that the notice must wait until a given time, that it may go, its
    outcome, a note.

    Police answer through their link; staff may enter the same for them, an outcome only with a reason. The person who
    enters it is recorded, the police get a letter about it, and in an urgent case it counts once a second person
    confirms it (`by_hand`). So nobody alone lets a host be told earlier: until a release is confirmed it counts as a
    receipt at most, and a hold that ends before the host would be told anyway is refused (HoldEndsSooner). Any other
    hold counts at once: it only delays the host, ends by itself, and leaves all that the police are owed as it was,
    while one that had to wait for a second person could come too late. Where no time lets the host be told, as after
    restoring, it doesn't end by itself either, nor does what a receipt finds there.
    """
    if act not in ACTS:
        raise _unknown(act)
    now = datetime.now(UTC)
    with hotline_transaction():
        referral = _locked(referral_id)
        if referral is None:
            raise NotFound(what=_("referral"))
        by = by_hand.author(actor, referral.hotline_id)
        before = standing_of(referral)
        _demand_notice(referral, before, act)
        is_endless = has_no_end(referral.notice_case)
        stays_endless = is_endless and (act != "hold" or (by is not None and takes_two(referral)))
        begun = _held_anew(before) if is_endless and act == "hold" else before
        after, releases_alone = _standing_after(referral, begun, act, now, until=until, by=by)
        added = words_in(note)
        _demand_room(referral, act, added, is_ours=by is not None)
        is_new_outcome = act == "outcome" and _is_new_outcome(referral, outcome, added, by)
        is_first_word = act in CONFIRMING and _is_first_word(referral, by)  # also after its deadline
        is_decision = act == "hold" or _replaces_ours(referral, act, by)
        is_new = is_first_word or is_new_outcome or (releases_alone and not _is_released_by(referral, by))
        is_news = by is None and bool(added or is_new_outcome or _decides_anew(referral, act, before, after))
        if after == before and not (added or is_new or is_decision):
            return
        _keep_answer(referral, by, now, is_first_word=is_first_word, outcome=outcome if is_new_outcome else "")
        if act in ("hold", "release"):
            _keep_decision(referral, before, act, by, now, releases_alone=releases_alone)
        _take(referral, after, now, added)
        if after.sent_at is not None and (by is None or before.sent_at is None):
            # What our staff enter doesn't prove that a message arrived which may still bounce.
            note_police_informed(referral, now, how="answer" if by is None else "person", actor=actor)
            _settle_message(referral, now, is_theirs=by is None)
        if actor.kind == "police" and referral.contact_id is not None:
            measuring.seen_alive(referral.contact_id)
        event, held = "said_released" if releases_alone else _EVENTS[act], until if act == "hold" else None
        _log_answer(referral, event, actor, until=held, note=bool(added), by_hand=by is not None)
        if after != before or is_decision:  # a hold that they ask for once more takes back what was entered since
            _follow(referral, before, after, now, ends=not stays_endless)
            publish_event(f"referral.{after.state}", subject_id=referral.pk, hotline_id=referral.hotline_id)
        if is_news:
            publish_event("referral.answered", subject_id=referral.pk, hotline_id=referral.hotline_id)
        waits = by is not None and waits_for_second(referral)
        if (is_first_word or is_new_outcome) and not waits:
            publish_event("referral.settled", subject_id=referral.pk, hotline_id=referral.hotline_id)
        if by is not None:
            entered = {"act": act, "outcome": outcome, "note": added}
            by_hand.tell_of_entry(referral, entered, now, until=until, waits=waits)


def _unknown(act: str) -> BadInput:
    known = {"act": repr(act[:20]), "known": ", ".join(ACTS)}
    return BadInput(what=_("answer"), why=_("%(act)s is not one of %(known)s") % known)


def _locked(referral_id: int) -> Referral | None:
    found = Referral.objects.select_for_update().select_related("notice_case", "portal").filter(pk=referral_id)
    return found.first()


def _demand_notice(referral: Referral, before: Standing, act: str) -> None:
    """Raise NothingToHold where there is no notice to hold or release. What was only passed on can be held where another case about the
    same address tells a host, or could; a hold that is there can be released, or one that may be, since it may hold such a case."""
    if act not in ("hold", "release") or referral.notice_case.tells_host:
        return
    is_possible = has_beside(referral) if act == "hold" else before.state == "held" or keeps_waiting(referral)
    if not is_possible:
        raise NothingToHold


def words_in(note: str) -> str:
    """Return the words of a note as they are kept. Raises BadInput where they are too long: nothing of them is cut off."""
    text = clean(note)
    if len(text) > MOST_NOTE:
        raise BadInput(what=_("The note"), why=_("the note is longer than %(most)s characters") % {"most": MOST_NOTE})
    return without_card_numbers(text)


def _demand_room(referral: Referral, act: str, added: str, *, is_ours: bool) -> None:
    """Raise BadInput where a note has no words, NoRoomForWords where those of an act don't fit."""
    if act == "note" and not added:
        raise BadInput(what=_("The note"), why=_("it is empty"))
    if added and len(referral.note) + len(added) > room_for(act, is_ours=is_ours):
        raise NoRoomForWords


def _standing_after(
    referral: Referral, before: Standing, act: Act, now: datetime, *, until: datetime | None, by: int | None
) -> tuple[Standing, bool]:
    """Return the standing after an answer, and whether it is a release that waits for a second person. Where it takes
    two, one person's word proves neither that the police were told at all nor that the host may be."""
    after = _after(before, act, now, until, referral.portal.time_zone)
    if by is None or not takes_two(referral):
        return after, False
    is_over = act == "release" and before.state == "timed_out"  # time let it go, not they
    releases_alone = is_over or frees_host_sooner(before, after, otherwise_at=now + police_wait())
    if releases_alone and act == "hold":
        raise HoldEndsSooner
    if releases_alone:
        after = _after(before, "acknowledge", now, None, referral.portal.time_zone)
    if before.sent_at is None and after.sent_at is not None:
        after = replace(after, sent_at=None)
        referral.told_by_id, referral.told_with_id = by, None
    return after, releases_alone


def _is_released_by(referral: Referral, by: int | None) -> bool:
    return referral.released_by_id == by and referral.released_with_id is None


def _replaces_ours(referral: Referral, act: str, by: int | None) -> bool:
    """Return whether the police themselves release what our staff entered as released: it counts since now."""
    return act == "release" and by is None and referral.decided_by_id is not None


def _decides_anew(referral: Referral, act: str, before: Standing, after: Standing) -> bool:
    """Return whether the police themselves hold or release what they didn't yet, or what only our staff entered for them; the same
    once more is no news."""
    is_theirs = referral.decided_at is not None and referral.decided_by_id is None
    is_same = (after.state, after.hold_until) == (before.state, before.hold_until)
    return act in ("hold", "release") and not (is_theirs and is_same)


def _held_anew(before: Standing) -> Standing:
    """The longest time of a hold that nothing ended may be over: held again, it is as one that begins."""
    return replace(before, held_since=None)


def _log_answer(referral: Referral, what: str, actor: Actor, *, until: datetime | None = None, **more: bool) -> None:
    day = until.isoformat() if until else ""
    facts = {"case": referral.case_id, "kind": referral.kind, "outcome": referral.outcome, "until": day, **more}
    subject = f"referral:{referral.pk}"
    record(f"referral.{what}", actor=actor, hotline_id=referral.hotline_id, subject=subject, facts=facts)


def _settle_message(referral: Referral, now: datetime, *, is_theirs: bool) -> None:
    """Mark the message as arrived for every case in it, if that was unknown: whoever answers through the link in a
    message has it. So it doesn't leave again either that was tried and waits: the answer `is_theirs`, not one that we entered."""
    found = message_of(referral)
    message = Message.objects.select_for_update().filter(pk=found.pk).first() if found else None
    if message is None:
        return
    is_tried = message.state in outbox.UNSENT and message.attempts > 0
    if message.state == "unsure" or (is_tried and is_theirs):
        outbox.call_proved(message, now)
        away.follow(message, "sent", now)


def _keep_answer(referral: Referral, by: int | None, now: datetime, *, is_first_word: bool, outcome: str) -> None:
    """Store the answer and who of our staff entered it, with no second person yet (the caller saves)."""
    if is_first_word:
        referral.acknowledged_at, referral.acknowledged_by_id, referral.acknowledged_with_id = now, by, None
    if outcome:
        referral.outcome, referral.outcome_at = outcome, now
        referral.outcome_by_id, referral.outcome_with_id = by, None
    referral.answered_by_id = by


def _keep_decision(
    referral: Referral, before: Standing, act: Act, by: int | None, now: datetime, *, releases_alone: bool
) -> None:
    """Store a hold or a release, and since when it counts (the caller saves): what was said last does. Where it takes two, one person's
    word isn't that they release the notice, nor what time let go already."""
    referral.released_by_id, referral.released_with_id = by if act == "release" else None, None
    is_free_already = before.state in FREE and by is not None and takes_two(referral)
    if act == "hold" or not (releases_alone or is_free_already):
        referral.decided_at, referral.decided_by_id = now, by


def _is_first_word(referral: Referral, by: int | None) -> bool:
    """Return whether nobody has confirmed it yet; what the police say themselves replaces what was entered for them."""
    return referral.acknowledged_at is None or (by is None and referral.acknowledged_by_id is not None)


def _is_new_outcome(referral: Referral, outcome: str, note: str, by: int | None) -> bool:
    """Return whether this states a new outcome; one entered by staff, or without a word of its own, needs a reason."""
    if outcome not in outcomes_for(referral.kind):
        raise BadInput(what=_("outcome"), why=_("choose one from the list"))
    if not note and (by is not None or outcome == "other"):
        raise OutcomeNeedsWords
    return outcome != referral.outcome or (by is None and referral.outcome_by_id is not None)


def let_time_pass(referral_id: int) -> datetime | None:
    """End the wait or the hold if its time is over; return when to check again."""
    now = datetime.now(UTC)
    with hotline_transaction():
        referral = _locked(referral_id)
        if referral is None:
            return None
        before = standing_of(referral)
        after = time_passed(before, now)
        if after == before:
            if before.state != "held":  # a wait that has no end yet begins; a job that is there is never put off
                cancel(REFERRAL_TIME, subject_id=referral.pk, hotline_id=referral.hotline_id)
                follow_police(NoticeCase.objects.select_for_update().get(pk=referral.notice_case_id), now)
            return due_at(before)
        if before.state != "held" and may_be_held(referral.notice_case):  # it began before a restoring
            referral.wait_until = None
            referral.save(update_fields=["wait_until"])
            return None
        if is_in_doubt():  # it ended by a clock that jumped: a person has to confirm that first
            return now + WHILE_IN_DOUBT
        was = before.state
        _take(referral, after, None, "")
        facts = {"case": referral.case_id, "kind": referral.kind, "was": was}
        subject = f"referral:{referral.pk}"
        record("referral.timed_out", actor=SYSTEM, hotline_id=referral.hotline_id, subject=subject, facts=facts)
        publish_event("referral.timed_out", subject_id=referral.pk, hotline_id=referral.hotline_id)
        _follow(referral, before, after, now)
    return None


def _after(before: Standing, act: Act, now: datetime, until: datetime | None, zone: str) -> Standing:
    try:
        return answered(before, act, now, until=until, most=longest_hold())
    except HoldTooLong as error:
        last = last_whole_day(error.latest, ZoneInfo(zone))
        raise HoldNotPossible(latest=date_format(last, "j F Y")) from error


def _follow(referral: Referral, before: Standing, after: Standing, now: datetime, *, ends: bool = True) -> None:
    """Apply the new standing: its deadlines run if it `ends` by itself, other letters share its hold, and the notice case's gate
    follows."""
    holds.share(referral, before, after, now)
    cancel(REFERRAL_TIME, subject_id=referral.pk, hotline_id=referral.hotline_id)
    when = due_at(after) if ends else None
    if when is not None:
        schedule(REFERRAL_TIME, subject_id=referral.pk, hotline_id=referral.hotline_id, due_at=when)
    follow_police(NoticeCase.objects.select_for_update().get(pk=referral.notice_case_id), now)


def _take(referral: Referral, standing: Standing, now: datetime | None, note: str) -> None:
    for name in FIELDS:
        setattr(referral, name, getattr(standing, name))
    if now is not None:
        referral.answered_at = now
    if now is not None and note:
        add_words(referral, note, now, by=referral.answered_by_id)
    referral.save()


def add_words(referral: Referral, text: str, now: datetime, *, by: int | None) -> None:
    """Add words to what was said about a referral, with their time and who of our staff wrote them; the caller saves it. Raises
    NoRoomForWords, rather than leave any of them out."""
    before = f"{referral.note}\n\n" if referral.note else ""
    stamp = f"{now.astimezone(ZoneInfo(referral.portal.time_zone)):%Y-%m-%d %H:%M %Z}"
    after = f"{before}{stamp}: {text}"
    if len(after) > MOST_WORDS:
        raise NoRoomForWords
    referral.note = after
    referral.note_parts = [*referral.note_parts, {"at": now.isoformat(), "by": by, "from": len(before)}]
