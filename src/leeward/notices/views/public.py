"""The pages on which hosts and police answer, without an account, script or cookie. Opening them changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.notices import forms
from leeward.notices.errors import NoRoomForAnswers, TooManyAnswers, TooManyTries
from leeward.notices.models import TO_POLICE
from leeward.notices.queries.address_lists import Form, list_of_contact, list_of_notice
from leeward.notices.queries.doors import (
    Behind,
    behind_notice_link,
    behind_overview_link,
    behind_referral_link,
    link_unknown,
)
from leeward.notices.queries.labels import OUTCOMES, REFERRAL_STATES
from leeward.notices.queries.overviews import OverviewPage, overview_page
from leeward.notices.queries.pages import PER_PAGE, NoticePage, ReferralPage, notice_page, referral_page
from leeward.notices.queries.releasing import release_of
from leeward.notices.rules.answers import MOST_NOTE, outcomes_for
from leeward.notices.rules.contact_csv import write_table
from leeward.notices.services import answer_notice, answer_overview, answer_referral
from leeward.people.services import demand_read
from leeward.web_security.caller import caller_of
from leeward.web_security.keys import is_form_key, new_form_key
from leeward.web_security.services import allow, use_once

MOST_SEARCH = 200
WRONG_A_MINUTE = 10.0
WRONG_AT_ONCE = 30
# How many answers through one link, and from one address, are accepted before we ask to wait.
ANSWERS_A_MINUTE, ANSWERS_OF_CALLER = 10, 60
WAIT_SECONDS = 60
_ACTORS = {"owner": Actor("owner"), "foreign_police": Actor("police")}


def is_too_fast(request: HttpRequest, token: str) -> bool:
    """Return whether very many answers came through this link, or from this address, within a minute. Waiting a moment
    always helps."""
    by_link = allow("answers of link", token, per_minute=ANSWERS_A_MINUTE, burst=ANSWERS_A_MINUTE)
    caller = caller_of(request)
    return not (by_link and allow("answers of caller", caller, per_minute=ANSWERS_OF_CALLER, burst=ANSWERS_OF_CALLER))


def too_many() -> str:
    """Return the sentence about very many answers."""
    error = TooManyAnswers()
    return f"{error.text} {error.hint}"


class SeeOther(HttpResponseRedirect):
    """303: a form is answered with another page, fetched with GET."""

    status_code = 303


def behind(request: HttpRequest, find: Callable[[str], Behind | None], token: str) -> Behind:
    """Return the subject of a link. All wrong links get the same answer and are limited in number; valid ones always work."""
    subject = find(token)
    if subject is not None:
        return subject
    if not allow("wrong link", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
        raise TooManyTries
    raise link_unknown()


def again(request: HttpRequest) -> SeeOther:
    """Return to the page, which then says that the answer is there."""
    number = request.GET.get("page", "")
    page = f"&page={number}" if number.isdecimal() else ""
    search = _search(request)
    query = f"&{urlencode({'q': search})}" if search else ""
    return SeeOther(f"{request.path}?done=1{page}{query}")


def _search(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:MOST_SEARCH]


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the addresses of a notice and their answers. POST records answers for the addresses of this page."""
    found = behind(request, behind_notice_link, token)
    with scope(hotline=found.hotline_id):
        shown = notice_page(found.number, request.GET.get("page"))
        if request.method != "POST":
            return _notice_page(request, shown, [])
        return _answer(request, token, shown, f"notice:{found.number}", partial(answer_notice, found.number))


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows every open address of a contact. POST records answers for those that its form shows, whatever has
    changed since."""
    found = behind(request, behind_overview_link, token)
    with scope(hotline=found.hotline_id):
        if request.method != "POST":
            shown = overview_page(found.number, request.GET.get("page"), search=_search(request))
            return _notice_page(request, shown, [])
        ids = forms.answered_ids(request.POST, PER_PAGE)
        shown = overview_page(found.number, None, search=_search(request), only=ids)
        return _answer(request, token, shown, f"overview:{found.number}", partial(answer_overview, found.number))


@require_safe
def notice_list(request: HttpRequest, token: str, form: Form) -> HttpResponse:
    """The addresses of a notice as a file."""
    found = behind(request, behind_notice_link, token)
    with scope(hotline=found.hotline_id):
        return _file(list_of_notice(found.number, form), "addresses", form)


@require_safe
def overview_list(request: HttpRequest, token: str, form: Form) -> HttpResponse:
    """Every open address of a contact as a file."""
    found = behind(request, behind_overview_link, token)
    with scope(hotline=found.hotline_id):
        return _file(list_of_contact(found.number, form), "addresses", form)


@require_safe
def referral_hashes(request: HttpRequest, token: str) -> HttpResponse:
    """The hashes of a referral's files as a table."""
    found = behind(request, behind_referral_link, token)
    with scope(hotline=found.hotline_id):
        shown = referral_page(found.number)
        rows = [(shown.reference, kind, value) for kind, value in shown.hashes]
        return _file(write_table(("reference", "kind", "value"), rows), "hashes", "csv")


