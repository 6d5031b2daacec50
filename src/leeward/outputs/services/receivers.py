"""Who takes reports by a program: off until an administrator records the agreement or membership."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.plain_http import keeps_secrets
from leeward.outputs.labels import SERVICES
from leeward.outputs.models import Receiver
from leeward.outputs.sealing import seal
from leeward.people.services import authorize, staff_id

MOST_URL, LEAST_TERMS, MOST_TERMS = 300, 3, 200


def record_agreement(
    service: str,
    *,
    url: str,
    user: str,
    password: str,
    terms: str,
    agreed_on: date,
    is_test: bool,
    hotline_id: int,
    actor: Actor,
) -> None:
    """Record the agreement with a receiver, or the membership: the document, its day, the address and the credentials.

    From then on cases can be reported there. Raises BadInput, NotAllowed.
    """
    authorize(actor, "receiver.edit", hotline_id)
    terms = " ".join(terms.split())
    if service not in SERVICES:
        raise BadInput(what=_("The receiver"), why=_("it is not one of cybertipline and iccam"))
    if not LEAST_TERMS <= len(terms) <= MOST_TERMS or agreed_on > datetime.now(UTC).date():
        raise BadInput(
            what=_("The agreement"),
            why=_("it needs the name of its document (3 to 200 characters) and a day that has come"),
        )
    if len(url) > MOST_URL or not keeps_secrets(url) or not _is_plain(url):
        raise BadInput(what=_("The address"), why=_("it must be an https:// address"))
    if not user or not password:
        raise BadInput(what=_("The name and the password"), why=_("they are missing"))
    with hotline_transaction():
        Receiver.objects.update_or_create(
            hotline_id=hotline_id,
            service=service,
            defaults={
                "url": url.rstrip("/"),
                "sealed": seal(user, password),
                "is_test": is_test,
                "terms": terms,
                "agreed_on": agreed_on,
                "agreed_by_id": staff_id(actor),
                "agreed_at": datetime.now(UTC),
                "stopped_at": None,
            },
        )
        facts = {"service": service, "agreed_on": agreed_on.isoformat(), "is_test": is_test}
        record("receiver.agreed", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)


def _is_plain(url: str) -> bool:
    """Return whether an address is a host and a path: no secret in it, and nothing that a path can't be put behind."""
    parts = urlsplit(url)
    return bool(parts.hostname) and "@" not in parts.netloc and "?" not in url and "#" not in url


def stop(service: str, *, hotline_id: int, actor: Actor) -> None:
    """Send nothing more to a receiver; what is on its way waits. Raises NotFound, NotAllowed."""
    authorize(actor, "receiver.edit", hotline_id)
    with hotline_transaction():
        if not Receiver.objects.filter(service=service, stopped_at=None).update(stopped_at=datetime.now(UTC)):
            raise NotFound(what=_("receiver"))
        facts = {"service": service}
        record("receiver.stopped", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
