"""Requests by site owners, hosts and people depicted to review an address: a form, and a number to follow it."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from leeward.installation.queries import config_now
from leeward.intake.errors import AlreadyWithdrawn, AppealAnswered
from leeward.intake.labels import RELATIONS as RELATION_WORDS
from leeward.intake.rules import typed
from leeward.intake.rules.draft import Problem
from leeward.intake.rules.where import Piece, read_pieces
from leeward.intake.services import RELATIONS, SHOWN
from leeward.intake.services.ways import Page, SentAppeal, way
from leeward.intake.views.arrived import to_receipt
from leeward.intake.views.not_kept import keeping
from leeward.intake.views.public import by_field, file_was_sent, public, summary
from leeward.intake.views.slowing import slowed_as
from leeward.people.queries import PortalRow
from leeward.web_security.keys import is_form_key, new_form_key

IDS = {"address": "address", "relation": "r-owner", "text": "text", "mail": "mail"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed into the form."""

    once: str
    address: str = ""
    relation: str = ""
    text: str = ""
    mail: str = ""
    nul: tuple[str, ...] = ()


@public
def appeal(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """GET: the form. POST: the number under which the answer can be read, or what must be corrected first."""
    if request.method != "POST":
        relation = request.GET.get("relation", "")  # the stop page knows who comes from it
        return _page(request, Wish(new_form_key(), relation=relation if relation in RELATIONS else ""), [])
    stays = request.POST.get("go") == "stay"
    wish = _read(request)
    slowed = slowed_as(request, "form" if stays else "urgent" if wish.relation == SHOWN else "report")
    if slowed is not None or stays:
        return slowed or _page(request, wish, [])
    with keeping():
        pieces = _pieces(wish.address, portal)
        problems = _problems(wish, pieces)
    if file_was_sent(request):
        problems.append(Problem("form", "file"))
    if not is_form_key(wish.once):
        problems.append(Problem("form", "form_key"))
    if problems:
        return _page(request, wish, problems)
    try:
        with keeping():
            sent = SentAppeal(wish.once, pieces[0].item, wish.relation, wish.text, wish.mail)
            kept = way().appeal(sent, Page(portal, get_language() or ""))
    except (AlreadyWithdrawn, AppealAnswered) as error:
        code = "request_withdrawn" if isinstance(error, AlreadyWithdrawn) else "request_answered"
        return _page(request, replace(wish, once=new_form_key()), [Problem("form", code)])
    return to_receipt(request, kept)


def _read(request: HttpRequest) -> Wish:
    sent = {name: request.POST.get(name, "") for name in ("address", "text", "mail")}
    relation = request.POST.get("relation", "")
    return Wish(
        once=request.POST.get("once", "")[:64],
        address=typed.clean_line(sent["address"]),
        relation=relation if relation in RELATIONS else "",
        text=typed.clean(sent["text"]),
        mail=typed.clean_line(sent["mail"]),
        nul=tuple(name for name, value in sent.items() if typed.has_nul(value)),
    )


def _problems(wish: Wish, pieces: list[Piece]) -> list[Problem]:
    problems = []
    if len(wish.address) > typed.MOST_CHARACTERS:
        problems.append(_too_long("address", wish.address))
    elif len(pieces) != 1:
        problems.append(Problem("address", "one_address" if pieces else "address_missing"))
    if not wish.relation:
        problems.append(Problem("relation", "relation_missing"))
    if not wish.text:
        problems.append(Problem("text", "reason_missing"))
    elif len(wish.text) > typed.MOST_CHARACTERS:
        problems.append(_too_long("text", wish.text))
    mail_problem = typed.mail_problem(wish.mail) if wish.mail else None
    if mail_problem:
        problems.append(Problem("mail", mail_problem))
    return problems + [Problem(name, "nul") for name in wish.nul]


def _too_long(name: str, text: str) -> Problem:
    return Problem(name, "too_long", {"number": len(text), "most": typed.MOST_CHARACTERS})


def _pieces(address: str, portal: PortalRow) -> list[Piece]:
    """Return what the address names, or, if nothing, its words."""
    if len(address) > typed.MOST_CHARACTERS:
        return []
    pieces = read_pieces(address, {}, country=portal.country, language=get_language() or "")
    return [piece for piece in pieces if not piece.is_prose] or pieces


def _page(request: HttpRequest, wish: Wish, problems: list[Problem]) -> HttpResponse:
    context: dict[str, Any] = {
        "wish": wish,
        "once": wish.once if is_form_key(wish.once) else new_form_key(),
        "relations": [(code, RELATION_WORDS[code]) for code in RELATIONS],
        "problems": summary(problems, IDS),
        "wrong": by_field(problems),
        "by_form": request.method == "POST",
        "contact_days": config_now().contact_days,
    }
    return render(request, "intake/appeal.html", context)
