"""A portal's written procedure, generated from its settings: how it decides, what is kept, who may appeal, how long it
takes.
"""

from dataclasses import dataclass
from datetime import datetime

from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services.sampling import rates_of
from leeward.clocks.labels import amount_words
from leeward.clocks.queries import rules_of
from leeward.clocks.rules.due import Rule
from leeward.installation.queries import config_now
from leeward.intake.services.forgetting import RECEIPT_DAYS_AFTER_CLOSING
from leeward.laws.queries import time_to_tell_police
from leeward.people.queries import PortalRow
from leeward.people.rules.modes import POST_BOX
from leeward.people.rules.police_moments import AFTER_ASSESSMENT


@dataclass(frozen=True, slots=True)
class Times:
    """How long each step may take, by the portal's rules, in words."""

    first_assessment: str
    urgent: str
    urgent_police: str
    police: str
    host_hours: int
    hold_days: int
    appeal: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """Everything that the page shows."""

    is_post_box: bool
    times: Times
    rates: Rates
    known_percent: int
    contact_days: int
    receipt_days: int


def procedure_of(portal: PortalRow, now: datetime) -> Procedure:
    """Return the procedure of a portal as currently set. Three queries."""
    config = config_now()
    return Procedure(
        is_post_box=portal.mode == POST_BOX,
        times=times_of(portal, now),
        rates=rates_of(portal.hotline_id),
        known_percent=config.known_sample_percent,
        contact_days=config.contact_days,
        receipt_days=RECEIPT_DAYS_AFTER_CLOSING,
    )


def times_of(portal: PortalRow, now: datetime) -> Times:
    """Return the times that apply in a portal; for the police, the law's time where that is shorter."""
    rules = {kind: row.rule for kind, row in rules_of(portal.id).items()}
    law = time_to_tell_police(portal.country, now.date())
    police = rules["police_told"]
    if law is not None and law.hours is not None and law.hours < police.hours_at_least:
        police = Rule(law.hours)
    return Times(
        first_assessment=amount_words(rules["first_assessment"]),
        urgent=amount_words(rules["urgent_assessment"]),
        urgent_police=amount_words(rules["urgent_told"]) if portal.police_on_danger != AFTER_ASSESSMENT else "",
        police=amount_words(police),
        host_hours=round(config_now().police_wait_hours),
        hold_days=config_now().hold_most_days,
        appeal=amount_words(rules["appeal"]),
    )
