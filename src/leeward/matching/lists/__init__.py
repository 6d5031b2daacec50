"""Hash lists as signed, mapped snapshots, and look-ups in them; see README.md beside this file."""

from leeward.matching.lists.answers import Answer, Match
from leeward.matching.lists.banks import Advice, ListBank
from leeward.matching.lists.digests import DIGEST_BYTES, Lookup, lookup_of
from leeward.matching.lists.errors import HashListRefused, HashRefused
from leeward.matching.lists.manifest import Manifest, Signer, read_manifest
from leeward.matching.lists.matcher import UPLOAD_LIMITS, Matcher, hash_for_lookup
from leeward.matching.lists.opened import ListHit, OpenedList, open_list
from leeward.matching.lists.writing import ListContent, write_list

__all__ = [
    "DIGEST_BYTES",
    "UPLOAD_LIMITS",
    "Advice",
    "Answer",
    "HashListRefused",
    "HashRefused",
    "ListBank",
    "ListContent",
    "ListHit",
    "Lookup",
    "Manifest",
    "Match",
    "Matcher",
    "OpenedList",
    "Signer",
    "hash_for_lookup",
    "lookup_of",
    "open_list",
    "read_manifest",
    "write_list",
]
