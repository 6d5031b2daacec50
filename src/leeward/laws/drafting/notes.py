"""The notes on a clause: the criterion it meets, its origin, the country's present law, and comparable provisions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from leeward.laws.duties import citations_of
from leeward.laws.register import Register
from leeward.laws.rules.bill_clauses import Bill, Clause
from leeward.laws.rules.bill_need import Reported
from leeward.laws.rules.bill_styles import Style
from leeward.laws.rules.provisions import Reading, readings_of

MOST_COMPARED = 5
# A clause's topic, its name, and the topics of readings on the same conduct.
TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "age_of_child": ("Age of a child", ("age_of_child",)),
    "definition": ("Definition", ("definition",)),
    "pseudo_images": ("Realistic images", ("pseudo_images",)),
    "access": ("Access", ("access",)),
    "possession": ("Possession", ("possession",)),
    "distribution": ("Distribution", ("distribution",)),
    "production": ("Production", ("production",)),
    "grooming": ("Solicitation of children", ("grooming",)),
    "reporting": ("Duty to report", ("provider_duty", "mandatory_reporting")),
    "preservation": ("Preservation", ("preservation",)),
    "takedown": ("Removal", ("takedown",)),
    "host_liability": ("Liability of hosts", ("host_liability",)),
    "blocking": ("Blocking", ("blocking",)),
    "jurisdiction": ("Jurisdiction", ("jurisdiction",)),
}
_CRITERIA = {
    "c1": "criterion 1 (specific law)",
    "c2": "criterion 2 (definition)",
    "c3": "criterion 3 (computers)",
    "c4": "criterion 4 (possession)",
    "c5": "criterion 5 (duty to report)",
    "grooming": "the wish for a law on grooming",
}


@dataclass(frozen=True, slots=True)
class Note:
    """The notes on a clause; `compared` names the table of comparable provisions, if there is one; `reported` are the
    accounts by which the country has it already.
    """

    clause: Clause
    criteria: tuple[str, ...]
    origin: str
    advice: str
    present: tuple[str, ...]
    compared: str
    reported: tuple[Reported, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the note in sentences, as every format prints it."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.criteria:
            yield f"Helps to meet {listed([_CRITERIA[name] for name in self.criteria])}."
        if self.clause.beyond:
            yield "Beyond the appendices of the toolkit."
        if self.origin:
            yield f"Source: {self.origin}."
        if self.advice:
            yield self.advice if self.advice.endswith((".", "?")) else f"{self.advice}."
        for row in self.reported:
            yield (
                f"Reported, not read here: {row.citation} meets {_CRITERIA[row.criterion]}, by the account of {row.source}"
                f"{f' (read on {row.read_on})' if row.read_on else ''}. Leave the clause out only if the law's own text "
                "does the same."
            )
        if self.present:
            yield f"Present law: {'; '.join(self.present)}."
        if self.compared:
            yield f"Comparable provisions: table “{self.compared}”."


@dataclass(frozen=True, slots=True)
class Comparison:
    """The provisions of at most five comparable states on one conduct: state, provision, what it says."""

    name: str
    rows: tuple[tuple[str, str, str], ...]


def listed(names: list[str]) -> str:
    """Join words as in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def criterion_words(name: str) -> str:
    """Return the wording of a criterion within a sentence."""
    return _CRITERIA[name]


def comparisons_of(bill: Bill, laws: Register, on: date) -> dict[str, Comparison]:
    """Return the comparison table of each topic in the bill for which a comparable provision was read, in the bill's
    order.
    """
    topics = dict.fromkeys(clause.topic for clause in bill.walk() if clause.topic)
    found = {topic: _comparison(topic, bill.country, bill.style, laws, on) for topic in topics}
    return {topic: table for topic, table in found.items() if table.rows}


