"""What the demonstration's registries know, and its shape in RDAP answers (RFC 9083)."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

type Json = dict[str, Any]
type IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_SINCE = datetime(2016, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Network:
    """A block of addresses and who holds it; `abuse` is the address for complaints, empty where there is none."""

    prefix: str
    name: str
    holder: str
    country: str
    abuse: str = ""
    asn: int | None = None

    @property
    def block(self) -> IpNetwork:
        return ipaddress.ip_network(self.prefix)


@dataclass(frozen=True, slots=True)
class Autnum:
    """An autonomous system and who runs it."""

    number: int
    name: str
    holder: str
    country: str
    abuse: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """A registered name: its registrar, the registrar's address for complaints, its age and its status."""

    name: str
    registrar: str
    registrar_abuse: str = ""
    created_days_ago: int = 400
    status: tuple[str, ...] = ("active",)
    registrant: str = ""
    nameservers: tuple[str, ...] = ()


def network_answer(network: Network, parent: Network | None, base: str) -> Json:
    """The `ip network` object; the address for complaints sits inside the holder's entity, as large registries do."""
    block = network.block
    answer: Json = {
        **_head("ip network", f"NET-{network.name}", _conformance(network)),
        "startAddress": str(block.network_address),
        "endAddress": str(block.broadcast_address),
        "ipVersion": f"v{block.version}",
        "name": network.name,
        "type": "ASSIGNED" if parent else "ALLOCATED",
        "country": network.country,
        "status": ["active"],
        "entities": [_holder(network.holder, network.abuse, "registrant")],
        "events": _events(_SINCE),
        "links": [_link(f"{base}ip/{network.prefix}", "self")],
    }
    if parent:
        answer["parentHandle"] = f"NET-{parent.name}"
        answer["links"].append(_link(f"{base}ip/{parent.prefix}", "up"))
    if network.asn is not None:
        answer["arin_originas0_originautnums"] = [network.asn]
    return answer


def autnum_answer(autnum: Autnum, base: str) -> Json:
    """The `autnum` object; here the address for complaints is an entity of its own, as other registries do."""
    answer: Json = {
        **_head("autnum", f"AS{autnum.number}", ["rdap_level_0"]),
        "startAutnum": autnum.number,
        "endAutnum": autnum.number,
        "name": autnum.name,
        "country": autnum.country,
        "status": ["active"],
        "entities": [_entity(autnum.holder, ["registrant"])],
        "events": _events(_SINCE),
        "links": [_link(f"{base}autnum/{autnum.number}", "self")],
    }
    if autnum.abuse:
        answer["entities"].append(_entity(f"{autnum.holder} abuse desk", ["abuse"], email=autnum.abuse))
    return answer


def domain_answer(domain: Domain, base: str, now: datetime) -> Json:
    """The `domain` object with its registrar, and the registrar's address for complaints inside it."""
    registrar = _holder(domain.registrar, domain.registrar_abuse, "registrar")
    registrar["publicIds"] = [{"type": "IANA Registrar ID", "identifier": "9999"}]
    entities = [registrar]
    if domain.registrant:
        entities.append(_entity(domain.registrant, ["registrant"]))
    created = now - timedelta(days=domain.created_days_ago)
    return {
        **_head("domain", f"DOM-{domain.name.upper()}", ["rdap_level_0"]),
        "ldhName": domain.name,
        "status": list(domain.status),
        "entities": entities,
        "nameservers": [{"objectClassName": "nameserver", "ldhName": name} for name in domain.nameservers],
        "secureDNS": {"delegationSigned": False},
        "events": [*_events(created), _event("expiration", now + timedelta(days=300))],
        "links": [_link(f"{base}domain/{domain.name}", "self")],
    }


def error_answer(status: int, title: str) -> Json:
    """The error object."""
    return {"rdapConformance": ["rdap_level_0"], "errorCode": status, "title": title, "description": [f"{title}."]}


def bootstrap(services: Mapping[str, Iterable[str]], now: datetime, description: str) -> Json:
    """A bootstrap file (RFC 9224): for each base address the entries that it answers for."""
    return {
        "version": "1.0",
        "publication": _time(now),
        "description": description,
        "services": [[list(entries), [base]] for base, entries in services.items()],
    }


def _head(kind: str, handle: str, conformance: list[str]) -> Json:
    return {"rdapConformance": conformance, "objectClassName": kind, "handle": handle}


def _conformance(network: Network) -> list[str]:
    return ["rdap_level_0", "arin_originas0"] if network.asn is not None else ["rdap_level_0"]


def _holder(name: str, abuse: str, role: str) -> Json:
    inside = [_entity(f"{name} abuse desk", ["abuse"], email=abuse)] if abuse else []
    return _entity(name, [role], inside=inside)


def _entity(name: str, roles: list[str], *, email: str = "", inside: list[Json] | None = None) -> Json:
    card: list[Any] = [["version", {}, "text", "4.0"], ["fn", {}, "text", name], ["kind", {}, "text", "org"]]
    if email:
        card.append(["email", {"type": "work"}, "text", email])
    handle = "".join(letter for letter in name.upper() if letter.isalnum())
    entity: Json = {"objectClassName": "entity", "handle": handle, "roles": roles, "vcardArray": ["vcard", card]}
    if inside:
        entity["entities"] = inside
    return entity


def _link(href: str, rel: str) -> Json:
    return {"value": href, "rel": rel, "href": href, "type": "application/rdap+json"}


def _events(since: datetime) -> list[Json]:
    return [_event("registration", since), _event("last changed", since + timedelta(days=90))]


def _event(action: str, at: datetime) -> Json:
    return {"eventAction": action, "eventDate": _time(at)}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
