"""Manage the contracts with subscribers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import queries
from leeward.blocklist.publishing.models import DNS_ACTIONS, SUBSCRIBER_KINDS, Subscriber
from leeward.blocklist.publishing.openpgp import fingerprint_of
from leeward.blocklist.publishing.rules.formats import FORMATS
from leeward.blocklist.publishing.services.publication import publish_soon
from leeward.blocklist.publishing.zones import notify_places
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.foundation.patterns import Pattern
from leeward.foundation.whole_text import whole
from leeward.people.errors import FieldIsWrong
from leeward.people.queries import token_of
from leeward.people.services import authorize
from leeward.people.services.tokens import issue_token, revoke_token

_SLUG = Pattern(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_TRUST_NEEDED = ("hosts", "adblock", "domains", "e2guardian", "ip")
MOST_NOTIFIED = 10


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: which lists in which formats, and how they are delivered."""

    name: str
    kind: str
    lists: Sequence[int]
    formats: Sequence[str]
    contact: str = ""
    is_trusted: bool = False
    takes_plain_addresses: bool = False
    certificate: str = ""
    dns_action: str = "no_such_name"
    notify: Sequence[str] = ()


def add_subscriber(slug: str, contract: Contract, *, hotline_id: int, actor: Actor) -> tuple[int, str]:
    """Create a subscriber with a key; return its id and the key, which is shown only once. Raises FieldIsWrong,
    NotAllowed.
    """
    with hotline_transaction(hotline_id):
        made = enter_subscriber(slug, contract, hotline_id=hotline_id, actor=actor)
        key = _give_key(_open(made), actor)
    return made, key


def enter_subscriber(slug: str, contract: Contract, *, hotline_id: int, actor: Actor) -> int:
    """Create a subscriber without a key, which can't fetch anything yet; return its id. Raises FieldIsWrong,
    NotAllowed.
    """
    authorize(actor, "subscriber.edit", hotline_id)
    slug = slug.strip().lower()
    if not _SLUG.fullmatch(slug):
        raise FieldIsWrong(field="slug", why=_("Lower-case letters, digits and hyphens, at most 40."))
    values = _checked(contract)
    with hotline_transaction(hotline_id):
        try:
            with transaction.atomic():
                made = Subscriber.objects.create(hotline_id=hotline_id, slug=slug, **values)
        except IntegrityError:
            raise FieldIsWrong(field="slug", why=_("This short name is or was used by another subscriber.")) from None
        made.lists.set(contract.lists)
        record(
            "subscriber.added",
            actor=actor,
            hotline_id=hotline_id,
            subject=f"subscriber:{made.pk}",
            facts={"lists": sorted(contract.lists), "formats": values["formats"]},
        )
        _publish_again(contract.lists, hotline_id)
    return int(made.pk)