def notes_of(
    bill: Bill,
    laws: Register,
    on: date,
    compared: Mapping[str, Comparison] | None = None,
    reported: Iterable[Reported] = (),
) -> dict[str, Note]:
    """Return the note of every clause that has one, by the clause's name; whole sections say what is `reported`."""
    tables = comparisons_of(bill, laws, on) if compared is None else compared
    own, accounts = laws.files.get(bill.country, {}), tuple(reported)
    return {
        clause.id: Note(
            clause=clause,
            criteria=clause.closes,
            origin=clause.origin,
            advice=clause.note,
            present=tuple(citation for citation, _effect in present_on(own, clause.topic, on)),
            compared=tables[clause.topic].name if clause.topic in tables else "",
            reported=tuple(row for row in accounts if _account_covers(clause, row.criterion)),
        )
        for clause in bill.walk()
        if clause.level not in ("part", "schedule") and (clause.closes or clause.origin or clause.note or clause.topic)
    }


def _account_covers(clause: Clause, criterion: str) -> bool:
    """Return whether an account that meets a criterion speaks of what this section does. It says nothing of the
    exceptions, proof and procedure beside it, or of what goes beyond the toolkit.
    """
    is_its_own = clause.level == "section" and bool(clause.topic) and not clause.beyond
    return is_its_own and criterion in clause.closes


def _comparison(topic: str, country: str, style: Style, laws: Register, on: date) -> Comparison:
    """Compare provisions that somebody read and that are in force: states of the same drafting tradition first, then
    those whose provision goes furthest.
    """
    name, _topics = TOPICS[topic]
    rows = []
    for code, file in laws.files.items():
        if code == country or file["kind"] != "state" or not file["commonwealth"]:
            continue
        read = [row for row in _readings_on(laws, on).get((code, topic), ()) if row.is_read and _is_affirmative(row)]
        if read:
            best = min(read, key=lambda row: (row.is_account, row.value == "partial", row.section == ""))
            rank = (
                code not in style.countries,
                best.is_account,
                best.value == "partial",
                best.section == "",
                file["name"],
            )
            rows.append((rank, (str(file["name"]), cited(best), best.says)))
    return Comparison(name, tuple(row for _rank, row in sorted(rows)[:MOST_COMPARED]))


def cited(row: Reading) -> str:
    """Return the citation of a reading, and what it rests on where nobody here read the text."""
    if not row.is_read:
        return f"{row.citation} (reported, not read)"
    return f"{row.citation} (by somebody else's account)" if row.is_account else row.citation


def _is_affirmative(row: Reading) -> bool:
    return row.status == "in_force" and row.value not in ("no", "unknown")


@lru_cache(maxsize=2)
def _readings_on(laws: Register, on: date) -> Mapping[tuple[str, str], list[Reading]]:
    """Return every reading of the register, by country and clause topic."""
    by_topic = {reading: topic for topic, (_name, readings) in TOPICS.items() for reading in readings}
    found: dict[tuple[str, str], list[Reading]] = {}
    for code, file in laws.files.items():
        for row in readings_of(file, on):
            if row.topic in by_topic:
                found.setdefault((code, by_topic[row.topic]), []).append(row)
    return found


def present_on(file: Mapping[str, Any], topic: str, on: date) -> tuple[tuple[str, str], ...]:
    """Return a country's present provisions on a topic as (citation, sentence); those that nobody here read are marked
    as reported, or as somebody else's account.
    """
    if topic not in TOPICS:
        return ()
    found = dict[str, str]()
    for name in TOPICS[topic][1]:
        for row in readings_of(file, on, name):
            if row.citation and _is_affirmative(row):
                found.setdefault(cited(row), row.says)
    for citation, effect in _recorded(file, topic):
        found.setdefault(citation, effect)
    return tuple(found.items())


def _recorded(file: Mapping[str, Any], topic: str) -> Iterator[tuple[str, str]]:
    """Yield the provisions behind the engine's own rows on duties and solicitation."""
    rows = file.get({"reporting": "duties", "grooming": "solicitation"}.get(topic, ""), ())
    effects = {row["id"]: row["says"] for row in file.get("provisions", ())}
    for id in dict.fromkeys(id for row in rows for id in row["provisions"]):
        yield citations_of(file, [id])[0], effects[id]
