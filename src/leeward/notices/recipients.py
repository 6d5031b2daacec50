"""Chooses the recipient: the known addresses for a kind of contact, without those that failed or said they are wrong."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Exists, OuterRef, Q

from leeward.hosting import queries as hosting_queries
from leeward.installation.queries import config_now
from leeward.notices.channels import registry
from leeward.notices.machine import takes_xarf
from leeward.notices.models import Contact, Notice, NoticeCase, NoticeItem
from leeward.notices.rules.ladder import INSTEAD
from leeward.notices.rules.name_acts import is_never
from leeward.notices.rules.routes import Route, Whose, beside
from leeward.notices.writing.blocks import Place
from leeward.people.queries import HotlineRow, PortalRow

_NEVER = datetime.min.replace(tzinfo=UTC)
CONTACT_KIND = {
    "host": "host",
    "foreign_host": "host",
    "owner": "owner",
    "upstream": "upstream",
    "registrar": "registrar",
}


def most_addresses(contact: Contact) -> int | None:
    """Return how many addresses one notice to a contact may hold, or None for any number: an X-ARF report is about a
    single one."""
    channel = registry.of_contact(contact)
    is_one_by_one = channel.form == "mime" and takes_xarf(contact)
    return 1 if is_one_by_one else channel.most_addresses


def is_mail_address(address: str) -> bool:
    """Return whether mail can be sent to an address: plain ASCII in the usual form, and of nobody who must not get such material."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return address.isascii() and len(address) <= 254 and not is_never(address)


def place_of(where: hosting_queries.Whereabouts | None) -> Place:
    """Return where a thing is, for the text of a message."""
    if where is None:
        return Place()
    return Place(
        host=str(where.host or ""),
        ip=str(where.ip or ""),
        network=str(where.network or ""),
        asn=str(where.asn or ""),
        behind=str(where.behind or ""),
    )


def addresses_for(kind: str, where: hosting_queries.Whereabouts | None) -> list[str]:
    """Return every known address for a kind of contact, best first, in lower case."""
    if where is None:
        return []
    found: Iterable[str] = ()
    if kind in ("host", "foreign_host"):
        found = where.abuse_emails
    elif kind == "upstream":
        found = where.upstream_emails
    elif kind == "registrar":
        found = where.registrar_abuse_emails
    elif kind == "owner":
        found = _owner_addresses(where)
    return [address for address in dict.fromkeys(one.strip().lower() for one in found) if is_mail_address(address)]


def _owner_addresses(where: hosting_queries.Whereabouts) -> list[str]:
    """Return what people found out about the owner, newest first, then the directory's entry under the host's name."""
    found = [
        address
        for finding in where.findings
        if finding.kind == "owner_email"
        for address in finding.value.replace(",", " ").split()
    ]
    listed = Contact.objects.filter(kind="owner", name__iexact=where.host, retired=False) if where.host else ()
    return found + [contact.email for contact in listed]


def candidates_for(kind: str, where: hosting_queries.Whereabouts | None) -> list[tuple[str, str]]:
    """Return every kind and address that could be used for a kind of contact, best first."""
    return [(one, address) for one in (kind, *INSTEAD.get(kind, ())) for address in addresses_for(one, where)]


@dataclass(frozen=True, slots=True)
class Listed:
    """The directory's entries for a location, the addresses that answered that somebody else is in charge of it, and the
    numbers of those entries for which an unsent notice waits."""

    entries: Sequence[Contact]
    wrong: frozenset[str]
    waits: frozenset[int]


