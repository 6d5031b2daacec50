"""What happens outside, and how it changes the case. Every event may arrive twice."""

from datetime import datetime
from itertools import islice

from django_scopes import scope

from leeward.audit.queries import log_of_each
from leeward.audit.services import hotline_transaction
from leeward.casework import timing
from leeward.casework.acting.rules.plan import WATCHED_KINDS
from leeward.casework.acting.services.hotline_updates import tell_it_is_not_so, tell_what_was_done
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.acting.services.undoing import drop_closing
from leeward.casework.merging.services.merged import merged_into_it, places_still_up, where_work_goes_on
from leeward.casework.models import Case, CaseItem
from leeward.casework.rules.states import LAST_STATES
from leeward.casework.steps import can_step, let_go, locked_case, note_act, now_utc, take_step
from leeward.exchange import queries as exchange_queries
from leeward.foundation.actor import SYSTEM
from leeward.hosting import queries as hosting_queries
from leeward.intake import queries as intake_queries
from leeward.intake.queries.handed import items_from
from leeward.jobs.services import publish_event
from leeward.monitoring import queries as monitoring_queries
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.people.queries import portal


def police_were_informed(case_id: int, at: datetime) -> None:
    """Record that the referral went out. Where no host is told and nothing can be watched, the work is done."""
    with hotline_transaction():
        case = locked_case(case_id)
        if case.state == "forwarded":
            return
        if case.police_told_at is not None:
            tell_reporters(case)  # what this message says is now passed on
            timing.keep(case)  # the clock for their answer starts again
            return
        case.police_told_at = at
        case.save()
        note_act("case.police_told", case, actor=SYSTEM)
        tell_what_was_done(case, "police_told", at)
        move_on(case)
        tell_reporters(case)


def police_were_not_informed(case_id: int) -> None:
    """Record that the message to the police did not arrive, or that this is unknown: the clock runs on, and somebody
    has to act.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        if case.police_told_at is not None:
            case.police_told_at = None
            case.save(update_fields=["police_told_at"])
            note_act("case.police_not_told", case, actor=SYSTEM)
            tell_it_is_not_so(case, "police_told")
            tell_reporters(case)
    something_is_new(case_id, "police_not_told")


def host_was_informed(case_id: int, at: datetime) -> None:
    """Record that a notice went out; the location is watched from now on."""
    with hotline_transaction():
        case = locked_case(case_id)
        if case.host_told_at is not None:
            return
        case.host_told_at = at
        if can_step(case, "watch"):
            take_step(case, "watch", actor=SYSTEM)
        case.save()
        note_act("case.host_told", case, actor=SYSTEM)
        tell_what_was_done(case, "host_told", at)
        tell_reporters(case)


def abroad_was_informed(case_id: int) -> None:
    """Record that the authorities where it is hosted were told."""
    with hotline_transaction():
        tell_reporters(locked_case(case_id))


def move_on(case: Case) -> None:
    """Watch the location after the police were told, or finish the case where no host will be told."""
    notice_case = notices_queries.notice_case_of(case.pk)
    if notice_case is not None and notice_case.tells_host:
        return
    is_watched = hosting_queries.locations_by_id([case.location_id])[case.location_id].kind in WATCHED_KINDS
    act = "watch" if is_watched else "settle"
    if can_step(case, act):
        take_step(case, act, actor=SYSTEM)
        if act == "settle":
            case.closed_at = now_utc()
            let_go(case)
        case.save()
        note_act("case.settled" if act == "settle" else "case.watched", case, actor=SYSTEM)


def hold_changed(case_id: int, until: datetime | None) -> None:
    """Record that the police hold the notice until a time, or no longer do."""
    with hotline_transaction():
        case = locked_case(case_id)
        if case.held_until != until:
            case.held_until = until
            case.save(update_fields=["held_until"])
            note_act("case.held" if until else "case.hold_ended", case, actor=SYSTEM)
        finish_if_gone(case)


def end_holds(now: datetime) -> int:
    """Clear every hold of the current hotline whose time has run out, and which doesn't go on: after restoring none ends by itself;
    return how many."""
    over = Case.objects.filter(held_until__lte=now).values_list("id", flat=True)
    ended = list(islice((case_id for case_id in over if not notices_queries.is_held_by_police([case_id])), 500))
    for case_id in ended:
        hold_changed(case_id, None)
    return len(ended)


def was_removed(location_id: int) -> None:
    """Record that checks found the content gone: escalation stops, and the case closes unless something about it is
    open.
    """
    case_id = case_at(location_id)
    if case_id is None:
        return
    with hotline_transaction():
        case = locked_case(case_id)
        # A case with several addresses is removed once the content is gone from the last of them.
        if can_step(case, "see_removed") and not places_still_up(case, merged_into_it(case)):
            _note_removed(case, location_id)
        # In the same transaction, whatever the step above did: a crash in between must not leave the case open for
        # ever.
        finish_if_gone(case)


def _note_removed(case: Case, location_id: int) -> None:
    take_step(case, "see_removed", actor=SYSTEM)
    watch = monitoring_queries.watch_of(location_id)
    case.removed_at = (watch.removed_at if watch else None) or now_utc()
    case.returned = False
    let_go(case)
    case.save()
    notices_services.withdraw(case.pk, reason="removed")
    note_act("case.removed", case, actor=SYSTEM)
    tell_what_was_done(case, "removed", case.removed_at)
    tell_reporters(case)


def finish_if_gone(case: Case) -> None:
    """Close a removed case that has nothing open, in the caller's transaction."""
    if case.state == "removed" and can_step(case, "settle"):
        take_step(case, "settle", actor=SYSTEM)
        case.closed_at = now_utc()
        case.save()
        note_act("case.settled", case, actor=SYSTEM)
        tell_reporters(case)


