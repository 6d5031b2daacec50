"""The police before anybody else: a notice case's gate follows its newest referral, and whoever it lets through is told.

The gate is the notice case's `state`. It is recomputed from rows after each event, so that no order of events, restart
or repeated job opens it early.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.jobs.clockwatch import is_in_doubt
from leeward.jobs.queries import due_at
from leeward.jobs.services import cancel, publish_event, schedule
from leeward.notices.going_on import (
    TOLD,
    beside,
    deciding,
    has_left_or_will,
    held_addresses,
    holder_of,
    holders_of,
    is_held_beside,
    is_held_itself,
    is_late,
    latest_end,
    may_be_held,
    newest_referral,
    standing_of,
)
from leeward.notices.models import TO_POLICE, Message, NoticeCase, NoticeItem, Referral
from leeward.notices.recipients import abroad
from leeward.notices.rules.answers import FREE
from leeward.notices.rules.briefs import read
from leeward.notices.rules.ladder import ADVANCE, LADDER_KINDS
from leeward.notices.rules.police_first import PROBLEMS, REFERRAL_TIME, SETTLE_PAGE, Gate, gate_of, problem_of
from leeward.notices.rules.redirects import PAGE
from leeward.notices.services import ladder
from leeward.notices.services.staff import tell_staff
from leeward.notices.timing import police_wait

# The kinds of jobs by which a notice case goes on by itself: the police's time ends, and others are told.
GOES_ON = (REFERRAL_TIME, ADVANCE)
WHO_SETTLES = ("supervisor", "police_liaison")
WHO_CHOOSES = ("analyst", "supervisor")


def follow_police(notice_case: NoticeCase, now: datetime) -> None:
    """Set the notice case's gate by its newest referral and by what the police hold at its address, and tell whoever may be told by
    then; in the caller's transaction."""
    if notice_case.state == "stopped":
        return
    referral = newest_referral(notice_case)
    decides = deciding(notice_case, referral, now)
    own = gate_of(
        standing_of(decides) if decides else None,
        asks_police=notice_case.tells_police,
        is_held=NoticeCase.objects.filter(is_held_itself(), pk=notice_case.pk).exists(),
        waits_for_person=_redirects(notice_case).exists(),
    )
    gate: Gate = "address" if own != "untold" and holder_of(notice_case) is not None else own
    opens = gate == "open" and notice_case.state != "open"
    if gate == "untold":
        ladder.pull_back(notice_case, also_abroad=True)
    else:
        notice_case.problem = "" if notice_case.problem in PROBLEMS else notice_case.problem
        if gate != "open":
            ladder.pull_back(notice_case)
        if own == "police" or decides != referral:
            _begin_wait(notice_case, referral, now)
    if gate != notice_case.state and "address" in (gate, notice_case.state):
        publish_event("notice_case.hold_changed", subject_id=notice_case.case_id, hotline_id=notice_case.hotline_id)
    if gate == "person" and notice_case.state != "person":
        _tell_of_redirects(notice_case)
    notice_case.state = gate
    notice_case.save()
    if gate != "untold":
        tell_abroad(notice_case, now)
    begins = gate == "open" and notice_case.step == 0 and notice_case.next_at is None
    if notice_case.tells_host and (opens or begins):
        ladder.go_on(notice_case, ladder.next_at(notice_case, now))


def follow_beside(notice_case: NoticeCase, now: datetime) -> None:
    """Let the gates of the other notice cases about the same address follow what became of the police's hold on this one; in the
    caller's transaction."""
    for other in beside(notice_case).select_for_update().exclude(state__in=("untold", "stopped")).order_by("pk"):
        follow_police(other, now)