def recipient_for(
    kind: str,
    where: hosting_queries.Whereabouts | None,
    *,
    location_id: int,
    but_not: str = "",
    listed: Listed | None = None,
) -> tuple[str, str] | None:
    """Return the kind and address to use for this location; a different kind if a host has no address left; None if
    there is nobody.

    Excluded are `but_not` and addresses whose mail bounced, that staff retired, or that answered "wrong contact" for
    this location. `listed` is the result of `known_of` for the candidates, if it was loaded before.
    """
    candidates = [candidate for candidate in candidates_for(kind, where) if candidate[1] != but_not]
    if not candidates:
        return None
    if listed is None:
        listed = known_of({address for _, address in candidates}, location_id)
    bad = listed.wrong | {entry.email for entry in listed.entries if entry.bounced_at or entry.retired}
    return next((candidate for candidate in candidates if candidate[1] not in bad), None)


def known_of(addresses: Collection[str], location_id: int, *, country: str = "") -> Listed:
    """Return the directory's entries for some addresses, and who is in charge in a country; one query."""
    wrong_answers = NoticeItem.objects.filter(
        location_id=location_id, answer="wrong_contact", notice__contact__email=OuterRef("email")
    ).exclude(redirected="kept")
    wanted = Q(email__in=addresses)
    if country:
        wanted |= Q(country=country, kind__in=("hotline", "police"))
    found = Contact.objects.filter(wanted).annotate(is_wrong=Exists(wrong_answers), waits=notice_waits())
    rows = list(found.order_by("pk"))
    wrong, waits = (
        frozenset(row.email for row in rows if row.is_wrong),
        frozenset(row.pk for row in rows if row.waits),
    )
    return Listed(rows, wrong, waits)


def host_of(notice_case: NoticeCase) -> tuple[str, str] | None:
    """Return the name, if the directory has one, and the address of whoever can be told for a case's host; None if nobody is known. Three
    queries at most."""
    kind, number = notice_case.host_kind, notice_case.location_id
    where = hosting_queries.whereabouts_of({number}).get(number)
    addresses = {address for _, address in candidates_for(kind, where)}
    listed = known_of(addresses, number) if addresses else None
    found = recipient_for(kind, where, location_id=number, listed=listed) if listed else None
    if listed is None or found is None:
        return None
    entries = (one for one in listed.entries if (one.kind, one.email) == (CONTACT_KIND[found[0]], found[1]))
    return next((one.name for one in entries if one.name), ""), found[1]


def without_recipient(notice_cases: Sequence[NoticeCase]) -> set[int]:
    """Return those of these notice cases for whose host nobody is known who can be told. Three queries at most."""
    where = hosting_queries.whereabouts_of({one.location_id for one in notice_cases})
    listed = known_at(where.values())
    return {
        one.pk
        for one in notice_cases
        if recipient_for(
            one.host_kind,
            where.get(one.location_id),
            location_id=one.location_id,
            listed=listed.get(one.location_id),
        )
        is None
    }


def known_at(places: Iterable[hosting_queries.Whereabouts]) -> dict[int, Listed]:
    """Return the directory's entries for those who can be told about each of several locations, by location; two queries at most."""
    found = list(places)
    addresses = {address for where in found for _kind, address in candidates_for("host", where)}
    entries = list(Contact.objects.filter(email__in=addresses).order_by("pk"))
    wrong = wrong_at(where.location_id for where in found) if entries else set()
    return {
        where.location_id: Listed(
            entries, frozenset(email for number, email in wrong if number == where.location_id), frozenset()
        )
        for where in found
    }


