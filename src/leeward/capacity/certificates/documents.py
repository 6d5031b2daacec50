"""The files that programs get: a certificate, a status list and the document with a hotline's keys. Signed when they are
asked for, so that each is signed by the newest key. All run within the hotline's scope.
"""

from datetime import UTC, datetime

from leeward.capacity.certificates import queries
from leeward.capacity.certificates.rules.badges import credential, did_document, status_list
from leeward.capacity.certificates.signing import signed


def badge_file(row: queries.CertificateRow) -> bytes:
    """Return a certificate as an Open Badge (JWT). Raises CertificateKeyUnusable."""
    issuer = queries.issuer(row.hotline_id)
    serial, sealed = queries.signing_key()
    return signed(credential(row.badge, issuer), sealed, issuer.key_id(serial))


def list_file(hotline_id: int, number: int) -> bytes | None:
    """Return a status list (JWT), or None if there is none with this number. Raises CertificateKeyUnusable."""
    revoked = queries.revoked_on(number)
    if revoked is None:
        return None
    issuer = queries.issuer(hotline_id)
    serial, sealed = queries.signing_key()
    return signed(status_list(issuer, number, revoked, datetime.now(UTC)), sealed, issuer.key_id(serial))


def keys_document(hotline_id: int) -> dict[str, object] | None:
    """Return the document with a hotline's keys, or None if it has none."""
    found = queries.published_keys()
    return did_document(queries.issuer(hotline_id), found) if found else None
