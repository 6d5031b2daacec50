"""Timely deletion: contacts some months after everything is closed, receipts a year after."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.installation.queries import config_now
from leeward.intake.models import OutsideAppeal, Report, ReviewRequest
from leeward.intake.rules.card import APPEAL, REPORT
from leeward.jobs.services import erased
from leeward.people.queries import hotlines
from leeward.sealing.services import forget
from leeward.spool import where
from leeward.spool.services import mark

RECEIPT_DAYS_AFTER_CLOSING = 365


def erase_contacts(now: datetime) -> int:
    """Delete the contact of every report and appeal that has been closed for as long as its form promised, in every
    hotline.
    """
    count = 0
    for hotline in hotlines():
        with scope(hotline=hotline.id), hotline_transaction():
            reports = _erase(Report.objects.exclude(contact=""), "closed_at", now)
            done = OutsideAppeal.objects.filter(state="closed").exclude(contact="")
            appeals = _erase(done, "state_changed_at", now)
            if reports or appeals:
                erased(Report, OutsideAppeal)
                facts = {"reports": reports, "appeals": appeals}
                record(
                    "contacts.erased", actor=SYSTEM, hotline_id=hotline.id, subject=f"hotline:{hotline.id}", facts=facts
                )
            count += reports + appeals
    return count


def _erase(rows: QuerySet[Any], closed_at: str, now: datetime) -> int:
    """Delete the contacts of these rows whose time is over; one kept from before promises were stored gets today's."""
    rows.filter(contact_days=None).update(contact_days=config_now().contact_days)
    promised = list(rows.order_by().values_list("contact_days", flat=True).distinct())
    count = 0
    for days in promised:
        over = rows.filter(contact_days=days, **{f"{closed_at}__lt": now - timedelta(days=days)})
        forget(over, "contact")
        count += over.update(contact="", traces=None)
    return count


def expire_receipts(now: datetime) -> int:
    """Expire the receipts of everything closed for a year, and answered for a year where a review was asked for, in every
    hotline.
    """
    before = now - timedelta(days=RECEIPT_DAYS_AFTER_CLOSING)
    expired = 0
    for hotline in hotlines():
        with scope(hotline=hotline.id), hotline_transaction():
            old = Report.objects.filter(closed_at__lt=before, receipt_hash__isnull=False)
            reviews = ReviewRequest.objects.filter(Q(settled_at=None) | Q(settled_at__gte=before))
            over = old.exclude(pk__in=reviews.values("report_id"))
            _mark_all(REPORT, over, hotline.id)
            reports = over.update(receipt_hash=None)
            done = OutsideAppeal.objects.filter(state="closed", state_changed_at__lt=before)
            over = done.filter(Q(report=None) | Q(report__closed_at__lt=before), receipt_hash__isnull=False)
            _mark_all(APPEAL, over, hotline.id)
            appeals = over.update(receipt_hash=None)
            if reports or appeals:
                facts = {"reports": reports, "appeals": appeals}
                record(
                    "receipts.expired",
                    actor=SYSTEM,
                    hotline_id=hotline.id,
                    subject=f"hotline:{hotline.id}",
                    facts=facts,
                )
            expired += reports + appeals
    return expired


def _mark_all(kind: str, rows: QuerySet[Any], hotline_id: int) -> None:
    for number in rows.values_list("pk", flat=True) if where.is_apart() else ():
        mark(kind, number, hotline_id)
