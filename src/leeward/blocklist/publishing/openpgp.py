"""OpenPGP, by Sequoia: the one file that knows the library. Used to encrypt lists to a subscriber's certificate."""

from pysequoia import Cert, encrypt

from leeward.blocklist.publishing.errors import CertificateUnusable

_MOST_BYTES = 200_000


def _read(certificate: str) -> Cert:
    if len(certificate) > _MOST_BYTES:
        raise CertificateUnusable(why="it is too long")
    if "PRIVATE KEY BLOCK" in certificate:
        raise CertificateUnusable(why="it holds a secret key, which must never leave its owner")
    try:
        read = Cert.from_bytes(certificate.encode())
    except Exception as error:  # the library raises its own kinds, none of them documented
        raise CertificateUnusable(why="it can't be read") from error
    if read.is_revoked:
        raise CertificateUnusable(why="it was revoked")
    return read


def fingerprint_of(certificate: str) -> str:
    """Return the fingerprint of a certificate to which one can encrypt; raises CertificateUnusable."""
    read = _read(certificate)
    _encrypted(b"", read)
    return str(read.fingerprint).upper()


def encrypted(content: bytes, certificate: str) -> bytes:
    """Return content encrypted to a certificate, as binary OpenPGP; raises CertificateUnusable."""
    return _encrypted(content, _read(certificate))


def _encrypted(content: bytes, certificate: Cert) -> bytes:
    try:
        return bytes(encrypt(content, recipients=[certificate], armor=False))
    except Exception as error:  # as above: expired, no key for encryption, too weak
        raise CertificateUnusable(why="it has no good key for encryption, or has expired") from error
