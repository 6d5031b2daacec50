"""The counsellor's own page, and who is appointed."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.capacity.care import queries, services
from leeward.capacity.care.errors import DateExists
from leeward.capacity.care.forms import AppointForm, DateForm, KeyForm
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_http_methods(["GET", "HEAD", "POST"])
@staff("care.own")
def counselling(request: HttpRequest) -> HttpResponse:
    """Show the counsellor their dates and notes; set the key, offer a date."""
    actor = actor_of(request)
    post, act, today = services.own_post(actor), request.POST.get("act", ""), queries.today_at(actor.hotline_id or 0)
    key_form = KeyForm(request.POST if act == "key" else None)
    date_form = DateForm(request.POST if act == "offer" else None, today=today)
    try:
        if act == "key" and key_form.is_valid():
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose="care:key"):
                    services.set_key(key_form.cleaned_data["public_key"], actor=actor)
            return redirect("care:show-counselling")
        if act == "offer" and date_form.is_valid():
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose="care:offer"):
                    services.offer(**date_form.cleaned_data, actor=actor)
            return redirect("care:show-counselling")
    except BadInput as error:
        key_form.add_error("public_key", error.text)
    except DateExists as error:
        date_form.add_error(None, error.text)
    values = {
        "post": queries.counsellor(),
        "dates": queries.dates_for(post.person_id, today),
        "page": queries.notes_for(post.person_id, request.GET.get("page")),
        "key_form": key_form,
        "date_form": date_form,
        "once": new_form_key(),
    }
    has_errors = bool(key_form.errors or date_form.errors)
    return render(request, "capacity/care/counselling.html", values, status=422 if has_errors else 200)


@require_POST
@staff("care.own")
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Take a date off the list."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"care:cancel:{number}"):
            services.cancel(number, actor=actor_of(request))
    return redirect("care:show-counselling")


@require_POST
@staff("care.own")
def note(request: HttpRequest, sha256: str) -> HttpResponse:
    """Download an encrypted note, or delete it."""
    actor = actor_of(request)
    if request.POST.get("act") == "delete":
        services.delete_note(sha256, actor=actor)
        return redirect("care:show-counselling")
    answer = HttpResponse(services.note_read(sha256, actor=actor), content_type="application/age")
    answer["Content-Disposition"] = f'attachment; filename="note-{sha256[:8]}.age"'
    return answer


@require_POST
@staff("care.appoint")
def appoint(request: HttpRequest) -> HttpResponse:
    """Appoint the counsellor, or end their appointment."""
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    form = AppointForm(request.POST, accounts=queries.who_could_counsel(hotline_id))
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose="care:appoint"):
                demand_as_shown(request, queries.mark_of_post(queries.counsellor()))
                if request.POST.get("act") == "dismiss":
                    services.dismiss(hotline_id=hotline_id, actor=actor)
                elif form.is_valid():
                    services.appoint(form.cleaned_data["account"], hotline_id=hotline_id, actor=actor)
    except NotAllowed as error:
        flash.error(request, error.text)
    return redirect("care:show-care")