def _file(text: str, name: str, form: Form) -> HttpResponse:
    kind = "text/csv" if form == "csv" else "application/json"
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _answer(
    request: HttpRequest,
    token: str,
    shown: NoticePage | OverviewPage,
    purpose: str,
    answer: Callable[..., object],
) -> HttpResponse:
    """Record the answers of a form once; show the page again with the errors if they are invalid."""
    filled = forms.read_answers(
        request.POST,
        [item.id for item in shown.items],
        allowed={answer for answer, _word in forms.choices_for(shown.kind)},
    )
    given = forms.given(filled)
    once = request.POST.get("once", "")[:64]
    if not given or not is_form_key(once) or any(one.error for one in filled):
        return _notice_page(request, shown, filled, nothing=not given, stale=not is_form_key(once))
    if is_too_fast(request, token):
        return _notice_page(request, shown, filled, too_fast=True)
    try:
        with hotline_transaction():
            if use_once(once, purpose=purpose):
                answer(given, actor=_ACTORS.get(shown.kind, Actor("host")))
    except NoRoomForAnswers as error:
        return _notice_page(request, shown, filled, problem=f"{error.text} {error.hint}")
    return again(request)


def _notice_page(
    request: HttpRequest,
    shown: NoticePage | OverviewPage,
    filled: list[forms.Filled],
    *,
    nothing: bool = False,
    stale: bool = False,
    too_fast: bool = False,
    problem: str = "",
) -> HttpResponse:
    by_item = {one.item_id: one for one in filled}
    rows = [
        {
            "item": item,
            "answer": by_item[item.id].answer if filled else "",
            "detail": by_item[item.id].detail if filled else "",
            "error": by_item[item.id].error if filled else "",
        }
        for item in shown.items
    ]
    problems = [_("Choose an answer for at least one address.")] if nothing and filled else []
    if stale and not nothing:
        problems.append(_("The form was not complete. Send it again."))
    if too_fast:
        problems.append(too_many())
    if problem:
        problems.append(problem)
    values: dict[str, object] = {
        "notice": shown,
        "rows": rows,
        "search": _search(request),
        "problems": problems,
        "has_errors": bool(problems) or any(row["error"] for row in rows),
        "choices": forms.choices_for(shown.kind),
        "once": new_form_key(),
        "done": request.GET.get("done") == "1" and not filled,
    }
    template = "notices/notice.html" if isinstance(shown, NoticePage) else "notices/overview.html"
    answer = render(request, template, values, status=422 if values["has_errors"] else 200)
    return slowed(answer) if too_fast else answer


def slowed(answer: HttpResponse) -> HttpResponse:
    """Return an answer with the status and the waiting time of too many."""
    answer.status_code = TooManyAnswers.status
    answer["Retry-After"] = str(WAIT_SECONDS)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the state of a referral. POST lets the police confirm, hold, release, or leave a note."""
    found = behind(request, behind_referral_link, token)
    with scope(hotline=found.hotline_id):
        shown = referral_page(found.number)
        if request.method != "POST":
            return _referral_page(request, shown)
        act, seen = request.POST.get("act", ""), request.POST.get("seen", "")
        if act == "release" and not seen:  # first it is seen what follows
            return SeeOther(f"{request.path}?release=1")
        once = request.POST.get("once", "")[:64]
        problem = forms.too_long(request.POST.get("note", ""), MOST_NOTE)
        if problem or not is_form_key(once):
            return _referral_page(request, shown, problem=problem or _("The form was not complete. Send it again."))
        if is_too_fast(request, token):
            return slowed(_referral_page(request, shown, problem=too_many()))
        try:
            with hotline_transaction():
                if use_once(once, purpose=f"referral:{found.number}"):
                    if act == "release":
                        demand_read(release_of(referral_page(found.number), by_police=True).mark, seen=seen)
                    take_answer(request, shown, actor=Actor("police"))
        except LeewardError as error:
            return _referral_page(request, referral_page(found.number), problem=f"{error.text} {error.hint}")
    return again(request)


def take_answer(request: HttpRequest, shown: ReferralPage, *, actor: Actor) -> None:
    """Record what a referral's form says."""
    act, until = request.POST.get("act", ""), request.POST.get("until", "")
    answer_referral(
        shown.id,
        act,
        actor=actor,
        until=forms.end_of_day(until, shown.portal.time_zone) if act == "hold" else None,
        note=request.POST.get("note", ""),
        outcome=request.POST.get("outcome", "")[:20],
    )


def referral_values(request: HttpRequest, shown: ReferralPage, problem: str) -> dict[str, Any]:
    """Return the context that both pages of a referral share, the police's and the desk's."""
    names = ("until", "note", "outcome", "act")
    typed = {name: request.POST.get(name, "") for name in names} if problem else dict.fromkeys(names, "")
    act = typed["act"]
    return {
        "referral": shown,
        "state_word": REFERRAL_STATES.get(shown.state, shown.state),
        "outcome_word": OUTCOMES.get(shown.outcome, ""),
        "outcomes": [(one, OUTCOMES[one]) for one in outcomes_for(shown.kind)],
        "to_police": shown.kind in TO_POLICE,
        "last_day": forms.last_day(datetime.now(UTC), shown.held_since, shown.portal.time_zone),
        "time_zone": shown.portal.time_zone,
        "zone_name": shown.portal.time_zone.replace("_", " "),
        "problem": problem,
        "typed": typed,
        "chosen": typed["outcome"] if act == "outcome" else shown.outcome,
        "long_note": act if forms.too_long(typed["note"], MOST_NOTE) else "",
        "without_field": typed["note"] if act == "hold" and not shown.may_hold else "",
        "once": new_form_key(),
        "done": request.GET.get("done") == "1" and not problem,
        "is_final": shown.is_final,
    }


def _referral_page(request: HttpRequest, shown: ReferralPage, *, problem: str = "") -> HttpResponse:
    values = referral_values(request, shown, problem)
    asks = "release" in request.GET and shown.may_release
    if asks:
        values["release"] = release_of(shown, by_police=True)
    template = "notices/release.html" if asks else "notices/referral.html"
    return render(request, template, values, status=422 if problem else 200)
