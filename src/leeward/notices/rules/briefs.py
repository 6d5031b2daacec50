"""What the desk hands over about a case for telling people outside. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from leeward.notices.rules.claims import Assessments, Judged, Known, SentCounts


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """One case, in terms that people outside may read.

    `country` is the hosting country (None if unknown, for example behind a CDN). `summary` holds finished lines;
    `opinions` are (country, verdict, citation); `file_hashes` are (kind, value). `words` are the reporters' own, for
    the portal's police and nobody else. `classification` (A1 to B2, or baseline) and `media` are for programs, and
    empty if uncertain. `judged` says who assessed it: a person, the record of a known file, or nobody; `assessments`
    says whether two people agreed, and `differing` on what they didn't. `was_read`: somebody here has read the report.
    `urgencies` say why the case is urgent, most serious first. `is_more`: the police were already sent something urgent
    about it; `assessed_before` is the day on which a person assessed it, before work on it began again.
    `meets_baseline`: its facts certainly meet INTERPOL's baseline. `is_unseen`: there is something to look at, and
    nobody here was shown any of it or says that they saw it elsewhere. `texts_from` says which report each of `reporter_texts` is of (0:
    a line of ours); `full_texts` hold all that each report says in its own words, by its number; `named_by` are the
    reports, also those of which the police hear nothing now, that name a place without an address as theirs (none in a
    brief of an older version). `is_quiet`: the police are not told, as whoever is shown in it wishes, so nobody is told
    how to reach them about it.
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
    texts_from: tuple[int, ...] = ()
    full_texts: tuple[tuple[int, tuple[str, ...]], ...] = ()
    named_by: tuple[int, ...] = ()
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
    is_quiet: bool = False

    @property
    def was_known(self) -> bool:
        """Return whether the record of a known file decided."""
        return self.judged == "record"

    def known(self, sent: SentCounts = SentCounts()) -> Known:  # noqa: B008 - it is frozen
        """Return the facts by which the sentences of a message are chosen."""
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
    """Return the brief as plain JSON values, without the reporters' own words: these are kept sealed."""
    values = {**asdict(brief), "received_at": brief.received_at.isoformat()}
    del values["reporter_texts"], values["texts_from"], values["full_texts"]
    return values


def read(values: Mapping[str, Any]) -> CaseBrief:
    """Return the brief from the values that `written` made, so without the reporters' own words; in one stored before briefs had
    assessments, the opinions tell whether somebody judged."""
    given = dict(values)
    was_known = given.pop("was_known", False)
    given.setdefault("judged", ("record" if was_known else "person") if given["opinions"] else "")
    given.setdefault("meets_baseline", given.get("classification") == "baseline")
    given["received_at"] = datetime.fromisoformat(given["received_at"])
    given["opinions"] = tuple((country, verdict, citation) for country, verdict, citation in given["opinions"])
    given["file_hashes"] = tuple((kind, value) for kind, value in given["file_hashes"])
    for name in ("summary", "differing", "urgencies", "named_by"):
        given[name] = tuple(given.get(name, ()))
    return CaseBrief(**given)


def is_abroad(brief: CaseBrief, home: str) -> bool:
    """Return whether the thing is known to be hosted in another country than the portal's."""
    return brief.country is not None and brief.country.upper() != home.upper()
