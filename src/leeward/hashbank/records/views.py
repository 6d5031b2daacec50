"""The desk's pages about records: search, one record, and what a person has to settle."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.hashbank import labels, queries, services
from leeward.hashbank.rules.kinds import BadHash, guess_kind, read_hash
from leeward.hashbank.rules.standing import RULINGS, STATES
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import second_person_obstacle
from leeward.people.rules.permissions import acts_of
from leeward.people.rules.reading import mark_of
from leeward.people.services import second_person_words
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of
from leeward.web_security.services import use_once


def _once(request: HttpRequest, purpose: str, act: Callable[[], object]) -> None:
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"hashbank {purpose}"):
                act()
    except EnteredSince as error:
        messages.error(request, f"{error.text} {error.hint}")


def _seen(request: HttpRequest) -> str:
    return request.POST.get("seen", "")


@require_GET
@staff("hash.read")
def find(request: HttpRequest) -> HttpResponse:
    """List the records, newest first, or look up a hash or record number."""
    text = request.GET.get("find", "").strip()[:400]
    state = request.GET.get("state", "")
    values: dict[str, Any] = {"asked": text, "state": state, "states": labels.STATES.items()}
    if text:
        try:
            values["found"] = _known(text)
        except BadHash as problem:
            values["problem"] = problem
    else:
        values["page"] = page_of(queries.records(state if state in STATES else ""), request.GET.get("page"))
    return render(request, "hashbank/records.html", values)


def _known(typed: str) -> list[queries.Known]:
    kind, _colon, text = typed.rpartition(":")
    return queries.known([read_hash(kind or guess_kind(text) or "sha256", text)], states=STATES)


@require_GET
@staff("hash.read")
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    """Show one record: facts, hashes, votes, investigations, sightings."""
    return _page(request, record_id)


def _page(request: HttpRequest, record_id: int, refused: EnteredSince | None = None) -> HttpResponse:
    """Show a record; again, with what was typed, where something else was entered since it was shown."""
    actor = actor_of(request)
    if refused is not None:
        messages.error(request, f"{refused.text} {refused.hint}")
    acts, row = acts_of(actor.roles), queries.record(record_id)
    values = {
        "record": row,
        "cant": _why_not_second(row, actor) if "hash.settle" in acts else "",
        "may_settle": "hash.settle" in acts,
        "may_add": "hash.add" in acts,
        "verdicts": labels.VERDICTS.items(),
        "rulings": [(code, labels.RULINGS[code]) for code in RULINGS],
        "me": actor.label,
        "victims": labels.VICTIMS.items(),
        "offenders": labels.OFFENDERS.items(),
        "once": new_form_key(),
        "seen": _mark_of(row),
        "standing": _mark_of_standing(row),
        "typed": request.POST,
    }
    return render(request, "hashbank/record.html", values, status=200 if refused is None else 409)


def _mark_of(row: queries.RecordRow) -> str:
    """Return a mark of the statuses that a page shows: an older page would put back what a colleague has stated since."""
    return mark_of(row.id, row.victim_status, row.offender_status, row.series)


def _mark_of_standing(row: queries.RecordRow) -> str:
    """Return a mark of what is known of what a record is: nobody votes on it or settles it by a page that shows something else."""
    return mark_of(row.id, row.state, sorted(map(repr, row.votes)), repr(row.ruling), repr(row.vote_change))


def _decide(request: HttpRequest, record_id: int, purpose: str, act: Callable[[], object]) -> EnteredSince | None:
    """Decide once what a record is, by a page that shows what is known of it now; return why not."""
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"hashbank {purpose} {record_id}"):
                demand_as_shown(request, _mark_of_standing(queries.record(record_id)))
                act()
    except EnteredSince as error:
        return error
    return None


def _why_not_second(row: queries.RecordRow, actor: Actor) -> str:
    """Return why this person can't confirm what waits; "" where nothing waits for them or they can."""
    by = {one.back.by for one in row.hashes if one.back}
    by |= {row.vote_change.by} if row.vote_change else {row.ruling.by} if row.ruling and row.ruling.waits else set()
    by -= {actor.label}
    if not by:
        return ""
    found = second_person_obstacle(actor, {services.account_of(one) for one in by}, act="hash.settle")
    return second_person_words(found, actor.hotline_id)[0] if found else ""


@require_POST
@staff("hash.settle")
def say(request: HttpRequest, record_id: int) -> HttpResponse:
    """Cast this hotline's vote on a record; one that would change what the record means waits for a second person."""
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    counts: list[bool] = []
    refused = _decide(
        request,
        record_id,
        "say",
        lambda: counts.append(services.say(record_id, verdict, reason=reason, actor=actor_of(request))),
    )
    if refused is not None:
        return _page(request, record_id, refused)
    if counts == [True]:
        messages.success(request, _("Saved; the record’s status follows from what all sources say."))
    elif counts == [False]:
        messages.success(request, _("Saved. It counts once a second person has confirmed it."))
    return redirect("hashbank:show-record", record_id=record_id)


@require_POST
@staff("hash.settle")
def answer_vote(request: HttpRequest, record_id: int) -> HttpResponse:
    """Confirm or decline, as the second person, a vote of this hotline that waits, or take one's own back."""
    agrees = request.POST.get("answer") == "confirm"
    _once(
        request,
        f"answer vote {record_id}",
        lambda: services.answer_vote(record_id, seen=_seen(request), agrees=agrees, actor=actor_of(request)),
    )
    return redirect("hashbank:show-record", record_id=record_id)


