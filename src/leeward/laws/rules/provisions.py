"""What statutes say on each topic, reading by reading, and what follows for the five criteria on a given day. Pure.

A reading is what one person found at one place of one instrument: its source, whether that passage itself was read, and
how certain they were. Readings are never merged: if two differ, both stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from leeward.laws.rules.history import state_on
from leeward.laws.rules.jurisdiction import day_of

Standing = Literal["met", "partly", "not_found", "unknown"]

TOPICS = (
    "specific_law",
    "definition",
    "age_of_child",
    "pseudo_images",
    "computer_facilitated",
    "production",
    "distribution",
    "possession",
    "access",
    "grooming",
    "provider_duty",
    "mandatory_reporting",
    "preservation",
    "jurisdiction",
    "host_liability",
    "blocking",
    "takedown",
)
SEARCHED = "searched_nothing_found"
# The topics of readings for each of ICMEC's criteria. A general duty to report (`mandatory_reporting`) does not meet
# the fifth, which asks for a duty of Internet providers; neither does a duty of providers other than to report.
OF_CRITERION = {
    "c1": "specific_law",
    "c2": "definition",
    "c3": "computer_facilitated",
    "c4": "possession",
    "c5": "provider_duty",
}


# The columns of the command, the open data and a ministry's spreadsheet.
COLUMNS = (
    "jurisdiction",
    "instrument",
    "section",
    "topic",
    "value",
    "status",
    "commenced",
    "source",
    "source_url",
    "seen",
    "confidence",
    "reviewed",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading for display. `status` is that of the given day, `lapsed` the day on which a bill lapsed by then; `is_read`:
    the passage itself was read; `rewording`: the words of the section that an amendment would change, and what to;
    `defines`: the term for the material that the section defines, if that is recorded.
    """

    jurisdiction: str
    instrument: str
    number: str
    section: str
    topic: str
    value: str
    says: str
    penalty: str
    status: str
    commenced: str
    source: str
    source_url: str
    source_kind: str
    seen: str
    confidence: str
    read_on: str
    note: str
    reports: bool
    reviewed: bool
    lapsed: str = ""
    rewording: tuple[str, str] | None = None
    defines: str = ""

    @property
    def is_read(self) -> bool:
        """Whether somebody read the passage; a heading, a memory or a mention elsewhere is a report of it, not a
        reading.
        """
        return self.seen == "yes"

    @property
    def is_account(self) -> bool:
        """Whether what was read is somebody else's account of the law and not its text."""
        return self.source_kind != "statute_text"

    @property
    def citation(self) -> str:
        """Instrument and section."""
        return f"{self.instrument} {self.section}".strip()

    def row(self) -> dict[str, str | bool]:
        """Return the reading as a row of COLUMNS; empty means not recorded."""
        return {name: getattr(self, name) for name in COLUMNS}


@dataclass(frozen=True, slots=True)
class CriterionToday:
    """What the register knows of one criterion on a day, with the provisions that say so; `differ` where they disagree.

    `by_account`: nobody here read it in the text of the law; somebody else's account of it was read.
    """

    name: str
    standing: Standing
    citations: tuple[str, ...]
    differ: bool
    by_account: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the engine's own record of a law says about one criterion: yes or no, and the provision."""

    criterion: str
    value: str
    citation: str


