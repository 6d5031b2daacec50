"""The catalogue on the desk: the list, one entry with its review, and its address."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.awareness import queries, services
from leeward.awareness.errors import EntryExists, ReviewUnfinished
from leeward.awareness.forms import EntryForm, ReviewForm
from leeward.awareness.labels import AUDIENCES, CRITERIA_WORDS, LINKS, SHOWS, VERDICTS
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince, FieldIsWrong
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_safe
@staff("material.edit")
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the catalogue by title, searched or by state."""
    search, show = request.GET.get("q", "").strip()[:100], request.GET.get("show", "")
    show = show if show in SHOWS else ""
    page = queries.entries(search=search, show=show, number=request.GET.get("page"))
    rows = [
        {
            "row": row,
            "audiences": [AUDIENCES[one] for one in row.details.audiences],
            "verdict": VERDICTS[row.verdict],
            "link": LINKS[row.link],
        }
        for row in page.rows
    ]
    values = {"page": page, "rows": rows, "search": search, "show": show, "shows": SHOWS.items()}
    return render(request, "awareness/desk_catalogue.html", values | {"once": new_form_key()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff("material.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Add an entry."""
    if request.method != "POST":
        return _page(request, None, EntryForm())
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _page(request, None, form)
    actor, number = actor_of(request), 0
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose="learning:add"):
                number = services.add_entry(form.cleaned_data["details"], hotline_id=actor.hotline_id or 0, actor=actor)
    except EntryExists as error:
        form.add_error("address", error.text)
        return _page(request, None, form)
    if not number:
        return redirect("awareness_desk:list-entries")
    flash.success(request, _("Added. Nobody sees it before somebody has reviewed it."))
    return redirect("awareness_desk:show-entry", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("material.edit")
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show an entry, or change it."""
    row = _row(number)
    if request.method != "POST":
        return _page(request, row, EntryForm(initial=EntryForm.of(row.details)))
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"learning:{number}"):
                demand_as_shown(request, _mark_of(_row(number)))
                services.change_entry(number, form.cleaned_data["details"], actor=actor_of(request))
                flash.success(request, _("Saved."))
    except EnteredSince as error:  # its fields would be filled in as they were
        flash.error(request, f"{error.text} {error.hint}")
    except EntryExists as error:
        form.add_error("address", error.text)
        return _page(request, row, form)
    return redirect("awareness_desk:show-entry", number=number)


@require_POST
@staff("material.edit")
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Review an entry against every criterion."""
    row, form = _row(number), ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, row, EntryForm(initial=EntryForm.of(row.details)), form)
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"learning:review:{number}"):
                note, seen = form.cleaned_data["note"], request.POST.get("seen", "")
                verdict = services.review_entry(number, form.answers, note, seen=seen, actor=actor_of(request))
                flash.success(request, VERDICTS[verdict])
    except (FieldIsWrong, ReviewUnfinished) as error:
        form.add_error(None, error.text)
        return _page(request, row, EntryForm(initial=EntryForm.of(row.details)), form)
    return redirect("awareness_desk:show-entry", number=number)


@require_POST
@staff("material.edit")
def check(request: HttpRequest, number: int) -> HttpResponse:
    """Have the address visited soon."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"learning:check:{number}"):
            services.check_soon(number, actor=actor_of(request))
            flash.success(request, _("The address is checked as soon as possible."))
    return redirect("awareness_desk:show-entry", number=number)


@require_POST
@staff("material.edit")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Remove an entry."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"learning:remove:{number}"):
            demand_as_shown(request, _mark_of(_row(number)))
            services.remove_entry(number, actor=actor_of(request))
            flash.success(request, _("Removed."))
    return redirect("awareness_desk:list-entries")


def _mark_of(row: queries.ResourceRow) -> str:
    """Return a mark of an entry as its page shows it: an older page would put back or remove what a colleague has changed since."""
    return mark_of(row.id, row.details, row.verdict)


def _row(number: int) -> queries.ResourceRow:
    row = queries.entry(number)
    if row is None:
        raise NotFound(what=_("entry"))
    return row


def _page(
    request: HttpRequest, row: queries.ResourceRow | None, form: EntryForm, review_form: ReviewForm | None = None
) -> HttpResponse:
    answered = {name: "yes" if yes else "no" for name, yes in row.answers.items()} if row else {}
    shown = review_form or ReviewForm(initial=answered | {"note": row.note if row else ""})
    is_wrong = bool(form.errors or (review_form and review_form.errors))
    seen = request.POST.get("seen", "")  # of what was read first, where the form comes back with a mistake
    values = {
        "row": row,
        "form": review_form if review_form and review_form.errors else form,
        "entry_form": form,
        "review_form": shown,
        "criteria": [(shown[name]) for name in CRITERIA_WORDS],
        "verdict": VERDICTS[row.verdict] if row else "",
        "link": LINKS[row.link] if row else "",
        "seen": services.mark_of(row.details) if row else "",
        "seen_entry": (seen if form.is_bound else _mark_of(row)) if row else "",
        "once": new_form_key(),
    }
    return render(request, "awareness/desk_entry.html", values, status=422 if is_wrong else 200)