def follow_holds(now: datetime) -> None:
    """Do the same wherever a gate doesn't fit what the police hold at its address by something else than an answer or its time: rows were
    put back, an address was corrected, they are from before there was such a gate, or what may have been held can be held no longer, as far
    as the clock is trusted. In the hotline's scope."""
    at_these = NoticeCase.objects.filter(held_addresses(), state__in=("police", "person", "open"))
    over = [pk for pk, holder in holders_of(NoticeCase.objects.filter(state="address")).items() if holder is None]
    unasked = NoticeCase.objects.filter(state="police", tells_police=False).exclude(is_held_itself())
    late = at_these.filter(is_held_beside() | (~Q(state="police") & is_held_itself()), tells_host=True)
    for number in (*over, *_unsent(), *unasked.values_list("pk", flat=True), *late.values_list("pk", flat=True)):
        with hotline_transaction():
            follow_police(NoticeCase.objects.select_for_update().get(pk=number), now)


def _unsent() -> list[int]:
    """Return the notice cases that tell a host though the newest letter to the police should have left by now."""
    late = Message.objects.filter(is_late(), kind__in=TO_POLICE, state="waiting", attempts=0)
    carriers = list(late.values_list("subject_id", flat=True))  # few, and nearly always none
    if not carriers:
        return []
    letters = Referral.objects.filter(Q(pk__in=carriers) | Q(mail_of__in=carriers), sent_at=None)
    numbers = list(letters.values_list("notice_case", flat=True))
    found = NoticeCase.objects.filter(pk__in=numbers, state="open", tells_police=True, tells_host=True)
    return [one.pk for one in found if (newest := newest_referral(one)) is not None and not has_left_or_will(newest)]


def _redirects(notice_case: NoticeCase) -> QuerySet[NoticeItem]:
    """Return the addresses of this round whose contacts say that somebody else is in charge, and nobody has settled it."""
    wrong_answers = NoticeItem.objects.filter(answer="wrong_contact", redirected="", notice__kind__in=LADDER_KINDS)
    return wrong_answers.filter(notice_case=notice_case, round=notice_case.round)


def _tell_of_redirects(notice_case: NoticeCase) -> None:
    """Inform whoever can choose the recipient that the ladder waits for that; once per address of a notice."""
    for item in _redirects(notice_case):
        path, key = PAGE.format(item=item.pk), f"redirect:{item.pk}"
        tell_staff(item.hotline_id, what="wrong_contact", key=key, path=path, roles=WHO_CHOOSES)


def tell_abroad(notice_case: NoticeCase, now: datetime) -> None:
    """Tell those in charge in the hosting country, once per round, if the directory knows them."""
    if not notice_case.tells_abroad or notice_case.abroad_asked:
        return
    contact = abroad(read(notice_case.brief).country)
    if contact is None:
        ladder.note_problem(notice_case, "no_contact_abroad")
    else:
        notice_case.abroad_asked = True
        notice_case.problem = "" if notice_case.problem == "no_contact_abroad" else notice_case.problem
        ladder.place(notice_case, contact, "foreign_police", step=1, now=now)
    notice_case.save(update_fields=["abroad_asked", "problem"])


def date_letters_before(at: datetime, letters: QuerySet[Referral] | None = None) -> None:
    """Let no letter that is there, or none of these, be dated at this moment or after it, at which something was restored, nor decided: that
    was by a clock that was ahead, or that is behind now. In the hotline's scope and in the caller's transaction."""
    found = Referral.objects.all() if letters is None else letters
    for name in ("created_at", "decided_at"):
        found.filter(**{f"{name}__gte": at}).update(**{name: at - datetime.resolution})


