"""The law's reads for other slices."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import OperationalError, ProgrammingError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leeward.laws.duties import DutyRow, DutySheet, duty_sheet
from leeward.laws.errors import BadLawFile
from leeward.laws.files.lawfile import read_law_file
from leeward.laws.files.packaged import packaged_jurisdictions
from leeward.laws.labels import FAILS, settle_words
from leeward.laws.models import LawFile, LawRegister, LawRevision
from leeward.laws.register import Register, packaged_register, register_of
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_options import parse_options
from leeward.laws.rules.citing import CitedLaw, cited_law
from leeward.laws.rules.facts import Facts
from leeward.laws.rules.jurisdiction import Jurisdiction
from leeward.laws.rules.legality import Ground, opinion
from leeward.laws.rules.reporting import EVERYBODY, LawTime
from leeward.laws.rules.sheet import version_of
from leeward.laws.rules.solicitation import SolicitationFacts, compile_offences, solicitation_opinion

BASELINE = "INTERPOL_BASELINE"


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """One jurisdiction's opinion on a set of facts, ready to show.

    `because` holds citations, `says` a sentence for each; `would_settle` holds names of facts and `law:` entries,
    `settle_words` the same in the reader's language.
    """

    country: str
    jurisdiction: str
    verdict: str
    because: tuple[str, ...]
    would_settle: tuple[str, ...]
    caution: str
    law_version: str
    says: tuple[str, ...] = ()
    settle_words: tuple[str, ...] = ()
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """What a message may say about a law."""

    known: bool
    citation: str
    sentence: str


_built: dict[str, Register] = {}
_kept: ContextVar[Register | None] = ContextVar("register", default=None)


@contextmanager
def one_register() -> Iterator[None]:
    """Pin the register within this context: the version is read from the database once and does not change."""
    before = _kept.set(register())
    try:
        yield
    finally:
        _kept.reset(before)


def register() -> Register:
    """Return the register in force: the database's once it was loaded, otherwise the packaged one."""
    kept = _kept.get()
    if kept is not None:
        return kept
    version = _version_in_database()
    if version in ("", packaged_register().version):
        return packaged_register()
    if version not in _built:
        built = register_of({f"{code}.yaml": text for code, text in LawFile.objects.values_list("code", "text")})
        _built.clear()
        _built[built.version] = built
        return built
    return _built[version]


def _version_in_database() -> str:
    """Return the version loaded into the database; empty if nothing was loaded or there are no tables yet."""
    try:
        return LawRegister.objects.values_list("version", flat=True).first() or ""
    except (OperationalError, ProgrammingError):
        return ""


def register_texts() -> dict[str, str]:
    """Return the text of every file in force, by code."""
    if _version_in_database():
        return dict(sorted(LawFile.objects.values_list("code", "text")))
    return {name.removesuffix(".yaml"): text for name, text in packaged_jurisdictions().items()}


def file_of_version(code: str, version: str) -> Mapping[str, Any] | None:
    """Return a country's file as it was in force when a sheet of this version was taken from it; None if it never was."""
    accepted = LawRevision.objects.filter(code=code, state=LawRevision.State.ACCEPTED).order_by("-number")
    texts = [text for pair in accepted.values_list("text", "before") for text in pair]
    texts += [*LawFile.objects.filter(code=code).values_list("shipped", flat=True)]
    texts += [text for name, text in packaged_jurisdictions().items() if name == f"{code}.yaml"]
    for text in dict.fromkeys(text for text in texts if text):
        try:
            file = read_law_file(text, name=f"{code}.yaml")
        except BadLawFile:  # written before a field that is required today
            continue
        if version_of(file) == version:
            return file
    return None


def law_version() -> str:
    """Return the name of the register's version, kept with every assessment."""
    return register().version


def opinions_for(facts: Facts, countries: Iterable[str], on: date, laws: Register | None = None) -> list[OpinionRow]:
    """Return one opinion per country, in the given order; a country without recorded law gets one that says so.

    For repeated calls pass the same `register()`, so that all use one version.
    """
    laws = laws or register()
    return [_row(facts, code.strip().upper(), laws, on) for code in countries]


def draft_on_paper(code: str, given: Mapping[str, Any], on: date) -> tuple[Bill, SafeString]:
    """Return the draft with its whole text as HTML. Raises NothingToDraft, BadOptions, UnknownJurisdiction."""
    from leeward.laws.drafting.formats import draft
    from leeward.laws.drafting.paper import paper

    made = draft(register(), code.strip().upper(), parse_options(given), on)
    return made.bill, paper(made)


