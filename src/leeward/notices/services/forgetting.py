"""What was taken back, in mail that quotes our letters to the police: looked for in some mails at a time, each in a transaction of its
own, so that nobody else waits. A run ends after a minute and keeps how far it came, so that no mail, however much work it makes, keeps
what comes after it from being looked through."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import batched, chain
from time import monotonic
from typing import Any

from django.db.models import Min, Q, QuerySet
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.jobs.services import erased, schedule
from leeward.notices.models import (
    MOST_SUBJECT,
    InboundMail,
    Notice,
    NoticeCase,
    NoticeItem,
    PaymentAlertCase,
    Referral,
)
from leeward.notices.rules.briefs import CaseBrief, read, written
from leeward.notices.rules.documents import with_texts
from leeward.notices.rules.name_acts import TO_OUR_POLICE
from leeward.notices.rules.quoted import Pieces, pieces_of, quoted_in, without_pieces
from leeward.notices.writing.kept_brief import LookedFor, Texts, keep_texts, texts_of, without_named
from leeward.sealing.fields import opened_rows, opened_strictly
from leeward.sealing.services import forget, open_rows

FORGET = "notices.forget_quoted"
_AT_ONCE = 20  # mails that are opened together; then it is kept how far it came
_A_RUN = 500
_SECONDS = 60  # the mail that is being looked through then is the run's last
_MOST_LEFT = 20_000_000  # characters of what others wrote, put in order for one mail

type _Left = Callable[[InboundMail], list[Pieces]]


def forget_reporter_texts(
    case_ids: Collection[int], *, report_id: int, left: Mapping[int, CaseBrief], addresses: Collection[str]
) -> None:
    """Keep no words of a report that was taken back where they are kept for messages about the cases, also about those that nothing is
    sent about any more; and have them looked for in mail that quotes such messages, but for these addresses, and what others say.
    `left`: what is left to be said of a case, where an older version kept whose words are whose. Raises WordsLocked."""
    with hotline_transaction():
        for numbers in batched(sorted(case_ids), _A_RUN):
            rows = NoticeCase.objects.select_for_update().filter(case_id__in=numbers).order_by("pk")
            for notice_case in opened_rows(rows):
                _forget_report(notice_case, report_id, left.get(notice_case.case_id), addresses)


def _forget_report(notice_case: NoticeCase, report_id: int, left: CaseBrief | None, addresses: Collection[str]) -> None:
    before, brief = texts_of(notice_case), read(notice_case.brief)
    texts, gone = _without_report(before, report_id, left)
    if gone and _mail_about(notice_case).exists():
        looked_for = LookedFor(gone, tuple(addresses))
        texts = replace(texts, looked_for={**texts.looked_for, report_id: looked_for})
    if (without := without_named(report_id, brief, before)) != brief:
        notice_case.brief = written(without)
        notice_case.save(update_fields=["brief"])
        erased(NoticeCase)
    if texts != before:
        _put(notice_case, texts)
    if texts.looked_for:
        schedule(FORGET, subject_id=notice_case.pk, hotline_id=notice_case.hotline_id)


def _without_report(before: Texts, report_id: int, left: CaseBrief | None) -> tuple[Texts, tuple[str, ...]]:
    """Return the texts without those of a report, and what it said. Where it isn't known which line is whose, those that are `left` take
    the place of all."""
    others = {number: lines for number, lines in before.in_full.items() if number != report_id}
    gone = before.in_full.get(report_id, ())
    if len(before.lines_from) == len(before.lines):
        staying = [one for one in zip(before.lines, before.lines_from, strict=True) if one[1] != report_id]
        staying = staying if any(number for _line, number in staying) else []
        lines, numbers = tuple(line for line, _number in staying), tuple(number for _line, number in staying)
        return Texts(lines, numbers, others, before.looked_for), gone
    if left is None:
        return replace(before, in_full=others), gone
    if not (before.in_full or before.looked_for or before.lines_from):
        kept = {quoted_in(line) for line in left.reporter_texts}
        gone = tuple(line for line in before.lines if quoted_in(line) and quoted_in(line) not in kept)
        others = {number: lines for number, lines in left.full_texts if number != report_id}
    return Texts(left.reporter_texts, left.texts_from, others, before.looked_for), gone


def forget_quoted(notice_case_id: int) -> bool:
    """Take what was taken back of a notice case out of the next mails that may quote it (`_mail_about`). Return whether there are more.
    Raises WordsLocked."""
    notice_case = NoticeCase.objects.get(pk=notice_case_id)
    every = texts_of(notice_case).looked_for
    if not every:
        return False
    # Those that came furthest: whoever takes something back later keeps nobody's search from its end.
    after = max(one.after for one in every.values())
    looked_for = {number: one for number, one in every.items() if one.after == after}
    gone, left = pieces_of(chain.from_iterable(one.lines for one in looked_for.values())), _left(notice_case, every)
    count, ends = 0, monotonic() + _SECONDS
    while True:
        most = min(_AT_ONCE, _A_RUN - count)
        mails = list(_mail_about(notice_case).filter(pk__gt=after).order_by("pk")[:most])
        open_rows(mails)
        seen = _looked_through(mails, gone, left, ends)
        count, is_last = count + seen, seen == len(mails) < most
        after = mails[seen - 1].pk if seen else after
        looked_for, is_more = _gone_through(notice_case_id, looked_for, None if is_last else after)
        if not looked_for or count == _A_RUN or monotonic() >= ends:
            return is_more


def _looked_through(mails: Sequence[InboundMail], gone: Pieces, left: _Left, ends: float) -> int:
    """Take these pieces out of mails, of one at least, until the time is over; return how many were looked through."""
    for number, mail in enumerate(mails, start=1):
        _look_through(mail, gone, left)
        if monotonic() >= ends:
            return number
    return len(mails)


def _gone_through(
    notice_case_id: int, looked_for: Mapping[int, LookedFor], last: int | None
) -> tuple[dict[int, LookedFor], bool]:
    """Keep that these were looked for in all mails up to the last one, or in all that there are. Return them as they are kept now, and
    whether anything is still looked for."""
    with hotline_transaction():
        notice_case = NoticeCase.objects.select_for_update().get(pk=notice_case_id)
        texts = texts_of(notice_case)
        others = {number: one for number, one in texts.looked_for.items() if looked_for.get(number) != one}
        goes_on = {
            number: replace(one, after=last)
            for number, one in texts.looked_for.items()
            if number not in others and last is not None
        }
        _put(notice_case, replace(texts, looked_for={**goes_on, **others}))
    return goes_on, bool(goes_on or others)


def _mail_about(notice_case: NoticeCase) -> QuerySet[InboundMail]:
    """Return the mail since the first letter to the police about a case that may quote it: what answers any letter to our police, or
    whatever else was sent about the case; and what is about nothing, also where it is another hotline's, for all have one mailbox."""
    since = Referral.objects.filter(notice_case=notice_case).aggregate(first=Min("created_at"))["first"]
    if since is None:
        return InboundMail.objects.none()
    notices = Notice.objects.filter(Q(items__notice_case=notice_case) | Q(kind__in=TO_OUR_POLICE))
    alerts = PaymentAlertCase.objects.filter(case_id=notice_case.case_id)
    about_it = Q(referral__isnull=False) | Q(notice__in=notices) | Q(payment_alert__in=alerts.values("alert"))
    about_nothing = Q(notice=None, referral=None, payment_alert=None)
    ours = Q(hotline=notice_case.hotline_id) & about_it
    return InboundMail.of_every_hotline.filter(ours | about_nothing, received_at__gte=since)


