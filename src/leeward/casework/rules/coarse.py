"""What a reporter's receipt shows of a case: a coarse state and a reason from intake's table."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from leeward.casework.rules.states import STATES, Stage
from leeward.intake.rules.standing import ACTED, CLOSED, LOOKING, RECEIVED

# The receipt's codes for ICCAM's reasons; the catch-all says no more than the outcome.
_REASON_WORDS = {
    2: "content_not_found",
    3: "referrer_not_known",
    4: "unable_to_access",
    5: "password_protected",
    6: "account_disabled",
    7: "legally_unable_to_access",
    8: "link_expired",
    9: "not_found_or_down",
    10: "temporarily_unavailable",
    11: "premium_account_necessary",
    12: "missing_parts",
    13: "removed_before_assessment",
    14: "adults",
    15: "not_sexualised",
    16: "below_threshold",
    17: "too_small",
    18: "virtual",
    19: "links_only",
    20: "age_unclear",
    21: "age_over_threshold",
}


_NOTHING = (RECEIVED, "")
# Who knows of it where a receipt gives one of these reasons.
_KNOWS: dict[str, frozenset[str]] = {
    "": frozenset(),
    "police_told": frozenset({"police_told"}),
    "host_told": frozenset({"host_told"}),
    "police_and_host": frozenset({"police_told", "host_told"}),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything about a case that the coarse state depends on."""

    state: str
    outcome: str = ""
    close_reason: int | None = None
    was_removed: bool = False
    was_withdrawn: bool = False
    was_assessed: bool = False
    came_back: bool = False
    appealed: bool = False
    police_told: bool = False
    host_told: bool = False
    abroad_told: bool = False
    decided_at: datetime | None = None
    first_assessed_at: datetime | None = None
    closed_at: datetime | None = None
    police_sent_at: datetime | None = None  # the newest message to them


@dataclass(frozen=True, slots=True)
class Shown:
    """What the receipt of one report currently shows of a case and since when, when the report came, and whether the
    urgent part of the case was passed on with this very report in it. `before`: what the hotline that had the report
    before has done about it, as a reason; "" for nothing.
    """

    state: str
    reason: str
    since: datetime
    came_at: datetime
    is_passed: bool
    before: str = ""


def done_before(done: Collection[str]) -> str:
    """Return the reason for what another hotline has done: `police_told`, `host_told`, or both."""
    return _acting(Seen("", police_told="police_told" in done, host_told="host_told" in done))


def coarse_for(seen: Seen, shown: Shown, *, by_person: bool) -> tuple[str, str]:
    """Return the state and the reason that one reporter is told: nothing that was done before the report came, or
    because of another report of the same content, but what another hotline has done about this very report. `by_person`:
    a person has just handled everything that came in.
    """
    state, reason = _of_this_hotline(seen, shown, by_person=by_person)
    if not shown.before or state == CLOSED or (state == ACTED and reason not in _KNOWS):
        return state, reason
    return ACTED, done_before(_KNOWS[shown.before] | (_KNOWS[reason] if state == ACTED else frozenset()))


def _of_this_hotline(seen: Seen, shown: Shown, *, by_person: bool) -> tuple[str, str]:
    if seen.state == "forwarded":
        return coarse(seen)  # every report of it is passed on
    was_sent = seen.police_sent_at is not None and seen.police_sent_at >= shown.came_at
    was_passed = seen.police_told and shown.is_passed and (shown.state == ACTED or was_sent)
    if not seen.outcome and not was_passed:
        seen = replace(seen, police_told=False)
    if STATES[seen.state].stage in (Stage.NEW, Stage.ASSESSING):
        was_read = shown.state != RECEIVED or by_person or _is_since(seen.first_assessed_at, shown)
        return coarse(seen) if was_passed or was_read else _NOTHING
    only_passed = shown.state == ACTED and shown.reason in ("forwarded", "read")
    is_covered = by_person or (shown.state != RECEIVED and not only_passed) or _is_since(seen.decided_at, shown)
    if is_covered:
        return coarse(seen)
    if seen.state == "closed" and _is_since(seen.closed_at, shown):
        return coarse(seen) if was_passed or seen.was_removed or seen.was_withdrawn else (CLOSED, "")
    return (ACTED, "read" if seen.was_assessed else "forwarded") if was_passed else _NOTHING


def _is_since(at: datetime | None, shown: Shown) -> bool:
    return at is not None and at >= shown.since


def coarse(seen: Seen) -> tuple[str, str]:
    """Return the state and the reason that a reporter is told."""
    state = STATES[seen.state]
    if seen.police_told and state.stage in (Stage.NEW, Stage.ASSESSING):
        # urgent: the police have it, and the work on it goes on
        return ACTED, "read" if seen.was_assessed else "forwarded"
    if state.reporter == RECEIVED:
        return (LOOKING, "review" if seen.appealed else "") if seen.was_assessed else (RECEIVED, "")
    if state.reporter == LOOKING:
        return LOOKING, "again" if seen.came_back else "review" if seen.appealed else ""
    if state.reporter == CLOSED:
        return CLOSED, "forwarded" if seen.state == "forwarded" else _closing(seen)
    return ACTED, _acting(seen)


def _acting(seen: Seen) -> str:
    if seen.police_told and seen.host_told:
        return "police_and_host"
    if seen.host_told:
        return "host_told"
    if seen.police_told:
        return "abroad" if seen.abroad_told else "police_told"
    return ""


def _closing(seen: Seen) -> str:
    if seen.was_withdrawn:
        return "withdrawn"
    if seen.was_removed:
        return "removed"
    if seen.outcome in ("", "illegal") and seen.close_reason is None and seen.police_told:
        return "forwarded"
    return _REASON_WORDS.get(seen.close_reason or 0) or (
        seen.outcome if seen.outcome not in ("", "illegal") else "other"
    )
