"""Values for the placeholders of a message, each a finished piece of text in the active language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.template import loader
from django.utils.translation import gettext

from leeward.installation.queries import config_now
from leeward.laws.labels import basis_sentence
from leeward.laws.queries import law_cited, time_to_keep
from leeward.laws.rules.basis import Grounds, Use, bases
from leeward.notices.police_for_hosts import police_for_hosts
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.claims import Known, Police, SentCounts, times_sent, to_contact, to_police
from leeward.people.queries import HotlineRow, PortalRow, country_names

HASHES_SHOWN = 20
# Stands for a moment that is known only when a message goes out.
NOT_YET = "…"
# In a notice; the list on its page has all.
HASHES_PER_ADDRESS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is, as far as known; all empty if it has no host."""

    host: str = ""
    ip: str = ""
    network: str = ""
    asn: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One address of a notice: its case's brief, its location, the step of its ladder, what was sent about it before,
    and its number (0: not made yet)."""

    brief: CaseBrief
    place: Place
    step: int = 1
    first_told_at: datetime | None = None
    number: int = 0
    sent: SentCounts = SentCounts()  # noqa: RUF009 - it is frozen

    @property
    def known(self) -> Known:
        """Return the facts by which the sentences about this address are chosen."""
        return self.brief.known(self.sent)

    @property
    def hashes_shown(self) -> tuple[tuple[str, str], ...]:
        """Return the hashes that a notice prints beside the address."""
        return self.brief.file_hashes[:HASHES_PER_ADDRESS]

    @property
    def hashes_left(self) -> int:
        """Return how many it doesn't print."""
        return max(len(self.brief.file_hashes) - HASHES_PER_ADDRESS, 0)

    @property
    def number_to_them(self) -> int:
        """Return which message about this address it is to its reader, 1 for the first."""
        return self.sent.reader + 1


@dataclass(frozen=True, slots=True)
class PoliceLetter:
    """What a referral needs besides its case: the portal, the recipient, where they answer, the state with the host, and the
    head of our log to attach, if there is one."""

    portal: PortalRow
    police_name: str
    link: str
    mark: str
    stands: Police
    wait_hours: float
    head: str = ""


def police_sentences(line: Line, letter: PoliceLetter) -> frozenset[str]:
    """Return the sentences that may be said to the police about this case."""
    return to_police(line.known, letter.stands)


def police_values(line: Line, letter: PoliceLetter) -> dict[str, str]:
    """Return the values of a referral to our own police."""
    brief, sentences = line.brief, police_sentences(line, letter)
    shown, more = brief.file_hashes[:HASHES_SHOWN], max(len(brief.file_hashes) - HASHES_SHOWN, 0)
    hotline = letter.portal.hotline_name
    return {
        "police": letter.police_name,
        "hotline": hotline,
        "opening": _piece(
            "opening", says=sentences, hotline=hotline, differing=", ".join(brief.differing), day=brief.assessed_before
        ),
        "urgent": _piece("urgent", says=sentences),
        "reference": brief.reference,
        "received": _in_utc(brief.received_at),
        "address": brief.address,
        "place": _piece("place", brief=brief, place=line.place),
        "words": _listed(brief.reporter_texts),
        "summary": _listed(brief.summary),
        "opinions": _listed([*_opinion_lines(brief), *_referral_basis(line, letter.portal.country)]),
        "hashes": _piece("hashes", hashes=shown, more_hashes=more) if shown else "",
        "follows": _piece("follows", says=sentences, wait_hours=f"{letter.wait_hours:g}"),
        "link": letter.link,
        "email": letter.portal.email,
        "mark": letter.mark,
    }


def notice_sentences(kind: str, lines: Sequence[Line]) -> frozenset[str]:
    """Return the sentences that may be said to a contact about these addresses."""
    return to_contact(kind, [line.known for line in lines])


