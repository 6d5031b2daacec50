"""Derives whereabouts from findings: which finding counts, and which country. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from leeward.foundation.patterns import Pattern

# Kinds of findings, and those that a person may correct.
KINDS = (
    "ip",
    "name_problem",
    "network",
    "asn",
    "holder",
    "country_ip",
    "country_registry",
    "country",
    "behind",
    "abuse_email",
    "registrar",
    "registrar_abuse_email",
    "domain_created",
    "domain_status",
    "upstream_email",
    "owner_email",
    "registrant",
    "ask_later",
)
# Facts about the IP address rather than the name: useless once the name points elsewhere.
OF_ADDRESS = (
    "network",
    "asn",
    "holder",
    "country_ip",
    "country_registry",
    "behind",
    "abuse_email",
    "upstream_email",
)
_COUNTRY = Pattern(r"[A-Z]{2}")
_MAIL = Pattern(r"[^\s@,]+@[^\s@,]+\.[^\s@,]+")
CORRECTABLE = frozenset({"country", "abuse_email", "network", "registrar", "owner_email"})


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as the rules see it."""

    kind: str
    value: str
    source: str
    at: datetime
    corrected: bool


def newest(findings: Iterable[Found]) -> dict[str, Found]:
    """Return the finding of each kind that counts: a correction if there is one, else the newest."""
    best: dict[str, Found] = {}
    for finding in findings:
        rival = best.get(finding.kind)
        if rival is None or (finding.corrected, finding.at) > (rival.corrected, rival.at):
            best[finding.kind] = finding
    return best


def country_for_acting(best: Mapping[str, Found]) -> tuple[str | None, tuple[str, ...]]:
    """Return the country that gets the notice and what each source says: a correction, else the offline table, else the
    registry; None behind a shared proxy unless a person said where the origin is."""
    sources = tuple(
        f"{best[kind].value} ({best[kind].source})"
        for kind in ("country", "country_ip", "country_registry")
        if kind in best and best[kind].value
    )
    if "country" in best and best["country"].value:
        return best["country"].value, sources
    if "behind" in best and best["behind"].value:
        return None, sources
    for kind in ("country_ip", "country_registry"):
        if kind in best and best[kind].value:
            return best[kind].value, sources
    return None, sources


def listed(value: str) -> tuple[str, ...]:
    """Return the parts of a finding that names several."""
    return tuple(part for part in (one.strip() for one in value.split(",")) if part)


def is_sound(kind: str, value: str) -> bool:
    """Return whether a person's correction can be right."""
    if kind == "country":
        return bool(_COUNTRY.fullmatch(value))
    if kind.endswith("_email"):
        return all(_MAIL.fullmatch(part) for part in listed(value)) and bool(listed(value))
    return kind in CORRECTABLE and 0 < len(value.strip()) <= 200
