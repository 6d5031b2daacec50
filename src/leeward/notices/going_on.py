"""When time alone lets a notice case go on: by the letter that decides, and by the jobs that there are. After a restoring there may be none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.lookups import GreaterThan

from leeward.backup.queries import last_restoration, restorations, restored_at, taken_up_at
from leeward.jobs.clockwatch import doubts, is_in_doubt, trusted_now
from leeward.jobs.queries import due_at
from leeward.notices.models import TO_POLICE, Message, NoticeCase, NoticeItem, Referral
from leeward.notices.models.cases import WITHDRAWN_AFTER_REVIEW
from leeward.notices.rules.answers import FREE, Standing, hold_over_at
from leeward.notices.rules.ladder import LADDER_KINDS
from leeward.notices.rules.police_first import REFERRAL_TIME
from leeward.notices.timing import NO_SERVER, longest_hold, police_wait, short

# The items by which a host, or whoever the ladder tells, was told: a notice that came back told nobody.
TOLD = Q(notice__kind__in=LADDER_KINDS, notice__sent_at__isnull=False) & ~Q(notice__state="dead")
NONE = Q(pk__in=())  # no row at all
FIELDS = tuple(Standing.__dataclass_fields__)
KEY, PUT_BACK = "notice_case__address_key", "notice_case__put_back_at"


def standing_of(referral: Referral) -> Standing:
    """Return a referral's standing, for the rules."""
    return Standing(**{name: getattr(referral, name) for name in FIELDS})


def newest_of(notice_case: NoticeCase, letters: Iterable[Referral]) -> Referral | None:
    """Return the referral that decides for a notice case, of letters to the police, oldest first."""
    ours = [one for one in letters if one.notice_case_id == notice_case.pk and one.round == notice_case.round]
    return ours[-1] if ours else None


def newest_referral(notice_case: NoticeCase) -> Referral | None:
    """Return the referral that decides for a notice case: the newest since it was last begun."""
    found: Referral | None = (
        notice_case.referrals.filter(kind__in=TO_POLICE, round=notice_case.round).order_by("-pk").first()
    )
    return found


def latest_end(notice_case: NoticeCase, referral: Referral, now: datetime) -> datetime | None:
    """Return until when a letter can keep the host untold beside others of its round, or None where no other had a time. Whoever reports an
    address again and again, as its owner may, makes one each time: together they have one time more after that of the first, or from when
    the police last let the notice go. None ends the time of another, in whichever country."""
    others = notice_case.referrals.filter(kind__in=TO_POLICE, round=referral.round).exclude(pk=referral.pk)
    theirs = Q(portal__country=referral.portal.country)
    released = theirs & Q(state="released", decided_at__lte=now)
    held = theirs & Q(state="timed_out", decided_at__isnull=False, wait_until__lte=now)
    let_go = others.aggregate(
        first=Min("wait_until", filter=theirs),
        released=Max("decided_at", filter=released),
        held=Max("wait_until", filter=held),
    )
    ends: list[datetime] = [at + police_wait() for at in let_go.values() if at is not None]
    if not ends:
        return None
    waits: datetime | None = others.exclude(state__in=("held", *FREE)).aggregate(last=Max("wait_until"))["last"]
    return max(*ends, waits or ends[0])


def deciding(notice_case: NoticeCase, newest: Referral | None, now: datetime) -> Referral | None:
    """Return the letter by which the gate of a notice case stands: the newest, or the last that let the host be told where that one can't keep
    it untold (`latest_end`), being about to leave or just sent. Else a notice would never leave while its address is reported every few
    seconds."""
    if newest is None or newest.state in ("held", *FREE) or (newest.wait_until or now) > now:
        return newest
    let_go = notice_case.referrals.filter(kind__in=TO_POLICE, round=newest.round, portal__country=newest.portal.country)
    last: Referral | None = let_go.filter(sent_at__isnull=False, state__in=FREE).order_by("-pk").first()
    if last is None or not has_left_or_will(newest) or may_be_held(notice_case) or is_in_doubt():
        return newest
    ends = latest_end(notice_case, newest, now)
    return newest if ends is None or ends > now else last


def has_left_or_will(letter: Referral) -> bool:
    """Return whether the police have a letter, or it waits to be sent for the first time and was not due long ago: what keeps that from
    leaving, as a key of words that is away, may last for days."""
    carrier = letter.mail_of_id or letter.pk
    waiting = Message.objects.filter(kind__in=TO_POLICE, subject_id=carrier, state="waiting", attempts=0)
    return letter.sent_at is not None or waiting.exclude(is_late()).exists()