def begin_waits_anew(now: datetime, since: datetime | None) -> None:
    """Let the police have their whole time from now wherever the clock that began it may have been wrong: since `since`, whatever it said
    then, or at any time. The day of a hold is theirs and stays. In the hotline's scope and in the caller's transaction."""
    wait, doubted = police_wait(), is_in_doubt()
    for name in () if doubted else ("sent_at", "decided_at"):  # by a clock that was ahead
        Referral.objects.filter(**{f"{name}__gt": now}).update(**{name: now})
    open_ones = Referral.objects.filter(kind__in=TO_POLICE, sent_at__isnull=False).exclude(state__in=FREE)
    letters = open_ones.filter(notice_case__tells_host=True).exclude(notice_case__state="stopped")
    if since is not None:
        begins = Q(round=F("notice_case__round"), wait_until=None) & (~Q(state="held") | Q(sent_at__gte=since))
        letters = letters.filter(begins | Q(wait_until__gte=since + wait))
    for letter in letters.select_for_update(of=("self",)).select_related("notice_case").order_by("pk"):
        ends = None if doubted or may_be_held(letter.notice_case) else now + wait
        if letter.state == "held" and ends is None:
            continue
        was_held_before = letter.state == "held" and letter.wait_until is None
        Referral.objects.filter(pk=letter.pk).update(wait_until=ends)
        if letter.state != "held":
            _look_again(letter, ends)
        elif was_held_before and (due := due_at(REFERRAL_TIME, [letter.pk])):
            _look_again(letter, max(now + wait, due[letter.pk]))  # as in `note_police_informed`


def _look_again(letter: Referral, at: datetime | None) -> None:
    """Let what time does to a letter be looked at then, and not before."""
    cancel(REFERRAL_TIME, subject_id=letter.pk, hotline_id=letter.hotline_id)
    if at is not None:
        schedule(REFERRAL_TIME, subject_id=letter.pk, hotline_id=letter.hotline_id, due_at=at)


def wait_for_police(now: datetime) -> None:
    """Let no time end a wait or a hold of the police that was there when this installation was restored or moved here: what they said
    since is not known. Where no host was written to yet, one is told only once they, or a person for them, say so. In the hotline's
    scope and in the caller's transaction."""
    # By whichever letter they hold it, and also where a case was stopped: acted on anew it is held still.
    for letter in Referral.objects.filter(Q(state="held") | _entered_only()):
        if letter.state == "held":
            cancel(REFERRAL_TIME, subject_id=letter.pk, hotline_id=letter.hotline_id)
        if letter.released_with_id is None and letter.released_by_id is not None:
            Referral.objects.filter(pk=letter.pk).update(released_by=None)
    unanswered = Referral.objects.filter(notice_case=OuterRef("pk"), kind__in=TO_POLICE, round=OuterRef("round"))
    is_notified = _is_notified()
    in_doubt = ~is_notified | Exists(unanswered.exclude(state__in=FREE))  # of a million cases, most are long over
    for notice_case in _holdable().filter(in_doubt).annotate(is_notified=is_notified):
        referral = _answerable(notice_case)
        if referral is None or (referral.state in FREE and notice_case.is_notified):
            continue
        waits_itself = notice_case.tells_police and notice_case.tells_host
        if referral.state in FREE or (waits_itself and referral.state != "held"):
            _wait_for_answer(notice_case, referral, now)


def _entered_only() -> Q:
    """Return the condition on letters to the police that one person entered a release and nobody confirmed it: confirmed after a restoring
    it would count as what they say now, and it is from before."""
    return Q(kind__in=TO_POLICE, released_with=None, released_by__isnull=False) & ~Q(state__in=FREE)


def _holdable() -> QuerySet[NoticeCase]:
    """Return the notice cases that the police can hold, so that a host isn't told: of this case, also where it was begun anew without
    asking them, or, where it was only passed on and they let it go, of another about the address, which may be lost."""
    letters = Referral.objects.filter(notice_case=OuterRef("pk"), kind__in=TO_POLICE)
    tells_host = Q(tells_host=True) & (Q(tells_police=True) | ~Exists(letters.filter(round=OuterRef("round"))))
    last = Subquery(letters.order_by("-pk").values("state")[:1])
    found: QuerySet[NoticeCase] = NoticeCase.objects.select_for_update(of=("self",)).exclude(state="stopped")
    has_address = ~Q(address_key="")
    return found.annotate(last=last).filter(tells_host | (has_address & Q(tells_host=False, last__in=FREE)))


