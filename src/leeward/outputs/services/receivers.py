"""Who takes reports by a program: off until an administrator records the agreement or membership, and once the hotline takes
reports a second person confirms it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.http.showing import showing
from leeward.foundation.plain_http import keeps_secrets
from leeward.outputs.labels import SERVICES
from leeward.outputs.models import Receiver
from leeward.outputs.sealing import seal
from leeward.people.queries import is_overtaken, portal_change
from leeward.people.rules.reach import RECEIVER
from leeward.people.services import ask_change, authorize, hotline_takes_two, staff_id

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
    certificate: str = "",
    hotline_id: int,
    actor: Actor,
) -> int | None:
    """Record the agreement with a receiver, or the membership: the document, its day, the address and the credentials.

    From then on cases can be reported there. Once a portal of the hotline was opened it waits for a second person: the number
    of that change is returned, and what held before holds until then. Raises BadInput, NotAllowed.
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
    if certificate and not _is_usable(certificate):
        raise BadInput(
            what=_("The certificate"),
            why=_("it needs the certificate and its key, unencrypted, one below the other (PEM)"),
        )
    wanted = {
        "terms": terms,
        "agreed_on": agreed_on.isoformat(),
        "address": url.rstrip("/"),
        "sealed": seal(user, password, certificate),
        "is_test": is_test,
    }
    with hotline_transaction():
        if hotline_takes_two(hotline_id, actor):
            before = _now(service)
            return ask_change(
                None, RECEIVER, hotline_id=hotline_id, about=service, before=before, wanted=wanted, actor=actor
            )
        _agree(service, wanted, hotline_id=hotline_id, by=staff_id(actor), actor=actor)
    return None


def take_confirmed_agreement(change_id: int) -> None:
    """Put an agreement in force that two people vouch for. Repeating it changes nothing, also where sending was stopped since. In
    the hotline's scope."""
    change = portal_change(change_id)
    if change is None or change.what != RECEIVER or change.asked_by_id is None or is_overtaken(change):
        return
    with hotline_transaction():
        if not Receiver.objects.filter(service=change.about, sealed=change.wanted["sealed"]).exists():
            system = Actor("system", hotline_id=change.hotline_id)
            _agree(change.about, change.wanted, hotline_id=change.hotline_id, by=change.asked_by_id, actor=system)


def _now(service: str) -> dict[str, object]:
    """Return the agreement as it was recorded last, without what opens the receiver's door."""
    row = Receiver.objects.filter(service=service).first()
    if row is None:
        return {}
    return {"terms": row.terms, "agreed_on": row.agreed_on.isoformat(), "address": row.url, "is_test": row.is_test}


def _agree(service: str, wanted: Mapping[str, Any], *, hotline_id: int, by: int, actor: Actor) -> None:
    agreed_on = date.fromisoformat(wanted["agreed_on"])
    Receiver.objects.update_or_create(
        hotline_id=hotline_id,
        service=service,
        defaults={
            "url": wanted["address"],
            "sealed": wanted["sealed"],
            "is_test": wanted["is_test"],
            "terms": wanted["terms"],
            "agreed_on": agreed_on,
            "agreed_by_id": by,
            "agreed_at": datetime.now(UTC),
            "stopped_at": None,
        },
    )
    facts = {"service": service, "agreed_on": agreed_on.isoformat(), "is_test": wanted["is_test"]}
    record("receiver.agreed", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)


def _is_usable(certificate: str) -> bool:
    try:
        showing(certificate)
    except ValueError:
        return False
    return True


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
