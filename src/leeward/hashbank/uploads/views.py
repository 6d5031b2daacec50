"""The pages for sending a list from the desk: the file, whose it is, what it would change, and confirmation."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.hashbank import labels, queries
from leeward.hashbank.lists.services.effects import LOOK_ALIKES
from leeward.hashbank.models import Upload
from leeward.hashbank.records.services.voting import is_registered
from leeward.hashbank.rules.categories import MEANINGS
from leeward.hashbank.uploads.forms import FileForm, ListForm
from leeward.hashbank.uploads.services import uploading
from leeward.hashbank.uploads.spool import Arrived, Spool, refuse_without_room
from leeward.people.access import actor_of, staff
from leeward.people.queries import second_person_obstacle, staff_names
from leeward.people.rules.permissions import acts_of
from leeward.people.services import second_person_words
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


def _once(request: HttpRequest, purpose: str, act: Callable[[], int | None]) -> int | None:
    """Do it unless this form was already submitted."""
    with hotline_transaction():
        is_first = use_once(request.POST.get("once", ""), purpose=f"hashbank {purpose}")
        return act() if is_first else None


@csrf_exempt  # checked in `_received`: the check reads the form, and the file must have a place to go before that
@require_http_methods(["GET", "POST"])
@staff("hash.exchange")
def send(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is stored as it arrives."""
    if request.method != "POST":
        return _form(request, FileForm(), ListForm())
    hotline_id = actor_of(request).hotline_id or 0
    length = request.META.get("CONTENT_LENGTH") or "0"
    refuse_without_room(hotline_id, int(length) if str(length).isdecimal() else 0)
    spool = Spool(request, hotline_id)
    request.upload_handlers = [spool]
    is_kept = False
    try:
        response = _received(request, spool)
        is_kept = queries.is_upload_kept(spool.token)
    finally:
        if not is_kept:
            spool.discard()
    return response


@csrf_protect
def _received(request: HttpRequest, spool: Spool) -> HttpResponse:
    file, about = FileForm(request.POST, request.FILES), ListForm(request.POST)
    if spool.is_material:
        file.errors["file"] = file.error_class(
            [_("This is not a list but a picture, a video or an archive. It was not kept.")]
        )
    if not file.is_valid():
        return _form(request, file, about)
    sent = file.cleaned_data["file"]
    assert isinstance(sent, Arrived)
    actor = actor_of(request)
    number = _once(request, "send list", lambda: uploading.keep_upload(sent, actor=actor))
    if number is None:
        return redirect("hashbank:list-imports")
    if about.is_valid():
        uploading.read_upload(number, **about.cleaned_data, actor=actor)
        return redirect("hashbank:show-upload", upload_id=number)
    return _page(request, queries.upload(number), about)  # the file is kept: only what was said of it is asked again


@require_http_methods(["GET", "POST"])
@staff("hash.exchange")
def show(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show the progress or the preview; when submitted, read the file again with another source, bank or format."""
    row = queries.upload(upload_id)
    if request.method == "POST":
        about = ListForm(request.POST)
        if not about.is_valid():
            return _page(request, row, about)
        actor, values = actor_of(request), about.cleaned_data | {"mapping": _mapping(request, row)}
        _once(request, f"read {upload_id}", lambda: uploading.read_upload(upload_id, **values, actor=actor))
        return redirect("hashbank:show-upload", upload_id=upload_id)
    if row.state == "done" and "HX-Request" not in request.headers:
        return redirect("hashbank:show-import", import_id=row.import_id)
    initial = {
        "source": row.source,
        "bank": row.bank,
        "harmless": row.harmless,
        "format_name": row.format,
        "profile": row.profile,
    }
    return _page(request, row, ListForm(initial=initial if row.source else None))


@require_POST
@staff("hash.exchange")
def take(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Import the list as previewed, or propose that where it takes a second person."""
    actor, seen = actor_of(request), request.POST.get("seen", "")
    _once(request, f"take {upload_id}", lambda: uploading.bring_in_upload(upload_id, seen=seen, actor=actor))
    return redirect("hashbank:show-upload", upload_id=upload_id)


@require_POST
@staff("hash.settle")
def answer(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Confirm, as the second person, that a list is imported."""
    actor, seen = actor_of(request), request.POST.get("seen", "")
    _once(request, f"confirm {upload_id}", lambda: uploading.confirm_upload(upload_id, seen=seen, actor=actor))
    return redirect("hashbank:show-upload", upload_id=upload_id)


@require_POST
@staff("hash.exchange")
def drop(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Discard the list and its file."""
    actor = actor_of(request)
    if _once(request, f"drop {upload_id}", lambda: uploading.drop_upload(upload_id, actor=actor)):
        messages.success(request, _("Discarded. Nothing was imported from it."))
    return redirect("hashbank:list-imports")


def _mapping(request: HttpRequest, row: Upload) -> dict[str, str]:
    """Return a person's mapping of the categories in the preview; those left open stay as they were."""
    pairs = zip(request.POST.getlist("category"), request.POST.getlist("means"), strict=False)
    seen = row.seen.get("categories", {}) if row.seen else {}
    before: dict[str, str] = row.mapping
    return before | {category: means for category, means in pairs if means and category in seen}


def _form(request: HttpRequest, file: FileForm, about: ListForm) -> HttpResponse:
    values: dict[str, Any] = {"file": file, "about": about, "banks": queries.banks(), "once": new_form_key()}
    return render(request, "hashbank/send_list.html", values, status=422 if file.errors else 200)


def _page(request: HttpRequest, row: Upload, about: ListForm) -> HttpResponse:
    actor = actor_of(request)
    percent = min(100, 100 * row.done_bytes // row.bytes) if row.bytes else 0
    is_complete, is_proposed = uploading.is_complete(row.seen), row.state == uploading.PROPOSED
    values = {
        "row": row,
        "form": about,
        "percent": percent,
        "is_new_bank": row.bank not in {one.name for one in queries.banks()},
        "banks": queries.banks(),
        "meanings": [(code, labels.MEANINGS[code]) for code in ("", *MEANINGS)],
        "is_unmapped": is_complete and any(not counted["means"] for counted in row.seen["categories"].values()),
        "is_outdated": row.state == "read" and not is_complete,
        "is_registered": is_registered(row.source),
        "takes_two": is_complete and uploading.takes_two(row),
        "effects": [
            (labels.effect(code), count, row.seen.get("touched", {}).get(code, []))
            for code, count in (row.seen["effects"].items() if is_complete else ())
            if code != LOOK_ALIKES
        ],
        "look_alikes": row.seen["effects"].get(LOOK_ALIKES, 0) if is_complete else 0,
        "is_mine": row.by == actor.id,
        "proposer": staff_names(row.hotline_id).get(row.by, "") if is_proposed else "",
        "may_confirm": "hash.settle" in acts_of(actor.roles),
        "cant": _why_not_second(row, actor) if is_proposed else "",
        "once": new_form_key(),
        "seen": uploading.mark_of_preview(row),
    }
    is_part = "HX-Request" in request.headers
    name = "hashbank/includes/upload.html" if is_part else "hashbank/upload.html"
    return render(request, name, values, status=422 if about.errors else 200)


def _why_not_second(row: Upload, actor: Actor) -> str:
    """Return why this person can't confirm the list that waits; "" where they can, or proposed it themselves."""
    if row.by == actor.id:
        return ""
    found = second_person_obstacle(actor, {row.by}, act="hash.settle")
    return second_person_words(found, actor.hotline_id)[0] if found else ""