def _answerable(notice_case: NoticeCase) -> Referral | None:
    """Return the letter by which they answer last: that which decides, or the newest of before where it was begun anew without asking."""
    before = notice_case.referrals.filter(kind__in=TO_POLICE).order_by("-pk")
    return newest_referral(notice_case) or before.first()


def _is_notified() -> Exists:
    """Whether a host of a notice case was written to in its round: no step says that."""
    arrived = NoticeItem.objects.filter(TOLD)
    return Exists(arrived.filter(notice_case=OuterRef("pk"), round=OuterRef("round")))


def _wait_for_answer(notice_case: NoticeCase, referral: Referral, now: datetime) -> None:
    """Let a letter wait again, whatever was said by it, until they, or a person for them, answer."""
    cancel(REFERRAL_TIME, subject_id=referral.pk, hotline_id=referral.hotline_id)
    referral.state = "acknowledged" if referral.acknowledged_at else "waiting"
    referral.wait_until = None
    referral.save(update_fields=["state", "wait_until"])
    follow_police(notice_case, now)


def hold_back(letters: Collection[int], notice_cases: Collection[int], now: datetime) -> None:
    """Let what was put back into a running installation wait: what the police said since isn't known, and the times of the letters may
    be long over. No time tells a host of these notice cases until the police, or a person for them, say so, or `let_go_on` is called; and
    a letter that let the host be told does so no more where none was written to yet. In the hotline's scope and in the caller's
    transaction."""
    of_letters = Referral.objects.filter(pk__in=letters, kind__in=TO_POLICE).values("notice_case")
    NoticeCase.objects.filter(Q(pk__in=notice_cases) | Q(pk__in=of_letters)).update(put_back_at=now)
    ahead = Q(created_at__gt=now) | Q(decided_at__gt=now)
    date_letters_before(now, Referral.objects.filter(ahead, notice_case__put_back_at=now))
    waiting = Referral.objects.filter(Q(pk__in=letters) | Q(notice_case__put_back_at=now)).exclude(state__in=FREE)
    waiting.update(wait_until=None)
    for letter in waiting.filter(state="held"):
        cancel(REFERRAL_TIME, subject_id=letter.pk, hotline_id=letter.hotline_id)
    waiting.filter(_entered_only()).update(released_by=None)
    for notice_case in _holdable().filter(~_is_notified(), put_back_at=now):
        referral = _answerable(notice_case)
        if referral is None or (referral.state in FREE and referral.pk not in letters):
            continue  # what that says is known: it was there
        # No earlier one counts for the time of a later one either (`latest_end`).
        for letter in notice_case.referrals.filter(pk__in=letters, kind__in=TO_POLICE, state__in=FREE):
            _wait_for_answer(notice_case, letter, now)


def let_go_on(now: datetime) -> None:
    """Let all notice cases that were put back go on: the waits of the police begin anew, also for what was written to them since, and what they
    hold ends no sooner. In the hotline's scope and in the caller's transaction."""
    for notice_case in NoticeCase.objects.select_for_update().filter(put_back_at__isnull=False):
        notice_case.put_back_at = None
        notice_case.save(update_fields=["put_back_at"])
        newest = newest_referral(notice_case)
        _begin_wait(notice_case, newest, now, is_anew=True)
        for letter in notice_case.referrals.filter(state="held", sent_at__isnull=False, hold_until__isnull=False):
            ends = max(letter.hold_until or now, now + police_wait())
            schedule(REFERRAL_TIME, subject_id=letter.pk, hotline_id=letter.hotline_id, due_at=ends)
        follow_police(notice_case, now)


