"""Who must report, to whom, how fast, and related obligations, for each jurisdiction on a given day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from leeward.laws.files.treaties import TreatyRow, treaties_of
from leeward.laws.rules.history import State, state_on
from leeward.laws.rules.jurisdiction import Span, Spans
from leeward.laws.rules.reporting import (
    EVERYBODY,
    Answer,
    Deadlines,
    LawTime,
    deadlines,
    first_word,
    is_bound,
    longest_keeping,
    shortest,
)
from leeward.laws.rules.three import NO, UNKNOWN, YES

Phase = Literal["in force", "not yet", "ended", "since when is not recorded"]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An instrument of law and its status."""

    id: str
    title: str
    kind: str
    state: State
    events: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty to report; None means not recorded, never that there is none."""

    country: str
    id: str
    phase: Phase
    since: str | None
    until: str | None
    who: str
    binds: tuple[str, ...]
    trigger: str | None
    trigger_words: str | None
    to: str | None
    speed_words: str | None
    speed_hours: float | None
    content: str | None
    preservation_words: str | None
    preservation_days: int | None
    preservation_from: str | None
    destroy: str | None
    secrecy: str | None
    immunity: str | None
    no_duty_to_seek: str | None
    foreign_report_counts: str | None
    sanction: str | None
    limitation: str | None
    note: str | None
    citations: tuple[str, ...]
    privilege: str | None = None
    """What it says of legal privilege."""

    @property
    def may_bind(self) -> bool:
        """Whether it is, or may be, in force on the given day; not every duty has a recorded beginning."""
        return self.phase not in ("not yet", "ended")

    @property
    def foreign_report(self) -> Answer:
        """Whether a report made under another country's law counts."""
        return first_word(self.foreign_report_counts)

    def deadlines(self, known_at: datetime, reported_at: datetime | None = None) -> Deadlines:
        """Return when a report is due of what became known at a given time, and how long evidence is kept once it was
        made.
        """
        return deadlines(
            known_at=known_at,
            reported_at=reported_at,
            speed_hours=self.speed_hours,
            preservation_days=self.preservation_days,
            is_destroyed=first_word(self.destroy) == "yes",
        )


@dataclass(frozen=True, slots=True)
class DutySheet:
    """Everything recorded about reporting in one jurisdiction, with the history of its instruments."""

    country: str
    name: str
    duties: tuple[DutyRow, ...]
    no_duty: str | None
    blocking: str | None
    host_liability: str | None
    hotline_may_view: str | None
    hotline_may_keep: str | None
    treaties: tuple[TreatyRow, ...]
    works: tuple[WorkRow, ...]
    reviewed: bool
    caution: str

    def binding(self, role: str) -> tuple[DutyRow, ...]:
        """Return the duties that bind, or may bind, this role on the given day."""
        return tuple(duty for duty in self.duties if duty.may_bind and is_bound(role, duty.binds))

    def time_to_tell_police(self) -> LawTime | None:
        """Return how fast the law wants anybody who learns of the material to report it, which includes a hotline."""
        times = (
            LawTime(duty.speed_hours, duty.speed_words or "", duty.citations)
            for duty in self.binding(EVERYBODY)
            if duty.speed_words or duty.speed_hours is not None
        )
        return shortest(times)

    def time_to_keep(self) -> tuple[int, str, tuple[str, ...]] | None:
        """Return for how many days, counted from what and by which provisions, a host must keep the material of a report."""
        return longest_keeping(
            (duty.preservation_days, duty.preservation_from or "", duty.citations)
            for duty in self.binding("host")
            if duty.preservation_days
        )


_NOTHING: dict[str, Any] = dict.fromkeys(
    ("no_duty", "blocking", "host_liability", "hotline_may_view", "hotline_may_keep")
)


def duty_sheet(file: Mapping[str, Any], on: date) -> DutySheet:
    """Return the reporting duties of a jurisdiction as they stand on a day."""
    beside = file.get("beside") or _NOTHING
    spans = Spans(file, {work["id"]: work for work in file.get("works", ())})
    return DutySheet(
        country=file["code"],
        name=file["name"],
        duties=tuple(_duty(file, row, spans, on) for row in file.get("duties", ())),
        **{name: beside[name] for name in _NOTHING},
        treaties=treaties_of(file),
        works=tuple(_work(row, on) for row in file.get("works", ())),
        reviewed=file["review"] == "reviewed",
        caution=file["caution"] or "",
    )


def citations_of(file: Mapping[str, Any], ids: list[str]) -> tuple[str, ...]:
    """Return the full citations of provisions of a file."""
    works = {work["id"]: work for work in file.get("works", ())}
    found = {row["id"]: f"{works[row['work']]['short']} {row['at']}".strip() for row in file.get("provisions", ())}
    return tuple(found[id] for id in ids)


def _duty(file: Mapping[str, Any], row: Mapping[str, Any], spans: Spans, on: date) -> DutyRow:
    same = {name: row[name] for name in DutyRow.__slots__ if name in row and name != "binds"}
    return DutyRow(
        country=row.get("lent_by", file["code"]),
        binds=tuple(row["binds"]),
        phase=_phase(spans.of(row), on),
        since=row["from"],
        citations=citations_of(file, row["provisions"]),
        **same,
    )


def _phase(span: Span, on: date) -> Phase:
    """Return when a duty is in force.

    Without a recorded beginning it is certain from the day on which the law was read, and did not exist before the law
    was made.
    """
    if span.end and on >= span.end:
        return "ended"
    return {YES: "in force", NO: "not yet", UNKNOWN: "since when is not recorded"}[span.holds(on)]  # type: ignore[return-value]  # each is a phase


def _work(row: Mapping[str, Any], on: date) -> WorkRow:
    events = tuple((one["event"], one["date"], one["note"] or "") for one in row["expressions"])
    return WorkRow(row["id"], row["title"], row["kind"], state_on(row["expressions"], on), events)
