"""An activity report in the shape of goAML, which a registered person may file with a financial intelligence unit. Pure.

A hotline knows identifiers, not transfers: so it is an activity, and a transaction is never in it. Nothing is scored: the
typology's indicators are questions to whoever sees the transfers. The element names are as published; every FIU has a
schema and codes of its own, and the report is *not validated* until that schema is loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from leeward.outputs.rules.records import CaseRecord, PaidTo, moment
from leeward.outputs.rules.refusals import Refusal
from leeward.payments.rules.traces import FAMILIES, NAMES

MEDIA_TYPE = "application/xml"
VALIDATOR = "not validated: goaml activity, shape only 1"
BY_SCHEMA = "schema of the FIU:"
MOST_BYTES = 1 << 20
MOST_REASON = 4000
MOST_PARTIES = 200
# FATF, March 2025: what it is about, and what a bank, firm or exchange can look for. Questions, never a score of a person.
TYPOLOGIES = {
    "live_streamed": (
        "Live-streamed sexual abuse of children (FATF, March 2025)",
        (
            "Are there payments of EUR 10 to 200, in round amounts, that repeat?",
            "Do they come at odd hours of the payer’s day?",
            "Do they go to few places, where such abuse is known to be offered?",
            "Is there no visible relation between payer and payee?",
            "Are everyday reasons given, such as school, food or medicine?",
        ),
    ),
    "extortion": (
        "Financial sexual extortion of children (FATF, March 2025)",
        (
            "Are there first payments under EUR 250, seldom over EUR 1,500 in all?",
            "Do they come in a quick series that stops at once?",
            "Are the payers teenagers, mostly boys?",
            "Are gift cards bought, or is money moved between persons who don’t know each other?",
            "Does the payee receive from many young payers?",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class FiuProfile:
    """What an FIU has said: our number with it ("" if we are not registered), its code for an activity report, the
    country's currency, its codes for the two typologies."""

    country: str = ""
    entity_id: str = ""
    report_code: str = ""
    currency: str = ""
    live_streamed: str = ""
    extortion: str = ""

    def indicator(self, typology: str) -> str:
        """Return the FIU's code for a typology; our own word where none is recorded."""
        return {"live_streamed": self.live_streamed, "extortion": self.extortion}[typology] or typology.upper()


def obstacles(record: CaseRecord, typology: str) -> tuple[Refusal, ...]:
    """Return why no report can be made of a case."""
    found = []
    if typology not in TYPOLOGIES:
        found.append(Refusal("no_typology"))
    if not record.is_decided:
        found.append(Refusal("not_decided"))
    if record.is_quiet:
        found.append(Refusal("kept_quiet"))
    if not record.paid_to:
        found.append(Refusal("nobody_paid"))
    if not record.hotline.email:
        found.append(Refusal("no_contact"))
    return tuple(found)


def build(record: CaseRecord, typology: str, profile: FiuProfile, *, verdict: str) -> bytes:
    """Return the report of a case that has no obstacles; its verdict travels with it, as a comment."""
    root = etree.Element("report")
    root.append(etree.Comment(f" Verdict: {verdict.replace('-', ' ')} "))
    _texts(
        root,
        ("rentity_id", profile.entity_id or "0"),
        ("submission_code", "E"),
        ("report_code", profile.report_code or "SAR"),
        ("entity_reference", record.brief.reference),
        ("submission_date", _local(record.made_at)),
        ("currency_code_local", profile.currency or "EUR"),
    )
    person = etree.SubElement(root, "reporting_person")
    _texts(person, ("first_name", "Hotline"), ("last_name", record.hotline.name[:100]), ("email", record.hotline.email))
    _texts(root, ("reason", _reason(record, typology)), ("action", "None: for the receiver to decide."))
    activity = etree.SubElement(root, "activity")
    parties = etree.SubElement(activity, "report_parties")
    for one in record.paid_to[:MOST_PARTIES]:
        _party(etree.SubElement(parties, "report_party"), one, profile)
    _texts(etree.SubElement(root, "report_indicators"), ("indicator", profile.indicator(typology)))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _party(party: Any, one: PaidTo, profile: FiuProfile) -> None:
    account = etree.SubElement(party, "account")
    is_bank = FAMILIES[one.kind] == "bank"
    currency = next((currency for _amount, currency in one.asked if len(currency) == 3), profile.currency or "EUR")
    _texts(
        account,
        ("institution_name", one.brand or NAMES.get(one.kind, one.kind.replace("_", " "))),
        ("non_bank_institution", "false" if is_bank else "true"),
        ("account", one.value),
        ("currency_code", currency),
    )
    if one.names:
        _texts(account, ("account_name", one.names[0]))
    if one.kind == "iban":
        _texts(account, ("iban", one.value))
    where = "on the page" if one.on_page else "in a report to the hotline"
    asked = ", ".join(f"{amount} {currency}" for amount, currency in one.asked)
    doubt = "" if not one.weak else " It has no check digits that could prove it."
    terms = f" Asked for: {asked}." if asked else ""
    reason = f"Payment is asked for {where}, first seen {_day(one.first_at)}, last {_day(one.last_at)}.{terms}{doubt}"
    _texts(party, ("significance", "0"), ("reason", reason), ("comments", f"{one.kind}, as written"))


