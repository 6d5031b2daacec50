"""What the receipt and the page behind it say about one report, both derived from the stored report."""

from typing import Any

from leeward.intake.next_steps import next_step_values
from leeward.intake.promised import promised
from leeward.intake.queries import ReportRow
from leeward.intake.rules.card import ReportCard
from leeward.intake.rules.next_step import Situation
from leeward.intake.rules.receipt_claims import Reported, on_receipt
from leeward.people.queries import PortalRow
from leeward.people.rules.modes import POST_BOX
from leeward.people.rules.police_words import sentences


def receipt_values(portal: PortalRow, report: ReportRow | ReportCard, *, easy: bool = False) -> dict[str, Any]:
    """Return the sentences that are true of this report (`says`), how long the first assessment may take (`time`), what
    helps now (`next`), and who it is about.
    """
    time = promised("urgent_assessment", portal.id) if report.urgency else ""
    says = on_receipt(
        Reported(
            kind=report.kind,
            is_own=report.is_own_picture,
            is_quiet=report.is_quiet,
            urgency=report.urgency,
            young=report.under_18,
            post_box=portal.mode == POST_BOX,
            moment=portal.police_on_danger if report.urgency == "danger" else portal.police_on_urgent,
            has_number=bool(portal.emergency_number),
            has_time=bool(time),
        )
    )
    return {
        **next_step_values(portal, _situation(portal, report), easy=easy),
        "says": says,
        "time": time,
        "danger_now": report.urgency == "danger",
        "young": report.under_18,
        "own": report.is_own_picture,
    }


def _situation(portal: PortalRow, report: ReportRow | ReportCard) -> Situation:
    return Situation(
        kind=report.kind,
        young=report.under_18,
        is_threatened=report.urgency in ("contact", "threat"),
        in_danger=report.urgency == "danger",
        offers_own_picture=portal.offers_own_picture,
        has_police_page=bool(sentences(portal.police_words)),
    )