def notice_values(
    kind: str,
    lines: Sequence[Line],
    *,
    hotline: HotlineRow,
    link: str,
    mark: str,
    deadline: datetime | None,
    page: str = "",
    portals: Sequence[PortalRow] = (),
) -> dict[str, str]:
    """Return the values of a notice, and of a message to those in charge abroad; `deadline` is by when they are asked to
    act, None before it goes out; `portals` are those that were read already."""
    is_abroad = kind == "foreign_police"
    sentences = notice_sentences(kind, lines)
    return {
        "hotline": hotline.name,
        "country": country_names().get(hotline.country, hotline.country),
        "count": str(len(lines)),
        "finding": _piece("finding", says=sentences, count=len(lines), to_police_abroad=is_abroad),
        "addresses": _piece("addresses_abroad" if is_abroad else "addresses", lines=lines, says=sentences),
        "why": _piece("why", says=sentences),
        "keep": " ".join([*_keeping(lines), *_police_here(kind, lines, hotline, portals)]),
        "deadline": gettext("Please do so by %(moment)s. We write again about what has not gone by then.")
        % {"moment": _in_utc(deadline) if deadline else NOT_YET},
        "link": link,
        "page": gettext("Every address that is open with you:\n%(link)s") % {"link": page} if page else "",
        "behind": _piece("behind", behind=sorted({line.place.behind for line in lines if line.place.behind})),
        "law": _law_abroad(lines, hotline.country)
        if is_abroad
        else _listed(_law(lines, home=hotline.country, use="notice")),
        "number": str(times_sent(line.sent for line in lines) + 1),
        "email": hotline.email or config_now().mail_replies or config_now().mail_from,
        "mark": mark,
    }


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _piece(name: str, **values: Any) -> str:
    return loader.render_to_string(f"notices/mail/blocks/{name}.txt", values).strip()


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _law_abroad(lines: Sequence[Line], home: str) -> str:
    """Return the legal basis of a message abroad with its heading; both empty if there is nothing to say."""
    laws = _listed(_law(lines, home=home, use="abroad"))
    return f"{gettext('The law, as far as we have it recorded')}\n{laws}" if laws else ""


def _opinion_lines(brief: CaseBrief) -> list[str]:
    verdicts = {
        "likely": gettext("likely illegal"),
        "unlikely": gettext("likely not illegal"),
        "undetermined": gettext("undetermined"),
        "no_law_recorded": gettext("no law recorded"),
    }
    return [
        f"{country}: {verdicts.get(verdict, verdict)}" + (f" ({citation})" if citation else "")
        for country, verdict, citation in brief.opinions
    ]


_LAWS = ("own_law", "host_law")


def _law(lines: Sequence[Line], *, home: str, use: Use) -> list[str]:
    """Return the legal basis of a message, stated once: the law of each hosting country if one can be cited, else what
    applies instead."""
    is_baseline = all(line.known.is_baseline for line in lines)
    found = [basis for line in lines for basis in _basis(line, home, use, is_baseline=is_baseline)]
    return list(dict.fromkeys(found))


def _basis(line: Line, home: str, use: Use, *, is_baseline: bool) -> list[str]:
    today, verdicts = datetime.now(UTC).date(), {code.upper(): verdict for code, verdict, _cited in line.brief.opinions}
    place = (line.brief.country or "").upper()
    own, host = law_cited(home, today), law_cited(place, today)
    grounds = Grounds(
        own=own.law(verdicts.get(own.code, "")),
        host=host.law(verdicts.get(place, "")),
        is_hosted_here=place == own.code,
        is_baseline=is_baseline,
        agreement="",
    )
    holds = bases(use, grounds)
    laws = [base for base in holds if base in _LAWS]
    return [basis_sentence(base, grounds, own=own, host=host) for base in laws[:1] or holds]


def _referral_basis(line: Line, home: str) -> list[str]:
    """Return the basis of a referral that our own law did not judge; or that nothing is recorded, so that the police
    judge themselves."""
    if not line.brief.opinions or law_cited(home, datetime.now(UTC).date()).is_judged:
        return []
    return _basis(line, home, "referral", is_baseline=line.known.is_baseline) or [
        gettext("We have no law on such material on record. Whether it is an offence is for you to judge.")
    ]


def _keeping(lines: Sequence[Line]) -> list[str]:
    """Return how long each hosting country's law wants evidence kept, if recorded; by today's law."""
    today = datetime.now(UTC).date()
    countries = dict.fromkeys(line.brief.country or "" for line in lines)
    found = [time_to_keep(country, today) for country in countries]
    return list(dict.fromkeys(str(basis.sentence) for basis in found if basis.known))


def _police_here(kind: str, lines: Sequence[Line], hotline: HotlineRow, portals: Sequence[PortalRow]) -> list[str]:
    places = [(line.brief.portal_id, line.brief.country) for line in lines if not line.brief.is_quiet]
    sentence = gettext("To reach the police: %(police)s.")
    return [
        sentence % {"police": police} for police in police_for_hosts(kind, places, hotline_id=hotline.id, known=portals)
    ]
