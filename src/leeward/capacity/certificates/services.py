"""All writes of certificates: giving them, revoking them by two people, and replacing the key that signs them."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.utils import IntegrityError
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.capacity.certificates.errors import CertificateGiven, CertificateRevoked, RevocationNotAsked
from leeward.capacity.certificates.models import Certificate, CertificateKey
from leeward.capacity.certificates.queries import mark_of_request
from leeward.capacity.certificates.rules.badges import LIST_BITS, LIST_MOST
from leeward.capacity.certificates.rules.numbers import name_hash, number_of
from leeward.capacity.certificates.rules.standing import REASONS
from leeward.capacity.certificates.signing import new_key
from leeward.capacity.models import Course, Participation
from leeward.capacity.rules.vocabulary import runs_out
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.people.services import authorize, demand_read, demand_second

MOST_AT_ONCE = 500


def give(participation_id: int, *, actor: Actor) -> int:
    """Give a certificate to somebody who took part; return its number in our list. Raises NotFound, CertificateGiven."""
    row = Participation.objects.select_related("course").filter(pk=participation_id).first()
    if row is None:
        raise NotFound(what=_("person"))
    authorize(actor, "training.edit", row.hotline_id)
    _provide_key(row.hotline_id, actor)
    with hotline_transaction():
        if Certificate.objects.filter(participation=row, revoked_at=None).exists():
            raise CertificateGiven
        (made,) = _made([row], row.hotline_id, actor)
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as error:
            raise CertificateGiven from error
        _record("certificate.given", made, actor)
    return made.pk


def give_all(course_id: int, *, hotline_id: int, actor: Actor) -> int:
    """Give a certificate to those who took part in a course and have none, the first 500 of them; return how many.
    Raises NotFound.
    """
    authorize(actor, "training.edit", hotline_id)
    if not Course.objects.filter(pk=course_id).exists():
        raise NotFound(what=_("course"))
    _provide_key(hotline_id, actor)
    with hotline_transaction():
        valid = Certificate.objects.filter(participation=OuterRef("pk"), revoked_at=None)
        lacking = Participation.objects.filter(~Exists(valid), course_id=course_id).select_related("course")
        rows = list(lacking.order_by("name", "id")[:MOST_AT_ONCE])
        if rows:
            made = _made(rows, hotline_id, actor)
            Certificate.objects.bulk_create(made)
            facts = {"certificates": len(made)}
            record("certificates.given", actor=actor, hotline_id=hotline_id, subject=f"course:{course_id}", facts=facts)
    return len(rows)


def ask_revocation(number: int, reason: str, *, actor: Actor) -> None:
    """Ask for a certificate to be revoked; it happens when somebody else confirms it. Raises NotFound, BadInput,
    CertificateRevoked.
    """
    if reason not in REASONS:
        raise BadInput(what=_("The reason"), why=_("it is none of the list"))
    with hotline_transaction():
        row = _locked(number, actor)
        row.reason, row.asked_at, row.asked_by_id = reason, datetime.now(UTC), actor.id
        row.save(update_fields=["reason", "asked_at", "asked_by"])
        _record("certificate_revocation.asked", row, actor, {"reason": reason})


def confirm_revocation(number: int, *, seen: str, actor: Actor) -> None:
    """Revoke a certificate as the second person. `seen`: the mark of what that person has read (`mark_of_request`). Raises
    NotFound, RevocationNotAsked, NotSecondPerson, EnteredSince.
    """
    with hotline_transaction():
        row = _asked(number, actor)
        demand_second(actor, {row.asked_by_id}, act="certificate.revoke")
        demand_read(mark_of_request(row), seen=seen)
        row.revoked_at, row.revoked_by_id = datetime.now(UTC), actor.id
        row.save(update_fields=["revoked_at", "revoked_by"])
        _record("certificate.revoked", row, actor, {"reason": row.reason, "asked_by": row.asked_by_id})


def keep(number: int, *, seen: str, actor: Actor) -> None:
    """Refuse to revoke a certificate, or withdraw the request. `seen`: the mark of the request that was read
    (`mark_of_request`). Raises NotFound, RevocationNotAsked, EnteredSince.
    """
    with hotline_transaction():
        row = _asked(number, actor)
        demand_read(mark_of_request(row), seen=seen)
        row.reason, row.asked_at, row.asked_by_id = "", None, None
        row.save(update_fields=["reason", "asked_at", "asked_by"])
        _record("certificate_revocation.refused", row, actor)


def replace_key(*, is_stolen: bool, seen: str, hotline_id: int, actor: Actor) -> int:
    """Sign by a new key from now on; return its number. `seen`: the number of the newest key that somebody saw, since one made after it is
    good: raises EnteredSince. The keys before stay published, so that what they signed can
    be verified; stolen ones are withdrawn, and what they signed has to be downloaded anew.
    """
    authorize(actor, "certificate.key", hotline_id)
    public, sealed = new_key()
    now = datetime.now(UTC)
    with hotline_transaction():
        newest = CertificateKey.objects.order_by("-serial").first()
        demand_read(str(newest.serial) if newest else "", seen=seen)
        CertificateKey.objects.filter(replaced_at=None).update(replaced_at=now)
        if is_stolen:
            CertificateKey.objects.filter(withdrawn_at=None).update(withdrawn_at=now)
        serial = newest.serial + 1 if newest else 1
        CertificateKey.objects.create(hotline_id=hotline_id, serial=serial, public=public, sealed=sealed, since=now)
        record(
            "certificate_key.replaced",
            actor=actor,
            hotline_id=hotline_id,
            subject=f"hotline:{hotline_id}",
            facts={"serial": serial, "is_stolen": is_stolen},
        )
    return serial


def _provide_key(hotline_id: int, actor: Actor) -> None:
    """Make a hotline's first key."""
    if CertificateKey.objects.exists():
        return
    public, sealed = new_key()
    with hotline_transaction():
        if not CertificateKey.objects.exists():
            CertificateKey.objects.create(
                hotline_id=hotline_id, serial=1, public=public, sealed=sealed, since=datetime.now(UTC)
            )
            record(
                "certificate_key.made",
                actor=actor,
                hotline_id=hotline_id,
                subject=f"hotline:{hotline_id}",
                facts={"serial": 1},
            )


