"""What a payment firm may be shown about a payee, and whether it may be shown at all: the police come first."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from leeward.casework.merging.services.decisions import decisions_stand
from leeward.casework.money.queries.payees import cases_at
from leeward.foundation.actor import Decision, no
from leeward.foundation.errors import NotFound
from leeward.foundation.lazy_text import LazyText
from leeward.notices import queries as notices_queries
from leeward.notices.rules.payments import PaymentBrief, may_alert, supporting
from leeward.payments import queries as payments_queries
from leeward.payments.queries import DemandRow, PayeeRow

MOST_PLACES = 2000
MOST_TERMS = 10


@dataclass(frozen=True, slots=True)
class Alertable:
    """Whether a firm may be shown about a payee, what it would read, all cases that name it and those decided as illegal."""

    may: Decision
    brief: PaymentBrief | None
    cases: tuple[int, ...] = ()
    decided: tuple[int, ...] = ()


def alertable(payee_id: int) -> Alertable:
    """Return this for a payee of the hotline; a payee of which not every case can be read may not be alerted about.
    Raises NotFound."""
    payee = payments_queries.payee(payee_id, MOST_PLACES)
    if payee is None:
        raise NotFound(what=_("account"))
    if payee.names_nobody:
        return Alertable(no(LazyText("it is a brand, and names nobody who is paid")), None)
    if payee.places > len(payee.demands):
        return Alertable(no(LazyText("it is named at too many places to see whether the police hold one")), None)
    at = cases_at({(one.place, one.number) for one in payee.demands})
    every = {case.pk: case for found in at.values() for case in found}
    stands = decisions_stand([number for number, case in every.items() if case.outcome == "illegal"])
    decided = tuple(sorted(number for number, does in stands.items() if does))
    gates = notices_queries.gates_of(every)
    allowed = may_alert(every, decided, gates)
    if not allowed:
        return Alertable(allowed, None, tuple(every), decided)
    shown = set(supporting(decided, gates))
    demands = [one for one in payee.demands if any(case.pk in shown for case in at.get((one.place, one.number), []))]
    countries = tuple(sorted({every[number].country for number in shown} - {""}))
    return Alertable(allowed, _brief(payee, demands, len(shown), countries), tuple(every), decided)


def _brief(payee: PayeeRow, demands: list[DemandRow], cases: int, countries: tuple[str, ...]) -> PaymentBrief:
    asked = dict.fromkeys((one.amount, one.currency) for one in demands if one.amount)
    names = dict.fromkeys(one.descriptor for one in demands if one.descriptor)
    return PaymentBrief(
        payee_id=payee.id,
        kind=payee.kind,
        value=payee.value,
        brand=payee.brand,
        weak=payee.weak,
        asked=tuple(asked)[:MOST_TERMS],
        names=tuple(names)[:MOST_TERMS],
        cases=cases,
        places=len(demands),
        countries=countries,
        first_at=min(one.first_at for one in demands),
        last_at=max(one.last_at for one in demands),
    )
