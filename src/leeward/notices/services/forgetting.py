"""What was taken back, in mail that quotes our letters to the police: looked for a few hundred mails at a time, each in a transaction of
its own, so that nobody else waits, and a job that was interrupted goes on where it was."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import batched, chain
from typing import Any

from django.db.models import Min, Q, QuerySet

from leeward.audit.services import hotline_transaction
from leeward.jobs.services import erased, schedule
from leeward.notices.models import MOST_SUBJECT, InboundMail, NoticeCase, Referral
from leeward.notices.rules.briefs import CaseBrief, read, written
from leeward.notices.rules.documents import with_texts
from leeward.notices.rules.quoted import Pieces, pieces_of, quoted_in, without_pieces
from leeward.notices.writing.kept_brief import LookedFor, Texts, is_named_only_by, keep_texts, texts_of
from leeward.sealing.fields import opened_rows, opened_strictly
from leeward.sealing.services import forget, open_rows

FORGET = "notices.forget_quoted"
_AT_ONCE = 100  # mails whose text is opened together
_A_RUN = 500


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
    if is_named_only_by({report_id}, brief, before):
        notice_case.brief = written(replace(brief, address=""))
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
    """Take what was taken back of a notice case out of the next mails that may quote it: all since the first letter about it that answer
    letters to the police, or nothing. Return whether there are more. Raises WordsLocked."""
    notice_case = NoticeCase.objects.get(pk=notice_case_id)
    texts = texts_of(notice_case)
    if not texts.looked_for:
        return False
    after = min(one.after for one in texts.looked_for.values())
    gone = pieces_of(chain.from_iterable(one.lines for one in texts.looked_for.values()))
    mails = list(_mail_about(notice_case).filter(pk__gt=after).order_by("pk")[:_A_RUN])
    for some in batched(mails, _AT_ONCE):
        open_rows(some)
        for mail in some:
            if _without(mail, gone, Pieces()) != [opened_strictly(mail, "text"), mail.subject, mail.documents]:
                _forget_in(mail.pk, gone, pieces_of(_staying(notice_case, mail, texts.looked_for)))
    with hotline_transaction():
        notice_case = NoticeCase.objects.select_for_update().get(pk=notice_case_id)
        last = mails[-1].pk if len(mails) == _A_RUN else None
        left = _gone_through(texts_of(notice_case), texts.looked_for, last)
        _put(notice_case, left)
    return bool(left.looked_for)


def _gone_through(texts: Texts, looked_for: Mapping[int, LookedFor], last: int | None) -> Texts:
    """Return the texts after these were looked for in all mails up to the last one, or in all that there are; what came to it meanwhile
    begins with the first."""
    later = {number: one for number, one in texts.looked_for.items() if looked_for.get(number) != one}
    if last is not None:
        gone_on = {number: replace(one, after=max(one.after, last)) for number, one in texts.looked_for.items()}
        later = {**gone_on, **later}
    return replace(texts, looked_for=later)


def _mail_about(notice_case: NoticeCase) -> QuerySet[InboundMail]:
    """Return the mail that may quote letters to the police about a case."""
    since = Referral.objects.filter(notice_case=notice_case).aggregate(first=Min("created_at"))["first"]
    if since is None:
        return InboundMail.objects.none()
    return InboundMail.objects.filter(notice=None, payment_alert=None, received_at__gte=since)


def _staying(notice_case: NoticeCase, mail: InboundMail, looked_for: Mapping[int, LookedFor]) -> Iterator[str]:
    """Yield what stays in a mail, whoever else said it: addresses, and what others said at this case and those that the mail is about."""
    for one in looked_for.values():
        yield from one.addresses
    for about in [notice_case, *_cases_of(mail).exclude(pk=notice_case.pk)]:
        texts = texts_of(about)
        yield read(about.brief).address
        yield from (
            line for line, number in zip(texts.lines, texts.lines_from, strict=False) if number not in looked_for
        )
        yield from chain.from_iterable(lines for number, lines in texts.in_full.items() if number not in looked_for)


def _cases_of(mail: InboundMail) -> QuerySet[NoticeCase]:
    """Return the cases of the letter to the police that a mail answers: more than one where it summed up several."""
    if mail.referral is None:
        return NoticeCase.objects.none()
    lead = mail.referral.mail_of_id or mail.referral.pk
    letters = Referral.objects.filter(Q(pk=lead) | Q(mail_of=lead))
    return NoticeCase.objects.filter(pk__in=letters.values("notice_case"))


def _forget_in(mail_id: int, gone: Pieces, left: Pieces) -> None:
    with hotline_transaction():
        mail = InboundMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
        before = [opened_strictly(mail, "text"), mail.subject, mail.documents]
        after = _without(mail, gone, left)
        if after == before:
            return
        text, mail.subject, mail.documents = after
        changed = ["subject", "documents"]
        if text != before[0]:  # else it stays under its key
            forget(InboundMail.objects.filter(pk=mail.pk), "text")
            mail.text = text
            changed.append("text")
        mail.save(update_fields=changed)
        erased(InboundMail)


def _without(mail: InboundMail, gone: Pieces, left: Pieces) -> list[Any]:
    """Return a mail's text, its subject and what programs read in it, which nobody may have been able to take in, without pieces."""
    take = partial(without_pieces, gone=gone, left=left)
    documents = [with_texts(one, take) for one in mail.documents]
    return [take(opened_strictly(mail, "text")), take(mail.subject)[:MOST_SUBJECT], documents]


def _put(notice_case: NoticeCase, texts: Texts) -> None:
    keep_texts(notice_case, texts)
    notice_case.save(update_fields=["reporter_texts"])
    erased(NoticeCase)
