"""What the desk hands over about a case so that people outside can be told. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """One case in the words that people outside may read.

    `country` is where the thing is hosted (None: unknown, for example behind a CDN). `summary` are finished lines;
    `opinions` are (country, verdict, citation); `file_hashes` are (kind, value). `classification` (A1 to B2, or baseline) and
    `media` are for programs, empty where they are not sure; `was_known` says that the record of a known file decided.
    """

    case_id: int
    reference: str
    hotline_id: int
    portal_id: int
    location_id: int
    address: str
    received_at: datetime
    country: str | None
    urgent: bool = False
    summary: tuple[str, ...] = ()
    opinions: tuple[tuple[str, str, str], ...] = ()
    file_hashes: tuple[tuple[str, str], ...] = ()
    classification: str = ""
    media: str = ""
    was_known: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is to be told: our police, the host, and whoever is in charge abroad."""

    police: bool = True
    host: bool = True
    foreign: bool = False


def written(brief: CaseBrief) -> dict[str, Any]:
    """The brief as plain JSON values."""
    return {**asdict(brief), "received_at": brief.received_at.isoformat()}


def read(values: Mapping[str, Any]) -> CaseBrief:
    """The brief that `written` made these values from."""
    given = dict(values)
    given["received_at"] = datetime.fromisoformat(given["received_at"])
    given["summary"] = tuple(given["summary"])
    given["opinions"] = tuple((country, verdict, citation) for country, verdict, citation in given["opinions"])
    given["file_hashes"] = tuple((kind, value) for kind, value in given["file_hashes"])
    return CaseBrief(**given)


def is_abroad(brief: CaseBrief, home: str) -> bool:
    """Whether the thing is known to be hosted in another country than the portal's."""
    return brief.country is not None and brief.country.upper() != home.upper()