def change_subscriber(subscriber_id: int, contract: Contract, *, actor: Actor) -> None:
    """Change a contract and publish the lists again, so that every copy is new; an unchanged contract does nothing.

    Raises FieldIsWrong, NotAllowed, NotFound.
    """
    found = _open(subscriber_id)
    authorize(actor, "subscriber.edit", found.hotline_id)
    values = _checked(contract)
    with hotline_transaction(found.hotline_id):
        before = {one.pk for one in found.lists.all()}
        if before == set(contract.lists) and all(getattr(found, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(found, name, value)
        found.changed_at = datetime.now(UTC)
        found.save()
        found.lists.set(contract.lists)
        record(
            "subscriber.changed",
            actor=actor,
            hotline_id=found.hotline_id,
            subject=f"subscriber:{found.pk}",
            facts={"lists": sorted(contract.lists), "formats": values["formats"]},
        )
        _publish_again([*before, *contract.lists], found.hotline_id)


def end_subscriber(subscriber_id: int, *, actor: Actor) -> None:
    """End a contract: its key is revoked, but its canaries are kept, because a leak may be found years later."""
    found = _open(subscriber_id)
    authorize(actor, "subscriber.edit", found.hotline_id)
    with hotline_transaction(found.hotline_id):
        if found.token_id:
            revoke_token(found.token_id, actor=actor)
        Subscriber.objects.filter(pk=found.pk).update(ended_at=datetime.now(UTC), alarm="", alarm_at=None)
        record("subscriber.ended", actor=actor, hotline_id=found.hotline_id, subject=f"subscriber:{found.pk}", facts={})


def new_key(subscriber_id: int, *, actor: Actor) -> str:
    """Replace a subscriber's key by a new one, which is shown only once; its transfer key changes too."""
    found = _open(subscriber_id)
    authorize(actor, "subscriber.edit", found.hotline_id)
    with hotline_transaction(found.hotline_id):
        if found.token_id:
            revoke_token(found.token_id, actor=actor)
        key = _give_key(found, actor)
        record(
            "subscriber.rekeyed", actor=actor, hotline_id=found.hotline_id, subject=f"subscriber:{found.pk}", facts={}
        )
    return key


def _open(subscriber_id: int) -> Subscriber:
    found: Subscriber | None = Subscriber.objects.filter(pk=subscriber_id, ended_at=None).first()
    if found is None:
        raise NotFound(what=_("subscriber"))
    return found


def _give_key(found: Subscriber, actor: Actor) -> str:
    key = issue_token(name=found.name, scopes=("subscriber",), actor=actor, hotline_id=found.hotline_id)
    token = token_of(key)
    Subscriber.objects.filter(pk=found.pk).update(token_id=token.id if token else None)
    return key


def _publish_again(list_ids: Sequence[int], hotline_id: int) -> None:
    for list_id in dict.fromkeys(list_ids):
        if queries.newest(list_id):
            publish_soon(list_id, hotline_id=hotline_id)


def _checked(contract: Contract) -> dict[str, object]:
    """Return the normalised fields of a contract; raises FieldIsWrong."""
    formats = [name for name in FORMATS if name in contract.formats]
    if not contract.name.strip():
        raise FieldIsWrong(field="name", why=_("Enter a name."))
    if contract.kind not in SUBSCRIBER_KINDS or contract.dns_action not in DNS_ACTIONS:
        raise FieldIsWrong(field="kind", why=_("Choose one from the list."))
    if not contract.lists or set(contract.lists) - {row.id for row in blocklist_queries.block_lists()}:
        raise FieldIsWrong(field="lists", why=_("Choose at least one list."))
    if set(contract.formats) - set(FORMATS):
        raise FieldIsWrong(field="formats", why=_("Choose one from the list."))
    if not formats:
        raise FieldIsWrong(field="formats", why=_("Choose at least one format."))
    if set(formats) & set(_TRUST_NEEDED) and not contract.is_trusted:
        raise FieldIsWrong(
            field="is_trusted", why=_("Lists in clear text go only to subscribers who are trusted with them.")
        )
    certificate = contract.certificate.strip()
    if certificate:
        fingerprint_of(certificate)
    elif "urls" in formats and not contract.takes_plain_addresses:
        raise FieldIsWrong(
            field="certificate", why=_("Exact addresses go out encrypted: give the OpenPGP certificate.")
        )
    places = [place.strip() for place in contract.notify if place.strip()]
    if len(notify_places(places)) != len(places) or len(places) > MOST_NOTIFIED:
        raise FieldIsWrong(field="notify", why=_("Write address and port, for example 192.0.2.7:53, one a line."))
    return {
        "name": whole(contract.name, 120),
        "kind": contract.kind,
        "contact": whole(contract.contact, 200),
        "formats": formats,
        "is_trusted": contract.is_trusted,
        "takes_plain_addresses": contract.takes_plain_addresses,
        "certificate": certificate,
        "dns_action": contract.dns_action,
        "notify": places,
    }
