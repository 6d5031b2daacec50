"""The desk's page about sources: the status of each, and the agreement that allows it to be asked."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.hashbank.rules.sources import may_be_asked
from leeward.hashbank.sources.forms import AgreementForm
from leeward.hashbank.sources.queries import SourceRow, live_source, live_sources, word_of, words_to
from leeward.hashbank.sources.services import agreeing, feeding_back, watching
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import second_person_obstacle
from leeward.people.rules.reading import mark_of
from leeward.people.services import second_person_words
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of
from leeward.web_security.services import use_once


@require_GET
@staff("hash.exchange")
def list_live_sources(request: HttpRequest) -> HttpResponse:
    """List every source: how the last pull went, when the next one is, what was agreed and by whom."""
    return _page(request, None, None)


@require_POST
@staff("hash.exchange")
def change_live_source(request: HttpRequest, live_id: int) -> HttpResponse:
    """Record or confirm the agreement with a source, pause it, pull from it now, or let it withdraw most of what it says."""
    actor, act = actor_of(request), request.POST.get("act", "")
    row = _row(live_id)
    form = AgreementForm(request.POST, auto_id=f"source{live_id}-%s")
    if act == "agree" and not form.is_valid():
        return _page(request, form, live_id)
    acts: dict[str, Callable[[], object]] = {
        "agree": lambda: agreeing.agree(row.name, **form.cleaned_data, actor=actor),
        "confirm": lambda: agreeing.confirm(row.name, seen=request.POST.get("seen", ""), actor=actor),
        "pause": lambda: agreeing.pause(row.name, paused=True, actor=actor),
        "withdraw": lambda: agreeing.allow_withdrawal(row.name, _number(request.POST.get("number", "")), actor=actor),
        "resume": lambda: agreeing.pause(row.name, paused=False, actor=actor),
        "pull": lambda: watching.want_pull(row.id, datetime.now(UTC)) if may_be_asked(row.state) else None,
    }
    if act in acts:
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"live source {live_id}"):
                    acts[act]()
        except EnteredSince as error:
            messages.error(request, f"{error.text} {error.hint}")
        if act == "agree":
            messages.success(request, _("Recorded. It counts once a second person has confirmed it."))
        elif act in ("pull", "withdraw") and may_be_asked(row.state):
            messages.success(request, _("The pull begins within a minute."))
    return redirect("hashbank:list-live-sources")


@require_GET
@staff("hash.exchange")
def show_feedback(request: HttpRequest, live_id: int) -> HttpResponse:
    """Show what would be said back to a source about its entries, as it was when somebody last had it put together."""
    row = _row(live_id)
    live = live_source(row.name)
    page = page_of(words_to(live), request.GET.get("page"))
    words = [word_of(live, one) for one in page.rows]
    values = {"row": row, "page": page, "words": words, "may_send": may_be_asked(row.state), "once": new_form_key()}
    values["seen"] = _mark_of_feedback(row)
    return render(request, "hashbank/feedback.html", values)


@require_POST
@staff("hash.exchange")
def change_feedback(request: HttpRequest, live_id: int) -> HttpResponse:
    """Put together what would be said back to a source, let it be sent, by a page that shows it as it was put together last, or stop that."""
    actor, act, row = actor_of(request), request.POST.get("act", ""), _row(live_id)
    record = request.POST.get("again", "")

    def allow() -> None:
        feeding_back.allow_feedback(row.name, actor=actor)
        watching.want_pull(row.id, datetime.now(UTC))

    acts: dict[str, Callable[[], object]] = {
        "look": lambda: feeding_back.preview_feedback(row.name, actor=actor),
        "allow": allow,
        "stop": lambda: feeding_back.stop_feedback(row.name, actor=actor),
        "again": lambda: feeding_back.send_again(row.name, int(record) if record.isdecimal() else 0, actor=actor),
    }
    if act in acts:
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"hashbank feedback {live_id}"):
                    if act in ("allow", "again"):
                        demand_as_shown(request, _mark_of_feedback(_row(live_id)))
                    acts[act]()
        except EnteredSince as error:
            messages.error(request, f"{error.text} {error.hint}")
            return redirect("hashbank:show-feedback", live_id=live_id)
        if act == "allow":
            messages.success(request, _("It is sent after the next pull, which begins within a minute."))
    return redirect("hashbank:show-feedback", live_id=live_id)


def _mark_of_feedback(row: SourceRow) -> str:
    """Return a mark of what would be said back to a source: what nobody has read on this page is not sent by it."""
    words = list(words_to(live_source(row.name)).values_list("record_id", "foreign_id", "wanted", "sent", "state"))
    return mark_of(row.id, str(row.previewed_at), row.feeds_back, words)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _row(live_id: int) -> SourceRow:
    row = next((one for one in live_sources() if one.id == live_id), None)
    if row is None:
        raise NotFound(what=_("source"))
    return row


def _page(request: HttpRequest, form: AgreementForm | None, wrong: int | None) -> HttpResponse:
    actor = actor_of(request)
    rows = [
        {"row": row, "cant": _cant_confirm(row, actor), "form": form if row.id == wrong else _form(row)}
        for row in live_sources()
    ]
    values = {"rows": rows, "wrong": wrong, "once": new_form_key()}
    return render(request, "hashbank/live_sources.html", values, status=200 if wrong is None else 422)


def _form(row: SourceRow) -> AgreementForm:
    return AgreementForm(auto_id=f"source{row.id}-%s")


def _cant_confirm(row: SourceRow, actor: Actor) -> str:
    """Return why this person can't confirm the waiting agreement, "" where they can."""
    if row.state != "needs_second":
        return ""
    if row.first_label == actor.label:
        return _("You recorded it: somebody else has to confirm it.")
    kind, _colon, number = row.first_label.partition(":")
    found = second_person_obstacle(actor, {int(number) if kind == "staff" else None}, act="source.agree")
    return second_person_words(found, actor.hotline_id)[0] if found else ""
