"""Keeping a case's clocks up to date. Called in the transaction of whatever happened; idempotent."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from leeward.clocks.models import Clock
from leeward.clocks.queries import RuleRow, as_rule, calendar_of, due_of, recommended, rules_of
from leeward.clocks.rules.due import Calendar, Rule, next_step_at
from leeward.jobs.services import cancel, schedule, schedule_all
from leeward.laws.queries import time_to_tell_police
from leeward.people.queries import PortalRow, portal

ESCALATE = "clocks.escalate"
OPEN = ("running", "paused")


@dataclass(frozen=True, slots=True)
class About:
    """The case whose clocks are kept, who holds it, and the reasons that currently pause clocks whose rules allow them. Whoever has
    just opened the case has read its portal (`portal`) and the rules in force there (`rules`), and knows that it has no clock yet
    (`is_new`).
    """

    case_id: int
    hotline_id: int
    portal_id: int
    reference: str
    holder_id: int | None = None
    stops: frozenset[str] = frozenset()
    portal: PortalRow | None = None
    rules: Mapping[str, RuleRow] | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing with a deadline: what, when it started, and when it was done (None: not yet). `about_id` distinguishes
    several of one kind; `rule_kind` is the rule if it isn't the kind's own.
    """

    kind: str
    started_at: datetime
    met_at: datetime | None = None
    rule_kind: str = ""
    about_id: int = 0


@dataclass(slots=True)
class _Book:
    """The portal's rules, calendar and law, read when the first clock needs them."""

    about: About
    _rules: Mapping[str, RuleRow] = field(default_factory=dict)
    _calendar: Calendar | None = None
    _country: str = ""

    def _read(self) -> Calendar:
        if self._calendar is None:
            row = self.about.portal or portal(self.about.portal_id)
            self._rules = self.about.rules or rules_of(row.id)
            self._calendar, self._country = calendar_of(row), row.country
        return self._calendar

    def begin(self, clock: Clock) -> None:
        """Make a clock follow the rule in force and the law of the day on which it starts."""
        calendar = self._read()
        row = self._rules[clock.rule_kind]
        clock.rule_id, clock.law, clock.law_hours = row.id, "", None
        if clock.kind == "police_told":
            law = time_to_tell_police(self._country, clock.started_at.date())
            by_rule = due_of(clock, row.rule, calendar)
            if law and law.hours is not None and clock.started_at + timedelta(hours=law.hours) < by_rule:
                clock.law, clock.law_hours = law.sentence, law.hours
        clock.due_at = due_of(clock, row.rule, calendar)

    def rule_of(self, clock: Clock) -> Rule:
        """Return the rule that a clock was just made to follow."""
        return self._rules[clock.rule_kind].rule

    def again(self, clock: Clock) -> None:
        """Recalculate when a clock is due, by the rule that it follows."""
        clock.due_at = due_of(clock, rule_followed(clock), self._read())


def rule_followed(clock: Clock) -> Rule:
    """Return the rule that a clock follows."""
    return as_rule(clock.rule) if clock.rule else recommended(clock.rule_kind).rule


def keep_clocks(
    about: About,
    wanted: Sequence[Wanted],
    now: datetime,
    *,
    where_known: Mapping[str, Callable[[], Sequence[Wanted]]] | None = None,
) -> None:
    """Start, stop, pause and end a case's clocks so that they match those wanted. One query if nothing changes.
    `where_known`: by kind, what else is wanted of a case that has such a clock; it is asked of no other.
    """
    kept = [] if about.is_new else list(Clock.objects.select_related("rule").filter(case_id=about.case_id))
    _match(about, kept, wanted, now, where_known or {})


def keep_clocks_of_all(cases: Iterable[tuple[About, Sequence[Wanted]]], now: datetime) -> None:
    """Do the same for several cases, of which nothing is known beside what is wanted. One query if nothing changes."""
    listed = list(cases)
    kept: dict[int, list[Clock]] = {about.case_id: [] for about, _wanted in listed}
    for row in Clock.objects.select_related("rule").filter(case_id__in=kept):
        kept[row.case_id].append(row)
    for about, wanted in listed:
        _match(about, kept[about.case_id], wanted, now, {})


def _match(
    about: About,
    kept: Iterable[Clock],
    wanted: Sequence[Wanted],
    now: datetime,
    where_known: Mapping[str, Callable[[], Sequence[Wanted]]],
) -> None:
    rows = {(row.kind, row.about_id): row for row in kept}
    book = _Book(about)
    kinds = {kind for kind, _about_id in rows}
    more = [want for kind, asked in where_known.items() if kind in kinds for want in asked()]
    for want in (*wanted, *more):
        row = rows.pop((want.kind, want.about_id), None)
        if row is None and want.met_at is None:
            _start(Clock(case_id=about.case_id, kind=want.kind, about_id=want.about_id), want, want.started_at, book)
        elif row is not None:
            _follow(row, want, book, now)
    for row in rows.values():
        if row.state in OPEN:
            _stop(row, "ended")


