"""What can be done about a registered name: which act is open to whom, on what basis, with which clock. Pure.

Nothing here removes content: a name that is suspended leads nowhere, and the content can still be up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

What = Literal["registrar", "registry", "police", "data", "accuracy", "icann"]
Reader = Literal["registrar", "registry", "police", "icann"]

# In the EU, where article 28 of Directive (EU) 2022/2555 (NIS2) binds registrars and registries.
EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
# Reporters of abuse that must not get such material: whoever sends it there is reported.
NEVER = ("netbeacon.org", "dnsabuseinstitute.org")
# Kinds of notices whose readers need the name only, and never learn an address.
WITHOUT_ADDRESS = frozenset({"name_accuracy", "name_icann"})
ODD_DATA = frozenset({"odd_mailbox", "odd_phone", "odd_postcode"})


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the kind of its notice, whom it goes to, how long an answer may take (our own measure where no rule has one), and
    what can be answered beside that the message is there and that nothing will be done."""

    what: What
    kind: str
    reader: Reader
    time: timedelta
    done: str


ACTS: dict[str, Act] = {
    act.what: act
    for act in (
        Act("registrar", "name_registrar", "registrar", timedelta(hours=72), done="suspended"),
        Act("registry", "name_registry", "registry", timedelta(hours=72), done="suspended"),
        Act("police", "name_police", "police", timedelta(hours=24), done="suspended"),
        Act("data", "name_data", "police", timedelta(hours=72), done="provided"),
        Act("accuracy", "name_accuracy", "registrar", timedelta(days=15), done="corrected"),
        Act("icann", "name_icann", "icann", timedelta(days=30), done="suspended"),
    )
}
NAME_KINDS: dict[str, str] = {act.kind: act.what for act in ACTS.values()}
# Letters to our own police about a name: no hold of theirs keeps these.
TO_OUR_POLICE = frozenset(act.kind for act in ACTS.values() if act.reader == "police")


# Answers after which something is still to come.
OPEN_ANSWERS = frozenset({"none", "acknowledged"})


def is_refuted(answer: str, answered_at: datetime | None, *, free_at: datetime | None, up_at: datetime | None) -> bool:
    """Return whether what was answered isn't so: the registry still had the name free of any hold after that (`free_at`), or the
    content was still seen (`up_at`)."""
    if answered_at is None:
        return False
    if answer == "suspended":
        return free_at is not None and free_at > answered_at
    return answer == "removed" and up_at is not None and up_at > answered_at


def is_overdue(answer: str, sent_at: datetime | None, due_at: datetime, now: datetime) -> bool:
    """Return whether what was asked has no answer in time: that somebody has the letter isn't one."""
    return sent_at is not None and answer in OPEN_ANSWERS and due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What decides which acts are possible. `gate` is how far informing others may go (`police_first.Gate`), `readers` who is known,
    `registrar_informed_at` when the registrar first got a notice, `odd` what stands out in the registrant's data, `already` the acts
    of this round that are neither overdue nor refuted nor come back."""

    gate: str
    name: str
    home: str
    readers: Collection[Reader] = ()
    odd: Collection[str] = ()
    registrar_informed_at: datetime | None = None
    already: Collection[str] = ()


def is_of_a_country(name: str) -> bool:
    """Return whether a name ends with a country's domain, where a registry's own terms hold and ICANN has no say."""
    return len(name.rpartition(".")[2]) == 2 or name.rpartition(".")[2].startswith("xn--")


def hindrance(what: What, now: Situation, at: datetime) -> str:
    """Return why an act isn't possible now, a code of `labels.HINDRANCES`; "" if it is."""
    if now.gate != "open":
        return "police_first"
    if what in now.already:
        return "already"
    if what == "registry" and now.name.rpartition(".")[2] != _end_of(now.home):
        return "other_country"
    if what == "accuracy" and not ODD_DATA & set(now.odd):
        return "nothing_odd"
    if what == "icann" and (why := _hindrance_of_icann(now, at)):
        return why
    return "" if ACTS[what].reader in now.readers else f"no_{ACTS[what].reader}"


def _hindrance_of_icann(now: Situation, at: datetime) -> str:
    if is_of_a_country(now.name):
        return "not_icanns"
    if now.registrar_informed_at is None:
        return "no_proof"
    return "too_early" if at < now.registrar_informed_at + ACTS["registrar"].time else ""


def _end_of(country: str) -> str:
    return "uk" if country.upper() == "GB" else country.lower()


def basis_of(what: What, name: str) -> str:
    """Return the basis of an act, a code of `labels.BASES`."""
    end = name.rpartition(".")[2]
    if what == "data":
        return "nis2" if end.upper() in EU else "own_law"
    if what == "icann":
        return "icann"
    if what == "registry" or is_of_a_country(name):
        return "terms"
    return {"registrar": "raa_abuse", "police": "raa_police", "accuracy": "raa_accuracy"}[what]


def is_never(email: str) -> bool:
    """Return whether nothing of this may be sent to an address."""
    domain = email.rpartition("@")[2].lower()
    return any(domain == one or domain.endswith(f".{one}") for one in NEVER)


def answers_for(kind: str) -> tuple[str, ...]:
    """Return what can be answered to a notice about a name; empty for every other kind."""
    what = NAME_KINDS.get(kind)
    return ("acknowledged", ACTS[what].done, "declined") if what else ()
