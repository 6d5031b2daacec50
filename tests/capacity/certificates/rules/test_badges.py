"""Certificates in the words of Open Badges 3.0; numbers and names; status lists bit by bit."""

import base64
import gzip
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from leeward.capacity.certificates.rules.badges import (
    LIST_BITS,
    LIST_HOURS,
    LIST_MILLISECONDS,
    Badge,
    Issuer,
    credential,
    did_document,
    encoded_list,
    status_list,
    unpadded,
    written,
)
from leeward.capacity.certificates.rules.numbers import ALPHABET, grouped, is_name, name_hash, number_of, typed_number
from leeward.capacity.certificates.rules.standing import standing_on

ISSUER = Issuer("jm", "Hotline of Jamaica", "https://hotline.example")
DID = "did:web:hotline.example:certificate:issuer:jm"
GIVEN = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
BADGE = Badge(
    "abcdefghijklmnop", 7, "Digital evidence", 16, date(2026, 3, 2), GIVEN, date(2028, 3, 2), "5a17", "ab12", 3, 94567
)
# "Bitstring Status List v1.0" gives this as the list of 131,072 bits none of which is set.
PUBLISHED = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def bits(encoded: str) -> bytes:
    assert encoded[0] == "u"
    return gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))


def test_a_certificate_says_what_was_given_and_no_name() -> None:
    address, status = (
        "https://hotline.example/certificate/abcdefghijklmnop",
        "https://hotline.example/certificate/status/jm/3",
    )
    assert credential(BADGE, ISSUER) == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": DID, "type": ["Profile"], "name": "Hotline of Jamaica", "url": "https://hotline.example"},
        "validFrom": "2026-03-05T09:30:00Z",
        "validUntil": "2028-03-03T00:00:00Z",
        "name": "Digital evidence",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$ab12",
                    "identityType": "name",
                    "salt": "5a17",
                }
            ],
            "achievement": {
                "id": "urn:uuid:6f31d186-5061-5c1f-a519-0878fb5b2573",
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": "Digital evidence",
                "description": "A course of training: Digital evidence. It took 16 hours.",
                "criteria": {"narrative": "Took part in the course, which ended on 2026-03-02."},
            },
        },
        "credentialStatus": {
            "id": f"{status}#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": status,
        },
        "iss": DID,
        "jti": address,
        "nbf": 1772703000,
        "exp": 1835654400,
    }


def test_one_without_an_end_or_hours_says_nothing_of_them() -> None:
    claims = credential(replace(BADGE, valid_until=None, hours=None), ISSUER)
    assert {"validUntil", "exp"} & claims.keys() == set()
    assert claims["credentialSubject"]["achievement"]["description"] == "A course of training: Digital evidence."
    other = credential(replace(BADGE, course_id=8), ISSUER)["credentialSubject"]["achievement"]["id"]
    assert other != claims["credentialSubject"]["achievement"]["id"]


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("https://hotline.example", DID),
        ("https://user@hotline.example:8443", "did:web:hotline.example%3A8443:certificate:issuer:jm"),
        ("https://a.example/deep//er", "did:web:a.example:deep:er:certificate:issuer:jm"),
    ],
)
def test_an_issuer_is_named_by_where_its_keys_are(base_url: str, did: str) -> None:
    issuer = Issuer("jm", "J", base_url)
    assert issuer.did == did
    assert issuer.key_id(4) == f"{did}#key-4"


def test_a_list_has_a_bit_for_each_place_from_the_left() -> None:
    assert bits(encoded_list([])) == bits(PUBLISHED) == bytes(LIST_BITS // 8)
    assert base64.urlsafe_b64decode(encoded_list([0])[1:13])[4:8] == bytes(4)  # no time: the same list is the same text
    found = bits(encoded_list([0, 2, 9, LIST_BITS - 1]))
    assert (found[0], found[1], found[-1]) == (0xA0, 0x40, 0x01)
    assert sum(byte.bit_count() for byte in found) == 4
    with pytest.raises(IndexError):
        encoded_list([LIST_BITS])


def test_an_old_copy_of_a_list_is_refused_a_day_later() -> None:
    now = datetime(2026, 3, 5, 9, 30, 12, 5, tzinfo=UTC)
    claims = status_list(ISSUER, 3, [94567], now)
    address = "https://hotline.example/certificate/status/jm/3"
    encoded = claims["credentialSubject"].pop("encodedList")
    assert bits(encoded)[94567 // 8] == 0x80 >> 94567 % 8
    assert claims == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": "2026-03-05T09:00:00Z",
        "validUntil": "2026-03-06T09:00:00Z",
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": LIST_MILLISECONDS,
        },
        "iss": DID,
        "jti": address,
        "nbf": 1772701200,
        "exp": 1772701200 + LIST_HOURS * 3600,
    }


def test_the_document_names_every_key() -> None:
    document = did_document(ISSUER, [(2, {"kty": "RSA", "n": "b"}), (1, {"kty": "RSA", "n": "a"})])
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": DID,
        "verificationMethod": [
            {
                "id": f"{DID}#key-{serial}",
                "type": "JsonWebKey2020",
                "controller": DID,
                "publicKeyJwk": {"kty": "RSA", "n": n, "alg": "RS256", "use": "sig"},
            }
            for serial, n in ((2, "b"), (1, "a"))
        ],
        "assertionMethod": [f"{DID}#key-2", f"{DID}#key-1"],
    }


def test_a_number_is_drawn_printed_and_typed() -> None:
    assert number_of(0) == "a" * 16
    assert number_of(2**80 - 1) == "7" * 16
    assert number_of(1 | 2 << 5 | 31 << 75) == "bc" + "a" * 13 + "7"
    assert len(set(ALPHABET)) == 32
    assert grouped("abcdefghijklmnop") == "abcd-efgh-ijkl-mnop"
    assert typed_number(" ABCD-efgh ijkl-mnop") == "abcdefghijklmnop"
    assert typed_number("a" * 15) is typed_number("a" * 17) is typed_number("1" * 16) is typed_number("") is None
    assert typed_number("-" * 84 + "a" * 16) == "a" * 16
    assert typed_number("-" * 85 + "a" * 16) is None


def test_a_name_is_known_again_by_its_digest_only() -> None:
    known = name_hash("Ana  Brown", "5a17")
    # printf 'ana brown5a17' | sha256sum
    assert known == "ab297ba36901c71842ed15e0287ecf1e1dbfa3c3f46bfefd093ede0acb5b670d"
    assert is_name("ANA BROWN ", "5a17", known)
    assert not is_name("Ana Browne", "5a17", known)
    assert not is_name("Ana Brown", "5a18", known)


def test_how_a_certificate_stands() -> None:
    day = date(2026, 3, 2)
    assert standing_on(day, None, is_revoked=False) == "valid"
    assert standing_on(day, day, is_revoked=False) == "valid"
    assert standing_on(day + timedelta(days=1), day, is_revoked=False) == "expired"
    assert standing_on(day + timedelta(days=1), day, is_revoked=True) == "revoked"


def test_how_bytes_and_times_are_written() -> None:
    assert unpadded(b"\xfb\xff") == "-_8"
    assert unpadded(b"\0\0\x17") == "AAAX"
    assert written(GIVEN) == "2026-03-05T09:30:00Z"
