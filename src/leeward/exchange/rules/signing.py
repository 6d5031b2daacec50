"""HTTP message signatures (RFC 9421) with Ed25519 over method, address, type and digest of the body. Pure.

A request is signed by its sender, an answer by its receiver together with the signature of the request, so that it is a
receipt for exactly that request. Whoever calls this stores the nonce: the same one twice is a replay.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, InvalidSignature, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

TAG, ANSWER_TAG = "leeward-exchange", "leeward-exchange-answer"
LABEL = "leeward"
COVERED = ("@method", "@target-uri", "content-type", "content-digest")
ANSWER_COVERED = ("@status", "content-type", "content-digest", '"signature";req')
MOST_SKEW = timedelta(minutes=5)
# A nonce older than this can't come again: its signature is too old by then.
NONCE_KEPT = 2 * MOST_SKEW
NONCE_BYTES = 16
KEY_BYTES = 32
MOST_HEADER = 4000


class SignatureRefused(Exception):
    """The signature is no proof of who sent this; `code` is one of `wire.FAULTS`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a good signature proves: which key signed, once, and when."""

    key_id: str
    nonce: str
    at: datetime


@dataclass(slots=True)
class Request:
    """A request as far as it is signed."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Reply:
    """An answer as far as it is signed, with the request that it answers."""

    status_code: int
    request: Request
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class _Verifier(HTTPMessageVerifier):
    """The library's, without its own clock: times are compared by `_checked`."""

    def validate_created_and_expires(self, sig_input: object, max_age: timedelta | None = None) -> None:
        """Leave it to the caller."""


def key_id(public: bytes) -> str:
    """Return the name of a public key: the first half of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:32]


def sign_request(request: Request, private: bytes, *, nonce: str, now: datetime) -> None:
    """Add the headers of digest and signature to a request."""
    _sign(request, private, COVERED, tag=TAG, nonce=nonce, now=now)


def sign_reply(reply: Reply, private: bytes, *, nonce: str, now: datetime) -> None:
    """Add the headers of digest and signature to the answer to a signed request."""
    _sign(reply, private, ANSWER_COVERED, tag=ANSWER_TAG, nonce=nonce, now=now)


def check_request(request: Request, keys: Mapping[str, bytes], now: datetime) -> Signed:
    """Return what the signature of a request proves; `keys` are public keys by their names. Raises SignatureRefused."""
    return _checked(request, COVERED, TAG, keys, now)


def check_reply(reply: Reply, keys: Mapping[str, bytes], now: datetime) -> Signed:
    """Return what the signature of an answer proves. Raises SignatureRefused."""
    return _checked(reply, ANSWER_COVERED, ANSWER_TAG, keys, now)


def claimed_key(headers: Mapping[str, str]) -> str:
    """Return the name of the key by which a request says that it is signed, or "": unproved, to find whose it may be."""
    text = headers.get("signature-input", "")[:MOST_HEADER]
    return text.partition('keyid="')[2].partition('"')[0]


def _sign(
    message: Request | Reply, private: bytes, covered: tuple[str, ...], *, tag: str, nonce: str, now: datetime
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(private)
    name = key_id(key.public_key().public_bytes_raw())
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519, key_resolver=MappingKeyResolver(public_keys={}, private_keys={name: key})
    )
    signer.sign(
        message,
        key_id=name,
        created=now,
        nonce=nonce,
        label=LABEL,
        tag=tag,
        covered_component_ids=covered,
        body=message.body,
    )


def _checked(
    message: Request | Reply, covered: tuple[str, ...], tag: str, keys: Mapping[str, bytes], now: datetime
) -> Signed:
    sizes = [len(message.headers.get(name, "")) for name in ("signature", "signature-input", "content-digest")]
    if not all(sizes):
        raise SignatureRefused("signature_missing")
    if max(sizes) > MOST_HEADER:
        raise SignatureRefused("signature_wrong")
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=_resolver(keys))
    try:
        found = verifier.verify(message, max_age=None, expect_tag=tag, require_components=covered, body=message.body)
    except (InvalidSignature, HTTPMessageSignaturesException) as error:
        raise SignatureRefused("signature_wrong") from error
    if len(found) != 1 or found[0].body is None:
        raise SignatureRefused("signature_wrong")
    return _timely(found[0].parameters, now)


def _timely(parameters: Mapping[str, int | str], now: datetime) -> Signed:
    created, nonce = parameters.get("created"), parameters.get("nonce")
    if not isinstance(created, int) or not isinstance(nonce, str) or not NONCE_BYTES <= len(nonce) <= 4 * NONCE_BYTES:
        raise SignatureRefused("signature_wrong")
    if abs(now.timestamp() - created) > MOST_SKEW.total_seconds():  # as numbers: no date is that far away
        raise SignatureRefused("clock_differs")
    return Signed(str(parameters["keyid"]), nonce, datetime.fromtimestamp(created, UTC))


def _resolver(keys: Mapping[str, bytes]) -> MappingKeyResolver:
    try:
        public = {name: Ed25519PublicKey.from_public_bytes(key) for name, key in keys.items() if len(key) == KEY_BYTES}
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureRefused("key_unknown") from error
    return MappingKeyResolver(public_keys=public, private_keys={})