@require_POST
@staff("hash.add")
def set_statuses(request: HttpRequest, record_id: int) -> HttpResponse:
    """Set whether victim and offender are identified, and the series."""
    given = {name: request.POST.get(name, "") for name in ("victim", "offender", "series")}

    def act() -> None:
        demand_as_shown(request, _mark_of(queries.record(record_id)))
        services.set_statuses(record_id, **given, actor=actor_of(request))

    _once(request, f"status {record_id}", act)
    return redirect("hashbank:show-record", record_id=record_id)


@require_GET
@staff("hash.read")
def doubts(request: HttpRequest) -> HttpResponse:
    """List the hashes that a person has to review: they match far more than before, or somebody reported them as wrong."""
    actor = actor_of(request)
    page = page_of(queries.open_quarantines(), request.GET.get("page"))
    may_settle = "hash.settle" in acts_of(actor.roles)
    rows = queries.doubt_rows(page.rows)
    values = {"page": page, "rows": rows, "may_settle": may_settle, "me": actor.label, "once": new_form_key()}
    return render(request, "hashbank/doubts.html", values)


@require_POST
@staff("hash.settle")
def settle(request: HttpRequest, quarantine_id: int) -> HttpResponse:
    """Let a hash count again, or exclude it: one person proposes that, another confirms it, and either can end it."""
    actor, answer = actor_of(request), request.POST.get("answer")
    counts: list[bool] = []

    def act() -> None:
        if answer == "keep":
            services.keep_hash(quarantine_id, actor=actor)
        elif answer == "leave":
            services.leave_in_use(quarantine_id, actor=actor)
        else:
            reason = request.POST.get("reason", "")
            counts.append(services.set_aside(quarantine_id, reason=reason, seen=_seen(request), actor=actor))

    _once(request, f"settle {quarantine_id}", act)
    if counts == [False]:
        messages.success(request, _("Saved. It counts once a second person has confirmed it."))
    return redirect("hashbank:list-doubts")


@require_POST
@staff("hash.settle")
def return_hash(request: HttpRequest, record_id: int, hash_id: int) -> HttpResponse:
    """Use a hash again that was set aside: one person proposes that, another confirms it, and either can end it."""
    actor, answer = actor_of(request), request.POST.get("answer")
    counts: list[bool] = []

    def act() -> None:
        if answer == "refuse":
            services.leave_aside(hash_id, actor=actor)
        else:
            reason = request.POST.get("reason", "")
            counts.append(services.bring_back(hash_id, reason=reason, seen=_seen(request), actor=actor))

    _once(request, f"return {hash_id}", act)
    if counts == [False]:
        messages.success(request, _("Saved. It counts once a second person has confirmed it."))
    return redirect("hashbank:show-record", record_id=record_id)


@require_GET
@staff("hash.read")
def unsettled(request: HttpRequest) -> HttpResponse:
    """List the records on which sources disagree, for a person to settle."""
    page = page_of(queries.unsettled(), request.GET.get("page"))
    first = queries.waiting_for_second() if page.number == 1 else []
    rows = queries.unsettled_rows([*first, *page.rows])
    return render(request, "hashbank/unsettled.html", {"page": page, "rows": rows})


@require_POST
@staff("hash.settle")
def settle_record(request: HttpRequest, record_id: int) -> HttpResponse:
    """Settle a record on which sources disagree."""
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    counts: list[bool] = []
    refused = _decide(
        request,
        record_id,
        "settle record",
        lambda: counts.append(services.settle_record(record_id, verdict, reason=reason, actor=actor_of(request))),
    )
    if refused is not None:
        return _page(request, record_id, refused)
    if counts == [True]:
        messages.success(request, _("Settled."))
    elif counts == [False]:
        messages.success(request, _("Saved. It counts once a second person has confirmed it."))
    return redirect("hashbank:show-record", record_id=record_id)


@require_POST
@staff("hash.settle")
def answer_ruling(request: HttpRequest, record_id: int) -> HttpResponse:
    """Confirm or refuse, as the second person, a proposed ruling."""
    agrees = request.POST.get("answer") == "confirm"
    _once(
        request,
        f"answer ruling {record_id}",
        lambda: services.answer_ruling(record_id, seen=_seen(request), agrees=agrees, actor=actor_of(request)),
    )
    return redirect("hashbank:show-record", record_id=record_id)


@require_GET
@staff("hash.read")
def sources(request: HttpRequest) -> HttpResponse:
    """List the sources, which names are one source, and whose lists vouch for their members."""
    page = page_of(queries.sources(), request.GET.get("page"))
    may_settle = "hash.settle" in acts_of(actor_of(request).roles)
    values = {
        "page": page,
        "rows": queries.source_rows(page.rows),
        "targets": queries.merge_targets() if may_settle else [],
        "may_settle": may_settle,
        "me": actor_of(request).label,
        "once": new_form_key(),
    }
    return render(request, "hashbank/sources.html", values)


@require_POST
@staff("hash.settle")
def change_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Propose a change to a source (merge, separate, vouch or doubt), or answer such a proposal."""
    actor, act, into = actor_of(request), request.POST.get("act", ""), request.POST.get("into", "")
    if act in ("confirm", "refuse"):
        _once(
            request,
            f"answer source {source_id}",
            lambda: services.answer_change(source_id, seen=_seen(request), agrees=act == "confirm", actor=actor),
        )
    elif act != "merge" or into:
        number = int(into) if into.isdecimal() else 0
        _once(
            request,
            f"source {source_id}",
            lambda: services.propose_change(source_id, act, into_id=number, actor=actor),
        )
        messages.success(request, _("Saved. It counts once a second person has confirmed it."))
    return redirect("hashbank:list-sources")
