"""The hash bank's tables. They are built for ten million hashes, so every index serves a particular list or look-up."""

from leeward.hashbank.models.clients import ClientBank, ClientContent, ClientExchange
from leeward.hashbank.models.doubts import Feedback, MatchCount, Quarantine, VoteChange
from leeward.hashbank.models.inquiries import Inquiry, InquiryMatch
from leeward.hashbank.models.lists import HashList, Import, ListReader, ListVersion, Upload
from leeward.hashbank.models.own_pictures import OwnPictureHash
from leeward.hashbank.models.records import (
    Bank,
    BankClock,
    HashCount,
    IndexChange,
    Investigation,
    Membership,
    Record,
    RecordHash,
    RecordWindow,
    Ruling,
    Sighting,
    Source,
    SourceChange,
    Vote,
)
from leeward.hashbank.models.sources import LiveSource, SourceFeedback

__all__ = [
    "Bank",
    "BankClock",
    "ClientBank",
    "ClientContent",
    "ClientExchange",
    "Feedback",
    "HashCount",
    "HashList",
    "Import",
    "IndexChange",
    "Inquiry",
    "InquiryMatch",
    "Investigation",
    "ListReader",
    "ListVersion",
    "LiveSource",
    "MatchCount",
    "Membership",
    "OwnPictureHash",
    "Quarantine",
    "Record",
    "RecordHash",
    "RecordWindow",
    "Ruling",
    "Sighting",
    "Source",
    "SourceChange",
    "SourceFeedback",
    "Upload",
    "Vote",
    "VoteChange",
]