def readings_of(file: Mapping[str, Any], on: date, topic: str | None = None) -> list[Reading]:
    """Return every reading of a file with its instrument's status on a given day, without instruments made later."""
    works = {work["id"]: work for work in file.get("works", ())}
    found = []
    for row in file.get("readings", ()):
        work = works.get(row["work"] or "", {})
        made = day_of(work.get("made"))
        if (topic and row["topic"] != topic) or (made and made > on):
            continue
        found.append(
            Reading(
                jurisdiction=file["code"],
                instrument=work.get("title", ""),
                number=work.get("number") or "",
                section=row["at"],
                topic=row["topic"],
                value=row["value"],
                says=row["says"],
                penalty=row["penalty"] or "",
                status=status_on(row, work, on),
                commenced=row["commenced"] or "",
                source=row["source"] or (f"searched: {row['note']}" if row["topic"] == SEARCHED else ""),
                source_url=row["source_url"] or "",
                source_kind=row["source_kind"],
                seen=row["seen"],
                confidence=row["confidence"],
                read_on=row["read_on"] or "",
                note=row["note"] or "",
                reports=row.get("reports", False),
                reviewed=file["review"] == "reviewed" or row.get("reviewed", False),
                rewording=(row["rewording"]["for"], row["rewording"]["substitute"]) if "rewording" in row else None,
                defines=row.get("defines", ""),
                lapsed=lapsed_on(work) if status_on(row, work, on) == "lapsed" else "",
            )
        )
    return found


def status_on(row: Mapping[str, Any], work: Mapping[str, Any], on: date) -> str:
    """Return the status of a reading on a given day.

    A bill lapsed on the recorded day, or is only known to have lapsed. What is in force now was not in force before it
    commenced. If the commencement was not recorded, it is known only from the day on which it was read; the same
    applies to a repeal.
    """
    status, commenced, read_on = str(row["status"]), day_of(row["commenced"]), day_of(row["read_on"])
    state = state_on(work.get("expressions", ()), on)
    if status in ("bill", "lapsed"):
        has_lapsed = state == "lapsed" if lapsed_on(work) else status == "lapsed"
        return "lapsed" if has_lapsed else "bill"
    if state == "revoked":
        return "repealed"
    if commenced and status in ("in_force", "not_commenced"):
        return "in_force" if on >= commenced else "not_commenced"
    if status in ("in_force", "repealed") and read_on and on < read_on:
        return "unknown"
    return status


def lapsed_on(work: Mapping[str, Any]) -> str:
    """Return the day on which a bill lapsed; empty if none is recorded."""
    return next((str(row["date"]) for row in work.get("expressions", ()) if row["event"] == "lapsed"), "")


def criteria_on(readings: Sequence[Reading], also: Sequence[Evidence] = ()) -> list[CriterionToday]:
    """Return what is known of each criterion on a given day, from readings and the engine's record.

    Met, partly met and not found require a passage that was read and is in force on that day.
    """
    return [_criterion(name, topic, readings, also) for name, topic in OF_CRITERION.items()]


def _criterion(name: str, topic: str, readings: Sequence[Reading], also: Sequence[Evidence]) -> CriterionToday:
    rows = [row for row in readings if row.topic == topic and (name != "c5" or row.reports)]
    return standing_of(rows, [row for row in also if row.criterion == name], name=name)


def standing_of(readings: Iterable[Reading], also: Iterable[Evidence] = (), *, name: str = "") -> CriterionToday:
    """Return what the readings of one topic say together.

    Only what was read and is in force counts; if yes and no both occur, nothing is settled.
    """
    rows = [row for row in readings if row.status == "in_force" and row.is_read and row.value != "unknown"]
    evidence = [(row.value, row.citation) for row in rows] + [(row.value, row.citation) for row in also]
    values = {value for value, _citation in evidence}
    differ = "yes" in values and "no" in values
    standing: Standing = "unknown"
    if "yes" in values and not differ:  # one instrument goes further than another
        standing = "met"
    elif "partial" in values and not differ:
        standing = "partly"
    elif values == {"no"}:
        standing = "not_found"
    decide = {"yes"} if standing == "met" else values  # a text that has a part doesn't confirm an account of the whole
    has_text = any(row.value in decide and not row.is_account for row in rows) or any(
        row.value in decide for row in also
    )
    citations = tuple(dict.fromkeys(citation for _value, citation in evidence))
    return CriterionToday(name, standing, citations, differ, by_account=bool(evidence) and not has_text)
