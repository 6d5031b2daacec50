"""The portal's front page and the report. Its three steps are parts of one page, so the phone's Back button loses
nothing; the style sheet shows one at a time, and without it they follow each other. Nothing is stored until it is sent.

Each form has an address of its own (`?form=`), so that the browser finds again what was typed when somebody comes back
to it, and we know the form once its report has come: then nobody finds the words there.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from leeward.hosting.rules.urls import in_letters
from leeward.installation.queries import config_now
from leeward.intake.easy import easy_values
from leeward.intake.errors import AlreadyWithdrawn
from leeward.intake.labels import REMOVAL_WISHES as WISH_WORDS
from leeward.intake.labels import THREATS as THREAT_WORDS
from leeward.intake.labels import WHEN as WHEN_WORDS
from leeward.intake.labels import recognised_heading, what_it_is
from leeward.intake.queries.wishes import police_line
from leeward.intake.rules.draft import (
    STEP_OF,
    STEPS,
    WHEN,
    Draft,
    Problem,
    all_services_answered,
    first_step_with,
    latest_step,
    problems_of,
    read_draft,
    remove_piece,
)
from leeward.intake.rules.own_picture import ME
from leeward.intake.rules.typed import MOST_ADDRESSES, MOST_WHERE_CHARACTERS
from leeward.intake.rules.where import Piece, read_pieces
from leeward.intake.services import is_rehearsal_pass
from leeward.intake.services.ways import Page, SentReport, way
from leeward.intake.views.arrived import to_receipt
from leeward.intake.views.leaving import LEFT, to_everyday_page
from leeward.intake.views.not_kept import keeping, typed_in
from leeward.intake.views.playing import render_with_recording
from leeward.intake.views.public import by_field, file_was_sent, public, summary
from leeward.intake.views.slowing import slowed
from leeward.people.queries import PortalRow
from leeward.people.rules.modes import POST_BOX
from leeward.people.rules.recordings import REPORT
from leeward.web_security.keys import is_form_key, key_digest, new_form_key
from leeward.web_security.remembered import alike, for_all
from leeward.web_security.services import used_for

# The field that each line of the error summary links to.
IDS = {
    "kind": "k-page", "threat": "t-yes", "wish": "w-quiet", "where": "where", "password": "password", "referrer": "referrer", "text": "text",
    "mail": "mail",
}  # fmt: skip
SHOWN_AT_MOST = MOST_ADDRESSES + 1
FORM = "intake.form"


@dataclass(frozen=True, slots=True)
class Show:
    """Which step to open next, with which problems, and which piece is being changed (its number, or 0).

    `asks`: the reporter wanted to send, and we have a question first. `looked`: they wanted to see what we recognised.
    """

    step: int
    draft: Draft
    problems: list[Problem] = field(default_factory=list)
    changing: int = 0
    asks: bool = False
    looked: bool = False


@for_all
@public
def front(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """Show the first page of a country: what to do, what happens then, what we promise."""
    return render(request, "intake/front.html", {"post_box": portal.mode == POST_BOX})


@public
def report(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """GET: the form, empty. POST: the form as it stands, in another language or with what we recognised; or, if it is
    sent and complete, its receipt.
    """
    rehearses = _rehearses(request, portal)
    if not portal.takes_reports and not rehearses:
        return _not_open(request)
    if (page := _done_with(request, portal)) is not None:
        return page
    if request.method != "POST":
        return _opened(request, portal)
    if (page := slowed(request)) is not None:
        return page
    with keeping():
        draft = read_draft(request.POST)
        key_is_good = way().may_be_sent(draft.once)
        draft = draft if key_is_good else replace(draft, once=new_form_key())
        show = _turned(request, portal, draft)
        pieces = [] if show is not None else _pieces(draft, portal)
        show = show or _wrong(request, portal, draft, pieces, key_is_good=key_is_good)
    return _keep(request, portal, draft, pieces) if show is None else _page(request, portal, show)


def _keep(request: HttpRequest, portal: PortalRow, draft: Draft, pieces: list[Piece]) -> HttpResponse:
    """Store a report and lead to its receipt."""
    form = request.GET.get("form", "")
    asks_wish, rehearsal = _asks_wish(request, portal, draft), _pass(request, portal)
    uses = key_digest(form, FORM) if is_form_key(form) else ""
    try:
        with keeping():
            sent = way().report(
                SentReport(draft, pieces, asks_wish=asks_wish, rehearsal=rehearsal, uses=uses),
                Page(portal, get_language() or ""),
            )
    except AlreadyWithdrawn:
        again = replace(draft, once=new_form_key())
        return _page(request, portal, Show(STEPS, again, [Problem("form", "withdrawn")]))
    return to_receipt(request, sent, easy=_easy(request))


def _done_with(request: HttpRequest, portal: PortalRow) -> HttpResponse | None:
    """Return a page without the form if its report has come, or the everyday page if somebody left it; None if neither,
    or if it is sent all the same: that leads to its receipt."""
    form = request.GET.get("form", "")
    if request.POST.get("go") == "send" or not is_form_key(form):
        return None
    used = used_for(form, FORM, LEFT)
    if FORM in used:
        return render(request, "intake/report_sent.html", status=410)
    return to_everyday_page(portal) if LEFT in used else None


def _opened(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """Show the form, empty, at an address of its own."""
    form = request.GET.get("form", "")
    if is_form_key(form):
        once = new_form_key()
        show = Show(1, Draft(once=once))
        if list(request.GET) == ["form"]:
            return alike(request, (form, once), lambda: _page(request, portal, show))
        return _page(request, portal, show)
    query = request.GET.copy()
    query["form"] = new_form_key()
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")


def _rehearses(request: HttpRequest, portal: PortalRow) -> bool:
    """Return whether this is a test report: the form carries a pass from the desk."""
    return bool(_pass(request, portal))


def _pass(request: HttpRequest, portal: PortalRow | None = None) -> str:
    row: PortalRow | None = portal or getattr(request, "portal", None)
    marker = request.POST.get("rehearsal") or request.GET.get("rehearsal", "")
    return marker if row is not None and marker and is_rehearsal_pass(marker, row.id) else ""


def _easy(request: HttpRequest) -> bool:
    """Return whether this is the easy-read form."""
    return (request.POST.get("easy") or request.GET.get("easy", "")) == "1"


def _not_open(request: HttpRequest) -> HttpResponse:
    """Show that the portal takes no reports and where to turn instead. What somebody typed while it closed is shown, to
    be copied.
    """
    values = {"typed": typed_in(request) if request.method == "POST" else ""}
    return render(request, "intake/not_open.html", values, status=503 if request.method == "POST" else 200)


def _turned(request: HttpRequest, portal: PortalRow, draft: Draft) -> Show | None:
    """Return what to show if the reporter did not press “Send”: a look at what was recognised, or another language."""
    number = _number(request.POST.get("remove") or request.POST.get("change") or "")
    pieces = _pieces(draft, portal) if {"look", "change", "remove"} & request.POST.keys() else None
    if pieces is None:
        return None if request.POST.get("go") == "send" else Show(latest_step(draft), draft)
    problems = [problem for problem in problems_of(draft, pieces=len(pieces)) if problem.name == "where"]
    if number and not problems:
        piece = next((piece for piece in pieces if piece.number == number), None)
        if piece is not None and "remove" in request.POST:
            return Show(2, remove_piece(draft, piece.item.typed), looked=True)
        return Show(2, draft, changing=number, looked=True)
    return Show(2, draft, problems, looked=True)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _wrong(
    request: HttpRequest, portal: PortalRow, draft: Draft, pieces: list[Piece], *, key_is_good: bool
) -> Show | None:
    """Return what to show if a report can't be stored as it is: its problems, or a question; None if it can."""
    problems = problems_of(draft, pieces=len(pieces), asks_wish=_asks_wish(request, portal, draft))
    if file_was_sent(request):
        problems.append(Problem("form", "file"))
    if not key_is_good:
        problems.append(Problem("form", "form_key"))
    if problems:
        return Show(first_step_with(problems, STEPS), draft, problems)
    return None if all_services_answered(draft, pieces) else Show(STEP_OF["where"], draft, asks=True)