def note_police_not_informed(referral: Referral, fate: str, now: datetime, *, key: str) -> None:
    """Handle a message to the police that can't be sent or may not have arrived: nobody else is told, and staff are
    informed at once.

    Nothing changes if the police are known to have it (they answered, or a person told them). Where they were written to again since, that
    letter decides, and has its own time if it arrived.
    """
    notice_case = referral.notice_case
    newest = newest_referral(notice_case)
    if referral.told_how not in ("", "mail") or notice_case.state == "stopped" or newest is None:
        return
    is_older = referral != newest
    if is_older and (referral.round != newest.round or referral.sent_at is None):
        return
    referral.state = "held" if referral.state == "held" else "waiting"  # they held the case by another letter
    referral.sent_at, referral.wait_until, referral.told_how = None, None, ""
    referral.save(update_fields=["state", "sent_at", "wait_until", "told_how"])
    _record("referral.failed", referral, SYSTEM, {"case": referral.case_id, "kind": referral.kind, "why": fate})
    if is_older and newest.sent_at is not None:
        if newest.state not in ("held", "released") and _had_less_time(newest):
            _wait_for_answer(notice_case, newest, now)
        return
    publish_event("referral.failed", subject_id=referral.pk, hotline_id=referral.hotline_id, urgent=referral.urgent)
    if is_older:
        return
    ladder.note_problem(notice_case, problem_of(fate))
    follow_police(notice_case, now)
    tell_of(notice_case, key=key)


def tell_of(notice_case: NoticeCase, *, key: str) -> None:
    """Inform whoever can settle it that the police were not told; once per key."""
    path = SETTLE_PAGE.format(notice_case=notice_case.pk)
    tell_staff(notice_case.hotline_id, what="police_not_told", key=f"untold:{key}", path=path, roles=WHO_SETTLES)


def note_police_informed(referral: Referral, now: datetime, *, how: str, actor: Actor = SYSTEM) -> None:
    """Record that the police have it; in the caller's transaction. An answer counts more than a mail that may still
    bounce."""
    was = referral.told_how
    if was not in ("", "mail") or was == how:
        return
    referral.sent_at, referral.told_how = referral.sent_at or now, how
    referral.told_by_id = actor.id if how == "person" else None
    referral.save(update_fields=["sent_at", "told_how", "told_by"])
    if was:
        return
    if how != "answer":
        event = "referral.sent" if how == "mail" else "referral.told_otherwise"
        _record(event, referral, actor, {"case": referral.case_id, "kind": referral.kind})
    publish_event("referral.sent", subject_id=referral.pk, hotline_id=referral.hotline_id)
    if referral.state == "held" and not may_be_held(referral.notice_case):
        # Until they had it, no time ran: neither that of a hold which they asked for otherwise, nor their own.
        ends = max(referral.hold_until or now, referral.sent_at + police_wait())
        schedule(REFERRAL_TIME, subject_id=referral.pk, hotline_id=referral.hotline_id, due_at=ends)


def _begin_wait(notice_case: NoticeCase, referral: Referral | None, now: datetime, *, is_anew: bool = False) -> None:
    """Start the time that the police have to respond before the host is told, a whole one if it begins anew; not by a clock that may be wrong
    (`begin_waits_anew`)."""
    if referral is None or referral.sent_at is None or not notice_case.tells_host or referral.state in ("held", *FREE):
        return
    if referral.wait_until is None:
        if may_be_held(notice_case) or is_in_doubt():
            return
        ends = now + police_wait()
        referral.wait_until = ends if is_anew else max(now, min(ends, latest_end(notice_case, referral, now) or ends))
        referral.save(update_fields=["wait_until"])
    schedule(REFERRAL_TIME, subject_id=referral.pk, hotline_id=referral.hotline_id, due_at=referral.wait_until)


def _had_less_time(referral: Referral) -> bool:
    """Return whether the police were given less than their time from when they had a letter, since they had others before."""
    at, until = referral.sent_at, referral.wait_until
    return at is not None and until is not None and until < at + police_wait()


def _record(event: str, referral: Referral, actor: Actor, facts: dict[str, object]) -> None:
    record(event, actor=actor, hotline_id=referral.hotline_id, subject=f"referral:{referral.pk}", facts=facts)
