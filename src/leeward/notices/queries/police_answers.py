"""What was said by the letters to the police, by whom and when: by the log of acts, since a letter itself has only what is true of it now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from leeward.audit.queries import LogLine, log_of_each
from leeward.notices.models import TO_POLICE, Referral

OVER, CONFIRMED, ALONE = "referral.timed_out", "referral.confirmed", "referral.said_released"
# What each act says. Whoever states an outcome has the letter; a release that waits for a second person isn't one.
STATES = {
    "referral.acknowledged": "acknowledged",
    "referral.outcome_given": "acknowledged",
    "referral.held": "held",
    "referral.released": "released",
    "referral.annotated": "",
    ALONE: "",
}


@dataclass(frozen=True, slots=True)
class NotePart:
    """One part of a letter's note: when it was written and by whom of our staff (None: by the police)."""

    at: datetime
    by: int | None
    text: str


@dataclass(frozen=True, slots=True)
class PoliceAct:
    """One act about a letter: `what` is a state or empty, `by` who of our staff entered it, `note` what was written with it."""

    at: datetime
    what: str
    by: int | None = None
    stands_behind: int | None = None
    until: datetime | None = None
    note: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class PoliceAnswers:
    """Everything that was said by one letter: the acts, oldest first, words beside them (how the police were told), and words
    of which it isn't known who wrote which."""

    acts: tuple[PoliceAct, ...]
    beside: tuple[NotePart, ...]
    old_note: str


def note_parts_of(referral: Referral) -> tuple[str, tuple[NotePart, ...]]:
    """Return a letter's note in parts: what was written when nobody kept by whom, and each part since."""
    note, kept = referral.note, referral.note_parts
    ends = [part["from"] for part in kept[1:]] + [len(note)]
    parts = tuple(
        NotePart(datetime.fromisoformat(part["at"]), part["by"], note[part["from"] : end].strip())
        for part, end in zip(kept, ends, strict=False)
    )
    old_note = note[: kept[0]["from"]] if kept else note
    return old_note.strip(), tuple(part for part in parts if part.text)


def police_answers(referrals: Sequence[Referral]) -> dict[int, PoliceAnswers]:
    """Return what was said by each of these letters that is to the police; one query, once any was answered. They are of one hotline."""
    lines: dict[str, list[LogLine]] = {f"referral:{one.pk}": [] for one in referrals if one.answered_at is not None}
    if lines:
        events, about = (*STATES, OVER, CONFIRMED), len({one.case_id for one in referrals})
        for line in log_of_each(referrals[0].hotline_id, list(lines), events=events, about=about):
            lines[line.subject].insert(0, line)
    return {one.pk: _record(one, lines.get(f"referral:{one.pk}", [])) for one in referrals if one.kind in TO_POLICE}


def _record(referral: Referral, lines: list[LogLine]) -> PoliceAnswers:
    old_note, parts = note_parts_of(referral)
    acts: list[PoliceAct] = []
    left = list(parts)
    for line in lines:
        at = datetime.fromisoformat(line.at)
        if line.event == OVER:
            acts.append(PoliceAct(at, "over"))
        elif line.event != CONFIRMED:
            acts.append(_act(line, at, left))
        elif "released" in line.facts.get("parts", ()):
            alone = next((act for act in reversed(acts) if act.waits), PoliceAct(at, "", referral.released_by_id))
            acts = [act for act in acts if act is not alone]
            acts.append(replace(alone, at=at, what="released", stands_behind=_staff(line), waits=False))
    return PoliceAnswers(tuple(acts), tuple(left), old_note)


def _act(line: LogLine, at: datetime, left: list[NotePart]) -> PoliceAct:
    """Return an act with its words, which are taken from those that are `left`: they were written just before it was logged."""
    by = _staff(line)
    found = [part for part in left if part.by == by and part.at <= at] if line.facts.get("note") else []
    if found:
        left.remove(found[-1])
    until = datetime.fromisoformat(line.facts["until"]) if line.facts.get("until") else None
    note = found[-1].text if found else ""
    return PoliceAct(at, STATES[line.event], by, until=until, note=note, waits=line.event == ALONE)


def _staff(line: LogLine) -> int | None:
    kind, _colon, number = line.actor.partition(":")
    return int(number) if kind == "staff" else None