def _asked(request: HttpRequest, portal: PortalRow) -> str:
    """Return what the form says of the police to somebody who reports a picture of themselves, by the portal's setting and
    the law on record today; read once for a request.
    """
    known: str | None = getattr(request, "asked_of_own_picture", None)
    if known is None:
        known = police_line(portal)
        request.asked_of_own_picture = known  # type: ignore[attr-defined]  # ours
    return known


def _asks_wish(request: HttpRequest, portal: PortalRow, draft: Draft) -> bool:
    return draft.kind == ME and _asked(request, portal) == "wish"


def _pieces(draft: Draft, portal: PortalRow) -> list[Piece]:
    if not draft.where or len(draft.where) > MOST_WHERE_CHARACTERS:
        return []
    return read_pieces(draft.where, draft.services, country=portal.country, language=get_language() or "")


def _page(request: HttpRequest, portal: PortalRow, show: Show) -> HttpResponse:
    draft = show.draft
    mark = f"?form={request.GET['form']}" if is_form_key(request.GET.get("form", "")) else ""
    context: dict[str, Any] = {
        "draft": draft,
        "mark": mark,
        "leave_by": mark,
        "step": show.step,
        "steps": [gettext("What happened"), gettext("Where"), gettext("In your words")],
        "problems": summary(show.problems, IDS),
        "looked": show.looked,
        "wrong": by_field(show.problems),
        "danger_now": draft.in_danger,
        "rehearsal": _pass(request),
        "threats": THREAT_WORDS.items(),
        "asked": _asked(request, portal),
        "wishes": WISH_WORDS.items(),
        "whens": [(code, WHEN_WORDS[code]) for code in WHEN],
        "contact_days": config_now().contact_days,
        **easy_values(easy=_easy(request)),
        **_recognised(draft, portal, show),
    }
    return render_with_recording(request, portal, REPORT, "intake/report.html", context)