def _left(notice_case: NoticeCase, looked_for: Mapping[int, LookedFor]) -> _Left:
    """Return what gives the pieces that stay in a mail, whoever else said them: addresses, and what others said at this case and at those
    that the mail is about. They are put in order when they are first needed, and kept for the next mails of a run."""

    @lru_cache(maxsize=1)
    def here() -> Pieces:
        addresses = chain.from_iterable(one.addresses for one in looked_for.values())
        return pieces_of(chain(addresses, _lines_left(notice_case, looked_for, _MOST_LEFT)))

    @lru_cache(maxsize=2)
    def there(letter: int | None, notice: int | None) -> Pieces:
        cases = _cases_of(letter, notice).exclude(pk=notice_case.pk)
        most = _MOST_LEFT // max(cases.count(), 1)
        return pieces_of(chain.from_iterable(_lines_left(one, looked_for, most) for one in cases.iterator(10)))

    def left(mail: InboundMail) -> list[Pieces]:
        letter = (mail.referral.mail_of_id or mail.referral.pk) if mail.referral else None
        is_about = letter is not None or mail.notice_id is not None
        return [here(), *([there(letter, mail.notice_id)] if is_about else [])]

    return left


def _lines_left(notice_case: NoticeCase, looked_for: Collection[int], most: int) -> Iterator[str]:
    """Yield what stays of a case; of so much that it is more than `most` characters, what was written by those who wrote least."""
    texts = texts_of(notice_case)
    yield read(notice_case.brief).address
    yield from (line for line, number in zip(texts.lines, texts.lines_from, strict=False) if number not in looked_for)
    others = [lines for number, lines in texts.in_full.items() if number not in looked_for]
    for lines in sorted(others, key=lambda lines: sum(map(len, lines))):
        most -= sum(map(len, lines))
        if most < 0:
            return
        yield from lines


