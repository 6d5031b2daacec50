"""Finding out where the content of cases is and what is there, before they are put into the queue: of one, or of several that wait."""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db.models import QuerySet

from leeward.audit.services import hotline_transaction, record_all
from leeward.casework import timing
from leeward.casework.acting.services.case_briefs import make_brief
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.assessment.services import known_images
from leeward.casework.models import Case, CaseItem
from leeward.casework.queue.services.opening import put_in_queue, set_in_queue
from leeward.casework.queue.services.places import PLACED, note_place, place_case
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.steps import can_step, locked_case, note_act, now_utc, reprioritise, take_step
from leeward.clocks import queries as clocks_queries
from leeward.foundation.actor import SYSTEM
from leeward.hosting import queries as hosting_queries
from leeward.hosting import services as hosting_services
from leeward.hosting.services import FetchNow, NewPlace
from leeward.jobs.services import schedule
from leeward.notices import services as notices_services
from leeward.people.queries import portal, portals_by_id
from leeward.people.rules.modes import POST_BOX

MOST_SECONDS = 5.0  # of looking at places together: what was found out first waits meanwhile to be stored
QUEUED = ("state", "lane", "priority", *PLACED)
log = logging.getLogger(__name__)


def prepare(case_id: int) -> bool:
    """Find out where the content is and what is there, then put the case into the queue, or pass it on if the hotline
    only forwards. An urgent case is already in the queue. Return False if it is further along. Idempotent.
    """
    case = Case.objects.filter(pk=case_id).first()
    if case is None or STATES[case.state].stage is not Stage.NEW:
        return False
    post_box = portal(case.portal_id).mode == POST_BOX
    if case.urgent:
        put_in_queue(case_id)
    if post_box:
        _locate_if_possible(case)
        _forward(case_id)
        return True
    _settle(case_id, _locate_and_fetch(case))
    return True


def _settle(case_id: int, just_now: FetchNow | None) -> None:
    """Look up what was seen at the place of a case just now, and put the case into the queue if it isn't there."""
    try:
        known_images.match_files(case_id, altered=True, just_now=just_now)
    except Exception:
        note_place(case_id)  # where it is must not depend on whether it is known
        raise
    with hotline_transaction():
        case = locked_case(case_id)
        home = portal(case.portal_id)  # as it is now: hosts may have kept us waiting
        place_case(case, home)
        if can_step(case, "prepare"):
            set_in_queue(case, home)
        else:
            case.save(update_fields=PLACED)
    if case.known and known_images.decide_by_record(case_id):
        schedule(known_images.ACT_ON_KNOWN, subject_id=case_id, hotline_id=case.hotline_id)


def prepare_together(case_ids: Sequence[int]) -> set[int]:
    """Do the same for several cases of a hotline; return those that are done. Places that nobody knows anything about are looked at
    one after the other, for some seconds, and what was found out is stored in one transaction. The others are left: urgent ones,
    those of portals that only forward, of places that were looked at before or are no web addresses, and those that failed.
    """
    waiting = _quiet(Case.objects.filter(pk__in=case_ids))
    behalf = _first_reports([case.pk for case in waiting])
    on_behalf = {case.location_id: behalf[case.pk] for case in waiting}
    windows = bool(waiting) and known_images.wants_windows()
    places = hosting_services.find_out_new(on_behalf, windows=windows, seconds=MOST_SECONDS)
    if not places:
        return set()
    of_place = {case.location_id: case.pk for case in waiting}
    with hotline_transaction():
        kept = hosting_services.keep_new(places, waiting[0].hotline_id)
        done = _queue_all([of_place[one.location_id] for one in kept if not one.files])
    hosting_services.note_hops(kept)
    seen = [one for one in kept if one.files]
    return done | {of_place[one.location_id] for one in seen if _could_settle(of_place[one.location_id], one)}


def _could_settle(case_id: int, one: NewPlace) -> bool:
    try:
        _settle(case_id, FetchNow(one.location_id, len(one.files)))
    except Exception:  # it is prepared alone, and fails there if it must
        log.warning("case.not_prepared", extra={"case": case_id}, exc_info=True)
        return False
    return True


