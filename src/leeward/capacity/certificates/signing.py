"""The keys that sign certificates: RSA, the one kind that every program for Open Badges must know; each hotline has its own.

A private key is stored in the database, encrypted with the installation's secret.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.conf import settings

from leeward.capacity.certificates.errors import CertificateKeyUnusable
from leeward.capacity.certificates.rules.badges import unpadded

BITS, EXPONENT = 2048, 65_537


def new_key() -> tuple[dict[str, str], str]:
    """Return a new key: its public part as JWK, and its private part as it is stored."""
    private = generate_private_key(EXPONENT, BITS)
    numbers = private.public_key().public_numbers()
    public = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return public, _box().encrypt(der).decode("ascii")


def signed(claims: Mapping[str, Any], sealed: str, key_id: str) -> bytes:
    """Return claims as a compact JWT, signed by a stored key. Raises CertificateKeyUnusable."""
    header = {"alg": "RS256", "typ": "JWT", "kid": key_id}
    parts = [
        unpadded(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()) for part in (header, claims)
    ]
    body = ".".join(parts).encode("ascii")
    return body + b"." + unpadded(_loaded(sealed).sign(body, PKCS1v15(), SHA256())).encode("ascii")


@lru_cache(maxsize=8)
def _loaded(sealed: str) -> RSAPrivateKey:
    try:
        private = load_der_private_key(_box().decrypt(sealed.encode()), None)
    except InvalidToken as error:
        raise CertificateKeyUnusable from error
    assert isinstance(private, RSAPrivateKey)
    return private


def _box() -> Fernet:
    key = hmac.new(settings.LEEWARD.secret_bytes, b"leeward certificates", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _number(value: int) -> str:
    return unpadded(value.to_bytes((value.bit_length() + 7) // 8, "big"))
