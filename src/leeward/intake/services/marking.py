"""Noting, in the caller's transaction, that what a receipt shows has changed: where the public face has its own database, the card
is written anew soon after."""

from leeward.intake.models import OutsideAppeal
from leeward.intake.rules.card import APPEAL, REPORT
from leeward.spool import where
from leeward.spool.services import mark


def report_changed(report_id: int, hotline_id: int) -> None:
    """Note it of a report, and of the request that it came with."""
    if not where.is_apart():
        return
    mark(REPORT, report_id, hotline_id)
    for number in OutsideAppeal.objects.filter(report_id=report_id).values_list("pk", flat=True):
        mark(APPEAL, number, hotline_id)


def appeal_changed(appeal_id: int, hotline_id: int) -> None:
    """Note it of a request from outside."""
    mark(APPEAL, appeal_id, hotline_id)
