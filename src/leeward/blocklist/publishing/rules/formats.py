"""The formats in which a list is published, and what a contract must contain for each."""

from dataclasses import dataclass

from leeward.blocklist.rules.scopes import Scope

_ALL = frozenset(Scope)
_HOSTS = frozenset({Scope.HOST, Scope.DOMAIN})


@dataclass(frozen=True, slots=True)
class Format:
    """A format. `scopes`: what it can express; `is_plain`: names and addresses in clear text; `has_steps`: it can
    express changes since a serial.
    """

    name: str
    media_type: str
    ending: str
    is_plain: bool = False
    has_steps: bool = False
    is_binary: bool = False
    scopes: frozenset[Scope] = _ALL


FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("rpz", "text/dns", "zone", is_plain=True, scopes=_HOSTS),
        Format("hashes", "application/x-protobuf", "bin", has_steps=True, is_binary=True),
        Format("keyed", "text/plain", "keyed"),
        Format("urls", "application/x-ndjson", "jsonl", is_plain=True, has_steps=True),
        Format("hosts", "text/plain", "hosts", is_plain=True, scopes=_HOSTS),
        Format("adblock", "text/plain", "adblock", is_plain=True),
        Format("domains", "text/plain", "domains", is_plain=True, scopes=frozenset({Scope.DOMAIN})),
        Format("e2guardian", "application/zip", "zip", is_plain=True, is_binary=True, scopes=_ALL - {Scope.HOST}),
        Format("ip", "text/plain", "networks", is_plain=True, scopes=_HOSTS),
    )
}
ENCRYPTED_MEDIA_TYPE = "application/octet-stream"
ENCRYPTED_ENDING = "pgp"
