"""Courses on the desk: the list, one course with its people and sessions, and what is needed."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.capacity import queries, services
from leeward.capacity.certificates.errors import CertificateGiven
from leeward.capacity.certificates.queries import certificates_of, mark_to_give, mark_to_give_all
from leeward.capacity.errors import CourseExists, CourseInUse, PersonThere, SessionExists, TooManyCourses
from leeward.capacity.forms import CourseForm, NeedForm, PersonForm, SessionForm
from leeward.capacity.labels import ROLES, STANDINGS, VALID
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.forms.voice import Voiced
from leeward.people.queries import country_names, hotline
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of_list
from leeward.web_security.services import use_once


@require_safe
@staff("training.edit")
def courses(request: HttpRequest) -> HttpResponse:
    """List the courses by title."""
    search = request.GET.get("q", "").strip()[:100]
    page = queries.courses(search=search, number=request.GET.get("page"))
    rows = [{"row": row, "role": ROLES[row.role], "holds": VALID[row.valid_months]} for row in page.rows]
    return render(request, "capacity/courses.html", {"page": page, "rows": rows, "search": search})


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Add a course."""
    form = CourseForm(request.POST if request.method == "POST" else None)
    actor = actor_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose="training:add"):
                    services.add_course(form.details, hotline_id=actor.hotline_id or 0, actor=actor)
        except (CourseExists, TooManyCourses) as error:
            form.add_error("code", error.text)
        else:
            return redirect("capacity:list-courses")
    return form_page(request, form, _("Add a course"), None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change a course, by a page that shows it as it is now."""
    row = course_of(number)
    form = CourseForm(request.POST) if request.method == "POST" else CourseForm(initial=asdict(row))
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"training:{number}"):
                    demand_as_shown(request, _mark_of(course_of(number)))
                    services.change_course(number, form.details, actor=actor_of(request))
        except EnteredSince as error:  # its fields would be filled in as they were
            flash.error(request, f"{error.text} {error.hint}")
            return redirect("capacity:change-course", number=number)
        except CourseExists as error:
            form.add_error("code", error.text)
        else:
            return redirect("capacity:show-course", number=number)
    seen = first_shown(request, _mark_of(row))
    return form_page(request, form, _("Change the course"), row, {"seen": seen})


def _mark_of(row: queries.CourseRow) -> str:
    """Return a mark of a course as its page shows it: an older page would put back what a colleague has changed."""
    return mark_of(sorted(asdict(row).items()))


@require_safe
@staff("training.edit")
def course(request: HttpRequest, number: int) -> HttpResponse:
    """Show a course: who took part, searched or by how long it holds, and its sessions."""
    row = course_of(number)
    search, show = request.GET.get("q", "").strip()[:100], request.GET.get("show", "")
    show = show if show in STANDINGS else ""
    today = datetime.now(UTC).date()
    page = queries.people(row, today, search=search, show=show, number=request.GET.get("page"))
    countries = country_names()
    given = certificates_of([one.id for one in page.rows])
    values = {
        "row": row,
        "role": ROLES[row.role],
        "holds": VALID[row.valid_months],
        "page": page,
        "people": [
            {
                "row": one,
                "role": ROLES[one.participation.role],
                "country": countries.get(one.participation.country, one.participation.country),
                "certificate": given.get(one.id),
            }
            for one in page.rows
        ],
        "sessions": queries.sessions(number),
        "learned": queries.learned(number),
        "search": search,
        "show": show,
        "shows": STANDINGS.items() if row.valid_months else [],
        "today": today,
        "to_give": mark_to_give(number),
        "to_give_all": mark_to_give_all(number),
        "once": new_form_key(),
    }
    return render(request, "capacity/course.html", values)


@require_POST
@staff("training.edit")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a course in which nobody took part."""
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"training:remove:{number}"):
                services.remove_course(number, actor=actor_of(request))
    except CourseInUse as error:
        flash.error(request, error.text)
        return redirect("capacity:show-course", number=number)
    return redirect("capacity:list-courses")


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def add_session(request: HttpRequest, number: int) -> HttpResponse:
    """Add a session to a course."""
    row, form = course_of(number), SessionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"training:session:{number}"):
                    services.add_session(number, **form.cleaned_data, actor=actor_of(request))
        except SessionExists as error:
            form.add_error(None, error.text)
        else:
            return redirect("capacity:show-course", number=number)
    return form_page(request, form, _("Add a session"), row)


@require_POST
@staff("training.edit")
def remove_session(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a session in which nobody took part."""
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"training:remove-session:{number}"):
                course_id = services.remove_session(number, actor=actor_of(request))
                return redirect("capacity:show-course", number=course_id)
    except CourseInUse as error:
        flash.error(request, error.text)
    return redirect("capacity:list-courses")


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def add_person(request: HttpRequest, number: int) -> HttpResponse:
    """Put on record that somebody took part."""
    row, known = course_of(number), queries.sessions(number)
    if request.method == "POST":
        form = PersonForm(request.POST, sessions=known)
    else:
        form = PersonForm(initial={"role": row.role, "country": own_country(request)}, sessions=known)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"training:person:{number}"):
                    services.add_participation(
                        number, values["participation"], session_id=values["session"], actor=actor_of(request)
                    )
        except PersonThere as error:
            form.add_error(None, error.text)
        else:
            return redirect("capacity:show-course", number=number)
    return form_page(request, form, _("Add a person"), row)


@require_POST
@staff("training.edit")
def remove_person(request: HttpRequest, number: int) -> HttpResponse:
    """Remove what says that somebody took part."""
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"training:remove-person:{number}"):
                course_id = services.remove_participation(number, actor=actor_of(request))
                return redirect("capacity:show-course", number=course_id)
    except CertificateGiven as error:
        flash.error(request, error.text)
    return redirect("capacity:list-courses")


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def needs(request: HttpRequest) -> HttpResponse:
    """Show what is needed and what is there, or say what is needed, by a page that shows what was put down before."""
    actor = actor_of(request)
    form = NeedForm(request.POST) if request.method == "POST" else NeedForm(initial={"country": own_country(request)})
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose="training:need"):
                    demand_as_shown(request, queries.mark_of_needs())
                    services.set_need(**form.cleaned_data, hotline_id=actor.hotline_id or 0, actor=actor)
            return redirect("capacity:show-needs")
        except EnteredSince as error:  # what was typed stays, below what is there now
            form.add_error(None, f"{error.text} {error.hint}")
    page = page_of_list(queries.needs(datetime.now(UTC).date()), request.GET.get("page"))
    names = country_names()
    rows = [{"row": one, "role": ROLES[one.role], "country": names.get(one.country, one.country)} for one in page.rows]
    values = {"form": form, "page": page, "rows": rows, "once": new_form_key(), "seen": queries.mark_of_needs()}
    return render(request, "capacity/needs.html", values, status=422 if form.errors else 200)


def course_of(number: int) -> queries.CourseRow:
    """Return the course. Raises NotFound."""
    row = queries.course(number)
    if row is None:
        raise NotFound(what=_("course"))
    return row


def own_country(request: HttpRequest) -> str:
    """Return the country of the hotline."""
    return hotline(actor_of(request).hotline_id or 0).country


def form_page(
    request: HttpRequest,
    form: Voiced,
    title: str,
    row: queries.CourseRow | None,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Render a page that is one form."""
    values = {"form": form, "title": title, "row": row, "once": new_form_key(), **(more or {})}
    return render(request, "capacity/form.html", values, status=422 if form.errors else 200)
