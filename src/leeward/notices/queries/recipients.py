"""Who is told about a case, according to the directory; read once for one case or for several together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from leeward.hosting import queries as hosting_queries
from leeward.notices.models import Contact, Wording
from leeward.notices.recipients import (
    CONTACT_KIND,
    Listed,
    abroad,
    candidates_for,
    known_of,
    notice_waits,
    police_of,
    recipient_for,
    writes_to_host_directly,
    wrong_at,
)
from leeward.notices.rules.briefs import Plan
from leeward.notices.writing.own_words import wording_for
from leeward.people import queries as people_queries


@dataclass(frozen=True, slots=True)
class Known:
    """What is read once for every message about a case: its location, its portal, and the directory's entries for it."""

    where: hosting_queries.Whereabouts
    portal: people_queries.PortalRow
    hotline: people_queries.HotlineRow
    country: str  # the hosting country, if known and not the portal's country
    police: tuple[str, str] | None
    listed: Listed

    @property
    def abroad(self) -> Contact | None:
        """Return who is in charge in the hosting country, if that isn't the portal's."""
        return abroad(self.country, self.listed.entries) if self.country else None


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of the first message of a kind (police, foreign_police, or a kind of notice), with their directory
    entry."""

    kind: str
    name: str
    email: str
    entry: Contact | None


def known_contacts(
    where: hosting_queries.Whereabouts,
    portal: people_queries.PortalRow,
    hotline: people_queries.HotlineRow,
    *,
    country: str | None,
) -> Known:
    """Load the directory's contacts for a location in this country; one query if the portal names its police."""
    police, elsewhere = police_of(portal), _elsewhere(country, portal)
    listed = known_of(_addresses(where, police), where.location_id, country=elsewhere)
    return Known(where, portal, hotline, elsewhere, police, listed)


def known_contacts_of(
    places: Sequence[tuple[hosting_queries.Whereabouts, people_queries.PortalRow]], hotline: people_queries.HotlineRow
) -> dict[int, Known]:
    """Load them for several locations, by number; two queries if each portal names its police."""
    police = {portal.id: police_of(portal) for portal in {one.id: one for _where, one in places}.values()}
    addresses = {where.location_id: _addresses(where, police[portal.id]) for where, portal in places}
    countries = {where.location_id: _elsewhere(where.country, portal) for where, portal in places}
    wanted = Q(email__in=set().union(*addresses.values()))
    wanted |= Q(country__in={one for one in countries.values() if one}, kind__in=("hotline", "police"))
    entries = list(Contact.objects.filter(wanted).annotate(waits=notice_waits()).order_by("pk"))
    waits = frozenset(entry.pk for entry in entries if entry.waits)
    wrong = wrong_at(addresses)
    return {
        where.location_id: Known(
            where,
            portal,
            hotline,
            countries[where.location_id],
            police[portal.id],
            Listed(entries, frozenset(email for number, email in wrong if number == where.location_id), waits),
        )
        for where, portal in places
    }


def language_of_police(
    portal: people_queries.PortalRow,
    listed: Iterable[Contact] | None = None,
    own_words: Sequence[Wording] | None = None,
) -> str:
    """Return the language in which the police of a portal are written to. `listed`: the directory, and `own_words`: the hotline's own texts,
    if they were loaded before. Three queries at most."""
    police = police_of(portal, listed)
    email = police[1] if police else ""
    entries = Contact.objects.filter(kind="police", country=portal.country, email=email) if listed is None else listed
    theirs = [one for one in entries if (one.kind, one.country, one.email) == ("police", portal.country, email)]
    languages = theirs[0].languages if theirs else ()
    return wording_for("police", country=portal.country, languages=languages, known=own_words)[1]


def may_tell_host(known: Known, plan: Plan) -> bool:
    """Return whether a host may be told directly; always where the police are not told, who would ask it otherwise."""
    return not plan.police or writes_to_host_directly(known.hotline, is_foreign=bool(known.country), known=known.abroad)


def host_of(known: Known) -> tuple[str, str] | None:
    """Return the kind and address of the host's contact, or None if there is none."""
    kind = "foreign_host" if known.country else "host"
    return recipient_for(kind, known.where, location_id=known.where.location_id, listed=known.listed)


def recipients(known: Known, plan: Plan) -> list[Recipient]:
    """Return who gets a first message by a plan, in the order in which the messages go."""
    found = []
    if plan.police and known.police:
        found.append(Recipient("police", *known.police, None))
    if plan.foreign and known.abroad:
        found.append(Recipient("foreign_police", known.abroad.name, known.abroad.email, known.abroad))
    host = host_of(known) if plan.host and may_tell_host(known, plan) else None
    if host:
        kind, email = host
        entry = next(
            (one for one in known.listed.entries if (one.kind, one.email) == (CONTACT_KIND[kind], email)), None
        )
        found.append(Recipient(kind, entry.name if entry else "", email, entry))
    return found


def _elsewhere(country: str | None, portal: people_queries.PortalRow) -> str:
    found = (country or "").upper()
    return "" if found == portal.country.upper() else found


def _addresses(where: hosting_queries.Whereabouts, police: tuple[str, str] | None) -> set[str]:
    return {address for _kind, address in candidates_for("host", where)} | ({police[1]} if police else set())
