"""A hotline's own texts on the desk: write them, preview them on a real case, send oneself a test, go back to an
earlier version."""

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.differences import differences
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.patterns import Pattern
from leeward.notices import services
from leeward.notices.errors import WordingFaulty
from leeward.notices.queries import wordings as queries_wordings
from leeward.notices.queries.labels import PLACES, WORDING_KINDS, fault_sentence, problem_word
from leeward.notices.rules.plain_text import clean
from leeward.notices.rules.wordings import KINDS, VARIABLES, faults, needed
from leeward.notices.services.letters import Letter, post
from leeward.notices.writing.texts import MessageText
from leeward.people import queries as people_queries
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.labels import WAITS
from leeward.people.rules.permissions import may
from leeward.people.rules.reach import POLICE_TEXT
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

MADE_UP = -1
"""Stands for no case: the message is about a made-up one."""
_TAG = Pattern(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")
_COUNTRY = Pattern(r"^[A-Z]{2}\Z")


@require_safe
@staff("wording.edit")
def wordings(request: HttpRequest) -> HttpResponse:
    """List which texts are the hotline's own, and where to start one."""
    rows = [
        {"kind": WORDING_KINDS[one.kind], "row": one, "language": _name_of(one.language), "query": _query(_key_of(one))}
        for one in queries_wordings.wordings()
    ]
    values = {
        "rows": rows,
        "kinds": [(kind, WORDING_KINDS[kind]) for kind in KINDS],
        "languages": [(tag, _name_of(tag)) for tag, _word in settings.LANGUAGES],
    }
    return render(request, "notices/wordings.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("wording.edit")
def edit(request: HttpRequest) -> HttpResponse:
    """Edit one text: change it, preview it, send oneself a test, put it in force."""
    key = _wording_key(request)
    if request.method != "POST":
        newest = next(one for one in queries_wordings.versions_of(key) if one.is_current)
        return _edit_page(
            request, key, MessageText(newest.subject, newest.body), shows=request.GET.get("case") is not None
        )
    typed = MessageText(
        " ".join(clean(request.POST.get("subject", "")).split()),
        clean(request.POST.get("body", "")),
    )
    act = request.POST.get("act", "preview")
    wrong = [fault_sentence(one) for one in faults(key.kind, typed.subject, typed.body)]
    if wrong or act == "preview":
        return _edit_page(request, key, typed, wrong=wrong, shows=True)
    once = request.POST.get("once", "")
    if act == "trial":
        _send_trial(request, key, typed, once)
        return _edit_page(request, key, typed, shows=True)
    actor = actor_of(request)
    try:
        with hotline_transaction():
            if use_once(once, purpose=f"wording:{_query(key)}"):
                demand_as_shown(request, _mark_of(key))
                version = services.save_wording(
                    kind=key.kind,
                    language=key.language,
                    country=key.country,
                    subject=typed.subject,
                    body=typed.body,
                    hotline_id=actor.hotline_id or 0,
                    actor=actor,
                )
                _say(request, version, _("The text is in force."))
    except WordingFaulty as error:
        return _edit_page(request, key, typed, wrong=[str(error.text)], shows=True)
    return redirect("notices_desk:list-wordings")


@require_safe
@staff("wording.edit")
def versions(request: HttpRequest) -> HttpResponse:
    """List every version of a text, and what one of them changed against another."""
    key = _wording_key(request)
    rows = queries_wordings.versions_of(key)
    by_number = {row.version: row for row in rows}
    shown = by_number.get(_number(request.GET.get("version")), rows[0])
    earlier = [row for row in rows if row.version < shown.version]
    other = by_number.get(_number(request.GET.get("against")), earlier[0] if earlier else shown)
    names = people_queries.staff_names(actor_of(request).hotline_id or 0)
    values = {
        "key": key,
        "changes": _waiting(request, key),
        "kind": WORDING_KINDS[key.kind],
        "language": _name_of(key.language),
        "query": _query(key),
        "rows": [{"row": row, "name": names.get(row.person_id or 0, "")} for row in rows],
        "shown": shown,
        "other": other,
        "subjects": differences(other.subject, shown.subject),
        "lines": differences(other.body, shown.body),
        "seen": _mark_of(key),
        "once": new_form_key(),
    }
    return render(request, "notices/wording_versions.html", values)


@require_POST
@staff("wording.edit")
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Put an earlier version in force again."""
    found = queries_wordings.wording(number)
    if found is None:
        raise NotFound(what=_("text"))
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"wording:{number}"):
            demand_as_shown(request, _mark_of(_key_of(found)))
            version = services.restore_wording(number, actor=actor_of(request))
            _say(request, version, _("The text is in force."))
    return _to_versions(_key_of(found))


@require_POST
@staff("wording.edit")
def ship_again(request: HttpRequest) -> HttpResponse:
    """Put the shipped text in force again."""
    key = _wording_key(request)
    actor = actor_of(request)
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"wording:{_query(key)}"):
            demand_as_shown(request, _mark_of(key))
            version = services.ship_again(
                kind=key.kind,
                language=key.language,
                country=key.country,
                hotline_id=actor.hotline_id or 0,
                actor=actor,
            )
            _say(request, version, _("Leeward’s own text is in force."))
    return _to_versions(key)


def _mark_of(key: queries_wordings.Key) -> str:
    """Return a mark of the text in force: an older page would put the one before it in its place."""
    rows = queries_wordings.versions_of(key)
    return mark_of(key, next(row.version for row in rows if row.is_current), rows[0].version)


def _say(request: HttpRequest, version: int, done: str) -> None:
    if version:
        flash.success(request, done)
    else:
        flash.warning(request, WAITS)


def _waiting(request: HttpRequest, key: queries_wordings.Key) -> list[people_queries.PortalChangeRow]:
    about = f"{key.kind}/{key.language}/{key.country}"
    return people_queries.changes_about(actor_of(request).hotline_id or 0, POLICE_TEXT, about)


def _send_trial(request: HttpRequest, key: queries_wordings.Key, typed: MessageText, once: str) -> None:
    """Send the message to the person asking, once; its link leads nowhere."""
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    person = next((row for row in people_queries.staff_of(hotline_id) if row.id == actor.id), None)
    mail = queries_wordings.as_it_would_read(
        key, typed, case_id=MADE_UP, hotline_id=hotline_id
    )  # no real case goes by unencrypted mail
    with hotline_transaction():
        may_go = person is not None and use_once(once, purpose=f"trial:{_query(key)}")
    if person is None or not may_go:
        return
    subject = _("Test: %(subject)s") % {"subject": mail.subject}
    posted = post(Letter(person.email, subject, mail.body, people_queries.hotline(hotline_id).name))
    if posted and posted.is_sent:
        flash.success(request, _("Sent to %(address)s.") % {"address": person.email})
    else:
        flash.error(request, _("Not sent: %(why)s") % {"why": problem_word(posted.problem if posted else "")})


def _edit_page(
    request: HttpRequest,
    key: queries_wordings.Key,
    wording: MessageText,
    *,
    wrong: list[str] | None = None,
    shows: bool = False,
) -> HttpResponse:
    reads_cases = bool(may(actor_of(request), "case.read", actor_of(request).hotline_id))
    case_number = _number((request.POST if request.method == "POST" else request.GET).get("case"))
    case_id = case_number if reads_cases else MADE_UP
    mail = None
    if shows and not wrong:
        mail = queries_wordings.as_it_would_read(
            key, wording, case_id=case_id, hotline_id=actor_of(request).hotline_id or 0
        )
    must = needed(key.kind)
    values = {
        "key": key,
        "changes": _waiting(request, key),
        "kind": WORDING_KINDS[key.kind],
        "language": _name_of(key.language),
        "query": _query(key),
        "wording": wording,
        "wrong": wrong or [],
        "mail": mail,
        "cases": queries_wordings.newest_cases() if reads_cases and key.kind != "payment" else [],
        "case_id": case_id,
        "seen": first_shown(request, _mark_of(key)),
        "places": [(name, PLACES[name], name in must) for name in VARIABLES[key.kind]],
        "once": new_form_key(),
    }
    return render(request, "notices/wording.html", values, status=422 if wrong else 200)


def _wording_key(request: HttpRequest) -> queries_wordings.Key:
    kind, language = request.GET.get("kind", ""), request.GET.get("language", "").strip()
    country = request.GET.get("country", "").strip().upper()
    known = next((one for one in KINDS if one == kind), None)
    if known is None or not _TAG.match(language):
        raise BadInput(what=_("text"), why=_("its kind or language is not known"))
    if country and not _COUNTRY.match(country):
        raise BadInput(what=_("country"), why=_("it is not two letters"))
    return queries_wordings.Key(known, language, country)


def _key_of(row: object) -> queries_wordings.Key:
    return queries_wordings.Key(
        getattr(row, "kind", "host"), getattr(row, "language", "en"), getattr(row, "country", "")
    )


def _query(key: queries_wordings.Key) -> str:
    return urlencode({"kind": key.kind, "language": key.language, "country": key.country})


def _to_versions(key: queries_wordings.Key) -> HttpResponse:
    response = redirect("notices_desk:show-versions")
    response["Location"] += f"?{_query(key)}"
    return response


def _name_of(tag: str) -> str:
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else -1
