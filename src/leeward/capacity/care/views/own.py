"""Care for everybody who works here: who the counsellor is, dates to take, a note that nobody else can read."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.capacity.care import queries, services
from leeward.capacity.care.errors import DateTaken, NoCounsellor
from leeward.capacity.care.forms import AppointForm, CodeForm, NoteForm
from leeward.capacity.care.sealing import finder_of, opened
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_safe
@staff("care.own")
def care(request: HttpRequest) -> HttpResponse:
    """Show the counsellor, the dates, and the forms for notes."""
    return _page(request, {})


@require_POST
@staff("care.own")
def write(request: HttpRequest) -> HttpResponse:
    """Keep a note; its code is shown once, in the answer."""
    form, actor = NoteForm(request.POST), actor_of(request)
    if not form.is_valid():
        return _page(request, {"note_form": form}, status=422)
    try:
        with hotline_transaction():
            if not use_once(request.POST.get("once", ""), purpose="care:note", keeps_time=False):
                return redirect("care:show-care")
            code = services.write_note(form.cleaned_data["text"], hotline_id=actor.hotline_id or 0, actor=actor)
    except NoCounsellor as error:
        form.add_error(None, error.text)
        return _page(request, {"note_form": form}, status=422)
    return _page(request, {"code": code})


@require_POST
@staff("care.own")
def find(request: HttpRequest) -> HttpResponse:
    """Show a note to whoever has its code, or delete it."""
    form = CodeForm(request.POST)
    finder = finder_of(form.cleaned_data["code"]) if form.is_valid() else None
    found = queries.note_found(finder) if finder else None
    if finder is None or found is None:
        form.add_error("code", _("No note is found by this code; it may have been deleted."))
        return _page(request, {"code_form": form}, status=422)
    if request.POST.get("act") == "delete":
        services.delete_own_note(finder)
        flash.success(request, _("The note is deleted."))
        return redirect("care:show-care")
    content, row = found
    return _page(request, {"text": opened(content, form.cleaned_data["code"]), "note": row, "code_form": form})


@require_POST
@staff("care.own")
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take a date, or give it up."""
    actor = actor_of(request)
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"care:date:{number}", keeps_time=False):
                if request.POST.get("act") == "give_up":
                    services.give_up(number, actor=actor)
                else:
                    services.take(number, today=queries.today_at(actor.hotline_id or 0), actor=actor)
    except DateTaken as error:
        flash.error(request, error.text)
    return redirect("care:show-care")


def _page(request: HttpRequest, more: dict[str, object], *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    today = queries.today_at(actor.hotline_id or 0)
    post = queries.counsellor()
    may_appoint = bool(may(actor, "care.appoint", actor.hotline_id))
    accounts = queries.who_could_counsel(actor.hotline_id or 0) if may_appoint else []
    chosen = {"account": post.person_id} if post else None  # so that a stray press replaces nobody
    values = {
        "post": post,
        "is_counsellor": post is not None and post.person_id == actor.id,
        "free": queries.free_dates(today),
        "own": queries.dates_of(actor.id or 0, today),
        "note_form": NoteForm(),
        "code_form": CodeForm(),
        "may_appoint": may_appoint,
        "seen": queries.mark_of_post(post),
        "appoint_form": AppointForm(accounts=accounts, initial=chosen) if accounts else None,
        "once": new_form_key(),
        **more,
    }
    answer = render(request, "capacity/care/own.html", values, status=status)
    answer["Cache-Control"] = "no-store"  # a note and its code are on it
    return answer
