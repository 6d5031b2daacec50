"""Where a thing is: name servers, the offline table of countries, registries, the list of shared proxies; and what people correct."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

import iptocc
from django.db import transaction
from publicsuffixlist import PublicSuffixList

from leeward.audit.services import record
from leeward.ground.actor import Actor
from leeward.ground.errors import NotAllowed
from leeward.ground.http.networks import address_of
from leeward.hosting import names
from leeward.hosting.errors import CannotCorrect
from leeward.hosting.models import Finding, Location
from leeward.hosting.registries import Registries
from leeward.hosting.rules.whereabouts import CORRECTABLE, is_sound
from leeward.hosting.shields import behind
from leeward.people.rules.permissions import may

type Learned = tuple[str, str, str]
"""Kind, value, source."""


@cache
def registries() -> Registries:
    """The registries of this process, with their bootstrap files."""
    return Registries()


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def locate(location_id: int) -> None:
    """Find out where a place is and keep what was learned with source and time. Things without a host are left alone. Doing it
    twice keeps only what changed; what is not found any more stays, with its old date."""
    place = Location.objects.get(pk=location_id)
    if place.kind != "url" or not place.host:
        return
    learned = list(learn(place.host))
    now = datetime.now(UTC)
    with transaction.atomic():
        kept = {
            (row.kind, row.source): row
            for row in Finding.objects.filter(location=place, corrected_by="").order_by("at", "pk")
        }
        for kind, value, source in learned:
            known = kept.get((kind, source))
            if known is not None and known.value == value:
                known.at = now
                known.save(update_fields=["at"])
            else:
                Finding.objects.create(
                    hotline_id=place.hotline_id, location=place, kind=kind, value=value, source=source[:120], at=now
                )


def learn(host: str) -> Iterator[Learned]:
    """Ask everybody about a host and yield what each says. Network only, no database."""
    address = host if (address_of(host) is not None) else ""
    if not address:
        resolution = names.resolve(host)
        address = resolution.addresses[0] if resolution.addresses else ""
        if resolution.problem:
            yield "name_problem", resolution.problem, "DNS"
        else:
            yield "name_problem", "", "DNS"
            yield "ip", address, "DNS"
    else:
        yield "ip", address, "address"
    if address:
        yield from _about_address(address)
    if not (address_of(host) is not None):
        yield from _about_name(host)


def _about_address(address: str) -> Iterator[Learned]:
    shield = behind(address)
    yield (
        "behind",
        shield.name if shield else "",
        f"list of shared proxies, {shield.as_of}" if shield else "list of shared proxies",
    )
    country = iptocc.country_code(address)
    if country:
        yield "country_ip", country, f"offline table iptocc {version('iptocc')}"
    network = registries().network(address)
    if network is None:
        return
    yield "network", network.name or network.handle, "RDAP"
    if network.holder:
        yield "holder", network.holder, "RDAP"
    if network.country:
        yield "country_registry", network.country, "RDAP"
    emails = network.abuse_emails
    if network.asn is not None:
        yield "asn", f"AS{network.asn}", "RDAP"
        emails = emails or registries().autnum_abuse(network.asn)
    if emails:
        yield "abuse_email", ", ".join(emails), "RDAP"
    parent = registries().parent(network)
    if parent is not None and parent.abuse_emails and parent.abuse_emails != emails:
        yield "upstream_email", ", ".join(parent.abuse_emails), "RDAP"


def _about_name(host: str) -> Iterator[Learned]:
    name = _suffixes().privatesuffix(host) or host
    domain = registries().domain(name)
    if domain is None:
        return
    if domain.registrar:
        yield "registrar", domain.registrar, "RDAP"
    if domain.registrar_abuse_emails:
        yield "registrar_abuse_email", ", ".join(domain.registrar_abuse_emails), "RDAP"
    if domain.created:
        yield "domain_created", domain.created, "RDAP"
    if domain.status:
        yield "domain_status", ", ".join(domain.status), "RDAP"


def correct_finding(location_id: int, *, kind: str, value: str, reason: str, actor: Actor) -> None:
    """Keep a person's correction with its reason; it counts before everything that was found."""
    place = Location.objects.get(pk=location_id)
    decision = may(actor, "finding.correct", place.hotline_id)
    if not decision:
        raise NotAllowed(reason=decision.reason)
    value = value.strip().upper() if kind == "country" else value.strip()
    if kind not in CORRECTABLE or not is_sound(kind, value) or not reason.strip():
        raise CannotCorrect(what=kind.replace("_", " "))
    with transaction.atomic():
        Finding.objects.create(
            hotline_id=place.hotline_id,
            location=place,
            kind=kind,
            value=value[:1000],
            source=actor.name or actor.label,
            at=datetime.now(UTC),
            corrected_by=actor.label,
            reason=reason.strip()[:300],
        )
        record(
            "finding.corrected",
            actor=actor,
            hotline_id=place.hotline_id,
            subject=f"location:{place.pk}",
            facts={"kind": kind},
        )
