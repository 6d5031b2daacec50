"""The upload check: look up files or their hashes. Files stay in memory; nothing of them is stored or logged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from leeward.foundation.watch import untimed
from leeward.hashbank.own_pictures.queries import nearest_own
from leeward.hashbank.own_pictures.services import note_own_matches
from leeward.hashbank.queries import RADIUS, known_many
from leeward.hashbank.records.licensed import hashers
from leeward.hashbank.records.queries.altered import altered_known
from leeward.hashbank.records.rows import AlteredKnown, Known
from leeward.hashbank.records.services.guarding import note_matches
from leeward.hashbank.records.windows import windows_here
from leeward.hashbank.rules.altered import altered_answer
from leeward.hashbank.rules.answers import answer_of, own_picture_answer
from leeward.hashbank.rules.kinds import BLANK_BELOW, Hash
from leeward.matching.index import Index
from leeward.matching.lists import Answer, HashRefused, Lookup, hash_for_lookup, lookup_of
from leeward.matching.lists.answers import unreadable
from leeward.people.queries import TokenRow

UNVOUCHED = "keys whose holder is not confirmed"
"""The one subscriber that these keys are."""
BROKEN = "it could not be decoded"
FILE_KINDS = ("md5", "sha1", "sha256")
"""The digests computed for an uploaded file; a list with other digests has one of these too."""


@cache
def _need_kernels() -> None:
    """Load what hashes and searches. Where no earlier process has compiled it, that takes 10 s of a processor, once: a request
    that waits for it doesn't hang."""
    with untimed():
        for name in ("hashing", "index", "variants"):
            import_module(f"leeward.matching.{name}.kernels")


def subscriber_of(key: TokenRow) -> str:
    """Return the subscriber behind a key, for the flood guard and for feedback: the keys of one agency are one, and so
    are all keys of which no two people say who holds them.
    """
    return " ".join(key.holder.split()).casefold()[:80] if key.is_vouched else UNVOUCHED


def check_files(files: Sequence[bytes], *, subscriber: str, own_pictures: bool = False) -> list[Answer]:
    """Return an answer for each file that a subscriber sends; a broken file gets an answer that says so.

    `own_pictures`: the subscriber agreed to how fingerprints of people's own pictures are treated, so they count, too.
    """
    _need_kernels()
    licensed = tuple(hashers().values())
    lookups = [hash_for_lookup(data, kinds=FILE_KINDS, altered=True, licensed=licensed) for data in files]
    return _answers(lookups, subscriber, own_pictures=own_pictures)


def look_up_file(data: bytes, *, radius: int = RADIUS) -> tuple[list[Known], AlteredKnown | None]:
    """Look a file up; if nothing is known of it, also return the nearest record that it matches once an alteration is
    undone.

    Raises HashRefused for a picture or video that can't be checked.
    """
    _need_kernels()
    lookup = hash_for_lookup(data, altered=True, licensed=tuple(hashers().values()))
    rows = known_many([hashes_of(lookup)], radius=radius)[0]
    if not rows and lookup.is_broken:
        raise HashRefused(lookup.note or BROKEN)
    altered = [] if rows else altered_known(lookup.variants, codes=lookup.codes, windows=windows_here())
    return rows, altered[0] if altered else None


def check_rows(rows: Sequence[Mapping[str, Any]], *, subscriber: str, own_pictures: bool = False) -> list[Answer]:
    """Return an answer for each row of hashes as `leeward hash --json` prints them; an unreadable row gets an answer
    saying why. `own_pictures` as for `check_files`.
    """
    _need_kernels()
    read = [readable(row) for row in rows]
    lookups = [one for one in read if isinstance(one, Lookup)]
    answered = iter(_answers(lookups, subscriber, own_pictures=own_pictures))
    return [next(answered) if isinstance(one, Lookup) else one for one in read]


def readable(row: Mapping[str, Any]) -> Lookup | Answer:
    """Parse a row, or return the answer that says why it can't be read."""
    try:
        return lookup_of(row)
    except HashRefused as error:
        return unreadable(error.why)


def hashes_of(lookup: Lookup) -> tuple[Hash, ...]:
    """Return the queried hashes as the bank's own; an ed2k hash may follow either convention."""
    exact = [Hash(kind, raw) for kind, raw in lookup.digests]
    exact += [Hash("ed2k_alt", raw) for kind, raw in lookup.digests if kind == "ed2k"]
    licensed = [Hash(kind, code) for kind, code in lookup.licensed]
    dull = [Hash("pdq", code, BLANK_BELOW) for code in lookup.dull]
    return (*exact, *(Hash("pdq", code) for code in lookup.codes), *dull, *licensed)


def _answers(lookups: Sequence[Lookup], subscriber: str, *, own_pictures: bool) -> list[Answer]:
    found = known_many([hashes_of(one) for one in lookups])
    count_near(found, subscriber)
    windows = windows_here() if not all(found) else None
    answers = [
        answer_of(one, rows) if rows else _weakly(one, windows) for one, rows in zip(lookups, found, strict=True)
    ]
    return _with_own_pictures(lookups, found, answers) if own_pictures else answers


def _with_own_pictures(
    lookups: Sequence[Lookup], found: Sequence[Sequence[Known]], answers: list[Answer]
) -> list[Answer]:
    """Return the answers, those of files about which the bank knows nothing with what people sent of own pictures."""
    unknown = [place for place, rows in enumerate(found) if not rows and answers[place].match == "none"]
    nearest = zip(unknown, nearest_own([lookups[place] for place in unknown]), strict=True)
    near = [(place, one) for place, one in nearest if one is not None]
    common = note_own_matches(Counter(one.hash_id for _place, one in near)) if near else set()
    for place, one in near:
        answers[place] = own_picture_answer(one.bits, answers[place].note, is_common=one.hash_id in common)
    return answers


def _weakly(lookup: Lookup, windows: Index | None) -> Answer:
    """Return the answer for a file without a direct match: what it is once an alteration is undone, or the known
    picture that it is a part of.
    """
    altered = altered_known(lookup.variants, codes=lookup.codes, windows=windows)
    return altered_answer(lookup, altered[0]) if altered else answer_of(lookup, [])


def count_near(found: Sequence[Sequence[Known]], subscriber: str) -> None:
    """Report a subscriber's matches of picture hashes to the flood guard."""
    counts = Counter(
        hash_id
        for rows in found
        for row in rows
        if not row.is_same_file and not row.is_harmless
        for hash_id in row.hash_ids
    )
    if counts:
        note_matches(counts, subscriber=subscriber)
