"""A timeline of what was told and answered about a case."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from leeward.backup.queries import holds_back, is_held
from leeward.jobs.clockwatch import doubts
from leeward.jobs.queries import due_at
from leeward.notices.models import (
    WITHDRAWN_AFTER_REVIEW,
    InboundMail,
    Message,
    NoticeCase,
    NoticeItem,
    PaymentAlert,
    PaymentAlertCase,
    Referral,
    Reply,
)
from leeward.notices.queries.entered import waiting_parts
from leeward.notices.queries.history_row import HistoryRow
from leeward.notices.queries.hosts import time_over_at, why_beside, why_no_day
from leeward.notices.queries.labels import OUTCOMES, PAYMENT_ANSWERS, answer_word, kind_word, problem_word, why_word
from leeward.notices.queries.mails import by_case, letter_to_firm, letters_of_each, mails_to, messages_of, page_of_mails
from leeward.notices.queries.police_answers import PoliceAct, PoliceAnswers, police_answers
from leeward.notices.queries.redirects import open_redirect_of
from leeward.notices.recipients import without_recipient
from leeward.notices.rules.at_risk import read
from leeward.notices.rules.delivery import GIVEN_UP
from leeward.notices.rules.ladder import ADVANCE, LADDER_KINDS
from leeward.notices.rules.payments import read as read_brief
from leeward.notices.rules.police_first import PROBLEMS as UNTOLD
from leeward.notices.rules.police_first import SETTLE_PAGE
from leeward.notices.rules.redirects import PAGE
from leeward.notices.writing.payments import payee_words
from leeward.web_security.paging import Page

MOST_ALERTS = 100


def history_of(case_id: int) -> list[HistoryRow]:
    """Return what people outside were told about a case and what they said, oldest first; the next step comes last."""
    return histories_of([case_id])[case_id]


def histories_of(case_ids: Sequence[int]) -> dict[int, list[HistoryRow]]:
    """Return the same of each of several cases, as of one that took in others; few more queries than of one."""
    has_alerts = Exists(PaymentAlertCase.objects.filter(case_id=OuterRef("case_id")))
    of_items = NoticeItem.objects.select_related("notice__contact").order_by("pk")
    found = Referral.objects.select_related("contact", "notice_case", "portal").annotate(
        has_alerts=has_alerts,
        has_items=Exists(of_items.filter(case_id=OuterRef("case_id"))),
        has_mails=Exists(InboundMail.objects.filter(Q(referral=OuterRef("pk")) | Q(referral=OuterRef("mail_of")))),
        doubted=doubts(),
        is_nothing_sent=holds_back(),
    )
    referrals: list[Any] = [*found.filter(case_id__in=case_ids).order_by("pk")]
    firsts = {one.case_id: one for one in reversed(referrals)}
    with_items = [number for number in case_ids if number not in firsts or firsts[number].has_items]
    items = list(of_items.filter(case_id__in=with_items)) if with_items else []
    messages = messages_of(referrals, items)
    answers = police_answers(referrals)
    mails: dict[int, list[HistoryRow]] = {}
    if items or any(one.has_mails for one in referrals):
        mails = mails_to(letters_of_each(case_ids, referrals, items, messages))
    others = [number for number in case_ids if number not in firsts]
    of_cases = NoticeCase.objects.annotate(has_alerts=has_alerts).filter(case_id__in=others) if others else []
    untold: dict[int, Any] = {one.case_id: one for one in of_cases}
    replies = _replies(referrals, items, [*(one.notice_case for one in firsts.values()), *untold.values()])
    rows = defaultdict[int, list[HistoryRow]](list)
    for one in referrals:
        message = messages.get(("R", one.mail_of_id or one.pk))
        rows[one.case_id] += (
            _of_protection(one, message) if one.kind == "protection" else _of_referral(one, message, answers[one.pk])
        )
    for item in items:
        rows[item.case_id] += _of_item(item, messages.get(("N", item.notice_id)))
    ours, theirs = by_case(referrals), by_case(items)
    return {
        number: _in_order(
            [*rows[number], *mails.get(number, ()), *replies.get(number, ())],
            untold.get(number),
            ours.get(number, []),
            theirs.get(number, []),
        )
        for number in case_ids
    }


def _in_order(rows: list[HistoryRow], untold: Any, referrals: list[Any], items: list[NoticeItem]) -> list[HistoryRow]:
    """Return the history of one case with what is true of it now; `untold`: its notice case where it has no letter."""
    notice_case = referrals[0].notice_case if referrals else untold
    rows += _of_matter(notice_case, referrals, items) if notice_case else []
    if getattr(referrals[0] if referrals else untold, "has_alerts", False):
        rows += _of_alerts(notice_case.case_id)
    return sorted(rows, key=lambda row: (row.state == "later", row.at))


def mails_of(case_ids: Sequence[int], number: str | int | None) -> Page[tuple[int, HistoryRow]]:
    """Return one page of all mails that answer letters about these cases, newest first, each with its case."""
    referrals = list(Referral.objects.select_related("contact").filter(case_id__in=case_ids).order_by("pk"))
    items = list(NoticeItem.objects.select_related("notice__contact").filter(case_id__in=case_ids).order_by("pk"))
    return page_of_mails(letters_of_each(case_ids, referrals, items, messages_of(referrals, items)), number)


def _of_alerts(case_id: int) -> list[HistoryRow]:
    """Return which payment firms were told about payees of this case, and what they answered. What is paid to is not named, nor
    are the firm's words: it may stand only in a report, which not everybody here may read."""
    mine = PaymentAlertCase.objects.filter(case_id=case_id).order_by("-alert_id").values_list("alert_id", flat=True)
    numbers = list(mine[:MOST_ALERTS])
    about = PaymentAlert.objects.filter(Q(pk__in=numbers) | Q(withdraws__in=numbers))
    alerts = {row.pk: row for row in about.select_related("contact").order_by("pk")}
    rows, letters = [], {}
    for message in Message.objects.filter(kind="payment", subject_id__in=list(alerts)).order_by("pk"):
        alert = alerts[message.subject_id]
        letters["P", alert.pk] = letter_to_firm(alert, message)
        title = _("Payment firm told") if alert.withdraws_id is None else _("Alert to a payment firm withdrawn")
        gone = _gone(message, "payment", title, alert.contact.email, alert.pk)
        rows.append(_with_note(gone, payee_words(read_brief(alert.brief))))
    return [
        *rows,
        *(row for alert in alerts.values() for row in _answer_of(alert)),
        *mails_to({case_id: letters})[case_id],
    ]


