"""What of the payees goes to others: what pages of cases that were decided as illegal ask to be paid, and what a firm was
told about. What only a report says stays here: it may be the account of whoever reported. What a case names that the police
hold stays here too, as it is kept from firms (`alerting.py`).
"""

from collections.abc import Mapping

from leeward.casework.merging.services.decisions import decisions_stand
from leeward.casework.models import Case
from leeward.casework.money.queries.alerting import MOST_PLACES, MOST_TERMS
from leeward.casework.money.queries.payees import cases_at
from leeward.notices import queries as notices_queries
from leeward.notices.queries import PaymentAlertRow
from leeward.payments import queries as payments_queries
from leeward.payments.queries import NEWEST, PayeeRow, Where
from leeward.payments.rules.exports import ExportedPayee
from leeward.payments.rules.records import LOCATION

MOST_EXPORTED = 5_000
_AT_ONCE = 200


def exported_payees() -> list[ExportedPayee]:
    """Return the payees that others may read, seen last first, at most `MOST_EXPORTED`."""
    found, made = payments_queries.payees(view=NEWEST), list[ExportedPayee]()
    for start in range(0, MOST_EXPORTED, _AT_ONCE):
        rows = payments_queries.rows_of(found[start : start + _AT_ONCE])
        rows = [one if one.demands else payments_queries.payee(one.id, MOST_PLACES) or one for one in rows]
        alerts = notices_queries.alerts_of([one.id for one in rows])
        pages = {(demand.place, demand.number) for one in rows for demand in one.demands}
        at = cases_at(pages)
        every = {case.pk: case for cases in at.values() for case in cases}
        gates = notices_queries.gates_of(every)
        stands = decisions_stand([number for number, case in every.items() if case.outcome == "illegal"])
        held = {number for number, gate in gates.items() if gate == "held"}
        made += [
            one
            for row in rows
            if not _is_held(row, at, held)
            and (one := _exported(row, at, stands, [sent for sent in alerts.get(row.id, []) if sent.sent_at]))
            is not None
        ]
        if len(rows) < _AT_ONCE:
            break
    return made


def _is_held(row: PayeeRow, at: dict[Where, list[Case]], held: set[int]) -> bool:
    """Return whether the police hold a case that names a payee; one at too many places to see that counts as held."""
    named = (case.pk for one in row.demands for case in at.get((one.place, one.number), []))
    return row.places > len(row.demands) or any(number in held for number in named)


def _exported(
    row: PayeeRow, at: dict[Where, list[Case]], stands: Mapping[int, bool | None], alerts: list[PaymentAlertRow]
) -> ExportedPayee | None:
    is_reported = any(not one.is_withdrawn and not one.is_withdrawal for one in alerts)
    shown = [one for one in row.demands if one.place == LOCATION or is_reported]
    illegal = {case.pk: case for one in shown for case in at.get((one.place, one.number), []) if stands.get(case.pk)}
    if not illegal:
        return None
    asked = dict.fromkeys((one.amount, one.currency) for one in shown if one.amount)
    names = dict.fromkeys(one.descriptor for one in shown if one.descriptor)
    first = [one for one in alerts if not one.is_withdrawal]
    return ExportedPayee(
        number=row.id,
        kind=row.kind,
        brand=row.brand,
        value=row.value,
        weak=row.weak,
        asked=tuple(asked)[:MOST_TERMS],
        names=tuple(names)[:MOST_TERMS],
        countries=tuple(sorted({case.country for case in illegal.values()} - {""})),
        cases=len(illegal),
        first_at=min(one.first_at for one in shown),
        last_at=max(one.last_at for one in shown),
        informed=tuple(dict.fromkeys(one.firm for one in first)),
        outcome=first[0].answer if first else "",
    )