def _recognised(draft: Draft, portal: PortalRow, show: Show) -> dict[str, Any]:
    pieces = _pieces(draft, portal)
    named_pieces = [piece for piece in pieces if not piece.is_prose]
    known = [piece for piece in named_pieces if piece.item.kind != "unknown"]
    heading = recognised_heading(len(known), len(named_pieces)) if 0 < len(pieces) <= MOST_ADDRESSES else ""
    if show.looked and not pieces and not show.problems:
        heading = gettext("You have not entered anything yet.")
    return {
        "pieces": [_card(piece, is_changing=piece.number == show.changing) for piece in named_pieces[:SHOWN_AT_MOST]],
        "prose": [piece.item.typed for piece in pieces if piece.is_prose][:SHOWN_AT_MOST],
        "heading": heading,
        "most_addresses": MOST_ADDRESSES,
        "rows": min(max(draft.where.count("\n") + 2, 5), 14),
        "asks_now": next((piece.number for piece in pieces if piece.needs_service), 0) if show.asks else 0,
    }


def _card(piece: Piece, *, is_changing: bool) -> dict[str, Any]:
    item = piece.item
    shown = in_letters(item.display) if item.kind in ("url", "onion") else item.name or item.display
    return {
        "number": piece.number,
        "what": what_it_is(item.kind, item.service),
        "typed": item.typed,
        "shown": item.typed if item.kind == "unknown" else shown,
        "code": item.kind,
        "service": item.service,
        "undone": piece.undone,
        "notes": [gettext(note) for note in piece.notes],
        "has_more": bool(piece.undone or piece.notes or item.kind in ("onion", "magnet", "ed2k")),
        "problem": gettext(piece.problem) if piece.problem else "",
        "needs_service": piece.needs_service,
        "was_asked": piece.was_asked,
        "is_changing": is_changing,
    }
