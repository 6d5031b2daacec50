"""Reads what a report asks money for."""

from leeward.intake import queries as intake_queries
from leeward.payments import services as payments_services
from leeward.payments.rules.finding import find
from leeward.people.queries import portal

REPORT, LOCATION = "report", "location"


def note_report(report_id: int) -> int:
    """Keep what a report and what its reporter added ask money for; return how much of it is new. Idempotent."""
    report = intake_queries.report(report_id)
    answers = [one.text for one in intake_queries.messages_of(report_id) if one.direction != "question"]
    named = [item.typed for item in intake_queries.items_of(report_id)]
    found = find("\n".join([*named, report.where, report.text, *answers]), country=portal(report.portal_id).country)
    return payments_services.note(
        found, hotline_id=report.hotline_id, place=REPORT, number=report_id, at=report.received_at, counts_again=False
    )


def forget_report(report_id: int) -> int:
    """Delete what only a report asked money for; return how much it named."""
    report = intake_queries.report(report_id)
    return payments_services.forget(hotline_id=report.hotline_id, place=REPORT, number=report_id)
