"""The settings file on the desk: exported with a reason; uploaded, previewed line by line before anything changes, then
imported."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from leeward.administration.errors import ChangedMeanwhile, WrittenForAnother
from leeward.administration.labels import WHYS as WHY_WORDS
from leeward.administration.rules.taking_out import WHYS
from leeward.administration.services.settings_file import (
    Difference,
    Outcome,
    take_settings,
    try_settings,
    write_settings,
)
from leeward.administration.services.settings_text import MOST_BYTES
from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, LeewardError
from leeward.people import queries as people_queries
from leeward.people.access import actor_of, staff
from leeward.people.settings_file import sections, sections_for
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

SHOWN_ROWS = 300
SHOWN_LETTERS = 120
SHOWN_BEFORE = 40
SHOWN_BY_HAND = 20


@staff("hotline.edit")
@require_safe
def show_file(request: HttpRequest) -> HttpResponse:
    """Show the forms for exporting and importing the file."""
    return _page(request)


@staff("hotline.edit")
@require_POST
def take_out(request: HttpRequest) -> HttpResponse:
    """Return the file, once per form; the log records who exported it, which parts, and why."""
    actor, parts, why = actor_of(request), request.POST.getlist("part"), request.POST.get("why", "")
    hotline_id = actor.hotline_id or 0
    if why not in WHYS or not parts:
        missing = _("Choose at least one part.") if why in WHYS else _("Say what it is for.")
        return _page(request, problem=missing, parts=parts, why=why, status=422)
    try:
        with hotline_transaction():
            if not use_once(request.POST.get("once", ""), purpose="settings file out"):
                return redirect("administration:show-file")
            text = write_settings(hotline_id, only=parts, actor=actor, why=why)
    except BadInput as error:
        return _page(request, problem=f"{error.text} {error.hint}", parts=parts, why=why, status=422)
    name = f"leeward-{people_queries.hotline(hotline_id).slug}-{datetime.now(UTC).date().isoformat()}.json"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@staff("hotline.edit")
@require_POST
def bring_in(request: HttpRequest) -> HttpResponse:
    """Preview what a file would change, or import it as previewed. Any error in it is explained in one sentence."""
    actor, parts = actor_of(request), request.POST.getlist("part")
    try:
        text = _text_of(request)
    except BadInput as error:
        return _page(request, wrong=error, status=422)
    try:
        if request.POST.get("go") == "take" and (taken := _taken(request, text, parts, actor)):
            return taken
        outcome = try_settings(actor.hotline_id or 0, text, only=parts, actor=actor)
    except LeewardError as error:
        return _page(request, wrong=error, text=text, status=422)
    return _preview(request, text, outcome, actor)


def _taken(request: HttpRequest, text: str, parts: list[str], actor: Actor) -> HttpResponse | None:
    """Import it, once; return None if it has to be previewed again first."""
    hotline_id = actor.hotline_id or 0
    try:
        with hotline_transaction():
            if not use_once(request.POST.get("once", ""), purpose="settings file in"):
                messages.info(request, _("This form was already sent. It was carried out once."))
                return redirect("administration:show-file")
            seen = request.POST.get("seen", "")
            done = take_settings(hotline_id, text, only=parts, actor=actor, as_seen=seen)
            if _is_of_another(done, hotline_id) and "of_another" not in request.POST:
                raise WrittenForAnother
    except (ChangedMeanwhile, WrittenForAnother) as error:
        messages.warning(request, f"{error.text} {error.hint}")
        return None
    message = ngettext("%(n)d setting is changed.", "%(n)d settings are changed.", len(done.changed))
    messages.success(request, message % {"n": len(done.changed)})
    if done.by_hand:
        lines = " ".join(done.by_hand[:SHOWN_BY_HAND])
        messages.warning(request, _("Still to do by hand: %(lines)s") % {"lines": lines})
    return redirect("administration:show-file")


def _text_of(request: HttpRequest) -> str:
    """Return the uploaded file, or the text in the form. Raises BadInput."""
    file = request.FILES.get("file")
    if file is None:
        text: str = request.POST.get("text", "")
    elif (file.size or 0) > MOST_BYTES:
        raise BadInput(what=_("The file"), why=_("it is longer than 2 MB"))
    else:
        try:
            text = str(file.read(), "utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput(what=_("The file"), why=_("it is not text")) from error
    if not text.strip():
        raise BadInput(_("Choose a file that leeward settings export or this page made."), what=_("The file"),
                       why=_("there is nothing in it"))  # fmt: skip
    return text


def _is_of_another(outcome: Outcome, hotline_id: int) -> bool:
    return bool(outcome.of) and outcome.of != people_queries.hotline(hotline_id).slug


def _preview(request: HttpRequest, text: str, outcome: Outcome, actor: Actor) -> HttpResponse:
    hotline = people_queries.hotline(actor.hotline_id or 0)
    titles = {section.name: section.title or section.name for section in sections()}
    rows = list(_rows(outcome.changed, titles))
    values = {
        "text": text,
        "outcome": outcome,
        "rows": rows[:SHOWN_ROWS],
        "more": max(0, len(rows) - SHOWN_ROWS),
        "refused": [{"part": titles[one.section], "row": one.row, "why": one.why} for one in outcome.refused],
        "parts": [{"name": name, "title": titles[name], "is_on": True} for name in outcome.parts],
        "is_of_another": _is_of_another(outcome, hotline.id),
        "slug": hotline.slug,
        "once": new_form_key(),
    }
    return render(request, "administration/settings_seen.html", values, status=422 if outcome.refused else 200)


def _rows(changed: Iterable[Difference], titles: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Return one line for each row of the file, with its changes."""
    for (section, row), found in groupby(changed, key=lambda one: (one.section, one.row)):
        values = list(found)
        yield {
            "part": titles[section],
            "row": row,
            "is_new": values[0].is_new,
            "values": [{"name": one.name, **_pair(one.now, one.then)} for one in values],
        }


def _pair(now: Any, then: Any) -> dict[str, str]:
    """Return two values for display: of long ones, the part where they begin to differ."""
    before, after = _shown(now), _shown(then)
    alike = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    start = alike - SHOWN_BEFORE if alike > SHOWN_BEFORE and max(len(before), len(after)) > SHOWN_LETTERS else 0
    return {"now": _cut(before, start), "then": _cut(after, start)}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _cut(text: str, start: int) -> str:
    rest = f"…{text[start:]}" if start else text
    return rest if len(rest) <= SHOWN_LETTERS else f"{rest[: SHOWN_LETTERS - 1]}…"


def _page(
    request: HttpRequest,
    *,
    problem: str = "",
    wrong: LeewardError | None = None,
    parts: list[str] | None = None,
    why: str = "",
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    values = {
        "parts": [
            {"name": one.name, "title": one.title or one.name, "is_on": parts is None or one.name in parts}
            for one in sections_for(actor_of(request).hotline_id or 0)
        ],
        "whys": [(code, WHY_WORDS[code], code == why) for code in WHYS],
        "problem": problem,
        "wrong": wrong,
        "text": text,
        "once": new_form_key(),
    }
    return render(request, "administration/settings_file.html", values, status=status)