def wrong_at(location_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Return the addresses that answered that somebody else is in charge of one of these locations, each with its location."""
    wrong_answers = NoticeItem.objects.filter(location_id__in=list(location_ids), answer="wrong_contact")
    return set(wrong_answers.exclude(redirected="kept").values_list("location_id", "notice__contact__email"))


def notice_waits() -> Exists:
    """Return an expression for use in a query of contacts: whether an unsent notice waits for a contact."""
    return Exists(Notice.objects.filter(contact=OuterRef("pk"), state="waiting"))


def police_of(portal: PortalRow, listed: Iterable[Contact] | None = None) -> tuple[str, str] | None:
    """Return the name and address of the portal's police: the portal's own, else the directory's; None if there are
    none. `listed` is the directory, if it was loaded before."""
    if is_mail_address(portal.police_email):
        return portal.police_name, portal.police_email.lower()
    known = Contact.objects.filter(kind="police", country=portal.country) if listed is None else listed
    usable = [one for one in known if _is_usable(one, "police", portal.country)]
    # One with bouncing mail is better than none: a person is told about it.
    found = min(usable, key=lambda one: (one.bounced_at or _NEVER, *_age(one)), default=None)
    return (found.name, found.email) if found else None


def protection_of(country: str, listed: Iterable[Contact] | None = None) -> Contact | None:
    """Return the first child-protection office of a country that can be written to, or None."""
    return next(iter(protections_of(country, listed)), None)


def protections_of(country: str, listed: Iterable[Contact] | None = None) -> list[Contact]:
    """Return the child-protection offices of a country that can be written to, the oldest entry first."""
    wanted = country.upper()
    known = Contact.objects.filter(kind="protection", country=wanted) if listed is None else listed
    usable = [one for one in known if _is_usable(one, "protection", wanted) and one.bounced_at is None]
    return sorted(usable, key=_age)


def _is_usable(contact: Contact, kind: str, country: str) -> bool:
    return (contact.kind, contact.country) == (kind, country) and not contact.retired and not contact.unconfirmed


def _age(contact: Contact) -> tuple[bool, int]:
    """Sort key: oldest entry first; an unsaved one is the newest."""
    return contact.pk is None, contact.pk or 0


def routes_of(portals: Iterable[PortalRow], listed: Sequence[Contact]) -> dict[Whose, Route | None]:
    """Return whom our letters to the police reach from these portals, and how, by a given directory: their police,
    child protection of their countries, and police abroad that stand for a country."""
    found: dict[Whose, Route | None] = {}
    for portal in portals:
        found["police", str(portal.id)] = _police_route(portal, listed)
        offices = [_unnamed(one) for one in protections_of(portal.country, listed)]
        found["protection", portal.country] = offices[0] if offices else None
        found |= {beside(portal.country, one.email): one for one in offices[1:]}
    for country in {one.country for one in listed if one.kind == "police" and one.country}:
        there = abroad(country, listed)
        if there is not None and there.kind == "police":
            found["abroad", country] = _unnamed(there)
    return found


def _police_route(portal: PortalRow, listed: Iterable[Contact]) -> Route | None:
    listed = list(listed)
    police = police_of(portal, listed)
    if police is None:
        return None
    key = ("police", portal.country, police[1])
    entry = next((one for one in listed if (one.kind, one.country, one.email) == key), None)
    return replace(_unnamed(entry), name=entry.name) if entry else Route(police[1], name=police[0])


def _unnamed(contact: Contact) -> Route:
    return Route(contact.email, tuple(contact.languages), contact.fingerprint)


def writes_to_host_directly(hotline: HotlineRow, *, is_foreign: bool, known: Contact | None) -> bool:
    """Return whether a host is told directly: at home always; abroad if the hotline wants it, and also if nobody in
    charge there is known, so that no case ends because the directory is empty."""
    if not is_foreign:
        return True
    return hotline.notify_foreign_hosts or config_now().notify_foreign_hosts or known is None


def abroad(country: str | None, listed: Iterable[Contact] | None = None) -> Contact | None:
    """Return who is in charge in another country: its hotline, else its police; None if the directory has nobody."""
    wanted = (country or "").upper()
    found = Contact.objects.filter(country=wanted, kind__in=("hotline", "police")) if listed is None else listed
    usable = [
        contact
        for contact in found
        if contact.country == wanted
        and contact.kind in ("hotline", "police")
        and not contact.retired
        and contact.bounced_at is None
        and not contact.unconfirmed
    ]
    return min(usable, key=lambda contact: (contact.kind != "hotline", *_age(contact)), default=None)