def _made(rows: Sequence[Participation], hotline_id: int, actor: Actor) -> list[Certificate]:
    now, found = datetime.now(UTC).replace(microsecond=0), []
    for row, (list_number, list_index) in zip(rows, _places(len(rows)), strict=True):
        salt = secrets.token_hex(16)
        found.append(
            Certificate(
                hotline_id=hotline_id,
                number=number_of(secrets.randbits(80)),
                course_id=row.course_id,
                participation=row,
                title=row.course.title,
                hours=row.course.hours,
                ended_on=row.ended_on,
                given_at=now,
                given_by_id=actor.id if actor.kind == "staff" else None,
                valid_until=runs_out(row.ended_on, row.course.valid_months),
                salt=salt,
                name_hash=name_hash(row.name, salt),
                list_number=list_number,
                list_index=list_index,
            )
        )
    return found


def _places(count: int) -> list[tuple[int, int]]:
    """Draw free places on the newest status list, or on a new one if it is half full: a place tells nothing of when or to
    whom a certificate was given."""
    newest = Certificate.objects.order_by("-list_number").values_list("list_number", flat=True).first() or 1
    taken = set(Certificate.objects.filter(list_number=newest).values_list("list_index", flat=True))
    if len(taken) + count > LIST_MOST:
        newest, taken = newest + 1, set()
    found: list[tuple[int, int]] = []
    while len(found) < count:
        place = secrets.randbelow(LIST_BITS)
        if place not in taken:
            taken.add(place)
            found.append((newest, place))
    return found


def _locked(number: int, actor: Actor) -> Certificate:
    row: Certificate | None = Certificate.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("certificate"))
    authorize(actor, "certificate.revoke", row.hotline_id)
    if row.revoked_at is not None:
        raise CertificateRevoked
    return row


def _asked(number: int, actor: Actor) -> Certificate:
    row = _locked(number, actor)
    if row.asked_at is None:
        raise RevocationNotAsked
    return row


def _record(event: str, row: Certificate, actor: Actor, facts: Mapping[str, object] | None = None) -> None:
    record(event, actor=actor, hotline_id=row.hotline_id, subject=f"certificate:{row.pk}", facts=facts or {})
