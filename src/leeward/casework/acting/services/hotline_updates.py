"""What other hotlines are told about a case: its report, and what was done here about what they reported."""

from dataclasses import replace
from datetime import datetime

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.queries.abroad import exchanges_about, may_report, police_come_first, preview_of
from leeward.casework.errors import NotForHotlines
from leeward.casework.models import Case
from leeward.casework.queries import reports_of
from leeward.casework.steps import locked_case, renew_claim
from leeward.exchange import services as exchange_services
from leeward.exchange.errors import NoPeerForIt
from leeward.exchange.rules.routing import REASONS
from leeward.foundation.actor import Actor
from leeward.notices.errors import PoliceComeFirst


def report_abroad(case_id: int, *, peer_id: int, text: str, language: str, actor: Actor) -> int:
    """Report a case to the hotline that its preview named; return the exchange's number. Raises NotForHotlines where it
    is not decided, PoliceComeFirst where they don't have it or didn't let others be told, NoPeerForIt where it would go to another by
    now."""
    with hotline_transaction():
        case = locked_case(case_id)
        if not may_report(case, exchanges_about(case)):
            raise NotForHotlines
        if police_come_first(case):
            raise PoliceComeFirst
        preview = preview_of(case)
        if preview.route.peer_id != peer_id:
            raise NoPeerForIt(why=REASONS[preview.route.reason])
        renew_claim(case, actor)
        case.save(update_fields=["claimed_until"])
        offer = replace(preview.offer, text=text.strip(), language=language)
        return exchange_services.report_item(
            offer, case_id=case.pk, peer_id=peer_id, hotline_id=case.hotline_id, actor=actor
        )


def tell_what_was_done(case: Case, what: str, at: datetime) -> None:
    """Tell the hotlines that reported a case what was done about it here, in the caller's transaction. Safe to repeat."""
    exchange_services.say_done([row.id for row in reports_of(case.pk)], what, at)


def tell_it_is_not_so(case: Case, what: str) -> None:
    """Tell the hotlines that reported a case that something they heard was done (`tell_what_was_done`) isn't so: it is back, or the police's
    letter came back. In the caller's transaction."""
    exchange_services.say_undone([row.id for row in reports_of(case.pk)], what)


def tell_what_was_done_before(case: Case) -> None:
    """Tell hotlines whose report joined a case what had been done about it by then. Safe to repeat."""
    for what, at in _done(case).items():
        if at is not None:
            tell_what_was_done(case, what, at)


def tell_what_is_so(case: Case) -> None:
    """Tell hotlines whose report left another case for this one what was done about this one, and take back what they heard by itself of the
    other and isn't so of this. In the caller's transaction; safe to repeat."""
    reports = [row.id for row in reports_of(case.pk)]
    for what, at in _done(case).items():
        if at is None:
            exchange_services.say_undone(reports, what, only_by_itself=True)
    tell_what_was_done_before(case)


def _done(case: Case) -> dict[str, datetime | None]:
    return {"police_told": case.police_told_at, "host_told": case.host_told_at, "removed": case.removed_at}
