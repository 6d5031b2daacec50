"""Contacts, what they were told and answered; the outbox and the mailbox."""

from leeward.notices.models.cases import (
    NOTICE_CASE_STATES,
    NOTICE_KINDS,
    NOTICE_STATES,
    REFERRAL_KINDS,
    REPLIES,
    TO_POLICE,
    TOLD_HOW,
    WITHDRAWN_AFTER_REVIEW,
    Notice,
    NoticeCase,
    NoticeItem,
    Referral,
    Reply,
)
from leeward.notices.models.contacts import CONTACT_KINDS, Contact
from leeward.notices.models.messages import (
    ALERTS,
    MESSAGE_KINDS,
    MESSAGE_STATES,
    MOST_SUBJECT,
    SET_ASIDE,
    Alert,
    AlertCase,
    InboundMail,
    Message,
    SentSince,
    SentSource,
)
from leeward.notices.models.names import NameAct
from leeward.notices.models.payments import PaymentAlert, PaymentAlertCase
from leeward.notices.models.wordings import StaffNote, Wording

__all__ = [
    "ALERTS",
    "CONTACT_KINDS",
    "MESSAGE_KINDS",
    "MESSAGE_STATES",
    "MOST_SUBJECT",
    "NOTICE_CASE_STATES",
    "NOTICE_KINDS",
    "NOTICE_STATES",
    "REFERRAL_KINDS",
    "REPLIES",
    "SET_ASIDE",
    "TOLD_HOW",
    "TO_POLICE",
    "WITHDRAWN_AFTER_REVIEW",
    "Alert",
    "AlertCase",
    "Contact",
    "InboundMail",
    "Message",
    "NameAct",
    "Notice",
    "NoticeCase",
    "NoticeItem",
    "PaymentAlert",
    "PaymentAlertCase",
    "Referral",
    "Reply",
    "SentSince",
    "SentSource",
    "StaffNote",
    "Wording",
]
