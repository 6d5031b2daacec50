"""Finds out where something is hosted, from name servers, the offline table of countries, registries and the list of
shared proxies; and stores people's corrections."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import iptocc

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.http.networks import address_of
from leeward.foundation.whole_text import whole
from leeward.hosting.errors import CannotCorrect
from leeward.hosting.lookups import names
from leeward.hosting.lookups.later import PATIENCE, AskLater
from leeward.hosting.lookups.registries import DAY, registries
from leeward.hosting.lookups.shields import behind
from leeward.hosting.models import Finding, Location
from leeward.hosting.name_history import name_of_host
from leeward.hosting.rules.rdap import DomainFacts
from leeward.hosting.rules.whereabouts import CORRECTABLE, OF_ADDRESS, is_sound
from leeward.hosting.services.healing import heal_soon, is_unheard
from leeward.hosting.services.naming import note_name
from leeward.hosting.services.places import make_older
from leeward.jobs.services import schedule
from leeward.people.services import authorize

type Learned = tuple[str, str, str]
"""Kind, value, source."""
AGAIN, LOCATED = "hosting.locate_again", "location.located"
# How long registries are asked about an address, and again about a name; the last question may take its own time-out longer.
PART_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class FoundOut:
    """What was learned about a host at a moment, when a registry wants to be asked again, and what it answered about the name."""

    learned: list[Learned]
    at: datetime
    again_at: datetime | None
    registered: DomainFacts | None


def find_out(host: str, *, at_most_old: timedelta = DAY) -> FoundOut:
    """Query every source about a host; network only, nothing is stored."""
    learned = list(learn(host, at_most_old=at_most_old))
    later = next((value for kind, value, _ in learned if kind == "ask_later"), "")
    again_at = datetime.fromisoformat(later) if later else None  # too busy is not that there is nothing
    name = name_of_host(host)
    return FoundOut(learned, datetime.now(UTC), again_at, None if later or not name else _as_answered(name))


def locate(location_id: int, *, at_most_old: timedelta = DAY, asks_again: bool = True) -> datetime | None:
    """Find out where a place is hosted and store what was learned with source and time. Things without a host are
    skipped. Repeating it stores only what changed; what is no longer found stays, with its old date. Registries'
    answers are reused up to an age. Return when a registry wants to be asked again, which a job does unless the caller sees to
    it (`asks_again`): that job itself would begin again at once."""
    place = Location.objects.get(pk=location_id)
    if place.kind != "url" or not place.host:
        return None
    found = find_out(place.host, at_most_old=at_most_old)
    now = found.at
    with hotline_transaction():
        note_answers(place, found, asks_again=asks_again)
        of_place = Finding.objects.filter(location=place, corrected_by="")
        rows = list(of_place.order_by("at", "pk"))
        if rows and rows[-1].at >= now:
            make_older(of_place, now)
            rows = list(of_place.order_by("at", "pk"))
        newest = {row.kind: row for row in rows}
        kept = {(row.kind, row.source): row for row in rows}
        same: list[int] = []
        new: list[Finding] = []
        for kind, value, source in [*_outdated(newest, found.learned), *found.learned]:
            known = kept.get((kind, source[:120]))
            if known is not None and known.value == value:
                same.append(known.pk)
            elif value or (kind in newest and newest[kind].value):
                new.append(finding_of(place, (kind, value, source), now))
        if same:
            Finding.objects.filter(pk__in=same).update(at=now)
        Finding.objects.bulk_create(new)
        record(
            LOCATED,
            actor=SYSTEM,
            hotline_id=place.hotline_id,
            subject=f"location:{place.pk}",
            facts={"findings": len(found.learned)},
        )
    return found.again_at


def finding_of(place: Location, learned: Learned, at: datetime) -> Finding:
    """Return the row of what was learned (the caller stores it)."""
    kind, value, source = learned
    return Finding(hotline_id=place.hotline_id, location=place, kind=kind, value=value, source=source[:120], at=at)


def note_answers(place: Location, found: FoundOut, *, asks_again: bool = True) -> None:
    """Plan to ask again what was not heard, and keep what a registry said about the name; in the caller's transaction."""
    if is_unheard(place.host, found.learned):
        heal_soon(place, found.at)
    if found.again_at is not None and asks_again:
        schedule(AGAIN, subject_id=place.pk, hotline_id=place.hotline_id, due_at=found.again_at)
    if found.registered is not None:
        at, name = found.registered.asked_at or found.at, name_of_host(place.host)
        note_name(found.registered, name=name, hotline_id=place.hotline_id, now=at, place_id=place.pk)