def _quiet(cases: QuerySet[Case]) -> list[Case]:
    """Return those of these cases that are not urgent, wait to be prepared for the first time and are assessed here."""
    found = list(cases.filter(urgent=False, known=False, cycle=1).order_by("pk"))
    homes = portals_by_id({case.portal_id for case in found})
    return [case for case in found if can_step(case, "prepare") and homes[case.portal_id].mode != POST_BOX]


def _queue_all(case_ids: Collection[int]) -> set[int]:
    """Put cases whose places were just stored into the queue, in the caller's transaction; return which."""
    cases = _quiet(Case.objects.select_for_update().filter(pk__in=case_ids))
    if not cases:
        return set()
    homes = portals_by_id({case.portal_id for case in cases})
    rules = clocks_queries.rules_of_portals(homes)
    where = hosting_queries.whereabouts_of([case.location_id for case in cases])
    for case in cases:
        home = homes[case.portal_id]
        place_case(case, home, where.get(case.location_id))
        take_step(case, "prepare", actor=SYSTEM)
        reprioritise(case, home, rules[home.id])
    Case.objects.bulk_update(cases, QUEUED)
    acts = [(f"case:{case.pk}", None) for case in cases]
    record_all("case.prepared", acts, actor=SYSTEM, hotline_id=cases[0].hotline_id)
    timing.keep_all((case, timing.PortalRules(homes[case.portal_id], rules[case.portal_id])) for case in cases)
    return {case.pk for case in cases}


def locate_and_fetch(case: Case, *, at_most_old: timedelta = timedelta(days=1)) -> None:
    """Locate and fetch, outside any transaction, and store the location on the case. Registry answers may be up to
    `at_most_old` old.
    """
    just_now = _locate_and_fetch(case, at_most_old=at_most_old)
    note_place(case.pk)
    known_images.match_files(case.pk, altered=True, just_now=just_now)


def _locate_and_fetch(case: Case, *, at_most_old: timedelta = timedelta(days=1)) -> FetchNow | None:
    hosting_services.locate(case.location_id, at_most_old=at_most_old)
    return hosting_services.fetch_now(
        case.location_id, on_behalf=_first_report(case.pk), windows=known_images.wants_windows()
    )


def _first_report(case_id: int) -> str:
    """Return the report that opened the case, on whose behalf hosts are queried."""
    return _first_reports([case_id])[case_id]


def _first_reports(case_ids: Collection[int]) -> dict[int, str]:
    """Return the same for several cases; one query."""
    items = CaseItem.objects.filter(case_id__in=case_ids).order_by("-item_id")
    found = dict(items.values_list("case_id", "item__report_id"))
    return {number: f"report:{found[number]}" if found.get(number) else f"case:{number}" for number in case_ids}


def fetched_more(location_id: int) -> None:
    """Process what was fetched or found out after a case was opened, as if it had been there at once."""
    case = Case.objects.filter(location_id=location_id).first()
    if case is None:
        return
    note_place(case.pk, tells_desk=True)
    known_images.match_files(case.pk, altered=True)
    if known_images.decide_by_record(case.pk):
        schedule(known_images.ACT_ON_KNOWN, subject_id=case.pk, hotline_id=case.hotline_id)


def _locate_if_possible(case: Case) -> None:
    """Try to locate the content, which helps the police; failing to find out must not keep a report from them."""
    try:
        hosting_services.locate(case.location_id)
    except Exception:
        log.warning("case.not_located", extra={"case": case.pk}, exc_info=True)


def fetch_again(case_id: int) -> None:
    """Locate and fetch a case's content again. Raises WordsLocked before it asks anybody anything."""
    case = Case.objects.filter(pk=case_id).first()
    if case is not None:
        hosting_services.require_access(case.location_id)
        locate_and_fetch(case, at_most_old=timedelta(0))


def _forward(case_id: int) -> None:
    note_place(case_id)
    with hotline_transaction():
        case = locked_case(case_id)
        if not can_step(case, "forward"):
            return
        take_step(case, "forward", actor=SYSTEM)
        case.closed_at = now_utc()
        case.save()
        notices_services.forward_to_police(make_brief(case))
        tell_reporters(case)
        note_act("case.forwarded", case, actor=SYSTEM)