def draft_to_try(code: str, given: Mapping[str, Any], on: date) -> Bill:
    """Return the draft for a country with plain values as choices, to be tried on facts. Raises NothingToDraft,
    BadOptions, UnknownJurisdiction.
    """
    from leeward.laws.drafting.formats import (
        bill_of,  # its formats load libraries that no other reader of the law needs
    )

    return bill_of(register(), code.strip().upper(), parse_options(given), on)


def verdicts_for(facts: Facts, countries: Iterable[str], on: date, laws: Register) -> dict[str, str]:
    """Return only the verdict of each country, without wording, for callers that ask a million times."""
    return {code: _verdict(facts, laws.compiled.get(code), on) for code in countries}


def _verdict(facts: Facts, law: Jurisdiction | None, on: date) -> str:
    return opinion(facts, law, on).verdict if law and law.is_recorded else "no_law_recorded"


def opinions_everywhere(facts: Facts, on: date) -> tuple[list[OpinionRow], list[str]]:
    """Return the opinions of all jurisdictions with recorded law, the baseline first, and the names of the others."""
    laws = register()
    rows = opinions_for(facts, [BASELINE, *(code for code in laws.files if code != BASELINE)], on, laws)
    recorded = [row for row in rows if row.verdict != "no_law_recorded"]
    return recorded, [row.jurisdiction for row in rows if row.verdict == "no_law_recorded"]


def _row(facts: Facts, code: str, laws: Register, on: date) -> OpinionRow:
    law = laws.compiled.get(code)
    if law is None or not law.is_recorded:
        entry = "law:none"
        name = law.name if law else code
        caution = law.caution if law else ""
        return OpinionRow(
            code, name, "no_law_recorded", (), (entry,), caution, laws.version, settle_words=(settle_words(entry),)
        )
    found = opinion(facts, law, on)
    return OpinionRow(
        country=code,
        jurisdiction=law.name,
        verdict=found.verdict,
        because=tuple(dict.fromkeys(ground.citation for ground in found.because)),
        would_settle=found.would_settle,
        caution=law.caution,
        law_version=laws.version,
        says=tuple(dict.fromkeys(ground_words(ground) for ground in found.because)),
        settle_words=tuple(settle_words(entry) for entry in found.would_settle),
        reviewed=law.reviewed,
    )


def opinion_values(row: OpinionRow) -> dict[str, Any]:
    """Return an opinion as plain values for the command and the API; the verdict is always one of three words."""
    settles = zip(row.would_settle, row.settle_words, strict=True)
    return {
        "jurisdiction": row.country,
        "name": row.jurisdiction,
        "opinion": "undetermined" if row.verdict == "no_law_recorded" else row.verdict,
        "because": list(row.because),
        "says": list(row.says),
        "would_settle": [f"law: {words}" if name.startswith("law:") else name for name, words in settles],
        "recorded": row.verdict != "no_law_recorded",
        "caution": row.caution,
        "law_version": row.law_version,
    }


def solicitation_for(facts: SolicitationFacts, countries: Iterable[str], on: date) -> list[OpinionRow]:
    """Return one opinion per country on an approach to a child, and what an officer would still have to find."""
    laws = register()
    return [_solicitation_row(facts, code.strip().upper(), laws, on) for code in countries]


def _solicitation_row(facts: SolicitationFacts, code: str, laws: Register, on: date) -> OpinionRow:
    law = laws.compiled.get(code)
    offences = compile_offences(laws.files[code]) if law else ()
    is_all = bool(law) and laws.files[code].get("solicitation_is_all") == "yes"
    found = solicitation_opinion(facts, offences, on, is_all=is_all)
    return OpinionRow(
        country=code,
        jurisdiction=law.name if law else code,
        verdict=found.verdict if offences else "no_law_recorded",
        because=tuple(dict.fromkeys(ground.citation for ground in found.because)),
        would_settle=found.would_settle,
        caution=law.caution if law else "",
        law_version=laws.version,
        says=tuple(dict.fromkeys(ground_words(ground) for ground in found.because)),
        settle_words=tuple(settle_words(entry) for entry in found.would_settle),
        reviewed=law.reviewed if law else False,
    )


_counts: list[Callable[[Callable[[Facts, Iterable[str]], bool]], int]] = []


def count_open_cases_with(count: Callable[[Callable[[Facts, Iterable[str]], bool]], int]) -> None:
    """Register the desk's function that counts open cases for which the law would change.

    `count` receives a predicate of facts and countries.
    """
    _counts.append(count)