def is_late() -> Q:
    """Return the condition on messages that they should have left by now: there is no way out for them."""
    return Q(next_at__lte=datetime.now(UTC) - short(NO_SERVER))


def beside(notice_case: NoticeCase) -> QuerySet[NoticeCase]:
    """Return the other notice cases about the same address, in whichever country's portal."""
    found: QuerySet[NoticeCase] = NoticeCase.objects.filter(address_key=notice_case.address_key)
    return found.exclude(pk=notice_case.pk).exclude(address_key="")


def has_beside(referral: Referral) -> bool:
    """Return whether another case about the same address, in the country of this letter to the police, tells a host or could."""
    others = beside(referral.notice_case).exclude(state="stopped").filter(portal__country=referral.portal.country)
    return referral.kind in TO_POLICE and others.exists()


def keeps_waiting(referral: Referral) -> bool:
    """Return whether a case may wait for an answer by this letter to the police, since they may hold the case of the letter: another one
    about the address, or the case itself where it was begun anew without asking them, or where it was decided and has no host that waits,
    also since its content is gone: then others do, as a hotline abroad."""
    if referral.kind not in TO_POLICE:
        return False
    doubtful, ours = _to_police().filter(_is_doubtful(), notice_case=referral.notice_case_id), referral.notice_case
    has_host = ours.tells_host and ours.state != "stopped"
    was_unasked = has_host and not ours.tells_police
    is_decided = referral.kind == "referral" and ours.stopped_why != WITHDRAWN_AFTER_REVIEW
    has_others = ours.tells_police and not has_host and is_decided
    return doubtful.exists() and (was_unasked or has_others or has_beside(referral))


def in_doubt(waiting: Collection[int] = ()) -> QuerySet[Referral]:
    """Return the newest letter to the police of each case that they may hold since a restoring, and by which somebody still waits for what
    they say: a host or others who are told of the case, or of another one about its address. `waiting`: cases of which others are known to
    wait, also where all else about these is over."""
    others = NoticeCase.objects.filter(address_key=OuterRef(KEY), portal__country=OuterRef("portal__country"))
    others = others.exclude(pk=OuterRef("notice_case")).exclude(state="stopped").exclude(address_key="")
    tells = Q(notice_case__tells_host=True) | Q(notice_case__tells_police=True, kind="referral")
    waits = (tells & ~Q(notice_case__state="stopped")) | Q(Exists(others)) | Q(case_id__in=waiting, kind="referral")
    doubtful = _to_police().filter(_is_doubtful()).filter(waits)
    newest = doubtful.order_by().values("notice_case").annotate(newest=Max("pk")).values("newest")
    return _to_police().filter(pk__in=newest)


def holders_of(notice_cases: QuerySet[NoticeCase]) -> dict[int, int | None]:
    """Return, by notice case, another one about the same address that the police of the same country hold, or may hold since a
    restoring, also if nothing is sent about that any more, or None. As long as they hold one, no host is told by any of these cases. One query."""
    surest_first = _holds_beside().order_by(F("hold_until").desc(nulls_last=True))
    found = notice_cases.annotate(holder=Subquery(surest_first.values("notice_case")[:1]))
    return dict(found.values_list("pk", "holder"))


def held_addresses() -> Q:
    """Return the condition on notice cases that the police hold a case at their address, or may. Three queries at most, and no more than
    the letters by which they hold one where nothing was restored lately."""
    since = trusted_now(datetime.now(UTC)) - longest_hold()
    held = Q(address_key__in=_to_police().filter(state="held").values(KEY))
    put_back = NoticeCase.objects.filter(put_back_at__gt=since)
    restored = last_restoration()
    if put_back.exists() or (restored is not None and restored.taken_up_at > since):
        held |= Q(address_key__in=_to_police().filter(_is_doubtful()).values(KEY))
    return held


def _to_police() -> QuerySet[Referral]:
    found: QuerySet[Referral] = Referral.objects.filter(kind__in=TO_POLICE)
    return found


def came_back() -> bool:
    """Return whether anything was ever restored or put back here. Nearly always nothing was: then nobody has to ask the rest, which is much."""
    put_back = NoticeCase.objects.filter(put_back_at__isnull=False).order_by().values_list("pk")
    return bool(put_back.union(restorations(), all=True).exists())


