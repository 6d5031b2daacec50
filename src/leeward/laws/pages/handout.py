"""A paper on one country for a minister: what is in force and since when, what is missing, whom to ask, and the bill."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from leeward.laws.drafting.formats import need_for
from leeward.laws.labels import SOURCE_KINDS, STANDINGS_BY_ACCOUNT, standing_label
from leeward.laws.pages.country import MEANINGS, NAMES, NAMES_OF_WANTED
from leeward.laws.pages.standing import edition_with_year
from leeward.laws.register import Register
from leeward.laws.rules.bill_need import GROOMING, Need
from leeward.laws.rules.bill_options import BillOptions
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.provisions import CriterionToday, Reading, criteria_on, readings_of, standing_of
from leeward.people.queries import portals_open

# The languages of a country's administration among those that Leeward speaks; English where none is named.
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "BD": ("bn", "en"),
    "BN": ("ms", "en"),
    "CA": ("en", "fr"),
    "CM": ("fr", "en"),
    "GA": ("fr",),
    "IN": ("hi", "en"),
    "KE": ("sw", "en"),
    "MU": ("en", "fr"),
    "MY": ("ms", "en"),
    "MZ": ("pt",),
    "PK": ("ur", "en"),
    "RW": ("en", "fr", "sw"),
    "SC": ("en", "fr"),
    "SG": ("en", "ms"),
    "TG": ("fr",),
    "TO": ("to", "en"),
    "TZ": ("sw", "en"),
    "UG": ("en", "sw"),
    "VU": ("en", "fr"),
    "WS": ("sm", "en"),
}
PAPER_STYLE = """
@page { size: A4; margin: 20mm; @bottom-center { content: counter(page); font: 9pt sans-serif; } }
body { font: 11pt/1.5 "DejaVu Sans", "Noto Sans", sans-serif; } h1 { font-size: 20pt; margin: 0 0 .3em; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; font-size: 10pt; } caption { text-align: start; font-weight: bold; }
th, td { border: 1px solid #999; padding: .3em .5em; text-align: start; vertical-align: top; } tr { break-inside: avoid; }
bdi[lang], bdi[dir] { display: inline-block; direction: ltr; }
dt { font-weight: bold; margin-top: .6em; break-after: avoid; } dd { margin: 0; } .muted { color: #555; font-weight: normal; }
"""
KINDS: dict[str, Promise] = {
    "act": _("A new Act: no Act on this offence was found."),
    "act_beside": _("A new Act: the law in force meets the first criterion only in part."),
    "amending": _("An Act that amends the one in force."),
    "model": _("Model provisions, not a bill: nobody has read the law on these points, or all clauses were asked for."),
    "instructions": _("Instructions for a drafter in the civil-law tradition, not a bill."),
}


@dataclass(frozen=True, slots=True)
class StandsRow:
    """One criterion: its state today, the provision, and since when that has been in force, as far as recorded."""

    name: Promise
    meaning: Promise
    standing: str
    label: Promise
    citations: tuple[str, ...]
    since: str
    by_account: Promise | None


@dataclass(frozen=True, slots=True)
class Ask:
    """A contact: a hotline of the register, or a portal of this installation."""

    name: str
    operator: str
    url: str
    portal: str


@dataclass(frozen=True, slots=True)
class Handout:
    """The content of the paper.

    `missing` is what somebody looked for in the law and did not find, `missing_by_account` what somebody else says it
    lacks, `reported` what it has, whole or in part, by their account alone, with the provisions; `then` what the
    newest edition found unmet and nobody has read since.
    """

    code: str
    name: str
    on: date
    rows: tuple[StandsRow, ...]
    missing: tuple[Promise, ...]
    missing_by_account: tuple[Promise, ...]
    reported: tuple[tuple[Promise, tuple[tuple[Promise, str], ...]], ...]
    partly: tuple[Promise, ...]
    then: tuple[Promise, ...]
    edition: str
    unknown: tuple[Promise, ...]
    asks: tuple[Ask, ...]
    kind: Promise | None
    principal: str
    languages: tuple[tuple[str, str], ...]
    is_reviewed: bool
    version: str

    @property
    def account(self) -> Promise:
        """The source, where nobody here read the law itself."""
        return SOURCE_KINDS["secondary"]


def handout(laws: Register, file: Mapping[str, Any], on: date) -> Handout:
    """Return the paper for a state or a part of one."""
    need = need_for(laws, file["code"], BillOptions(), on)
    today = _today(file, on)
    newest = file["criteria"][-1] if file["criteria"] else None
    return Handout(
        code=file["code"],
        name=file["name"],
        on=on,
        rows=tuple(_rows(file, on)),
        missing=_named(name for name in need.missing if today[name].standing == "not_found"),
        missing_by_account=_named(name for name in need.unknown if today[name].standing == "not_found"),
        reported=tuple(_reported(need.unknown, today)),
        partly=_named(name for name in need.missing if today[name].standing == "partly"),
        then=_named(name for name in need.missing if today[name].standing == "unknown"),
        edition=edition_with_year(newest["edition"], newest["year"]) if newest else "",
        unknown=_named(name for name in need.unknown if today[name].standing == "unknown"),
        asks=tuple(_asks(file)),
        kind=kind_of(need),
        principal=need.principal.title if need.principal and need.kind == "amending" else "",
        languages=tuple(languages_of(file["code"])),
        is_reviewed=file["review"] == "reviewed",
        version=laws.version,
    )


def kind_of(need: Need) -> Promise | None:
    """Return the kind of draft and the reason; None if there is nothing to draft."""
    if need.kind == "act" and "c1" in need.partly:
        return KINDS["act_beside"]
    return KINDS[need.kind] if need.kind else None


def _today(file: Mapping[str, Any], on: date) -> dict[str, CriterionToday]:
    """Return what is known of each criterion, and of grooming."""
    readings = readings_of(file, on)
    found = {row.name: row for row in criteria_on(readings, evidence_of(file, on))}
    return {**found, GROOMING: standing_of(row for row in readings if row.topic == GROOMING)}


def _named(names: Iterable[str]) -> tuple[Promise, ...]:
    return tuple(NAMES_OF_WANTED[name] for name in names)


def _reported(
    unknown: Iterable[str], today: Mapping[str, CriterionToday]
) -> Iterator[tuple[Promise, tuple[tuple[Promise, str], ...]]]:
    """Yield what a country has by somebody else's account and is not known here: first the whole, then the parts."""
    for standing in ("met", "partly"):
        rows = [(name, today[name]) for name in unknown if today[name].standing == standing]
        if rows:
            yield (
                STANDINGS_BY_ACCOUNT[standing],
                tuple((NAMES_OF_WANTED[name], "; ".join(row.citations)) for name, row in rows),
            )


def _rows(file: Mapping[str, Any], on: date) -> Iterator[StandsRow]:
    readings = readings_of(file, on)
    for row in criteria_on(readings, evidence_of(file, on)):
        yield StandsRow(
            name=NAMES[row.name],
            meaning=MEANINGS[row.name],
            standing=row.standing,
            label=standing_label(row),
            citations=row.citations,
            since=_since(readings, row.citations) if row.standing in ("met", "partly") else "",
            by_account=SOURCE_KINDS["secondary"] if row.by_account else None,
        )


def _since(readings: list[Reading], citations: tuple[str, ...]) -> str:
    """Return the first recorded day on which one of the provisions came into force; empty if none is recorded."""
    return min((row.commenced for row in readings if row.citation in citations and row.commenced), default="")


def _asks(file: Mapping[str, Any]) -> Iterator[Ask]:
    for row in file["hotlines"]:
        yield Ask(row["name"], row["operator"] or "", row["url"] or "", "")
    for portal in portals_open():
        if portal.country == file["code"]:
            yield Ask(portal.name, portal.hotline_name, "", portal.slug)


def languages_of(code: str) -> Iterator[tuple[str, str]]:
    """Return the languages in which a country's paper is offered, each with its own name."""
    installed = {tag for tag, _name in settings.LANGUAGES}
    for tag in _LANGUAGES.get(code.partition("-")[0], ("en",)):
        if tag in installed:
            yield tag, str(get_language_info(tag)["name_local"])