def _answer_of(alert: PaymentAlert) -> list[HistoryRow]:
    to = alert.contact.email
    if alert.answered_at:
        title = _("Answer: %(answer)s") % {"answer": PAYMENT_ANSWERS[alert.answer]}
        return [HistoryRow(alert.answered_at, "payment_answered", title, to=to, subject_id=alert.pk)]
    if alert.due_at and alert.withdraws_id is None and alert.due_at > datetime.now(UTC):
        title = _("Answer of the payment firm expected")
        return [HistoryRow(alert.due_at, "payment_due", title, state="later", to=to, subject_id=alert.pk)]
    return []


def _replies(
    referrals: Sequence[Referral], items: Sequence[NoticeItem], notice_cases: Iterable[NoticeCase]
) -> dict[int, list[HistoryRow]]:
    """Return, by case, what those who were told heard about a review."""
    was_entered = any(referral.answered_by_id is not None for referral in referrals)
    is_withdrawn = any(one.stopped_why == WITHDRAWN_AFTER_REVIEW for one in notice_cases)
    if not (was_entered or is_withdrawn or any(item.answered_at for item in items)):
        return {}
    found = Reply.objects.select_related("contact").filter(Q(referral__in=referrals) | Q(item__in=items))
    replies = {reply.pk: reply for reply in found}
    titles = {
        "withdrawn": _("Notice withdrawn"),
        "kept": _("Decision upheld: notice sent"),
        "recorded": _("Police told what was entered as their answer"),
    }
    case_of = {one.pk: one.case_id for one in referrals}
    case_of_item = {item.pk: item.case_id for item in items}
    rows = defaultdict[int, list[HistoryRow]](list)
    for message in Message.objects.filter(kind="reply", subject_id__in=list(replies)) if replies else ():
        reply = replies[message.subject_id]
        number = case_of[reply.referral_id] if reply.referral_id else case_of_item[reply.item_id or 0]
        rows[number].append(_gone(message, "reply", titles[reply.what], reply.contact.email, reply.pk))
    return rows