def _cases_of(letter: int | None, notice: int | None) -> QuerySet[NoticeCase]:
    """Return the cases of a letter to the police, or of a notice: more than one where it summed up several."""
    if letter is None:
        return NoticeCase.objects.filter(pk__in=NoticeItem.objects.filter(notice=notice).values("notice_case"))
    letters = Referral.objects.filter(Q(pk=letter) | Q(mail_of=letter))
    return NoticeCase.objects.filter(pk__in=letters.values("notice_case"))


def _look_through(mail: InboundMail, gone: Pieces, left: _Left) -> None:
    """Take these pieces out of a mail, in the scope of the hotline that has it; what that takes is worked out before its transaction."""
    before = _words_of(mail)
    if _without(before, gone) == before:
        return
    pieces = left(mail)
    after = _without(before, gone, *pieces)
    if after == before:
        return
    with scope(hotline=mail.hotline_id), hotline_transaction():
        kept = InboundMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
        if (now := _words_of(kept)) != before:  # its documents were taken in meanwhile
            after = _without(now, gone, *pieces)
        text, kept.subject, kept.documents = after
        changed = ["subject", "documents"]
        if text != now[0]:  # else it stays under its key
            forget(InboundMail.objects.filter(pk=kept.pk), "text")
            kept.text = text
            changed.append("text")
        kept.save(update_fields=changed)
        erased(InboundMail)


def _words_of(mail: InboundMail) -> list[Any]:
    """Return a mail's text, its subject and what programs read in it, which nobody may have been able to take in."""
    return [opened_strictly(mail, "text"), mail.subject, mail.documents]


def _without(held: list[Any], gone: Pieces, *left: Pieces) -> list[Any]:
    text, subject, documents = held

    def take(text: str) -> str:
        return without_pieces(text, gone, *left)

    return [take(text), take(subject)[:MOST_SUBJECT], [with_texts(one, take) for one in documents]]


def _put(notice_case: NoticeCase, texts: Texts) -> None:
    keep_texts(notice_case, texts)
    notice_case.save(update_fields=["reporter_texts"])
    erased(NoticeCase)
