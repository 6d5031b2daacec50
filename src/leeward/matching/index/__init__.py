"""Exact Hamming search of binary codes; see README.md beside this file."""

from leeward.matching.index.banks import Bank
from leeward.matching.index.codes import CodesRead, as_codes, parse_codes, read_codes
from leeward.matching.index.errors import BankUnknown, CodesRefused, IndexRefused
from leeward.matching.index.hits import Hit, Hits
from leeward.matching.index.live import Index
from leeward.matching.index.plan import MAX_RADIUS

__all__ = [
    "MAX_RADIUS",
    "Bank",
    "BankUnknown",
    "CodesRead",
    "CodesRefused",
    "Hit",
    "Hits",
    "Index",
    "IndexRefused",
    "as_codes",
    "parse_codes",
    "read_codes",
]
