"""Manage sources: added by one person, agreed by two, paused, removed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.plain_http import keeps_secrets
from leeward.hashbank.lists.services.importing import refuse_own_name
from leeward.hashbank.models import LiveSource, Source, Vote
from leeward.hashbank.numbers import among
from leeward.hashbank.records.services.banks import GENERAL
from leeward.hashbank.records.services.settling import follow_votes
from leeward.hashbank.records.services.voting import name_key, register_source
from leeward.hashbank.rules.categories import MEANINGS
from leeward.hashbank.rules.sources import LEAST_EVERY_MINUTES, MOST_EVERY_MINUTES, PROTOCOLS, named_twice
from leeward.hashbank.scene import bank_transaction, hotline_here, standing_changed
from leeward.hashbank.sources.errors import SourceIsOff
from leeward.hashbank.sources.queries import live_source, mark_of_agreement
from leeward.hashbank.sources.sealing import seal
from leeward.people.services import authorize, demand_read, demand_second

_AT_ONCE = 800


def add_source(
    name: str,
    *,
    protocol: str,
    url: str,
    source: str,
    secrets: Mapping[str, str],
    actor: Actor,
    part: str = "",
    own_name: str = "",
    public_key: str = "",
    bank: str = GENERAL,
    mapping: Mapping[str, str] | None = None,
    every_minutes: int = 60,
) -> int:
    """Add a source; it is not asked before its agreement is recorded and confirmed. `source`: the name under which its
    votes count.

    Raises BadInput, also where the same address is already used: one source under two names would have two votes.
    """
    authorize(actor, "hash.exchange", hotline_here())
    _refuse_bad(name, protocol, url, part=part, public_key=public_key, every_minutes=every_minutes)
    _refuse_bad_secrets(protocol, secrets)
    refuse_own_name(source)
    with bank_transaction():
        there = LiveSource.objects.filter(hotline_id=hotline_here(), removed_at=None)
        if there.filter(name=name).exists():
            raise BadInput(what=_("The name"), why=_("there is a source of this name"))
        same = [row for row in there.filter(part=part) if named_twice([row.url], url)]
        if same:
            raise BadInput(
                what=_("The address"),
                why=_(
                    "it is asked already as %(name)s; one source under two names would be two votes", name=same[0].name
                ),
            )
        row = LiveSource.objects.create(
            hotline_id=hotline_here(),
            name=name,
            source=" ".join(source.split())[:80],
            protocol=protocol,
            url=url.rstrip("/"),
            part=part,
            own_name=own_name[:80],
            public_key=public_key,
            sealed=seal(secrets),
            bank=bank,
            mapping=_checked(mapping or {}),
            every_minutes=every_minutes,
            added_by=actor.label,
            added_at=datetime.now(UTC),
        )
        _audit_source("live_source.added", row, actor, protocol=protocol)
    return row.pk


def agree(name: str, *, terms: str, agreed_on: date, actor: Actor) -> None:
    """Record the agreement with a source: the document and its date of effect.

    It takes effect once a second person confirms it; a changed agreement has to be confirmed again.
    """
    authorize(actor, "source.agree", hotline_here())
    terms = " ".join(terms.split())
    if not 3 <= len(terms) <= 200 or agreed_on > datetime.now(UTC).date():
        raise BadInput(
            what=_("The agreement"),
            why=_("it needs the name of its document (3 to 200 characters) and a day that has come"),
        )
    with bank_transaction():
        row = _locked(name)
        row.terms, row.agreed_on, row.agreed_by, row.agreed_at = terms, agreed_on, actor.label, datetime.now(UTC)
        row.second_by, row.second_at, row.next_at = "", None, None
        row.save()
        _audit_source("live_source.agreed", row, actor, agreed_on=agreed_on.isoformat())


def confirm(name: str, *, seen: str, actor: Actor) -> None:
    """Confirm the agreement as the second person; from now on the source is asked. `seen`: the mark of what that person has
    read (`mark_of_agreement`). Raises NotAllowed, NotSecondPerson, EnteredSince.
    """
    authorize(actor, "source.agree", hotline_here())
    with bank_transaction():
        row = _locked(name)
        if row.agreed_at is None or row.second_at is not None:
            raise SourceIsOff(name=row.name, why=_("no agreement waits to be confirmed"))
        if row.agreed_by == actor.label:
            raise NotAllowed(reason=_("it needs a second person"))
        kind, _colon, number = row.agreed_by.partition(":")
        demand_second(actor, {int(number) if kind == "staff" else None}, act="source.agree")
        demand_read(mark_of_agreement(row), seen=seen)
        now = datetime.now(UTC)
        row.second_by, row.second_at, row.next_at = actor.label, now, now
        row.save(update_fields=["second_by", "second_at", "next_at"])
        register_source(row.source, by=actor.label)
        _audit_source("live_source.confirmed", row, actor)


def pause(name: str, *, paused: bool, actor: Actor) -> None:
    """Pause or resume a source; its votes stay."""
    authorize(actor, "hash.exchange", hotline_here())
    with bank_transaction():
        row = _locked(name)
        now = datetime.now(UTC)
        row.paused_at = now if paused else None
        row.next_at = None if paused else now
        row.save(update_fields=["paused_at", "next_at"])
        _audit_source("live_source.paused" if paused else "live_source.resumed", row, actor)


def allow_withdrawal(name: str, number: int, *, actor: Actor) -> None:
    """Let the next pull withdraw this many votes, where the last one stopped before it. Raises BadInput where the number
    is not the one that waits.
    """
    authorize(actor, "hash.exchange", hotline_here())
    with bank_transaction():
        row = _locked(name)
        if row.held is None or row.held["withdraws"] != number:
            raise BadInput(what=_("The source"), why=_("it has changed meanwhile"))
        row.may_withdraw, row.held = number, None
        row.next_at = datetime.now(UTC) if row.second_at is not None and row.paused_at is None else None
        row.save(update_fields=["may_withdraw", "held", "next_at"])
        _audit_source("live_source.withdrawal_allowed", row, actor, votes=number)


def change_source(
    name: str,
    *,
    actor: Actor,
    secrets: Mapping[str, str] | None = None,
    public_key: str | None = None,
    mapping: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> None:
    """Change the secrets, the key, the meaning of categories or the reason for disputes; what is not given stays.

    With another signing key the agreement has to be confirmed again.
    """
    authorize(actor, "hash.exchange", hotline_here())
    with bank_transaction():
        row = _locked(name)
        if secrets is not None:
            _refuse_bad_secrets(row.protocol, secrets)
            row.sealed = seal(secrets)
        if public_key is not None:
            row.public_key = public_key
            row.agreed_at = row.second_at = row.next_at = None
        if mapping is not None:
            row.mapping = row.mapping | _checked(mapping)
        if reason is not None:
            row.reason = reason[:60]
        if row.second_at is not None and row.paused_at is None:
            row.next_at = datetime.now(UTC)
        row.save()
        changed = [one for one, new in (("secrets", secrets), ("key", public_key), ("categories", mapping)) if new]
        _audit_source("live_source.changed", row, actor, changed=",".join(changed))


def remove(name: str, *, withdraw: bool, actor: Actor) -> int:
    """Remove a source and delete its credentials; with `withdraw`, withdraw all its votes. Return how many were
    withdrawn.

    Votes are withdrawn in several transactions, so that reports can come in meanwhile. If that is interrupted, the
    source stays paused and can be removed again.
    """
    authorize(actor, "hash.exchange", hotline_here())
    now, withdrawn, last = datetime.now(UTC), 0, 0
    if withdraw:
        pause(name, paused=True, actor=actor)
        while some := _withdraw_some(name, last, now):
            withdrawn, last = withdrawn + len(some), max(some)
    with bank_transaction():
        row = _locked(name)
        row.removed_at, row.sealed, row.next_at = now, "", None
        row.save(update_fields=["removed_at", "sealed", "next_at"])
        _audit_source("live_source.removed", row, actor, withdrawn=withdrawn)
    return withdrawn


def _withdraw_some(name: str, last: int, now: datetime) -> dict[int, int]:
    """Withdraw a batch of a source's votes, starting after this vote id; return the votes with their records."""
    with bank_transaction() as revision:
        row = _locked(name)
        via = Source.objects.filter(hotline_id=hotline_here(), name_key=name_key(row.source)).first()
        votes = (
            Vote.objects.filter(hotline_id=hotline_here(), via=via, withdrawn_at=None) if via else Vote.objects.none()
        )
        found = dict(votes.filter(id__gt=last).order_by("id").values_list("id", "record_id")[:_AT_ONCE])
        Vote.objects.filter(id__in=among(found)).update(withdrawn_at=now)
        follow_votes(found.values(), revision=revision, now=now)
        if found:
            standing_changed()
    return found


