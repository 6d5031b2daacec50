"""The page behind a receipt: the state of things, and what its holder can do. The digits are sent in the form, never in
the address.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django_scopes import scope

from leeward.backup.queries import lost_alone, times_lost
from leeward.foundation.errors import LeewardError
from leeward.intake import queries
from leeward.intake.labels import CHOICES, WORSE, thing_unnamed
from leeward.intake.rules import standing
from leeward.intake.rules.card import Card, CardItem, CardQuestion, ReportCard
from leeward.intake.rules.receipt import read_receipt
from leeward.intake.rules.receipt_claims import on_status
from leeward.intake.rules.urgency import worse_than
from leeward.intake.rules.where import WORDS
from leeward.intake.services.ways import Page, way
from leeward.intake.views.not_kept import keeping
from leeward.intake.views.public import good_key, public
from leeward.intake.views.receipt_texts import receipt_values
from leeward.intake.views.slowing import slowed_as
from leeward.people.queries import PortalRow, former_portals
from leeward.people.rules.modes import POST_BOX
from leeward.web_security.caller import caller_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.remembered import for_all
from leeward.web_security.services import allow

TRIES_PER_MINUTE, TRIES_AT_ONCE = 10, 10  # wrong ones from one place
WRONG_PER_MINUTE, WRONG_AT_ONCE = 60, 300  # wrong ones from everywhere, before the log says so
_WRONG, _ALL_WRONG = "intake.receipt", "intake.receipt all"
logger = logging.getLogger(__name__)


@for_all
@public
def receipt(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """GET: where to type a receipt. POST: what it belongs to, after doing what was asked; the same answer for all that open nothing."""
    if request.method != "POST":
        return _form(request, portal)
    if (page := slowed_as(request, "receipt")) is not None:  # looking one up takes milliseconds on purpose
        return page
    typed = request.POST.get("receipt", "")[:200]
    if (shown := _opened(request, portal, typed)) is not None:
        return shown
    for former in former_portals(portal):
        with scope(hotline=former.hotline_id):
            if (shown := _opened(request, former, typed)) is not None:
                return shown
    return _opens_nothing(request, portal, typed)


def _opened(request: HttpRequest, portal: PortalRow, typed: str) -> HttpResponse | None:
    """Return the page of what a receipt opens in the hotline of a portal, or None."""
    with keeping():
        card = way().find(typed, portal)
    if card is None:
        return None
    if request.POST.get("act") == "withdraw":
        return _withdrawn(request, portal, card)
    if card.report is not None:
        return _report(request, portal, card, read_receipt(typed))
    return _appeal(request, portal, card, read_receipt(typed))


def _opens_nothing(request: HttpRequest, portal: PortalRow, typed: str) -> HttpResponse:
    """Return the same answer for every number that opens nothing. After many wrong ones from one place it asks to wait;
    a right one still gets in, whoever else is there: behind one address of Tor or of a mobile network are many people.
    """
    if not allow(_ALL_WRONG, "all", per_minute=WRONG_PER_MINUTE, burst=WRONG_AT_ONCE) and allow(
        "intake.receipt alarm", "all", per_minute=1, burst=1
    ):
        logger.warning("receipts.are_guessed")
    if allow(_WRONG, caller_of(request), per_minute=TRIES_PER_MINUTE, burst=TRIES_AT_ONCE):
        return _form(request, portal, typed=typed, wrong="unknown", status=404)
    response = _form(request, portal, typed=typed, wrong="too_many", status=429)
    response.headers["Retry-After"] = str(60 // TRIES_PER_MINUTE)
    return response


def _form(
    request: HttpRequest, portal: PortalRow, *, typed: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    now = datetime.now(UTC)
    lost = lost_alone(now, portal.hotline_id) + times_lost(now)
    values = {"typed": typed, "wrong": wrong, "times_lost": sorted(lost, key=attrgetter("moved"))}
    return render(request, "intake/receipt_form.html", values, status=status)


def _withdrawn(request: HttpRequest, portal: PortalRow, card: Card) -> HttpResponse:
    """Take back what a receipt opens, and say so."""
    way().withdraw(card, _sent_from(portal))
    report = card.report
    is_own = card.appeal is None and report is not None and report.is_own_picture
    goes_on = report is not None and report.urgent and _is_unread(report.items) and not is_own
    values = {"is_report": report is not None, "goes_on": goes_on, "own": is_own}
    return render(request, "intake/withdrawn.html", values)


def _report(request: HttpRequest, portal: PortalRow, card: Card, digits: str) -> HttpResponse:
    """Show a report, and the request that came with it, if one did."""
    act, kept, problem, done = request.POST.get("act", ""), "", "", ""
    try:
        with keeping():
            done = _do(request, portal, act, card)
    except LeewardError as error:
        problem, kept = f"{error.text} {error.hint}", request.POST.get("text", "")
    card = way().again(card, portal) if done else card
    shown: dict[str, Any] = {
        "digits": digits,
        "act": act,
        "problem": problem,
        "kept": kept,
        "done": done,
        "once": new_form_key(),
    }
    if card.report is not None:
        shown |= _standing(portal, card.report)
    if card.appeal is not None:
        shown |= {"appeal": card.appeal}
    return render(request, "intake/status.html", shown)


def _is_unread(items: Sequence[CardItem]) -> bool:
    return any(standing.is_unread(item.state, item.reason) for item in items)


def _sent_from(portal: PortalRow) -> Page:
    return Page(portal, get_language() or "")


def _do(request: HttpRequest, portal: PortalRow, act: str, card: Card) -> str:
    """Do what the form asks; return what was done, or "" for a mere visit."""
    text, key, page = request.POST.get("text", ""), good_key(request.POST.get("once", "")), _sent_from(portal)
    if act == "add":
        way().add(card, page, text=text, form_key=key, worse=request.POST.getlist("worse"))
    elif act == "answer":
        number = request.POST.get("question", "")
        question = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
        choice = request.POST.get("choice", "")[:10]
        way().answer(card, page, question=question, text=text, choice=choice, form_key=key)
    elif act == "review":
        way().review(card, page, text=text, form_key=key)
    elif act == "state":
        way().state(card, page, text=text, form_key=key)
    else:
        return ""
    return act


def _standing(portal: PortalRow, report: ReportCard) -> dict[str, Any]:
    """Return everything about a report that its holder may see: states, reasons, our questions, and answers given by
    button. No address, text or contact.
    """
    items, post_box = report.items, portal.mode == POST_BOX
    stands = [standing.Stand(item.state, item.reason, item.state_changed_at) for item in items]
    receipt_facts = receipt_values(portal, report)
    assessed_by = on_status(report.urgency, has_time=bool(receipt_facts["time"]))
    steps = [
        {
            "title": gettext(step.title),
            "state": step.state,
            "at": step.at,
            "note": gettext(step.note).replace("%(time)s", receipt_facts["time"]) if step.note else "",
        }
        for step in (
            standing.own_picture_life(report.received_at, stands[0], acted=_own_acted(receipt_facts["says"]))
            if report.is_own_picture
            else standing.life(
                report.received_at,
                stands,
                post_box=post_box,
                assessed_by=assessed_by,
                sentences=receipt_facts["says"],
                is_urgent=report.urgent,
            )
        )
    ]
    reviews = report.reviews
    decided = any(standing.is_decision(item.state, item.reason) for item in items)
    questions = [_question(row, portal) for row in report.questions]
    waiting = [question for question in questions if question["row"].is_open]
    return {
        **receipt_facts,
        "report": report,
        "goes_on": report.urgent and _is_unread(items) and not report.is_own_picture,
        "worse": [(name, WORSE[name]) for name in worse_than(report.kind, report.threat)],
        "state": standing.overall([stand.state for stand in stands]),
        "changed_at": max((item.state_changed_at for item in items), default=report.received_at),
        "steps": steps,
        "items": [_item(item, has_words=report.has_words) for item in items],
        "question": waiting[0] if waiting and report.closed_at is None else None,
        "more_questions": len(waiting) - 1,
        "too_late": bool(waiting) and report.closed_at is not None,
        "talk": [question for question in questions if not question["row"].is_open],
        "zone": portal.time_zone,
        "review": reviews[-1] if reviews else None,
        "may_ask_review": decided and all(row.settled_at for row in reviews),
        "danger_now": report.urgency == "danger" and report.closed_at is None,
        "young": report.under_18,
    }


def _own_acted(sentences: frozenset[str]) -> str:
    return next(code for code in ("own_quiet", "police_now", "own_police") if code in sentences)


def _question(row: CardQuestion, portal: PortalRow) -> dict[str, Any]:
    """Return a question with the answer as far as it can be shown: which button was pressed, never the reporter's own
    words.
    """
    text, language = queries.wording(row, otherwise=portal.languages[0])
    return {"row": row, "text": text, "language": language, "pressed": CHOICES.get(row.pressed, ""), "wrote": row.wrote}


def _item(item: CardItem, *, has_words: bool) -> dict[str, Any]:
    sentence = standing.sentence(item.state, item.reason)
    is_gone = item.state == standing.CLOSED and item.reason == "removed"
    return {
        "name": thing_unnamed(item.kind) if has_words or item.kind != WORDS else gettext("Your report"),
        "state": "gone" if is_gone else item.state,
        "sentence": gettext(sentence) if sentence and not is_gone else "",
        "since": item.state_changed_at,
    }


def _appeal(request: HttpRequest, portal: PortalRow, card: Card, digits: str) -> HttpResponse:
    done, problem, kept = False, "", ""
    if request.POST.get("act") == "state":
        kept, key = request.POST.get("text", ""), good_key(request.POST.get("once", ""))
        try:
            with keeping():
                way().state(card, _sent_from(portal), text=kept, form_key=key)
            card, done = way().again(card, portal), True
        except LeewardError as error:
            problem = f"{error.text} {error.hint}"
    shown = {"appeal": card.appeal, "digits": digits, "once": new_form_key()}
    return render(request, "intake/appeal_status.html", shown | {"done": done, "problem": problem, "kept": kept})