def _of_protection(referral: Referral, message: Message | None) -> list[HistoryRow]:
    """Return what a child-protection office was told, and what it or one of us for it said came of it."""
    to = referral.contact.email if referral.contact else ""
    rows = [_gone(message, "protection", _("Child protection told"), to, referral.pk)] if message is not None else []
    if referral.acknowledged_at:
        title = _("Child protection confirmed that they have it")
        rows.append(_entered(referral, "acknowledged", referral.acknowledged_at, title))
    if referral.outcome_at:
        title = _("What came of it: %(word)s") % {"word": OUTCOMES[referral.outcome]}
        rows.append(_entered(referral, "outcome", referral.outcome_at, title))
    elif by := read(referral.statement).answer_by:
        title = _("Answer from child protection expected")
        rows.append(HistoryRow(by, "protection_due", title, state="later", subject_id=referral.pk))
    if referral.note and referral.answered_at:
        title = _("In words, from child protection or whoever spoke with them")
        rows.append(HistoryRow(referral.answered_at, "protection_words", title, referral.note, subject_id=referral.pk))
    return [
        replace(row, what=row.what if row.what.startswith("protection") else f"protection_{row.what}") for row in rows
    ]


def _of_referral(referral: Referral, message: Message | None, answers: PoliceAnswers) -> list[HistoryRow]:
    rows = []
    if message is not None:
        to = referral.contact.email if referral.contact else ""
        rows.append(_gone(message, "referral", _("Police told"), to, referral.pk))
    is_told_by_us = referral.told_how == "person" or "told" in waiting_parts(referral)
    beside = [part for part in answers.beside if is_told_by_us and part.by == referral.told_by_id]
    how = "\n\n".join(part.text for part in beside)
    if referral.told_how == "person" and referral.sent_at:
        title = _("Police told by one of us")
        row = _entered(referral, "told", referral.sent_at, title)
        rows.append(replace(row, what="referral_told", note=how))
    rows += _unconfirmed_rows(referral, how, answers)
    if referral.acknowledged_by_id is not None and referral.acknowledged_at:
        rows.append(_entered(referral, "acknowledged", referral.acknowledged_at, _("The police have it, as entered")))
    if referral.outcome_at:
        title = _("What came of it: %(word)s") % {"word": OUTCOMES[referral.outcome]}
        rows.append(_entered(referral, "outcome", referral.outcome_at, title))
    rows += [_note(referral, part.at, part.text, part.by) for part in answers.beside if part not in beside]
    if answers.old_note:
        rows.append(_note(referral, referral.answered_at or referral.created_at, answers.old_note, None))
    over_at = referral.wait_until if referral.state == "timed_out" else None
    rows += [_answer(referral, act) for act in answers.acts if act.what != "over"]
    rows += [
        _time_over(referral, act.at) for act in answers.acts if act.what == "over" and (not over_at or act.at < over_at)
    ]
    if over_at:
        rows.append(_time_over(referral, over_at))
    return rows


def _note(referral: Referral, at: datetime, text: str, by: int | None) -> HistoryRow:
    return HistoryRow(at, "referral_note", _("Notes"), text, subject_id=referral.pk, entered_by=by)


def _time_over(referral: Referral, at: datetime) -> HistoryRow:
    return HistoryRow(at, "referral_timed_out", _("Time for the police to answer is over"), subject_id=referral.pk)


