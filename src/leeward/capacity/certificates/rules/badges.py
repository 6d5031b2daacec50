"""Certificates in the words of Open Badges 3.0 and of Bitstring Status List 1.0: documents that are signed as JWT. Pure.

The holder is named by a salted hash of their name only: whoever is shown a certificate knows the name and can compare it.
Whoever finds the file reads no name in it, but can try names.
"""

import base64
import gzip
from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DIDS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1")
LIST_BITS = 131_072  # the least that the standard allows, so that one bit hides among many
LIST_MOST = LIST_BITS // 2  # a list that is fuller takes no more, so that a free place is soon drawn
LIST_HOURS = 24
LIST_MILLISECONDS = 3_600_000


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who gives certificates: the hotline's short name and name, and the address of the installation."""

    slug: str
    name: str
    base_url: str

    @property
    def did(self) -> str:
        """Return the identifier whose document holds the public keys (did:web)."""
        parts = urlsplit(self.base_url)
        host = parts.netloc.rpartition("@")[2]
        below = "".join(f":{part}" for part in parts.path.split("/") if part)
        return f"did:web:{quote(host, safe='')}{below}:certificate:issuer:{self.slug}"

    def key_id(self, serial: int) -> str:
        """Return the name of one of its keys."""
        return f"{self.did}#key-{serial}"

    def list_url(self, number: int) -> str:
        """Return where one of its status lists is."""
        return f"{self.base_url}/certificate/status/{self.slug}/{number}"

    def badge_url(self, number: str) -> str:
        """Return where a certificate can be verified by people."""
        return f"{self.base_url}/certificate/{number}"


@dataclass(frozen=True, slots=True)
class Badge:
    """What a certificate says; `valid_until` is the last day on which it is valid, None if it is for ever."""

    number: str
    course_id: int
    title: str
    hours: int | None
    ended_on: date
    given_at: datetime
    valid_until: date | None
    salt: str
    name_hash: str
    list_number: int
    list_index: int


def credential(badge: Badge, issuer: Issuer) -> dict[str, Any]:
    """Return the claims of a certificate's JWT: the credential itself, and the names that JWT has for parts of it."""
    address, status = issuer.badge_url(badge.number), issuer.list_url(badge.list_number)
    hours = f" It took {badge.hours} hours." if badge.hours else ""
    claims = {
        "@context": [CREDENTIALS, BADGES],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.base_url},
        "validFrom": written(badge.given_at),
        "name": badge.title,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": f"sha256${badge.name_hash}",
                    "identityType": "name",
                    "salt": badge.salt,
                }
            ],
            "achievement": {
                "id": uuid5(NAMESPACE_URL, f"{issuer.did}/course/{badge.course_id}").urn,
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": badge.title,
                "description": f"A course of training: {badge.title}.{hours}",
                "criteria": {"narrative": f"Took part in the course, which ended on {badge.ended_on.isoformat()}."},
            },
        },
        "credentialStatus": {
            "id": f"{status}#{badge.list_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(badge.list_index),
            "statusListCredential": status,
        },
        "iss": issuer.did,
        "jti": address,
        "nbf": int(badge.given_at.timestamp()),
    }
    if badge.valid_until is not None:
        end = badge.valid_until + timedelta(days=1)
        claims |= {"validUntil": f"{end.isoformat()}T00:00:00Z", "exp": timegm(end.timetuple())}
    return claims


def status_list(issuer: Issuer, number: int, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """Return the claims of a status list's JWT; an old copy of it is refused a day later."""
    address, begin = issuer.list_url(number), now.replace(minute=0, second=0)
    end = begin + timedelta(hours=LIST_HOURS)
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": written(begin),
        "validUntil": written(end),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list(revoked),
            "ttl": LIST_MILLISECONDS,
        },
        "iss": issuer.did,
        "jti": address,
        "nbf": int(begin.timestamp()),
        "exp": int(end.timestamp()),
    }


def encoded_list(revoked: Iterable[int]) -> str:
    """Return the bits of a list, of which those at these places are set: zipped, in base64url with the letter of its kind."""
    bits = bytearray(LIST_BITS // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return f"u{unpadded(gzip.compress(bytes(bits), mtime=0))}"


def did_document(issuer: Issuer, keys: Sequence[tuple[int, Mapping[str, str]]]) -> dict[str, Any]:
    """Return the document that names an issuer's keys, the newest first: number and public key (JWK)."""
    methods = [
        {
            "id": issuer.key_id(serial),
            "type": "JsonWebKey2020",
            "controller": issuer.did,
            "publicKeyJwk": {**public, "alg": "RS256", "use": "sig"},
        }
        for serial, public in keys
    ]
    return {
        "@context": list(DIDS),
        "id": issuer.did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def written(at: datetime) -> str:
    """Return a time in UTC as the standards write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def unpadded(content: bytes) -> str:
    """Return bytes in base64url without the signs at its end."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