def _may_have_held(*, if_let_go: bool) -> Q:
    """Return the condition on letters to the police that they had it before a restoring, or before it was put back, and that since then
    they didn't let the notice go, nor did a hold end that they asked for since. A note or a receipt is neither, and in an urgent case
    one person's word for them isn't either. `if_let_go`: also where they, or time, had let it go before."""
    if not came_back():
        return NONE
    of_case = _to_police().filter(notice_case=OuterRef("notice_case"))
    is_valid = Q(decided_by=None) | Q(released_with__isnull=False) | ~Exists(of_case.filter(urgent=True))
    let_go = of_case.filter(is_valid, state__in=FREE)
    over = of_case.filter(state__in=FREE, pk__gte=OuterRef("pk"))
    restored, found = restored_at(), Q()
    for before, since in ((Q(created_at__lt=restored), restored), (Q(created_at__lt=F(PUT_BACK)), OuterRef(PUT_BACK))):
        doubted = before & ~Q(Exists(let_go.filter(decided_at__gte=since)))
        if not if_let_go:
            doubted &= ~Q(Exists(over.filter(Q(decided_at=None) | Q(decided_at__lt=since))))
        found |= doubted
    return found


def _may_last() -> Q:
    """Return the condition on letters to the police that a hold of before a restoring, or before the case was put back, may last still, as
    far as the clock is trusted."""
    lasts, found = longest_hold(), Q()
    for moment, for_clock in ((taken_up_at(), taken_up_at()), (F(PUT_BACK), OuterRef(PUT_BACK))):
        is_recent = GreaterThan(moment, datetime.now(UTC) - lasts)
        ends = ExpressionWrapper(for_clock + lasts, DateTimeField())
        found |= Q(is_recent) | Q(doubts(that=ends))
    return found


def _is_doubtful() -> Q:
    """Return the condition on letters to the police that they may hold its case, whatever became of that, and that no host was told of it
    in its round: what was told can't be held. What they may have said is lost, but no hold lasts longer than the longest."""
    if not came_back():
        return NONE
    of_round = NoticeItem.objects.filter(notice_case=OuterRef("notice_case"), round=OuterRef("notice_case__round"))
    return _may_have_held(if_let_go=False) & _may_last() & ~Q(Exists(of_round.filter(TOLD)))


def _holds_beside() -> QuerySet[Referral]:
    holds = _to_police().filter(Q(state="held") | _is_doubtful())
    held: QuerySet[Referral] = holds.filter(
        notice_case__address_key=OuterRef("address_key"),
        portal__country=OuterRef("portal__country"),  # theirs who were written to, wherever the case is now
    ).filter(
        GreaterThan(OuterRef("address_key"), Value(""))
    )  # of the outer row: else each without one is compared with all of them
    return held.exclude(notice_case=OuterRef("pk"))


def holds_at(*address_keys: str) -> QuerySet[Referral]:
    """Return the letters by which the police hold a case about one of these addresses, or may."""
    at_these = _to_police().filter(notice_case__address_key__in=[key for key in address_keys if key])
    return at_these.filter(Q(state="held") | _is_doubtful())


def is_held_beside() -> Exists:
    """Return the condition on notice cases that there is such another one."""
    return Exists(_holds_beside())


def is_held_itself() -> Q:
    """Return the condition on notice cases that the police hold them, by a letter of whichever round: also one that was begun anew without
    asking them. Of such a one also that they may, since nobody waits for their answer."""
    ours = _to_police().filter(notice_case=OuterRef("pk"))
    may_be = Q(tells_police=False) & Q(Exists(ours.filter(_is_doubtful())))
    return Q(Exists(ours.filter(state="held"))) | may_be


def holder_of(notice_case: NoticeCase) -> int | None:
    """Return the same for one of them."""
    return holders_of(NoticeCase.objects.filter(pk=notice_case.pk)).get(notice_case.pk)