def _answer(referral: Referral, act: PoliceAct) -> HistoryRow:
    """Return what was said by one act, with the note of that act only."""
    titles = {
        "acknowledged": _("Police confirmed that they have it"),
        "held": _("Police hold the notice"),
        "released": _("Police released the notice"),
    }
    by_hand = {
        "acknowledged": _("Entered by hand: police confirmed that they have it"),
        "held": _("Entered by hand: police hold the notice"),
        "released": _("Entered by hand: police released the notice"),
    }
    title = _("Police answered") if act.by is None else _("Entered by hand: police answered")
    title = (titles if act.by is None else by_hand).get(act.what, title)
    until = _until(act.until, referral.portal.time_zone) if act.until else ""
    return HistoryRow(
        act.at,
        "referral_answered",
        title,
        "\n".join(part for part in (until, act.note) if part),
        subject_id=referral.pk,
        entered_by=act.by,
        stands_behind=act.stands_behind,
    )


def _unconfirmed_rows(referral: Referral, how: str, answers: PoliceAnswers) -> list[HistoryRow]:
    """Return what one of us says about the police that changes nothing before a second person confirms it."""
    titles = {
        "told": _(
            "Somebody here says that they told the police themselves. It counts once a second person has confirmed it."
        ),
        "released": _(
            "Somebody here says that the police release the notice. It counts once a second person has confirmed it."
        ),
    }
    page = reverse("notices_desk:confirm-referral", args=[referral.pk])
    rows = []
    for part in waiting_parts(referral):
        if part in titles:
            alone = next((act for act in reversed(answers.acts) if act.waits), None)
            at, note = (referral.created_at, how) if part == "told" or alone is None else (alone.at, alone.note)
            row = _entered(referral, part, at, titles[part])
            rows.append(replace(row, what=f"referral_said_{part}", note=note, state="now", page=page))
    return rows


def _entered(referral: Referral, part: str, at: datetime, title: str) -> HistoryRow:
    """Return what the police said, with whoever entered it by hand if they did not use their link."""
    return HistoryRow(
        at,
        part,
        title,
        subject_id=referral.pk,
        entered_by=getattr(referral, f"{part}_by_id"),
        stands_behind=getattr(referral, f"{part}_with_id"),
    )


def _until(moment: datetime, zone: str) -> str:
    return _("Until %(day)s") % {"day": moment.astimezone(ZoneInfo(zone)).date().isoformat()}


def _of_item(item: NoticeItem, message: Message | None) -> list[HistoryRow]:
    title = _("Notice %(number)s sent to %(whom)s") % {"whom": kind_word(item.notice.kind), "number": item.step}
    rows = [_gone(message, "notice", title, item.notice.contact.email, item.pk)] if message else []
    if message is not None and message.state == "stopped" and item.notice.state == "sent":
        note = problem_word(GIVEN_UP) if message.problem == GIVEN_UP else ""
        unknown = _("It is not known whether the notice has reached the host.")
        rows = [replace(rows[0], note=f"{note} {unknown}".strip())]
    if item.instead_of and rows:
        note = _("Instead of %(address)s") % {"address": item.instead_of}
        rows = [_with_note(rows[0], note)]
    answers = [
        (datetime.fromisoformat(one["at"]), one["answer"], one["moved_to"] or one["note"]) for one in item.earlier
    ]
    if item.answered_at:
        answers.append((item.answered_at, item.answer, item.moved_to or item.note))
    for at, answer, note in answers:
        label = _("Answer: %(answer)s") % {"answer": answer_word(answer)}
        to = item.notice.contact.email
        rows.append(HistoryRow(at, "notice_answered", label, note, to=to, subject_id=item.pk))
    return rows