def _reason(record: CaseRecord, typology: str) -> str:
    title, questions = TYPOLOGIES[typology]
    day = _day(record.decided_at or record.made_at)
    case = f"In case {record.brief.reference}, decided on {day}, payment is asked for to the accounts below."
    lines = [
        f"{title}.",
        f"{record.hotline.name} is a hotline against child sexual abuse material. {case} We know no transfers and accuse nobody.",
        "Questions to whoever sees the transfers:",
        *(f"- {question}" for question in questions),
    ]
    return "\n".join(lines)[:MOST_REASON]


def _texts(parent: Any, *parts: tuple[str, str]) -> None:
    for name, text in parts:
        etree.SubElement(parent, name).text = "".join(
            letter for letter in text if letter.isprintable() or letter == "\n"
        )


def _local(at: datetime) -> str:
    return moment(at).removesuffix("Z")


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


# Our own table of the published names, in the order in which they come; + marks what may repeat, ! what must be there.
SHAPE: dict[str, Sequence[str]] = {
    "report": (
        "rentity_id!", "rentity_branch", "submission_code!", "report_code!", "entity_reference!", "fiu_ref_number", "submission_date!",
        "currency_code_local!", "reporting_person!", "location", "reason!", "action", "activity!", "report_indicators!",
    ),
    "reporting_person": ("first_name!", "last_name!", "email"),
    "activity": ("report_parties!",),
    "report_parties": ("report_party!+",),
    "report_party": ("account!", "significance", "reason!", "comments"),
    "account": ("institution_name!", "non_bank_institution!", "account!", "currency_code", "account_name", "iban"),
    "report_indicators": ("indicator!+",),
}  # fmt: skip
_FORBIDDEN = "transaction"  # an activity code with a transaction is refused by every FIU


def check(content: bytes) -> tuple[Refusal, ...]:
    """Return where a report does not fit the shape; that it fits says nothing of an FIU's own schema."""
    if len(content) > MOST_BYTES:
        return (Refusal("too_long"),)
    if b"<!DOCTYPE" in content or b"\x00" in content:
        return (Refusal("doctype"),)
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        return (Refusal("malformed"),)
    if root.tag != "report":
        return (Refusal("schema", str(root.tag)[:60]),)
    faults = [*_faults(root, "report", "report")]
    if root.find(_FORBIDDEN) is not None:
        faults.append("report/transaction")
    if len(root.findtext("reason") or "") > MOST_REASON:
        return (Refusal("too_long", "reason"),)
    return tuple(Refusal("schema", path) for path in dict.fromkeys(faults))


def _faults(element: Any, kind: str, path: str) -> list[str]:
    known = SHAPE.get(kind)
    children = [one for one in element if isinstance(one.tag, str)]
    if known is None or (kind == "account" and path.endswith("account/account")):
        return [path] if children or not (element.text or "").strip() else []
    names = [name.rstrip("!+") for name in known]
    found, here = list[str](), 0
    for child in children:
        at = next((number for number in range(here, len(names)) if names[number] == child.tag), None)
        if at is None:
            found.append(f"{path}/{child.tag}")
            continue
        here = at if known[at].endswith("+") else at + 1
        found += _faults(child, str(child.tag), f"{path}/{child.tag}")
    there = {child.tag for child in children}
    return found + [
        f"{path}/{name}" for name, part in zip(names, known, strict=True) if "!" in part and name not in there
    ]
