"""OpenPGP through Sequoia: the only file that uses the library. What is encrypted here can only be read by the key's
holder."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pysequoia import Cert, encrypt

MOST_LETTERS = 200_000
Why = Literal["too_long", "holds_secret", "unreadable", "revoked", "no_good_key"]


class CertificateUnusable(ValueError):
    """Nothing can be encrypted to a certificate; `why` names the reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Certificate:
    """The properties of a certificate: fingerprint in capitals, expiry (None: never), user."""

    fingerprint: str
    expires_at: datetime | None
    names: tuple[str, ...]


def read_certificate(text: str) -> Certificate:
    """Read a certificate that can be used for encryption now; raises CertificateUnusable."""
    read = _read(text)
    _encrypted(b"", read, armored=False)
    expires = read.expiration
    return Certificate(
        fingerprint=str(read.fingerprint).upper(),
        expires_at=expires.astimezone(UTC) if expires else None,
        names=tuple(str(one) for one in read.user_ids)[:5],
    )


def encrypted(content: bytes, certificate: str, *, armored: bool = False) -> bytes:
    """Return content encrypted to a certificate, as binary or armored OpenPGP; raises CertificateUnusable."""
    return _encrypted(content, _read(certificate), armored=armored)


def _read(text: str) -> Cert:
    if len(text) > MOST_LETTERS:
        raise CertificateUnusable("too_long")
    if "PRIVATE KEY BLOCK" in text:
        raise CertificateUnusable("holds_secret")
    try:
        read = Cert.from_bytes(text.encode())
    except Exception as error:  # the library raises undocumented exceptions of its own
        raise CertificateUnusable("unreadable") from error
    if read.is_revoked:
        raise CertificateUnusable("revoked")
    return read


def _encrypted(content: bytes, certificate: Cert, *, armored: bool) -> bytes:
    try:
        return bytes(encrypt(content, recipients=[certificate], armor=armored))
    except Exception as error:  # as above: expired, no key for encryption, too weak
        raise CertificateUnusable("no_good_key") from error
