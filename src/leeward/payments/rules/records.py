"""Which traces are kept as findings, and how they pass from the process that reads a page to the one that stores them."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.coins import coin
from leeward.payments.rules.encodings import account_of_ton
from leeward.payments.rules.traces import FAMILIES, Trace

# Where a demand was seen: a place that was fetched, or a report.
LOCATION, REPORT = "location", "report"
_FIELDS = 7
MOST_OF_VALUE, MOST_OF_DESCRIPTOR = 1500, 100
_CARD = Pattern(r"^[a-z]{1,16} \*[0-9]{4}$")
# The kinds of payment of an assessment (`laws`), by brand or kind; any other is "other".
_FACTS = {
    "visa": "visa", "mastercard": "mastercard", "amex": "amex", "diners": "diners", "paypal": "paypal", "Western Union": "western_union",
    "btc": "bitcoin", "lightning": "bitcoin",
}  # fmt: skip


def kept(traces: Iterable[Trace]) -> list[Trace]:
    """Return the traces that are findings: valid ones, and no card that only its digits make one."""
    return [one for one in traces if one.valid and not (one.kind == "card" and one.weak)]


def key_of(trace: Trace) -> str:
    """Return under which key the same thing is found again, however it was written."""
    same = trace.value.lower() if FAMILIES[trace.kind] != "coin" or trace.kind == "eth" else trace.value
    if trace.kind == "ton" and (account := account_of_ton(trace.value)):
        same = account
    return hashlib.sha256(same.encode()).hexdigest()


def keys_of_typed(text: str) -> set[str]:
    """Return under which keys something is found that is written in full."""
    typed = text.strip()
    read = coin(typed)
    written = {key_of(Trace(read.kind, read.value))} if read else set()
    return written | {hashlib.sha256(one.encode()).hexdigest() for one in (typed, typed.lower())}


def facts_of(named: Iterable[tuple[str, str]]) -> list[str]:
    """Return the kinds of payment that an assessment would name, for kinds and brands of findings."""
    return sorted({_FACTS.get(brand) or _FACTS.get(kind, "other") for kind, brand in named})


def line_of(trace: Trace) -> str:
    """Return a finding as one line."""
    parts = (trace.kind, trace.value, trace.brand, trace.amount, trace.currency, trace.descriptor)
    return "\t".join([*(" ".join(part.split()) for part in parts), "weak" if trace.weak else ""])


def from_line(line: str) -> Trace | None:
    """Return the finding that a line is; None if it can't be one. The line is not trusted."""
    parts = line.split("\t")
    if len(parts) != _FIELDS or parts[0] not in FAMILIES or not 0 < len(parts[1]) <= MOST_OF_VALUE:
        return None
    kind, value, brand, amount, currency, descriptor, weak = parts
    if kind == "card" and not _CARD.match(value):
        return None
    is_amount = _is_amount(amount)
    return Trace(
        kind,
        value,
        weak=weak == "weak",
        brand=brand[:40],
        amount=amount if is_amount else "",
        currency=currency[:8] if is_amount else "",
        descriptor=descriptor[:MOST_OF_DESCRIPTOR],
    )


def _is_amount(text: str) -> bool:
    try:
        return len(text) <= 24 and Decimal(text).is_finite()
    except InvalidOperation:
        return False