def _locked(name: str) -> LiveSource:
    return LiveSource.objects.select_for_update().get(pk=live_source(name).pk)


def _audit_source(event: str, row: LiveSource, actor: Actor, **facts: object) -> None:
    audit(event, actor=actor, hotline_id=hotline_here(), subject=f"live_source:{row.pk}", facts=facts)


def _refuse_bad(name: str, protocol: str, url: str, *, part: str, public_key: str, every_minutes: int) -> None:
    if not name.isascii() or not name.replace("-", "").isalnum() or len(name) > 60:
        raise BadInput(
            what=_("The name of the source"),
            why=_("it must have 1 to 60 letters, digits and hyphens, and not hyphens alone"),
        )
    if protocol not in PROTOCOLS:
        raise BadInput(what=_("The protocol"), why=_("it is not one of %(known)s", known=", ".join(PROTOCOLS)))
    if len(url) > 300 or not keeps_secrets(url) or urlsplit(url).query or urlsplit(url).username:
        raise BadInput(what=_("The address"), why=_("it must begin with https and hold no key and no question mark"))
    rules = PROTOCOLS[protocol]
    if bool(rules.part) != bool(part) or len(part) > 80:
        why = (
            _("this protocol asks for no part") if part else _("it must name which %(part)s is asked", part=rules.part)
        )
        raise BadInput(what=_("The source"), why=why)
    if rules.needs_key and not public_key:
        raise BadInput(what=_("The source"), why=_("it needs the key that signs its lists"))
    if not LEAST_EVERY_MINUTES <= every_minutes <= MOST_EVERY_MINUTES:
        raise BadInput(
            what=_("The interval"),
            why=_("it is from %(least)s to %(most)s minutes", least=LEAST_EVERY_MINUTES, most=MOST_EVERY_MINUTES),
        )


def _refuse_bad_secrets(protocol: str, secrets: Mapping[str, str]) -> None:
    wanted = PROTOCOLS[protocol].secrets
    good = all(secrets.get(one) and secrets[one].isascii() and secrets[one].isprintable() for one in wanted)
    if not good or set(secrets) - set(wanted):
        raise BadInput(what=_("The secrets"), why=_("they must be exactly these: %(known)s", known=", ".join(wanted)))


def _checked(mapping: Mapping[str, str]) -> dict[str, str]:
    for category, what in mapping.items():
        if what not in MEANINGS or len(category) > 40:
            raise BadInput(what=_("The category"), why=_("its meaning is not known"))
    return dict(mapping)
