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
    """One address of a notice: its case's brief, where it is, how often this was asked before, and its number (0: not made yet)."""

    brief: CaseBrief
    place: Place
    step: int = 1
    first_told_at: datetime | None = None
    number: int = 0


def police_values(
    line: Line,
    *,
    portal: PortalRow,
    police_name: str,
    link: str,
    mark: str,
    tells_host: bool,
    wait_hours: float,
) -> dict[str, str]:
    """The pieces of a referral to our own police."""
    brief = line.brief
    shown, more = brief.file_hashes[:HASHES_SHOWN], max(len(brief.file_hashes) - HASHES_SHOWN, 0)
    return {
        "police": police_name,
        "hotline": portal.hotline_name,
        "urgent": gettext("URGENT: the report says that a child may be in danger now.") if brief.urgent else "",
        "reference": brief.reference,
        "received": f"{brief.received_at:%Y-%m-%d %H:%M} UTC",
        "address": brief.address,
        "place": _piece("place", brief=brief, place=line.place),
        "summary": _listed(brief.summary),
        "opinions": _listed(_opinion_lines(brief)),
        "hashes": _piece("hashes", hashes=shown, more_hashes=more) if shown else "",
        "follows": _piece("follows", tells_host=tells_host, wait_hours=f"{wait_hours:g}"),
        "link": link,
        "email": portal.email,
        "mark": mark,
    }


def notice_values(
    kind: str, lines: Sequence[Line], *, hotline: HotlineRow, link: str, mark: str, page: str = ""
) -> dict[str, str]:
    """The pieces of a notice, and of a message to those in charge abroad."""
    step = min((line.step for line in lines), default=1)
    is_abroad = kind == "foreign_police"
    return {
        "hotline": hotline.name,
        "country": country_names().get(hotline.country, hotline.country),
        "count": str(len(lines)),
        "addresses": _piece("addresses_abroad" if is_abroad else "addresses", lines=lines),
        "why": _piece("why", kind=kind, step=step),
        "keep": " ".join(_keeping(lines)),
        "link": link,
        "page": gettext("Every address that is open with you:\n%(link)s") % {"link": page} if page else "",
        "behind": _piece("behind", behind=sorted({line.place.behind for line in lines if line.place.behind})),
        "law": _listed(_law(lines)),
        "number": str(step),
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


def _law(lines: Sequence[Line]) -> list[str]:
    """The law of each hosting country, said once."""
    countries = dict.fromkeys(line.brief.country or "" for line in lines)
    return list(dict.fromkeys(str(basis_for_notice(country).sentence) for country in countries))


def has_law(lines: Sequence[Line]) -> bool:
    """Whether a law against the material is recorded for every hosting country."""
    return all(basis_for_notice(line.brief.country or "").known for line in lines)


def _keeping(lines: Sequence[Line]) -> list[str]:
    """How long the law of each hosting country wants evidence kept, where that is recorded; by the law of today."""
    today = datetime.now(UTC).date()
    countries = dict.fromkeys(line.brief.country or "" for line in lines)
    found = [time_to_keep(country, today) for country in countries]
    return list(dict.fromkeys(str(basis.sentence) for basis in found if basis.known))
