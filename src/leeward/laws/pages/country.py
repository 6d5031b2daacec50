"""One country's page: what is known of its law, from which source, and how it changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from leeward.laws.duties import DutySheet, citations_of, duty_sheet
from leeward.laws.labels import MEDIA, SEEN, SOURCE_KINDS, STATUSES, TOPICS, VALUES, standing_label
from leeward.laws.pages.editions import Source, toolkit
from leeward.laws.pages.standing import GapRow, edition_with_year, gaps_of
from leeward.laws.register import Register
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.gaps import CRITERIA
from leeward.laws.rules.provisions import SEARCHED, CriterionToday, Reading, criteria_on, readings_of

NAMES: dict[str, Promise] = {
    "c1": _("1. Specific law"),
    "c2": _("2. Definition"),
    "c3": _("3. Computers"),
    "c4": _("4. Possession"),
    "c5": _("5. Duty to report"),
}
NAMES_OF_WANTED: dict[str, Promise] = {**NAMES, "grooming": _("Grooming")}
MEANINGS: dict[str, Promise] = {
    "c1": _("A law on this crime, not only on obscenity"),
    "c2": _("The law says what the material is"),
    "c3": _("Computer-facilitated offences are named"),
    "c4": _("Having it is a crime, whatever the intent"),
    "c5": _("Internet providers must report it"),
}
WORDS: dict[str, Promise] = {
    "yes": pgettext_lazy("criterion", "met"),
    "partial": pgettext_lazy("criterion", "met in part"),
    "no": pgettext_lazy("criterion", "not met"),
    "unknown": _("unknown"),
}
STATEMENTS: dict[str, Promise] = {
    "child_age_csam": _("Age limit"),
    "appears_child": _("Apparent age counts"),
    "pseudo_realistic": _("Realistic images without a child"),
    "drawn_nonrealistic": _("Drawn pictures"),
    "text_audio": _("Text and audio"),
    "possession": _("Possession"),
    "access": _("Access without possession"),
    "isp_report_duty": _("Duty of providers to report"),
    "report_to": _("Reports go to"),
    "report_speed": _("How fast"),
    "preservation": _("Preservation"),
    "blocking_basis": _("Basis for blocking"),
    "age_of_consent": _("Age of consent"),
}
EVENTS: dict[str, Promise] = {
    "made": _("%(work)s is made."),
    "remade": _("%(work)s is re-enacted."),
    "commenced": _("%(work)s comes into force."),
    "amended": _("%(work)s is changed."),
    "revoked": _("%(work)s is revoked."),
    "lapsed": _("%(work)s lapses in parliament."),
}

_EVENT_DAYS: dict[str, Promise] = {
    "made": _("made %(day)s"),
    "remade": _("re-enacted %(day)s"),
    "commenced": _("in force %(day)s"),
    "amended": _("changed %(day)s"),
    "revoked": _("revoked %(day)s"),
    "lapsed": _("lapsed %(day)s"),
}


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion in one edition, by one source."""

    name: Promise
    meaning: Promise
    value: str
    label: Promise
    reasons: str
    source: str


@dataclass(frozen=True, slots=True)
class EditionTable:
    """The values of an edition, by one source."""

    edition: str
    year: int | None
    rows: tuple[CriterionRow, ...]
    band: str | None

    @property
    def named(self) -> str:
        """The edition with its year."""
        return edition_with_year(self.edition, self.year)


@dataclass(frozen=True, slots=True)
class Event:
    """A dated change of the law."""

    date: str
    sentence: str
    note: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What one limb of the law covers."""

    media: tuple[Promise, ...]
    says: str
    age: str
    citations: tuple[str, ...]
    question: str
    is_outside: bool
    lent_by: str


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading of a statute, in words."""

    topic: Promise
    reading: Reading
    value: str
    status: Promise
    seen: Promise


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One criterion in the newest edition and in the register today."""

    name: Promise
    meaning: Promise
    then: str
    then_label: Promise
    today: str
    today_label: Promise
    citations: tuple[str, ...]
    differ: bool
    by_account: Promise | None


@dataclass(frozen=True, slots=True)
class Since:
    """An instrument made, changed or commenced in or after the year of the newest edition."""

    title: str
    days: str
    status: str


@dataclass(frozen=True, slots=True)
class Country:
    """The content of the page."""

    code: str
    name: str
    file: Mapping[str, Any]
    gaps: GapRow
    tables: tuple[EditionTable, ...]
    statements: tuple[tuple[Promise, str | None], ...]
    events: tuple[Event, ...]
    reaches: tuple[Reach, ...]
    today: tuple[TodayRow, ...]
    since: tuple[Since, ...]
    toolkit: Source
    readings: tuple[ReadingRow, ...]
    searched: tuple[Reading, ...]
    duties: DutySheet
    state: tuple[str, str] | None
    parts: tuple[tuple[str, str], ...]

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody checked the reading."""
        return bool(self.file["review"] == "reviewed")

    @property
    def newest(self) -> EditionTable | None:
        """The newest edition that covers the country."""
        return self.tables[0] if self.tables else None

    @property
    def page(self) -> str:
        """Its path."""
        return f"law/{self.code.lower()}"