def _gone(message: Message, what: str, title: str, to: str, subject_id: int) -> HistoryRow:
    """Return a message's state: sent, perhaps sent, undeliverable, or still waiting."""
    if message.state == "sent":
        return HistoryRow(message.sent_at or message.created_at, f"{what}_sent", title, to=to, subject_id=subject_id)
    at = message.sending_since or message.created_at
    if message.state == "unsure":
        note = _("It is not known whether this message arrived. It is on the list of messages that need a decision.")
        return HistoryRow(at, f"{what}_unsure", title, note, to=to, subject_id=subject_id)
    if message.state in ("dead", "stopped"):
        is_told_why = message.state == "dead" or message.problem == GIVEN_UP
        note = problem_word(message.problem) if is_told_why else _("Not sent: it was no longer needed.")
        return HistoryRow(at, f"{what}_{message.state}", title, note, to=to, subject_id=subject_id)
    note = _("Waiting to be sent.") if not message.problem else problem_word(message.problem)
    return HistoryRow(message.next_at, f"{what}_waiting", title, note, state="later", to=to, subject_id=subject_id)


def _with_note(row: HistoryRow, note: str) -> HistoryRow:
    return HistoryRow(row.at, row.what, row.title, f"{note} {row.note}".strip(), row.state, row.to, row.subject_id)


def _of_matter(notice_case: NoticeCase, referrals: list[Any], items: list[NoticeItem]) -> list[HistoryRow]:
    rows = []
    if notice_case.stopped_at:
        is_over = notice_case.state == "stopped"
        title = _("Requests stopped") if is_over else _("Requests stopped, except to the police")
        why = why_word(notice_case.stopped_why)
        rows.append(HistoryRow(notice_case.stopped_at, "stopped", title, why, subject_id=notice_case.pk))
        if is_over:
            return rows
    sent = (
        one for one in items if one.notice.sent_at and one.notice.state != "dead" and one.notice.kind in LADDER_KINDS
    )
    was_notified = any(one.notice_case_id == notice_case.pk and one.round == notice_case.round for one in sent)
    mine = [one for one in referrals if one.notice_case_id == notice_case.pk]
    doubted = any(one.doubted for one in mine)
    is_nothing_sent = mine[0].is_nothing_sent if mine else notice_case.next_at is not None and is_held()
    has_day = not (was_notified or is_nothing_sent)
    until = time_over_at([notice_case], mine, doubted=doubted).get(notice_case.pk) if has_day else None
    is_nobody_known = until is not None and bool(without_recipient([notice_case]))
    if until is not None and not is_nobody_known:
        title = _("Host is told at the latest")
        rows.append(HistoryRow(until, "notice_due", title, state="later", subject_id=notice_case.pk))
    if problem := notice_case.problem or ("no_contact" if is_nobody_known else ""):
        at = notice_case.next_at or notice_case.started_at
        page = SETTLE_PAGE.format(notice_case=notice_case.pk) if problem in UNTOLD else ""
        title = problem_word(problem)
        rows.append(HistoryRow(at, "problem", title, state="now", subject_id=notice_case.pk, page=page))
    has_no_day = until is None and not doubted
    if has_no_day and (why := why_no_day(notice_case, mine, was_notified=was_notified)):
        rows.append(HistoryRow(notice_case.started_at, "answer_lost", why, state="now", subject_id=notice_case.pk))
    if why := why_beside(notice_case):
        rows.append(HistoryRow(notice_case.started_at, "held_beside", why, state="now", subject_id=notice_case.pk))
    if notice_case.state == "person":
        title = _(
            "A contact says that somebody else is in charge. Nothing goes out until somebody has chosen whom to write to."
        )
        page = PAGE.format(item=open_redirect_of(notice_case.case_id) or 0)
        rows.append(
            HistoryRow(notice_case.started_at, "redirect", title, state="now", subject_id=notice_case.pk, page=page)
        )
    if notice_case.state == "open" and notice_case.next_at and not is_nothing_sent:
        rows.append(_next_step(notice_case, notice_case.next_at))
    return rows


def _next_step(notice_case: NoticeCase, at: datetime) -> HistoryRow:
    if notice_case.put_back_at is not None and not due_at(ADVANCE, [notice_case.pk]):
        why = _("This was put back from a backup: its next step comes only once its jobs are put back, too.")
        return HistoryRow(notice_case.put_back_at, "put_back", why, state="now", subject_id=notice_case.pk)
    return HistoryRow(at, "next_step", _("Next step of the ladder"), state="later", subject_id=notice_case.pk)
