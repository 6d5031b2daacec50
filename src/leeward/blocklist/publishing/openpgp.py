"""Encrypt lists to a subscriber's certificate: `foundation/crypto/openpgp.py` with this slice's error."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.blocklist.publishing.errors import CertificateUnusable
from leeward.foundation.crypto import openpgp

_WHY: dict[str, Promise] = {
    "too_long": _("it is too long"),
    "holds_secret": _("it holds a secret key, which must never leave its owner"),
    "unreadable": _("it can't be read"),
    "revoked": _("it was revoked"),
    "no_good_key": _("it has no usable encryption key, or has expired"),
}


def fingerprint_of(certificate: str) -> str:
    """Return the fingerprint of a certificate usable for encryption; raises CertificateUnusable."""
    try:
        return openpgp.read_certificate(certificate).fingerprint
    except openpgp.CertificateUnusable as error:
        raise CertificateUnusable(why=_WHY[error.why]) from error


def encrypted(content: bytes, certificate: str) -> bytes:
    """Return content encrypted to a certificate, as binary OpenPGP; raises CertificateUnusable."""
    try:
        return openpgp.encrypted(content, certificate)
    except openpgp.CertificateUnusable as error:
        raise CertificateUnusable(why=_WHY[error.why]) from error