def start_clocks(new: Iterable[tuple[About, Sequence[Wanted]]]) -> None:
    """Start the clocks of cases that were opened in the caller's transaction and have none yet, as `keep_clocks` does for each."""
    started: list[tuple[Clock, Rule]] = []
    for about, wanted in new:
        book = _Book(about)
        for want in wanted:
            if want.met_at is None:
                row = Clock(case_id=about.case_id, kind=want.kind, about_id=want.about_id)
                _begin(row, want, want.started_at, book)
                started.append((row, book.rule_of(row)))
    Clock.objects.bulk_create([row for row, _rule in started])
    due: dict[int, dict[int, datetime | None]] = {}
    for row, rule in started:
        at = next_step_at(rule, start=row.started_at, due=row.due_at, done=())
        if at is not None and row.state == "running":
            due.setdefault(row.hotline_id, {})[row.pk] = at
    for hotline_id, steps in due.items():
        schedule_all(ESCALATE, steps, hotline_id=hotline_id)


def _follow(row: Clock, want: Wanted, book: _Book, now: datetime) -> None:
    start = max(want.started_at, row.not_before or want.started_at)
    if want.met_at is not None:
        if row.state in OPEN:
            row.met_at = want.met_at
            _stop(row, "met")
        return
    if row.state not in OPEN:
        if start <= row.started_at:  # it was undone: it has to be done again, from now on
            start = row.not_before = now
        row.run += 1
        _start(row, want, start, book)
    elif start != row.started_at:
        row.run += 1
        _start(row, want, start, book)
    elif (want.rule_kind or want.kind) != row.rule_kind:
        row.rule_kind = want.rule_kind or want.kind
        book.begin(row)
        _keep_going(row, book, now, changed=True)
    else:
        _keep_going(row, book, now)


def _start(row: Clock, want: Wanted, start: datetime, book: _Book) -> None:
    _begin(row, want, start, book)
    row.save()
    if row.state == "paused":
        cancel(ESCALATE, subject_id=row.pk, hotline_id=row.hotline_id)
    _plan(row, done=())  # no step was taken of a run that has just begun


def _begin(row: Clock, want: Wanted, start: datetime, book: _Book) -> None:
    """Begin a run of a clock (the caller saves)."""
    about = book.about
    row.hotline_id, row.portal_id, row.reference = about.hotline_id, about.portal_id, about.reference
    row.rule_kind = want.rule_kind or want.kind
    row.state, row.started_at, row.met_at = "running", start, None
    row.paused_at, row.pause_reason, row.pauses = None, "", []
    row.holder_id = about.holder_id
    book.begin(row)
    _pause_or_resume(row, book, start)


def _keep_going(row: Clock, book: _Book, now: datetime, *, changed: bool = False) -> None:
    """Pause or resume the clock, and plan its next step."""
    was = row.state
    changed |= _pause_or_resume(row, book, now)
    if was == "running" and row.state == "paused":
        cancel(ESCALATE, subject_id=row.pk, hotline_id=row.hotline_id)
    if row.holder_id != book.about.holder_id:
        row.holder_id = book.about.holder_id
        row.save(update_fields=["holder_id"])
    if changed:
        row.save()
        plan_step(row)


def _pause_or_resume(row: Clock, book: _Book, now: datetime) -> bool:
    """Pause or resume the clock; return whether it changed (the caller saves)."""
    stops = book.about.stops.intersection(_pauses_of(row, book) if book.about.stops else ())
    if stops and row.state == "running":
        row.state, row.paused_at, row.pause_reason = "paused", now, min(stops)
        return True
    if not stops and row.state == "paused" and row.paused_at:
        row.pauses = [*row.pauses, [row.paused_at.isoformat(), now.isoformat()]]
        row.state, row.paused_at, row.pause_reason = "running", None, ""
        book.again(row)
        return True
    return False


def _pauses_of(row: Clock, book: _Book) -> tuple[str, ...]:
    return rule_followed(row).pauses


def plan_step(row: Clock) -> None:
    """Plan the next step of escalation. A job that runs too early takes no step."""
    if row.state == "running":
        _plan(row, done=set(row.escalations.filter(run=row.run).values_list("act", flat=True)))


def _plan(row: Clock, *, done: Collection[str]) -> None:
    if row.state != "running":
        return
    at = next_step_at(rule_followed(row), start=row.started_at, due=row.due_at, done=done)
    if at is not None:
        schedule(ESCALATE, subject_id=row.pk, hotline_id=row.hotline_id, due_at=at)


def _stop(row: Clock, state: str) -> None:
    row.state, row.paused_at, row.pause_reason = state, None, ""
    row.save()
    cancel(ESCALATE, subject_id=row.pk, hotline_id=row.hotline_id)
