"""What fills the places of a message, each a finished piece of text in the language that is active."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.template import loader
from django.utils.translation import gettext

from leeward.installation.queries import config_now
from leeward.laws.queries import basis_for_notice, time_to_keep
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.claims import Known, Police, SentCounts, times_told, to_contact, to_police
from leeward.people.queries import HotlineRow, PortalRow, country_names

HASHES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is, as far as it is known; all empty where it has no host."""

    host: str = ""
    ip: str = ""
    network: str = ""
    asn: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One address of a notice: its case's brief, where it is, the step of its ladder, what was sent about it before, and its
    number (0: not made yet)."""

    brief: CaseBrief
    place: Place
    step: int = 1
    first_told_at: datetime | None = None
    number: int = 0
    told: SentCounts = SentCounts()  # noqa: RUF009 - it is frozen

    @property
    def known(self) -> Known:
        """What the sentences about this address are chosen by."""
        return self.brief.known(self.told)

    @property
    def number_to_them(self) -> int:
        """Which message about this address it is to its reader, 1 for the first."""
        return self.told.reader + 1


@dataclass(frozen=True, slots=True)
class PoliceLetter:
    """What a referral needs beside its case: whose portal, to whom, where they answer, how things stand with the host."""

    portal: PortalRow
    police_name: str
    link: str
    mark: str
    stands: Police
    wait_hours: float


def police_sentences(line: Line, letter: PoliceLetter) -> frozenset[str]:
    """The sentences that may be said to the police of this case."""
    return to_police(line.known, letter.stands)


def police_values(line: Line, letter: PoliceLetter) -> dict[str, str]:
    """The pieces of a referral to our own police."""
    brief, says = line.brief, police_sentences(line, letter)
    shown, more = brief.file_hashes[:HASHES_SHOWN], max(len(brief.file_hashes) - HASHES_SHOWN, 0)
    hotline = letter.portal.hotline_name
    return {
        "police": letter.police_name,
        "hotline": hotline,
        "opening": _piece(
            "opening", says=says, hotline=hotline, differing=", ".join(brief.differing), day=brief.assessed_before
        ),
        "urgent": _piece("urgent", says=says),
        "reference": brief.reference,
        "received": f"{brief.received_at:%Y-%m-%d %H:%M} UTC",
        "address": brief.address,
        "place": _piece("place", brief=brief, place=line.place),
        "words": _listed(brief.words),
        "summary": _listed(brief.summary),
        "opinions": _listed(_opinion_lines(brief)),
        "hashes": _piece("hashes", hashes=shown, more_hashes=more) if shown else "",
        "follows": _piece("follows", says=says, wait_hours=f"{letter.wait_hours:g}"),
        "link": letter.link,
        "email": letter.portal.email,
        "mark": letter.mark,
    }


def notice_sentences(kind: str, lines: Sequence[Line]) -> frozenset[str]:
    """The sentences that may be said to a contact of these addresses."""
    return to_contact(kind, [line.known for line in lines])


def notice_values(
    kind: str, lines: Sequence[Line], *, hotline: HotlineRow, link: str, mark: str, page: str = ""
) -> dict[str, str]:
    """The pieces of a notice, and of a message to those in charge abroad."""
    is_abroad = kind == "foreign_police"
    says = notice_sentences(kind, lines)
    return {
        "hotline": hotline.name,
        "country": country_names().get(hotline.country, hotline.country),
        "count": str(len(lines)),
        "finding": _piece("finding", says=says, count=len(lines)),
        "addresses": _piece("addresses_abroad" if is_abroad else "addresses", lines=lines),
        "why": _piece("why", says=says),
        "keep": " ".join(_keeping(lines)),
        "link": link,
        "page": gettext("Every address that is open with you:\n%(link)s") % {"link": page} if page else "",
        "behind": _piece("behind", behind=sorted({line.place.behind for line in lines if line.place.behind})),
        "law": _listed(_law(lines, only_recorded=is_abroad)),
        "number": str(times_told(line.told for line in lines) + 1),
        "email": hotline.email or config_now().mail_replies or config_now().mail_from,
        "mark": mark,
    }


def _piece(name: str, **values: Any) -> str:
    return loader.render_to_string(f"notices/mail/blocks/{name}.txt", values).strip()


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _opinion_lines(brief: CaseBrief) -> list[str]:
    words = {
        "likely": gettext("likely illegal"),
        "unlikely": gettext("likely not illegal"),
        "undetermined": gettext("undetermined"),
        "no_law_recorded": gettext("no law recorded"),
    }
    return [
        f"{country}: {words.get(verdict, verdict)}" + (f" ({citation})" if citation else "")
        for country, verdict, citation in brief.opinions
    ]


def _law(lines: Sequence[Line], *, only_recorded: bool) -> list[str]:
    """The law of each hosting country, said once: that the material falls under it only where that is how it was judged."""
    said = []
    for line in lines:
        country = line.brief.country or ""
        basis = basis_for_notice(country)
        if basis.known and line.known.verdict != "likely":
            values = {"country": country_names().get(country.upper(), country), "citation": basis.citation}
            said.append(gettext("The law of %(country)s on such material: %(citation)s.") % values)
        elif basis.known or not only_recorded:
            said.append(str(basis.sentence))
    return list(dict.fromkeys(said))


def _keeping(lines: Sequence[Line]) -> list[str]:
    """How long the law of each hosting country wants evidence kept, where that is recorded; by the law of today."""
    today = datetime.now(UTC).date()
    countries = dict.fromkeys(line.brief.country or "" for line in lines)
    found = [time_to_keep(country, today) for country in countries]
    return list(dict.fromkeys(str(basis.sentence) for basis in found if basis.known))