def _as_answered(name: str) -> DomainFacts | None:
    """Return what was answered about a name a moment ago."""
    try:
        return registries().domain(name)
    except AskLater:  # forgotten meanwhile
        return None


def _outdated(newest: Mapping[str, Finding], learned: Iterable[Learned]) -> Iterator[Learned]:
    """Blank findings about another IP address than today's that were not renewed: they must not be acted on."""
    today = {kind: value for kind, value, _ in learned}
    before = newest.get("ip")
    if before is None or today.get("ip", before.value) == before.value:
        return
    for kind in OF_ADDRESS:
        if kind in newest and kind not in today:
            yield kind, "", "the address changed"


def locate_soon(location_id: int, *, hotline_id: int) -> None:
    """Find out anew where a place is hosted and what its registries answer, as a job; in the caller's transaction."""
    schedule(AGAIN, subject_id=location_id, hotline_id=hotline_id)


def learn(host: str, *, at_most_old: timedelta = DAY) -> Iterator[Learned]:
    """Query every source about a host and yield the answers. Network only, no database; never raises because of an answer."""
    literal = address_of(host)
    later: list[datetime] = []
    if literal is not None:
        yield "ip", str(literal), "address"
        yield from _unless_later(_about_address(str(literal), at_most_old), later)
    else:
        resolution = names.resolve(host)
        yield "name_problem", resolution.problem or "", "DNS"
        if resolution.addresses:
            yield "ip", resolution.addresses[0], "DNS"
            yield from _unless_later(_about_address(resolution.addresses[0], at_most_old), later)
        yield from _unless_later(_about_name(host, at_most_old), later)
    yield "ask_later", max(later).isoformat(timespec="seconds") if later else "", "RDAP"


def _unless_later(learned: Iterator[Learned], later: list[datetime]) -> Iterator[Learned]:
    """Yield what is learned until a registry asks to be asked later, or the time for all of them is over; note when."""
    try:
        with PATIENCE.lasting(PART_SECONDS):
            yield from learned
    except AskLater as error:
        later.append(error.at)


def _about_address(address: str, at_most_old: timedelta) -> Iterator[Learned]:
    shield = behind(address)
    yield "behind", shield.name if shield else "", "list of shared proxies"
    yield "country_ip", iptocc.country_code(address) or "", f"offline table iptocc {version('iptocc')}"
    network = registries().network(address, at_most_old=at_most_old)
    if network is None:
        return
    yield "network", network.name or network.handle, "RDAP"
    yield "holder", network.holder, "RDAP"
    yield "country_registry", network.country, "RDAP"
    yield "asn", f"AS{network.asn}" if network.asn is not None else "", "RDAP"
    of_number = registries().autnum_abuse(network.asn, at_most_old=at_most_old) if network.asn is not None else ()
    emails = network.abuse_emails or of_number
    yield "abuse_email", ", ".join(emails), "RDAP"
    parent = registries().parent(network, address, at_most_old=at_most_old)
    above = (parent.abuse_emails if parent else ()) or of_number
    yield "upstream_email", ", ".join(email for email in above if email not in emails), "RDAP"


def _about_name(host: str, at_most_old: timedelta) -> Iterator[Learned]:
    domain = registries().domain(name_of_host(host), at_most_old=at_most_old)
    if domain is None:
        return
    yield "registrar", domain.registrar, domain.source
    if domain.registrar_abuse_emails or not domain.registration.is_partial:
        yield "registrar_abuse_email", ", ".join(domain.registrar_abuse_emails), domain.source
    yield "domain_created", domain.created, domain.source
    yield "domain_status", ", ".join(domain.status), domain.source
    if domain.owner_emails:
        yield "owner_email", ", ".join(domain.owner_emails), domain.source
    if domain.registrant:
        yield "registrant", domain.registrant, domain.source


def correct_finding(location_id: int, *, kind: str, value: str, reason: str, actor: Actor) -> None:
    """Store a person's correction with its reason; it takes precedence over everything that was found."""
    place = Location.objects.get(pk=location_id)
    authorize(actor, "finding.correct", place.hotline_id)
    value = value.strip().upper() if kind == "country" else value.strip()
    if kind not in CORRECTABLE or not is_sound(kind, value) or not reason.strip():
        raise CannotCorrect(what=kind.replace("_", " "))
    with hotline_transaction():
        Finding.objects.create(
            hotline_id=place.hotline_id,
            location=place,
            kind=kind,
            value=whole(value, 1000),
            source=actor.name or actor.label,
            at=datetime.now(UTC),
            corrected_by=actor.label,
            reason=whole(reason, 300),
        )
        record(
            "finding.corrected",
            actor=actor,
            hotline_id=place.hotline_id,
            subject=f"location:{place.pk}",
            facts={"kind": kind},
        )
