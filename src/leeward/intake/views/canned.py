"""The desk's pages of canned questions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import BadInput, LeewardError, NotFound
from leeward.intake import queries, services
from leeward.intake.forms import CannedForm
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import own_name, portals_of
from leeward.people.rules.reading import mark_of

CHANGING = ["GET", "HEAD", "POST"]


def _languages(hotline_id: int) -> list[tuple[str, str]]:
    """Return the languages of the hotline's portals, with their own names."""
    tags = dict.fromkeys(tag for portal in portals_of(hotline_id) for tag in portal.languages)
    return [(tag, own_name(tag)) for tag in tags]


@require_http_methods(CHANGING)
@staff("question.edit")
def list_questions(request: HttpRequest) -> HttpResponseBase:
    """List every question in every language of the portals; POST hides one or brings it back, as it was shown."""
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    if request.method == "POST":
        is_off, code = request.POST.get("off") == "yes", request.POST.get("code", "")[:30]
        try:
            with hotline_transaction():
                now = next((row for row in queries.canned_questions(hotline_id) if row.code == code), None)
                if now is not None:  # what isn’t there is refused below
                    demand_as_shown(request, _mark_of_row(now))
                services.switch_question(code, is_off=is_off, hotline_id=hotline_id, actor=actor)
        except EnteredSince as error:
            messages.error(request, f"{error.text} {error.hint}")
            return redirect("intake-desk:list-questions")
        message = (
            gettext("The question is hidden. Nobody can ask it until you show it again.")
            if is_off
            else gettext("It is on the list again.")
        )
        messages.success(request, message)
        return redirect("intake-desk:list-questions")
    languages = _languages(hotline_id)
    rows = [
        {
            "row": row,
            "said": row.text_in(),
            "in": [(name, *row.text_in(tag)) for tag, name in languages],
            "mark": _mark_of_row(row),
        }
        for row in queries.canned_questions(hotline_id)
    ]
    return render(request, "intake/desk_questions.html", {"rows": rows})


@require_http_methods(CHANGING)
@staff("question.edit")
def new_question(request: HttpRequest) -> HttpResponseBase:
    """Create a question of the hotline's own."""
    return _write(request, None)


@require_http_methods(CHANGING)
@staff("question.edit")
def edit_question(request: HttpRequest, code: str) -> HttpResponseBase:
    """Change a question of the hotline's own."""
    rows = queries.canned_questions(actor_of(request).hotline_id or 0)
    row = next((row for row in rows if row.code == code and not row.is_shipped), None)
    if row is None:
        raise NotFound(what=_("question"))
    return _write(request, row)


def _write(request: HttpRequest, row: queries.CannedRow | None) -> HttpResponseBase:
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {"form": row.form} | {f"text-{tag}": text for tag, text in row.texts.items()}
    posted = request.POST if request.method == "POST" else None
    form = CannedForm(_languages(hotline_id), posted, is_new=row is None, initial=initial)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"] if row is None else row.code
        texts = dict(row.texts if row else {}) | form.texts()
        try:
            with hotline_transaction():
                demand_as_shown(request, _mark_of(hotline_id, row.code if row else ""))
                services.keep_question(
                    code,
                    texts=texts,
                    form=form.cleaned_data["form"],
                    hotline_id=hotline_id,
                    actor=actor,
                    is_new=row is None,
                )
        except EnteredSince as error:  # its fields would be filled in as they were
            messages.error(request, f"{error.text} {error.hint}")
            return redirect(request.path)
        except (BadInput, LeewardError) as error:
            form.add_error(None, f"{error.text} {error.hint}")
        else:
            messages.success(request, gettext("The question is on the list."))
            return redirect("intake-desk:list-questions")
    seen = first_shown(request, _mark_of(hotline_id, row.code if row else ""))
    values = {"form": form, "row": row, "seen": seen}
    return render(request, "intake/desk_question.html", values, status=422 if form.errors else 200)


def _mark_of_row(row: queries.CannedRow) -> str:
    """Return a mark of a question in the list: by an older page nobody shows reporters a text that they haven’t read."""
    return mark_of(row.code, row.form, row.is_off, sorted(row.texts.items()))


def _mark_of(hotline_id: int, code: str) -> str:
    """Return a mark of a question of the hotline’s own, as its page shows it: an older page would put back what a colleague has changed."""
    rows = queries.canned_questions(hotline_id) if code else []
    row = next((row for row in rows if row.code == code and not row.is_shipped), None)
    return mark_of(code, row.form, sorted(row.texts.items())) if row else mark_of(code)
