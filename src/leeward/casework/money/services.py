"""Reads what a report asks money for; tells payment firms of a payee, and hands what was found to others."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.casework.models import Case
from leeward.casework.money import queries
from leeward.casework.steps import reprioritise
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, require
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ItemRow, ReportRow
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.payments import services as payments_services
from leeward.payments.rules import exports
from leeward.payments.rules.finding import find
from leeward.payments.rules.records import REPORT
from leeward.payments.rules.traces import Trace
from leeward.people.queries import PortalRow, hotline, portal
from leeward.people.services import authorize, demand_read


def note_report(report_id: int) -> int:
    """Keep what a report and what its reporter added ask money for; return how much of it is new. Idempotent."""
    report = intake_queries.report(report_id)
    answers = [one.text for one in intake_queries.messages_of(report_id) if one.direction != "question"]
    found = traces_in(report, intake_queries.items_of(report_id), portal(report.portal_id), answers)
    return payments_services.note(
        found, hotline_id=report.hotline_id, place=REPORT, number=report_id, at=report.received_at, counts_again=False
    )


def traces_in(
    report: ReportRow, items: Iterable[ItemRow], home: PortalRow, answers: Iterable[str] = ()
) -> Sequence[Trace]:
    """Return what a report asks money for, as it was read."""
    named = [item.typed for item in items]
    return find("\n".join([*named, report.where, report.text, *answers]), country=home.country)


def forget_report(report_id: int) -> int:
    """Delete what only a report asked money for; return how much it named."""
    report = intake_queries.report(report_id)
    return payments_services.forget(hotline_id=report.hotline_id, place=REPORT, number=report_id)


def alert_firm(payee_id: int, contact_id: int, *, hotline_id: int, actor: Actor, seen: str | None = None) -> int:
    """Tell a payment firm about a payee; return the alert's number. Raises NotFound, NotAllowed (the police come first), EnteredSince
    where there is another alert about it than was `seen` (`mark_of_alerts`): the firm would read the same twice."""
    authorize(actor, "case.act", hotline_id)
    with hotline_transaction():
        if seen is not None:
            demand_read(queries.mark_of_alerts(notices_queries.alerts_of([payee_id]).get(payee_id, [])), seen=seen)
        found = queries.alertable(payee_id)
        require(found.may)
        assert found.brief is not None
        return notices_services.alert_payment_firm(
            found.brief, contact_id, cases=found.cases, decided=found.decided, hotline_id=hotline_id, actor=actor
        )


def export_payees(form: str, *, hotline_id: int, actor: Actor) -> bytes:
    """Return what others may read of the payees, in a format of `exports.FORMATS`; the log says that it was handed out."""
    authorize(actor, "case.export", hotline_id)
    if form not in exports.FORMATS:
        raise BadInput(what=_("The format"), why=_("it is not one of csv, json and misp"))
    rows, name, now = queries.exported_payees(), hotline(hotline_id).name, datetime.now(UTC)
    if form == "csv":
        content = exports.as_csv(rows)
    elif form == "json":
        content = exports.as_json(rows, hotline=name, made_at=now)
    else:
        namespace = uuid5(NAMESPACE_URL, f"{settings.LEEWARD.base_url}/{hotline_id}")
        content = exports.as_misp(rows, hotline=name, namespace=namespace, made_at=now)
    with hotline_transaction():
        facts = {"format": form, "payees": len(rows)}
        record("payees.exported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return content


def note_commercial(location_id: int) -> bool:
    """Move the case of a place whose page asks for money up in the queue, where the hotline wants that; return whether it
    moved. Idempotent."""
    with hotline_transaction():
        case = Case.objects.select_for_update().filter(location_id=location_id).first()
        if case is None:
            return False
        before = case.priority
        reprioritise(case)
        if case.priority == before:
            return False
        case.save(update_fields=["priority"])
    return True
