"""What other hotlines know of a case: what was written, what can be said next, and reporting it to one."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leeward.casework import services
from leeward.casework.acting.queries.abroad import Preview, exchanges_about, may_report, police_come_first, preview_of
from leeward.casework.acting.services.following import cases_of_report
from leeward.casework.errors import NotForHotlines
from leeward.casework.models import Case
from leeward.casework.queries import case_of
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.views.doing import back_to, case_here, is_part, once, once_as_shown
from leeward.exchange import queries as exchange_queries
from leeward.exchange import services as exchange_services
from leeward.exchange.queries import ExchangeRow
from leeward.exchange.rules.offers import report_of
from leeward.exchange.rules.routing import REASONS
from leeward.exchange.rules.saying import Sayable
from leeward.exchange.rules.schema import MOST_TEXT
from leeward.exchange.rules.steps import GRADES
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.notices.errors import PoliceComeFirst
from leeward.people.access import actor_of, staff
from leeward.people.queries import country_names
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key

MOST_DIGITS = 18
_UNDECIDED = (Stage.NEW, Stage.ASSESSING)


@require_GET
@staff("case.read")
def hotlines(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what was written between this hotline and others about a case, and what can be said next."""
    case = case_here(reference, request)
    actor = actor_of(request)
    known = exchanges_about(case)
    may_act = bool(may(actor, "case.act", case.hotline_id))
    is_for_others = may_act and may_report(case, known) and bool(exchange_queries.active_peers())
    waits = is_for_others and police_come_first(case)
    values = {
        "case": case,
        "rows": known,
        "hides_findings": STATES[case.state].stage in _UNDECIDED,
        "may_act": may_act,
        "offers_report": is_for_others and not waits,
        "waits_for_police": waits,
        "countries": sorted(country_names().items(), key=lambda one: str(one[1])),
        "once": new_form_key(),
    }
    return render(request, f"casework/acting/{'includes/' if is_part(request) else ''}hotlines.html", values)


@require_POST
@staff("case.act")
def say(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to a hotline about a case."""
    case = case_here(reference, request)
    actor = actor_of(request)
    row = _exchange_of(case, request.POST.get("exchange", ""))
    chosen = next((one for one in row.sayable if one.key == request.POST.get("say", "")), None)
    if chosen is None:
        raise BadInput(what=_("What you want to say"), why=_("it can’t be said now"))

    def act() -> None:
        exchange_services.say(
            row.id,
            chosen.kind,
            what=chosen.what,
            about=chosen.about,
            details=_details(request, chosen),
            hotline_id=case.hotline_id,
            actor=actor,
        )

    once_as_shown(request, f"hotline {row.id}", lambda: _exchange_of(case, str(row.id)).mark, act)
    return back_to(case, request, _("It is on its way to the other hotline."))


@require_POST
@staff("case.act")
def unsay(request: HttpRequest, reference: str) -> HttpResponse:
    """Undo what was written to a hotline about a case last, before it is sent."""
    case = case_here(reference, request)
    number = _number_in(request.POST.get("message", ""))
    if all(entry.message_id != number for row in exchanges_about(case) for entry in row.entries):
        raise NotFound(what=_("message"))

    def act() -> None:
        exchange_services.unsay(number, hotline_id=case.hotline_id, actor=actor_of(request))

    once(request, f"unsay {number}", act)
    return back_to(case, request, _("Undone: the case is as it was."))


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.act")
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: to which hotline a case goes and why, and all that it is told. POST: report it."""
    case = case_here(reference, request)
    if request.method == "POST":
        peer = request.POST.get("peer", "")

        def act() -> None:
            services.report_abroad(
                case.pk,
                peer_id=_number_in(peer),
                text=whole(request.POST.get("text", ""), MOST_TEXT),
                language=_language(),
                actor=actor_of(request),
            )

        once_as_shown(request, f"report abroad {case.pk}", lambda: _mark_of(preview_of(case_of(case.pk))), act)
        return back_to(case, request, _("It is on its way to the other hotline."))
    if not may_report(case, exchanges_about(case)):
        raise NotForHotlines
    if police_come_first(case):
        raise PoliceComeFirst
    preview = preview_of(case)
    values = {
        "case": case,
        "preview": preview,
        "reason": REASONS[preview.route.reason],
        "grade": GRADES[preview.offer.grade],
        "country": country_names().get(preview.offer.country, preview.offer.country),
        "travels": report_of(preview.offer),
        "seen": _mark_of(preview),
        "once": new_form_key(),
    }
    return render(request, "casework/acting/report_abroad.html", values)


@require_GET
@staff("case.read")
def show_exchange(request: HttpRequest, number: int) -> HttpResponse:
    """Redirect to the case that an exchange is about."""
    row = exchange_queries.exchange(number)
    if row is None:
        raise NotFound(what=_("exchange"))
    cases = [row.case_id] if row.case_id is not None else cases_of_report(row.report_id or 0)
    if not cases:
        messages.info(request, _("Its case is being opened."))
        return redirect("exchange_desk:items")
    return redirect("casework:show-case", reference=case_of(cases[0]).reference)


def _mark_of(preview: Preview) -> str:
    """Return a mark of what a report would say, and to whom; a new report has another number each time."""
    known = {name: value for name, value in asdict(preview.offer).items() if name not in ("item", "path")}
    return mark_of(preview.route.peer_id, sorted((name, str(value)) for name, value in known.items()))


def _exchange_of(case: Case, number: str) -> ExchangeRow:
    row = next((one for one in exchanges_about(case) if one.id == _number_in(number)), None)
    if row is None:
        raise NotFound(what=_("exchange"))
    return row


def _details(request: HttpRequest, chosen: Sayable) -> dict[str, object]:
    text = whole(request.POST.get("text", ""), MOST_TEXT)
    details: dict[str, object] = {"text": text, "language": _language()} if text else {}
    if chosen.needs_text and not text:
        raise BadInput(what=_("The text"), why=_("it is empty"))
    if chosen.needs_country:
        details["hosting"] = {"country": request.POST.get("country", "")}
    return details


def _language() -> str:
    return get_language() or "en"


def _number_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0
