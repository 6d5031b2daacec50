"""Keeps what registries say about registered names, from one change to the next; and shows and forgets registrants' data."""

import hashlib
import hmac
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.hosting.errors import ReasonMissing
from leeward.hosting.models import Finding, NameRecord
from leeward.hosting.rules.jcard import Card
from leeward.hosting.rules.rdap import UNSAID, DomainFacts
from leeward.hosting.rules.registrant import REASONS, statements
from leeward.hosting.rules.registration import Registration, is_suspended
from leeward.installation.queries import config_now
from leeward.jobs.services import erased, schedule
from leeward.people.services import authorize

# Whatever isn't in this list can change without the name having changed hands or state.
SAME = ("registrar", "statuses", "created", "expires", "nameservers", "redacted", "holder_key")
FORGOTTEN_A_RUN = 500
OLDEST_ANSWER = timedelta(days=1)
OF_HOLDER = ("registrant", "owner_email")
HOP = "hosting.registrant_changed"


def note_name(facts: DomainFacts, *, name: str, hotline_id: int, now: datetime, place_id: int | None = None) -> int:
    """Keep what a registry said at a moment (`now`); return the number of the record: a new one if anything has changed, the newest
    if that is from a later answer. In the caller's transaction and the hotline's scope."""
    now_known, newest = facts.registration, NameRecord.objects.filter(name=name).order_by("-pk").first()
    values = {
        "registrar": now_known.registrar,
        "statuses": list(now_known.statuses),
        "created": now_known.created,
        "expires": now_known.expires,
        "nameservers": list(now_known.nameservers),
        "redacted": list(now_known.redacted),
        "holder_key": holder_key(now_known.holder, hotline_id=hotline_id),
    }
    # What is said about the data, also to the registrar, must be about the newest: they can be corrected without another change.
    data = {
        "registrar_abuse": list(now_known.registrar_abuse),
        "holder": _kept(now_known.holder),
        "has_holder": now_known.holder != Card(),
        "place_id": place_id,
    }
    if now_known.is_partial and newest is not None and newest.registrar in ("", now_known.registrar):
        # The registrar could not be heard, which is no change.
        values |= {one: getattr(newest, one) for one in ("holder_key", "redacted")}
        data |= {one: getattr(newest, one) for one in ("registrar_abuse", "holder", "has_holder")}
    if newest is not None and now < newest.last_at <= now + OLDEST_ANSWER:
        return newest.pk  # another process had this answer in memory
    if newest is not None and all(_in_any_order(getattr(newest, one)) == _in_any_order(values[one]) for one in SAME):
        NameRecord.objects.filter(pk=newest.pk).update(last_at=now, **data)
        return newest.pk
    made = NameRecord.objects.create(
        hotline_id=hotline_id,
        name=name,
        end=name.rpartition(".")[2],
        source=facts.source,
        first_at=now,
        last_at=now,
        is_suspended=is_suspended(now_known.statuses),
        **values,
        **data,
    )
    facts_logged = {"record": made.pk, "new": newest is None, "suspended": made.is_suspended}
    if newest is not None and place_id is not None and made.holder_key not in ("", newest.holder_key):
        schedule(HOP, subject_id=place_id, hotline_id=hotline_id)
    record("name.noted", actor=SYSTEM, hotline_id=hotline_id, subject=f"name_record:{made.pk}", facts=facts_logged)
    return made.pk


def holder_key(holder: Card, *, hotline_id: int) -> str:
    """Return the keyed hash by which the same registrant is recognised: of the mailbox, else of name and organisation; "" if
    neither says who it is, or a privacy service stands in: its mailbox is that of all its customers."""
    party = next(iter(holder.mailboxes), "") or " ".join(f"{holder.name} {holder.organisation}".lower().split())
    codes = {one.code for one in statements(Registration(holder=holder), date.min)}
    if not party or UNSAID.search(party) or "privacy_service" in codes:
        return ""
    message = f"leeward registrant {hotline_id}\n{party}".encode()
    return hmac.new(settings.LEEWARD.secret_bytes, message, hashlib.sha256).hexdigest()


def _in_any_order(value: object) -> object:
    """Return a value as it is compared: name servers come in turn from many registries."""
    return sorted(value) if isinstance(value, list) else value


def _kept(holder: Card) -> dict[str, object]:
    return {} if holder == Card() else asdict(holder)


def read_registrant(record_id: int, *, reason: str, actor: Actor) -> None:
    """Record that somebody reads the data of a registrant, and for what. Raises ReasonMissing without one of `REASONS`."""
    found = NameRecord.objects.filter(pk=record_id).first()
    if found is None:
        raise NotFound(what=_("record of a name"))
    authorize(actor, "registrant.read", found.hotline_id)
    if reason not in REASONS:
        raise ReasonMissing
    with hotline_transaction():
        facts = {"record": found.pk, "reason": reason, "forgotten": not found.holder}
        subject = f"name_record:{found.pk}"
        record("registrant.read", actor=actor, hotline_id=found.hotline_id, subject=subject, facts=facts)


def forget_registrants(hotline_id: int, now: datetime) -> int:
    """Empty registrants' data that were last seen longer ago than they may be kept; return how many. In the hotline's scope."""
    before = now - timedelta(days=config_now().registrant_days)
    old = NameRecord.objects.filter(last_at__lt=before, has_holder=True).order_by("last_at")
    numbers = list(old.values_list("pk", flat=True)[:FORGOTTEN_A_RUN])
    found = Finding.objects.filter(kind__in=OF_HOLDER, at__lt=before, corrected_by="").exclude(value="")
    findings = list(found.order_by("pk").values_list("pk", flat=True)[:FORGOTTEN_A_RUN])
    if not numbers and not findings:
        return 0
    with hotline_transaction():
        NameRecord.objects.filter(pk__in=numbers).update(holder={}, has_holder=False)
        Finding.objects.filter(pk__in=findings).update(value="")
        erased(NameRecord)
        erased(Finding)
        facts = {"count": len(numbers), "findings": len(findings)}
        record(
            "registrants.forgotten", actor=SYSTEM, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts
        )
    return len(numbers) + len(findings)
