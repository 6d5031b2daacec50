"""Services of intake. All but the two that forget work in the hotline's scope."""

from leeward.intake.services.appealing import RELATIONS, SHOWN, KeptAppeal, ask_from_outside, withdraw_appeal
from leeward.intake.services.asking import ask_reporter, keep_question, switch_question, withdraw_question
from leeward.intake.services.following import (
    Added,
    add_to_report,
    answer_question,
    ask_for_review,
    fingerprints_listed,
    withdraw_report,
)
from leeward.intake.services.forgetting import erase_contacts, expire_receipts
from leeward.intake.services.importing import Imported, import_reports_csv
from leeward.intake.services.item_updates import settle_appeal, settle_review, tell_reporter
from leeward.intake.services.marking import appeal_changed, report_changed
from leeward.intake.services.put_back import withdraw_again, without_receipts
from leeward.intake.services.receiving import (
    PARTNER,
    PEER,
    PROVIDER,
    SOURCES_OF_STAFF,
    TIP,
    Arrival,
    Received,
    add_from_elsewhere,
    enter_report,
    may_be_sent,
    receive_from_elsewhere,
    receive_from_partner,
    receive_report,
)
from leeward.intake.services.rehearsing import is_rehearsal_pass, rehearsal_pass
from leeward.intake.services.stating import add_statement
from leeward.intake.services.texting import FORGET_STOPPED, Answered, forget_stopped, forget_talks, take_text

__all__ = [
    "FORGET_STOPPED",
    "PARTNER",
    "PEER",
    "PROVIDER",
    "RELATIONS",
    "SHOWN",
    "SOURCES_OF_STAFF",
    "TIP",
    "Added",
    "Answered",
    "Arrival",
    "Imported",
    "KeptAppeal",
    "Received",
    "add_from_elsewhere",
    "add_statement",
    "add_to_report",
    "answer_question",
    "appeal_changed",
    "ask_for_review",
    "ask_from_outside",
    "ask_reporter",
    "enter_report",
    "erase_contacts",
    "expire_receipts",
    "fingerprints_listed",
    "forget_stopped",
    "forget_talks",
    "import_reports_csv",
    "is_rehearsal_pass",
    "keep_question",
    "may_be_sent",
    "receive_from_elsewhere",
    "receive_from_partner",
    "receive_report",
    "rehearsal_pass",
    "report_changed",
    "settle_appeal",
    "settle_review",
    "switch_question",
    "take_text",
    "tell_reporter",
    "withdraw_again",
    "withdraw_appeal",
    "withdraw_question",
    "withdraw_report",
    "without_receipts",
]  # fmt: skip