def country(laws: Register, file: Mapping[str, Any], on: date) -> Country:
    """Return what a country's page shows of its file, and of which state it is a part or which parts it has."""
    state = file.get("part_of")
    found = readings_of(file, on)
    parts = ((code, part["name"]) for code, part in laws.files.items() if part.get("part_of") == file["code"])
    return Country(
        code=file["code"],
        name=file["name"],
        file=file,
        gaps=gaps_of(file),
        tables=tuple(_tables(file)),
        statements=tuple(_statements(file)),
        events=tuple(sorted(_events(file), key=lambda event: event.date)),
        reaches=tuple(_reaches(file)),
        today=tuple(_today(file, criteria_on(found, evidence_of(file, on)))),
        since=tuple(_since(file, found)),
        toolkit=toolkit(),
        readings=tuple(_reading(row) for row in found if row.topic != SEARCHED),
        searched=tuple(row for row in found if row.topic == SEARCHED),
        duties=duty_sheet(file, on),
        state=(state, laws.file(state)["name"]) if state else None,
        parts=tuple(parts),
    )


def _tables(file: Mapping[str, Any]) -> Iterator[EditionTable]:
    bands = {row["edition"]: row["band"] for row in file["bands"]}
    for row in reversed(file["criteria"]):
        yield EditionTable(
            edition=row["edition"],
            year=row["year"],
            rows=tuple(
                CriterionRow(
                    NAMES[name], MEANINGS[name], row[name], WORDS[row[name]], row["reasons"] or "", row["source"] or ""
                )
                for name in CRITERIA
            ),
            band=bands.get(row["edition"]),
        )


def _today(file: Mapping[str, Any], known: list[CriterionToday]) -> Iterator[TodayRow]:
    """The newest edition's values beside what the register knows today; nothing of what is no state."""
    if file["kind"] != "state":
        return
    newest = file["criteria"][-1] if file["criteria"] else dict.fromkeys(CRITERIA, "unknown")
    for row in known:
        then = newest[row.name]
        yield TodayRow(
            name=NAMES[row.name],
            meaning=MEANINGS[row.name],
            then=then,
            then_label=WORDS[then],
            today=row.standing,
            today_label=standing_label(row),
            citations=row.citations,
            differ=row.differ,
            by_account=SOURCE_KINDS["secondary"] if row.by_account else None,
        )


def _since(file: Mapping[str, Any], found: list[Reading]) -> Iterator[Since]:
    """What is newer than the newest edition, as far as the register knows; of the same year, since only the year is known of many."""
    year = gaps_of(file).year
    if year is None:
        return
    statuses: dict[str, dict[str, None]] = {}
    for row in found:
        statuses.setdefault(row.instrument, {})[str(STATUSES[row.status])] = None
    for work in file.get("works", ()):
        dated = [str(_EVENT_DAYS[row["event"]]) % {"day": row["date"]} for row in work["expressions"]]
        newest = max([work["made"] or "", *(row["date"] for row in work["expressions"])])
        if newest[:4] >= str(year) and work["title"] in statuses:
            made = [gettext("made %(day)s") % {"day": work["made"]}] if work["made"] else []
            yield Since(work["title"], ", ".join(dict.fromkeys([*made, *dated])), "; ".join(statuses[work["title"]]))


def _reading(row: Reading) -> ReadingRow:
    return ReadingRow(
        topic=TOPICS[row.topic],
        reading=row,
        value=str(VALUES.get(row.value) or gettext("under %(age)s") % {"age": row.value}),
        status=STATUSES[row.status],
        seen=SOURCE_KINDS[row.source_kind] if row.is_read and row.is_account else SEEN[row.seen],
    )


def _statements(file: Mapping[str, Any]) -> Iterator[tuple[Promise, str | None]]:
    given = file.get("statements")
    if given is not None:
        yield from ((label, given.get(name)) for name, label in STATEMENTS.items())


def _events(file: Mapping[str, Any]) -> Iterator[Event]:
    for work in file.get("works", ()):
        for row in work["expressions"]:
            yield Event(row["date"], str(EVENTS[row["event"]]) % {"work": work["title"]}, row["note"] or "")
    for row in file["bands"]:
        sentence = gettext("Edition %(edition)s of the review counts %(band)s of five criteria.")
        yield Event(
            str(row["year"] or ""),
            sentence % {"edition": edition_with_year(row["edition"], row["year"]), "band": row["band"]},
            "",
        )


def _reaches(file: Mapping[str, Any]) -> Iterator[Reach]:
    law = file.get("legality") or {}
    for row in law.get("limbs", ()):
        yield _reach(file, row, age=_age(row["age"]), is_outside=False)
    for row in law.get("outside", ()):
        yield _reach(file, row, age="", is_outside=True)


def _reach(file: Mapping[str, Any], row: Mapping[str, Any], *, age: str, is_outside: bool) -> Reach:
    return Reach(
        media=tuple(MEDIA[medium] for medium in row["media"]),
        says=row["says"],
        age=age,
        citations=citations_of(file, row["provisions"]),
        question=row.get("question") or "",
        is_outside=is_outside,
        lent_by=row.get("lent_by", ""),
    )


def _age(rule: Mapping[str, Any] | None) -> str:
    if rule is None:
        return gettext("not recorded")
    if rule.get("prepubescent"):
        return gettext("before puberty")
    if rule["below"] is None:
        return gettext("no age is fixed")
    return gettext("under %(age)s") % {"age": rule["below"]}
