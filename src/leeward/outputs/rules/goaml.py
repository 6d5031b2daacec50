"""An activity report in the shape of goAML, which a registered person may file with a financial intelligence unit. Pure.

A hotline knows identifiers, not transfers: so it is an activity, and a transaction is never in it. Nothing is scored: the
typology's indicators are questions to whoever sees the transfers. The element names are as published; every FIU has a
schema and codes of its own, and the report is *not validated* until that schema is loaded.
"""

from dataclasses import dataclass
from datetime import datetime

from leeward.foundation.markup import Element, written
from leeward.outputs.rules.records import CaseRecord, PaidTo, moment
from leeward.outputs.rules.refusals import Refusal
from leeward.payments.rules.traces import FAMILIES, NAMES

MEDIA_TYPE = "application/xml"
VALIDATOR = "not validated: goaml activity, shape only 1"
BY_SCHEMA = "schema of the FIU:"
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
    root = Element("report")
    _texts(
        root,
        ("rentity_id", profile.entity_id or "0"),
        ("submission_code", "E"),
        ("report_code", profile.report_code or "SAR"),
        ("entity_reference", record.brief.reference),
        ("submission_date", _local(record.made_at)),
        ("currency_code_local", profile.currency or "EUR"),
    )
    person = root.child("reporting_person")
    _texts(person, ("first_name", "Hotline"), ("last_name", record.hotline.name[:100]), ("email", record.hotline.email))
    _texts(root, ("reason", _reason(record, typology)), ("action", "None: for the receiver to decide."))
    activity = root.child("activity")
    parties = activity.child("report_parties")
    for one in record.paid_to[:MOST_PARTIES]:
        _party(parties.child("report_party"), one, profile)
    _texts(root.child("report_indicators"), ("indicator", profile.indicator(typology)))
    return written(root, comment=f" Verdict: {verdict.replace('-', ' ')} ") + b"\n"


def _party(party: Element, one: PaidTo, profile: FiuProfile) -> None:
    account = party.child("account")
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


def _texts(parent: Element, *parts: tuple[str, str]) -> None:
    for name, text in parts:
        parent.child(name).text = "".join(letter for letter in text if letter.isprintable() or letter == "\n")


def _local(at: datetime) -> str:
    return moment(at).removesuffix("Z")


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
