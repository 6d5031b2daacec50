"""Queries about rules and clocks, all within a hotline's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from leeward.clocks.models import Clock, Escalation, OnCall, RuleVersion
from leeward.clocks.rules.due import Calendar, Pause, Rule, Step, due_at
from leeward.clocks.rules.recommended import KINDS, RECOMMENDED, in_force
from leeward.people.queries import PortalRow, portal

MOST_COUNTED = 1000
SOON = timedelta(hours=6)
WHENS = ("late", "soon", "paused")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule and its version; number 0 is the recommended one."""

    id: int | None
    kind: str
    number: int
    rule: Rule
    since: datetime | None = None
    by: int | None = None


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock as other slices see it."""

    id: int
    case_id: int
    reference: str
    portal_id: int
    kind: str
    rule_kind: str
    about_id: int
    state: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    paused_at: datetime | None
    pause_reason: str
    holder_id: int | None
    rule_number: int
    rule_since: datetime | None
    law: str


def calendar_of(row: PortalRow) -> Calendar:
    """Return a portal's working days."""
    return Calendar(row.time_zone, row.working_days, row.holidays)


def as_rule(version: RuleVersion) -> Rule:
    """Return a stored version as a `Rule`; the recommended one if its content has since been forbidden."""
    steps = tuple(Step(act, float(hours)) for act, hours in version.steps.items())
    return in_force(version.kind, Rule(version.amount, version.unit, tuple(version.pauses), steps))


def _rule_row(version: RuleVersion) -> RuleRow:
    return RuleRow(version.pk, version.kind, version.number, as_rule(version), version.since, version.by_id)


def recommended(kind: str) -> RuleRow:
    """Return the rule that applies if a hotline set none."""
    return RuleRow(None, kind, 0, RECOMMENDED[kind])


def rules_of(portal_id: int) -> dict[str, RuleRow]:
    """Return the rule in force for every kind of clock of a portal; one query."""
    return rules_of_portals([portal_id])[portal_id]


def rules_of_portals(portal_ids: Iterable[int]) -> dict[int, dict[str, RuleRow]]:
    """Return the rules in force for several portals; one query."""
    ids = list(portal_ids)
    found = {number: {kind: recommended(kind) for kind in RECOMMENDED} for number in ids}
    for row in RuleVersion.objects.filter(portal_id__in=ids, is_current=True):
        found[row.portal_id][row.kind] = _rule_row(row)
    return found


def rule_of(portal_id: int, kind: str) -> RuleRow:
    """Return the rule in force for one kind of clock of a portal."""
    found = RuleVersion.objects.filter(portal_id=portal_id, kind=kind, is_current=True).first()
    return _rule_row(found) if found else recommended(kind)


def portal_of_rule(rule_id: int) -> int:
    """Return the portal that a version of a rule belongs to."""
    return RuleVersion.objects.values_list("portal_id", flat=True).get(pk=rule_id)


def versions_of(portal_id: int, kind: str) -> list[RuleRow]:
    """Return every version of a rule, newest first."""
    rows = RuleVersion.objects.filter(portal_id=portal_id, kind=kind).order_by("-number")
    return [_rule_row(row) for row in rows]


def due_for(portal_row: PortalRow, kind: str, start: datetime) -> datetime:
    """Return when something is due that starts at `start` under a portal's rule."""
    return due_at(start, rule_of(portal_row.id, kind).rule, calendar_of(portal_row))


def due_of(clock: Clock, rule: Rule, calendar: Calendar) -> datetime:
    """Return when a clock is due by this rule, after its pauses, or by the law if that is sooner."""
    pauses = (Pause(*map(datetime.fromisoformat, pair)) for pair in clock.pauses)
    due = due_at(clock.started_at, rule, calendar, pauses)
    if clock.law_hours is None:
        return due
    return min(due, clock.started_at + timedelta(hours=clock.law_hours))


def clock_row(clock: Clock) -> ClockRow:
    """Return the row of a clock that was read with its rule."""
    return ClockRow(
        id=clock.pk,
        case_id=clock.case_id,
        reference=clock.reference,
        portal_id=clock.portal_id,
        kind=clock.kind,
        rule_kind=clock.rule_kind,
        about_id=clock.about_id,
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        met_at=clock.met_at,
        paused_at=clock.paused_at,
        pause_reason=clock.pause_reason,
        holder_id=clock.holder_id,
        rule_number=clock.rule.number if clock.rule else 0,
        rule_since=clock.rule.since if clock.rule else None,
        law=clock.law,
    )


def clocks_of_case(case_id: int) -> list[ClockRow]:
    """Return every clock of a case; one query."""
    rows = Clock.objects.select_related("rule").filter(case_id=case_id).order_by("id")
    return [clock_row(row) for row in rows]


