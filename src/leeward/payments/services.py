"""Keeps where money was asked for."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.jobs.services import publish_event
from leeward.payments.models import Demand, Payee
from leeward.payments.rules.records import LOCATION, kept, key_of
from leeward.payments.rules.traces import Trace


def note(
    traces: Iterable[Trace], *, hotline_id: int, place: str, number: int, at: datetime, counts_again: bool = True
) -> int:
    """Keep what a page ("location") or a report ("report") of this number asks money for; return how many things are new
    there. What was seen there before is counted once more, unless it is the same text that is read again. Must run within
    the hotline's scope.
    """
    found = kept(traces)
    if not found:
        return 0
    with hotline_transaction():
        new = [one.kind for one in found if _note(one, hotline_id, (place, number), at, more=counts_again)]
        if new:
            if place == LOCATION:
                publish_event("payment.found_on_page", subject_id=number, hotline_id=hotline_id)
            facts = {"new": len(new), "kinds": sorted(set(new))}
            record("payment.found", actor=SYSTEM, hotline_id=hotline_id, subject=f"{place}:{number}", facts=facts)
    return len(new)


def forget(*, hotline_id: int, place: str, number: int) -> int:
    """Delete what was seen at one place, and each thing that was seen nowhere else; return how many demands."""
    with hotline_transaction():
        gone = Demand.objects.filter(hotline_id=hotline_id, place=place, number=number)
        payees = list(gone.values_list("payee_id", flat=True))
        count, _ = gone.delete()
        left = Payee.objects.filter(pk__in=payees)
        left.filter(demands=None).delete()
        left.update(places=F("places") - 1, pages=F("pages") - int(place == LOCATION))
        if count:
            facts = {"count": count}
            record("payment.forgotten", actor=SYSTEM, hotline_id=hotline_id, subject=f"{place}:{number}", facts=facts)
    return count


def _note(one: Trace, hotline_id: int, where: tuple[str, int], at: datetime, *, more: bool) -> bool:
    payee, is_new = Payee.objects.get_or_create(
        hotline_id=hotline_id,
        kind=one.kind,
        key=key_of(one),
        defaults={"brand": one.brand, "value": one.value, "weak": one.weak, "first_at": at, "last_at": at},
    )
    if not is_new:
        payee.last_at, payee.weak = max(payee.last_at, at), payee.weak and one.weak
        payee.save(update_fields=["last_at", "weak"])
    terms = {"amount": one.amount, "currency": one.currency, "descriptor": one.descriptor[:100]}
    seen, is_first = Demand.objects.get_or_create(
        hotline_id=hotline_id,
        payee=payee,
        place=where[0],
        number=where[1],
        defaults=terms | {"first_at": at, "last_at": at},
    )
    if is_first:
        counts = {"places": F("places") + 1, "pages": F("pages") + int(where[0] == LOCATION)}
        Payee.objects.filter(pk=payee.pk).update(**counts)
    else:
        stated = {name: value for name, value in terms.items() if value}
        Demand.objects.filter(pk=seen.pk).update(times=F("times") + int(more), last_at=at, **stated)
    return is_first
