"""Alerts to payment firms: what one says, when it may go, and the possible answers. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from leeward.foundation.actor import YES, Decision, no
from leeward.foundation.lazy_text import LazyText as _

# How a case stands with the police: free (others may be told), waits (they don't have it or were not heard), held.
Gate = Literal["free", "waits", "held"]
PAYMENT_STATES = ("waiting", "sent", "dead", "stopped")
# What a firm can answer. The account is closed; payments to it are stopped; it is marked, so that whoever moves money from
# it is seen; it was reported to those in charge; nothing was found; it is somebody else's.
PAYMENT_ANSWERS = ("none", "acknowledged", "closed", "blocked", "marked", "reported", "nothing_found", "not_ours")
# After these something was done: they count for a firm as “removed” does for a host.
ACTED = frozenset({"closed", "blocked", "marked"})
# How the answers count where contacts are compared.
COUNTS_AS = {**dict.fromkeys(ACTED, "removed"), "not_ours": "wrong_contact"}
MOST_NOTE = 2000
MOST_WORDS = 40_000  # of all that a firm wrote about one alert


@dataclass(frozen=True, slots=True)
class PaymentBrief:
    """What a firm may read about a payee: never an address, a report or a case's number. `asked` are (amount, currency),
    `names` what a payer's statement shows, `cases` and `places` how many name it, `countries` where these are hosted."""

    payee_id: int
    kind: str
    value: str
    brand: str
    weak: bool
    asked: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    cases: int
    places: int
    countries: tuple[str, ...]
    first_at: datetime
    last_at: datetime


def written(brief: PaymentBrief) -> dict[str, Any]:
    """Return a brief as plain JSON values."""
    return {**asdict(brief), "first_at": brief.first_at.isoformat(), "last_at": brief.last_at.isoformat()}


def read(values: Mapping[str, Any]) -> PaymentBrief:
    """Return the brief that `written` made."""
    given = dict(values)
    for name in ("first_at", "last_at"):
        given[name] = datetime.fromisoformat(given[name])
    given["asked"] = tuple((amount, currency) for amount, currency in given["asked"])
    given["names"], given["countries"] = tuple(given["names"]), tuple(given["countries"])
    return PaymentBrief(**given)


def with_text(before: str, text: str, now: datetime) -> str:
    """Return what a firm wrote with what it writes now, which begins with its time."""
    return "\n\n".join(filter(None, (before, f"{now:%Y-%m-%d %H:%M %Z}: {text}" if text else "")))


def gate_of(*, is_held: bool, waits: bool | None, is_open: bool) -> Gate:
    """Return how a case stands with the police: as everybody else waits for them (`waits`), or, where they are not to be told, so that nobody
    does (None), by whether a person let others be told."""
    if is_held:
        return "held"
    return "waits" if waits or (waits is None and not is_open) else "free"


def supporting(decided: Collection[int], gates: Mapping[int, Gate]) -> list[int]:
    """Return the cases that an alert may rest on: decided as illegal, and the police have them and let others be told."""
    return sorted(case for case in decided if gates.get(case) == "free")


def may_alert(cases: Collection[int], decided: Collection[int], gates: Mapping[int, Gate]) -> Decision:
    """Return whether a firm may be told about a payee that these cases name: one of them is decided as illegal and the
    police let others be told, and they hold none."""
    if any(gates.get(case) == "held" for case in cases):
        return no(_("the police hold a case that names it"))
    if not decided:
        return no(_("no case that names it was decided as illegal"))
    if not supporting(decided, gates):
        return no(_("the police come first: they don’t have its cases yet, or still have time to answer"))
    return YES