def clocks(when: str, kind: str, now: datetime) -> QuerySet[Clock]:
    """Return the clocks of one kind, or of all, that are late, due soon or paused; most pressing first."""
    found: QuerySet[Clock] = Clock.objects.select_related("rule")
    found = found.filter(kind=kind) if kind in KINDS else found.filter(kind__in=KINDS)
    if when == "paused":
        return found.filter(state="paused").order_by("paused_at", "id")
    found = found.filter(state="running").order_by("due_at", "id")
    if when == "late":
        return found.filter(due_at__lt=now)
    return found.filter(due_at__gte=now, due_at__lt=now + SOON)


def clock_counts(hotline_id: int, now: datetime) -> dict[tuple[str, str], int]:
    """Return how many clocks of each kind are late, due soon or paused, none counted beyond MOST_COUNTED; one query."""
    table = Clock._meta.db_table
    moment, soon = (connection.ops.adapt_datetimefield_value(at) for at in (now, now + SOON))
    conditions: dict[str, tuple[str, list[Any]]] = {
        "late": ("state = 'running' AND due_at < %s", [moment]),
        "soon": ("state = 'running' AND due_at >= %s AND due_at < %s", [moment, soon]),
        "paused": ("state = 'paused'", []),
    }
    columns, values, names = [], [], []
    for kind in KINDS:
        for when, (condition, given) in conditions.items():
            inner = f"SELECT 1 FROM {table} WHERE hotline_id = %s AND kind = %s AND {condition} LIMIT {MOST_COUNTED}"  # noqa: S608 - our own names only
            columns.append(f"(SELECT COUNT(*) FROM ({inner}) AS found)")  # noqa: S608 - the line above
            values += [hotline_id, kind, *given]
            names.append((kind, when))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", values)
        return dict(zip(names, cursor.fetchone(), strict=True))


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that was taken, with its clock."""

    id: int
    act: str
    at: datetime
    to_id: int | None
    outcome: str
    clock: ClockRow


def step(escalation_id: int) -> StepRow | None:
    """Return the step of this number, or None."""
    found = Escalation.objects.select_related("clock__rule").filter(pk=escalation_id).first()
    return _step_row(found) if found else None


def _step_row(row: Escalation) -> StepRow:
    return StepRow(row.pk, row.act, row.at, row.to_id, row.outcome, clock_row(row.clock))


def reminders_for(person_id: int, now: datetime, most: int = 20) -> list[ClockRow]:
    """Return the clocks of cases that a person holds and was reminded of, most pressing first; one query."""
    rows = Clock.objects.select_related("rule").filter(
        pk__in=Escalation.objects.filter(
            to_id=person_id, act__in=("remind", "reassign"), at__gte=now - timedelta(days=60)
        ).values("clock_id"),
        state="running",
        holder_id=person_id,
    )
    return [clock_row(row) for row in rows.order_by("due_at")[:most]]


def addresses_on_call(portal_ids: Iterable[int]) -> dict[int, str]:
    """Return the address to which pages of each portal go, if one is set; one query."""
    rows = OnCall.objects.filter(portal_id__in=list(portal_ids)).exclude(email="")
    return dict(rows.values_list("portal_id", "email"))


def on_call(portal_id: int) -> str:
    """Return where a portal's pages go, or "" if they go to its supervisors."""
    return OnCall.objects.filter(portal_id=portal_id).values_list("email", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Shift:
    """An open clock whose due time a change would move."""

    reference: str
    kind: str
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Shifts:
    """What a change would do to open clocks: how many were examined, how many would be due at another time, and the
    first of these. `all_seen` is false if there are more than were examined.
    """

    seen: int
    changed: int
    all_seen: bool
    first: tuple[Shift, ...]


MOST_SEEN = 5000
MOST_SHOWN = 20


def running_of(portal_id: int, rule_kinds: Iterable[str]) -> QuerySet[Clock]:
    """Return the open clocks of a portal that follow these rules, in order."""
    found: QuerySet[Clock] = Clock.objects.filter(
        portal_id=portal_id, rule_kind__in=list(rule_kinds), state__in=("running", "paused")
    )
    return found.order_by("rule_kind", "id")


def shifts(portal_id: int, rules: dict[str, Rule], calendar: Calendar | None = None) -> Shifts:
    """Return what would change for a portal's open clocks under these rules, or, given `calendar`, under these working
    days.
    """
    calendar = calendar or calendar_of(portal(portal_id))
    seen = changed = 0
    first: list[Shift] = []
    rows = list(running_of(portal_id, rules)[: MOST_SEEN + 1])
    for clock in rows[:MOST_SEEN]:
        seen += 1
        after = due_of(clock, rules[clock.rule_kind], calendar)
        if after != clock.due_at:
            changed += 1
            if len(first) < MOST_SHOWN:
                first.append(Shift(clock.reference, clock.kind, clock.due_at, after))
    return Shifts(seen, changed, len(rows) <= MOST_SEEN, tuple(first))