def came_back(location_id: int) -> None:
    """Record that the content is back after it was removed: the case is acted on again, and somebody has to look at it. Closing it just
    before that stops nothing."""
    case_id = case_at(location_id)
    if case_id is None:
        return
    with hotline_transaction():
        case = locked_case(case_id)
        if not can_step(case, "see_returned") or portal(case.portal_id).handed_over_at is not None:
            return
        take_step(case, "see_returned", actor=SYSTEM)
        case.returned, case.news_at = True, now_utc()
        case.removed_at = case.closed_at = case.close_reason = None
        case.save()
        note_act("case.returned_online", case, actor=SYSTEM)
        drop_closing(case)
        tell_it_is_not_so(case, "removed")
        tell_reporters(case)


def note_hotline_message(exchange_id: int) -> None:
    """Handle what another hotline said about a case, or that our report of it arrived there."""
    row = exchange_queries.exchange(exchange_id)
    if row is None:
        return
    cases = [row.case_id] if row.case_id is not None else cases_of_report(row.report_id or 0)
    for case_id in cases:
        timing.keep_of(case_id)
        if any(not entry.is_ours and entry.kind != "report" for entry in row.entries):
            something_is_new(case_id, "hotline_said")


def something_is_new(case_id: int, what: str, *, is_told_once: bool = False, **more: str) -> None:
    """Flag that something unread came in: the case is listed under “news” until somebody marks it as seen. The timeline names each kind
    of news once until then, what `is_told_once` each time. `more` is what the timeline says of it."""
    with hotline_transaction():
        case = locked_case(where_work_goes_on(case_id))
        if case.news and not is_told_once and _is_named(case, what):
            return
        if not case.news:
            case.news_at = now_utc()
            case.save(update_fields=["news_at"])
        note_act("case.news_came", case, actor=SYSTEM, facts={"what": what, **more})
        if case.state in LAST_STATES and portal(case.portal_id).handed_over_at is not None:
            publish_event("case.former_news_came", subject_id=case.pk, hotline_id=case.hotline_id)


def _is_named(case: Case, what: str) -> bool:
    """Return whether the timeline names this kind of news since somebody has seen the case."""
    lines = log_of_each(case.hotline_id, [f"case:{case.pk}"], events=["case.news_came"])
    named = {
        line.facts.get("what") for line in lines if case.news_at and datetime.fromisoformat(line.at) >= case.news_at
    }
    return what in named


def former_news_came(case_id: int) -> None:
    """Let the hotline that took a case over with its portal know that something came in about it here: an answer by a link
    that was sent before. Needs no scope of that hotline; idempotent until somebody there has seen it.
    """
    for hotline_id, items in items_from(case_id).items():
        with scope(hotline=hotline_id):
            found = CaseItem.objects.filter(item_id__in=items).values_list("case_id", flat=True).distinct()
            for number in found:
                something_is_new(number, "former_news")


def case_at(location_id: int) -> int | None:
    """Return the case in which the work on a location continues, or None."""
    case_id = Case.objects.filter(location_id=location_id).values_list("id", flat=True).first()
    return where_work_goes_on(case_id) if case_id is not None else None


def cases_of_report(report_id: int) -> list[int]:
    """Return every case that the items of a report joined."""
    items = [item.id for item in intake_queries.items_of(report_id)]
    return list(CaseItem.objects.filter(item_id__in=items).values_list("case_id", flat=True).distinct())