def open_cases_changed(before: Register, after: Register, on: date) -> int | None:
    """Return in how many of this hotline's open cases a change of the register changes an opinion; None without a desk."""

    def has_changed(facts: Facts, countries: Iterable[str]) -> bool:
        codes = list(countries)
        return verdicts_for(facts, codes, on, before) != verdicts_for(facts, codes, on, after)

    return sum(count(has_changed) for count in _counts) if _counts else None


def is_reviewed(country: str) -> bool:
    """Return whether a lawyer of this country has reviewed its law file; False if there is none."""
    law = register().compiled.get(country.strip().upper())
    return law is not None and law.reviewed


def duties_of(country: str, on: date) -> DutySheet:
    """Return the reporting duties of a jurisdiction as they stand on a day; raises UnknownJurisdiction."""
    return duty_sheet(register().file(country.strip().upper()), on)


def duties_due(code: str, *, role: str, known_at: datetime, reported_at: datetime | None = None) -> dict[str, Any]:
    """Return each duty that binds a role, with its deadlines, by the law of the day on which the material became known."""
    sheet = duties_of(code, known_at.date())
    return {
        "jurisdiction": sheet.country,
        "name": sheet.name,
        "on": known_at.date(),
        "law_version": law_version(),
        "reviewed": sheet.reviewed,
        "caution": sheet.caution,
        "recorded": bool(sheet.duties or sheet.no_duty),
        "no_duty": sheet.no_duty,
        "duties": [_due_values(duty, known_at, reported_at) for duty in sheet.binding(role)],
    }


def _due_values(duty: DutyRow, known_at: datetime, reported_at: datetime | None) -> dict[str, Any]:
    same = ("id", "who", "binds", "to", "trigger", "trigger_words", "content", "speed_words", "speed_hours", "destroy")
    return {
        **{name: getattr(duty, name) for name in same},
        **asdict(duty.deadlines(known_at, reported_at)),
        "applies": "yes" if duty.phase == "in force" else "unknown",
        "keep_days": duty.preservation_days,
        "keep_from": duty.preservation_from,
        "foreign_report": duty.foreign_report,
        "foreign_report_words": duty.foreign_report_counts,
        "citations": duty.citations,
    }


def time_to_tell_police(country: str, on: date) -> LawTime | None:
    """Return how fast a country's law wants anybody who learns of the material to report it; None if not recorded."""
    file = register().files.get(country.strip().upper())
    return duty_sheet(file, on).time_to_tell_police() if file else None


def duty_of_everybody(country: str, on: date) -> tuple[str, ...] | None:
    """Return the provisions by which a country's law wants everybody who learns of the material to report it, which includes a
    hotline; None if no such duty is recorded, which never means that there is none.
    """
    file = register().files.get(country.strip().upper())
    duties = duty_sheet(file, on).binding(EVERYBODY) if file else ()
    return tuple(dict.fromkeys(one for duty in duties for one in duty.citations)) if duties else None


def time_to_keep(country: str, on: date) -> LegalBasis:
    """Return a sentence on how long a provider in a country must keep the material of a report, or that this is not
    recorded.
    """
    file = register().files.get(country.strip().upper())
    found = duty_sheet(file, on).time_to_keep() if file else None
    if file is None or found is None:
        return LegalBasis(known=False, citation="", sentence="")
    days, since, citations = found
    sentence = _("%(country)s: whoever reports it must keep it for %(days)s days from %(since)s (%(citation)s).") % {
        "country": file["name"],
        "days": days,
        "since": since or _("the report"),
        "citation": "; ".join(citations),
    }
    return LegalBasis(known=True, citation="; ".join(citations), sentence=sentence)


def ground_words(ground: Ground) -> str:
    """Return a provision, what it says, and which parts of it fail here."""
    if not ground.fails:
        return _("%(citation)s: %(says)s") % {"citation": ground.citation, "says": ground.says}
    reasons = "; ".join(str(FAILS[name]) for name in ground.fails)
    return _("%(citation)s: %(says)s (%(reasons)s)") % {
        "citation": ground.citation,
        "says": ground.says,
        "reasons": reasons,
    }


def law_cited(country: str, on: date) -> CitedLaw:
    """Return what may be cited of a country's law on the material on a given day; empty if nothing that was read is
    recorded.
    """
    laws, code = register(), country.strip().upper()
    law = laws.compiled.get(code)
    if law is None:
        return CitedLaw(code, code, "", is_judged=False, is_reviewed=False, by_account=False)
    return cited_law(law, laws.files[code], on)


def changes_waiting() -> int:
    """Return how many proposed changes of the register wait for an answer, whichever hotline proposed them."""
    return LawRevision.objects.filter(state=LawRevision.State.PROPOSED).count()
