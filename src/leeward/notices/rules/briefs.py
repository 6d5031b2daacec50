"""What the desk hands over about a case so that people outside can be told. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from leeward.notices.rules.claims import Assessments, Judged, Known, SentCounts


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """One case in the words that people outside may read.

    `country` is where the thing is hosted (None: unknown, for example behind a CDN). `summary` are finished lines;
    `opinions` are (country, verdict, citation); `file_hashes` are (kind, value). `words` are the reporters' own, for the police
    of the portal and nobody else. `classification` (A1 to B2, or baseline) and `media` are for programs, empty where they are
    not sure. `judged` says who assessed it: a person, the record of a known file, or nobody; `assessments` whether two people
    found the same, and `differing` on what they didn't. `was_read`: a person here has read the report. `urgencies` say why the
    case is urgent, the gravest first. `is_more`: the police were sent something urgent about it before; `assessed_before` is the day
    on which a person assessed it, before the work on it began again. `meets_baseline`: by its facts it surely meets INTERPOL's baseline.
    `is_unseen`: there is something to look at, and nobody here was shown any of it or says that they saw it elsewhere.
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
    reporter_texts: tuple[str, ...] = ()
    judged: Judged = ""
    assessments: Assessments = ""
    differing: tuple[str, ...] = ()
    was_read: bool = False
    urgencies: tuple[str, ...] = ()
    kind: str = ""
    is_more: bool = False
    assessed_before: str = ""
    meets_baseline: bool = False
    is_unseen: bool = False

    @property
    def was_known(self) -> bool:
        """Whether the record of a known file decided."""
        return self.judged == "record"

    def known(self, sent: SentCounts = SentCounts()) -> Known:  # noqa: B008 - it is frozen
        """What the sentences of a message are chosen by."""
        there = {country.upper(): verdict for country, verdict, _citation in self.opinions}
        return Known(
            judged=self.judged,
            assessments=self.assessments,
            verdict=there.get((self.country or "").upper(), ""),
            is_baseline=self.meets_baseline,
            country=self.country or "",
            address=self.address,
            kind=self.kind,
            urgencies=self.urgencies,
            was_read=self.was_read,
            was_assessed=bool(self.assessed_before),
            is_unseen=self.is_unseen,
            reporter_texts=len(self.reporter_texts),
            facts=len(self.summary),
            opinions=len(self.opinions),
            hashes=len(self.file_hashes),
            sent=sent,
        )


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
    """The brief that `written` made these values from; one that was kept before there were assessments in it says by its opinions
    whether somebody judged."""
    given = dict(values)
    was_known = given.pop("was_known", False)
    given.setdefault("judged", ("record" if was_known else "person") if given["opinions"] else "")
    given.setdefault("meets_baseline", given.get("classification") == "baseline")
    given["received_at"] = datetime.fromisoformat(given["received_at"])
    given["opinions"] = tuple((country, verdict, citation) for country, verdict, citation in given["opinions"])
    given["file_hashes"] = tuple((kind, value) for kind, value in given["file_hashes"])
    for name in ("summary", "reporter_texts", "differing", "urgencies"):
        given[name] = tuple(given.get(name, ()))
    return CaseBrief(**given)


def is_abroad(brief: CaseBrief, home: str) -> bool:
    """Whether the thing is known to be hosted in another country than the portal's."""
    return brief.country is not None and brief.country.upper() != home.upper()
