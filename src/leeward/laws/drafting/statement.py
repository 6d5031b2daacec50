"""The explanatory paper that goes with a bill: the gap, the costs, the delegated powers, the rights affected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from leeward.laws.drafting.notes import cited, criterion_words, listed
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_need import Need
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.provisions import OF_CRITERION, readings_of

_POWERS = {
    "citation-start": "the day of commencement",
    "entities": "the designation and the duties of reporting entities",
    "hotline": "the designation of a hotline and its conditions",
    "regulations": "regulations, with the control that it names",
    "blocking": "orders to bar access",
}
_RIGHTS = (
    ("expression", ("material", "dissemination", "removal", "blocking", "safeguards")),
    ("privacy and the protection of data", ("duty", "preservation", "secrecy", "data")),
    ("the best interests of the child", ("own-images", "children")),
    ("a fair trial", ("knowledge", "proof", "failure")),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """The paper: its name in the state's style, and its paragraphs under their headings."""

    name: str
    blocks: tuple[tuple[str, tuple[str, ...]], ...]


def statement_of(bill: Bill, need: Need, file: Mapping[str, Any], on: date) -> Statement:
    """Return the paper of a bill."""
    return Statement(
        bill.style.statement,
        (
            ("What this is", tuple(_lead(bill, need, file))),
            ("The gap", tuple(_gap(need, file, on))),
            ("Cost", ("[What the hotline, the reporting entities and the courts will need, to be estimated.]",)),
            ("Delegated powers", _where(bill, tuple(_POWERS.items())) or ("None.",)),
            ("Rights", tuple(_rights(bill)) or ("None is touched.",)),
        ),
    )


def _lead(bill: Bill, need: Need, file: Mapping[str, Any]) -> Iterator[str]:
    name = file["name"]
    match bill.kind:
        case "act" if "c1" in need.partly:
            yield f"The law of {name} meets the first criterion only in part, so this is an Act of its own."
        case "act":
            yield f"No Act of {name} on this crime was found, so this is an Act of its own."
        case "amending":
            yield f"{name} has an Act on the matter, so this bill amends it and makes no other: {bill.principal}."
            yield "Check the term, the definitions, the numbers and the form of penalties against the Act itself."
        case "model":
            yield f"These are model provisions and no bill: {_why_no_bill(need, name)}."
            if not need.missing and need.principal and not need.principal.is_read:
                yield f"Nobody here has read what the Act that a bill would amend says of the material: {need.principal.title}."
        case "instructions":
            yield f"{name} drafts in the civil-law tradition. These are instructions for its drafters and no text to enact."
    yield f"Set out in the style of: {bill.style.name}."


def _why_no_bill(need: Need, name: str) -> str:
    if need.clauses == "all":
        return "all clauses of the model were asked for"
    if not need.missing:
        return f"what they answer is not known of the law of {name}"
    if need.principal is None:
        return "no Act that a bill would amend is recorded"
    if need.principal.is_read:
        return "clauses for what is not known were asked for too"
    return f"nobody here has read what the Act that a bill would amend says of the material ({need.principal.title})"


def _gap(need: Need, file: Mapping[str, Any], on: date) -> Iterator[str]:
    for name in need.missing:
        if name in need.partly:
            yield f"{_first(criterion_words(name))} is met only in part: {'; '.join(_read(name, 'partial', file, on))}."
        elif name == "c5" and (file.get("beside") or {}).get("no_duty"):
            yield f"{_first(criterion_words(name))} is not met: {file['beside']['no_duty']}."
        elif where := _read(name, "no", file, on):
            yield f"{_first(criterion_words(name))} is not met: {_were_read(where)}."
        else:
            row = file["criteria"][-1] if file["criteria"] else {"edition": "?", "year": None}
            yield (
                f"{_first(criterion_words(name))}: edition {row['edition']} ({row['year'] or 'year not recorded'}) of ICMEC's review "
                "found nothing, and this register has found no statute since. Confirm it first."
            )
    reported = dict.fromkeys(row.criterion for row in need.reported)
    if reported:
        names = listed([criterion_words(name) for name in reported])
        yield f"Met only by somebody else's account, so drafted, with a note of who reported it: {names}."
    unknown = [criterion_words(name) for name in need.unknown if name not in reported]
    if unknown:
        yield f"Not known, so not counted as missing: {listed(unknown)}."
    if not need.missing and not need.unknown:
        yield "Nothing is missing."


def _read(name: str, value: str, file: Mapping[str, Any], on: date) -> list[str]:
    """Return the places at which somebody read that a criterion has this value, and the engine's record of it. That a
    law lacks something, nobody here knows from somebody else's account.
    """
    readings = [
        cited(row)
        for row in readings_of(file, on, OF_CRITERION.get(name, name))
        if (row.status, row.value) == ("in_force", value) and row.is_read and not (value == "no" and row.is_account)
    ]
    recorded = [row.citation for row in evidence_of(file, on) if (row.criterion, row.value) == (name, value)]
    return [*dict.fromkeys([*readings, *recorded])]


def _were_read(where: list[str]) -> str:
    if len(where) == 1:
        return f"{where[0]} was read and does not meet it"
    return f"{'; '.join(where[:-1])} and {where[-1]} were read and do not meet it"


def _where(bill: Bill, rows: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    unit = bill.style.section
    return tuple(f"{_first(unit)} {_section_number(bill, name)}: {text}." for name, text in rows if bill.has(name))


def _rights(bill: Bill) -> Iterator[str]:
    unit = bill.style.section
    for right, names in _RIGHTS:
        numbers = [_section_number(bill, name) for name in names if bill.has(name)]
        if numbers:
            yield f"{_first(right)}: {unit}{'s' if len(numbers) > 1 else ''} {listed(numbers)}."


def _section_number(bill: Bill, name: str) -> str:
    """The number of the innermost section in which a clause stands."""
    own = f"{bill.clause(name).eid}__"
    return [section.number for section in bill.sections if own.startswith(f"{section.eid}__")][-1]


def _first(text: str) -> str:
    return text[0].upper() + text[1:]