def goes_on_at(
    notice_cases: Iterable[NoticeCase], known: Iterable[Referral] | None = None, *, gates: Collection[str] = ("police",)
) -> dict[int, datetime]:
    """Return, by notice case that waits for the police (its gate is one of `gates`), when their time is over. It says nothing of one
    that goes on only once they, or a person for them, say so, or end their hold on another case. Two queries at most; one where the
    referrals of these cases are `known`, oldest first."""
    waiting = {one.pk: one for one in notice_cases if one.state in gates and one.tells_host}
    of_them = Referral.objects.filter(notice_case__in=waiting).order_by("pk") if known is None else known
    letters = [one for one in of_them if one.kind in TO_POLICE and one.notice_case_id in waiting]
    deciding = {one.notice_case_id: one for one in letters if one.round == waiting[one.notice_case_id].round}
    held = {one.pk: one.notice_case_id for one in letters if one.state == "held"}
    due = due_at(REFERRAL_TIME, list(held))
    found: dict[int, datetime] = {}
    for letter in letters:
        if letter.pk in due and letter.notice_case_id not in deciding:  # begun anew without asking them
            ends = max(due[letter.pk], letter.hold_until or due[letter.pk])
            found[letter.notice_case_id] = min(found.get(letter.notice_case_id, ends), ends)
    for pk, letter in deciding.items():
        others = [one for one in letters if held.get(one.pk) == pk and one.pk != letter.pk]
        at = _over_at(letter, others, due)
        if at is not None:
            found[pk] = at
    return found


def _over_at(letter: Referral, held: Sequence[Referral], due: Mapping[int, datetime]) -> datetime | None:
    """Return when time alone ends what the letter that decides for a case waits for, and the holds by the other letters that are `held`: it
    shares those of its portal, and another portal's last beside it. None where one has no end. `due`: when it is looked whether they are
    over."""
    theirs = [one for one in held if one.portal_id != letter.portal_id]
    if letter.state == "held":
        shared = [due[one.pk] for one in held if one not in theirs and one.pk in due]
        own = hold_over_at(standing_of(letter), due.get(letter.pk), shared, police_wait())
    else:
        own = None if theirs and letter.state in FREE else letter.wait_until
    ends = [due[one.pk] for one in theirs if one.pk in due]
    is_without_end = len(ends) < len(theirs) or (own is None and letter.state not in FREE)
    return None if is_without_end else max([*ends, *([own] if own else [])], default=None)


def case_goes_on_at(case_id: int) -> datetime | None:
    """Return the same for the notice case of a case."""
    return next(iter(goes_on_at(NoticeCase.objects.filter(case_id=case_id)).values()), None)


def host_told_at(notice_cases: Sequence[NoticeCase]) -> dict[int, datetime]:
    """Return when the first notice to a host, or to whoever the ladder tells, was sent in the round of each notice case. One query."""
    rounds = {one.pk: one.round for one in notice_cases}
    sent = NoticeItem.objects.filter(TOLD, notice_case__in=rounds)
    rows = sent.order_by("-notice__sent_at").values_list("notice_case", "round", "notice__sent_at")
    return {pk: at for pk, number, at in rows if at is not None and number == rounds[pk]}


def may_be_held(notice_case: NoticeCase) -> bool:
    """Return whether the police may have said between a backup and its restoring that it must wait: they had a letter about it before,
    and since then they didn't let it go (`_may_have_held`). A letter that they get once no hold of then can last has its own time."""
    letters = _to_police().filter(_may_have_held(if_let_go=True), notice_case=notice_case)
    return letters.exists() and not _is_asked_since(notice_case)


def _is_asked_since(notice_case: NoticeCase) -> bool:
    """Return whether the letter that decides was written when no hold of before could last any more, as far as the clock is trusted."""
    newest, restored, put_back_at = newest_referral(notice_case), last_restoration(), notice_case.put_back_at
    moments = ([restored.taken_up_at] if restored else []) + ([put_back_at] if put_back_at else [])
    if newest is None or not moments:
        return False
    over_at = max(moments) + longest_hold()
    return over_at <= newest.created_at and over_at <= trusted_now(datetime.now(UTC))


def has_no_end(notice_case: NoticeCase) -> bool:
    """Return whether this waits for what the police say of it and no time ends that, since what they said before a restoring may be
    lost."""
    waits = notice_case.state not in ("open", "person") and may_be_held(notice_case)
    if not waits or goes_on_at([notice_case], gates=("police", "address")):
        return False
    held = _to_police().filter(
        notice_case=notice_case, state="held"
    )  # since then, perhaps in a case that tells no host
    return not due_at(REFERRAL_TIME, list(held.values_list("pk", flat=True)))
