"""Look-ups for HMA clients: which banks match, and how the matches are written."""

from collections.abc import Collection, Iterable, Mapping
from random import Random, SystemRandom
from typing import Any

from leeward.hashbank.hma.asking import Asker
from leeward.hashbank.hma.queries import CONTENT_FROM, Entry, entries_of, ratios_of
from leeward.hashbank.queries import known_many
from leeward.hashbank.records.queries.altered import altered_known
from leeward.hashbank.records.rows import Known
from leeward.hashbank.records.windows import windows_here
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.rules.standing import CONFIRMED
from leeward.hashbank.uploads.services.checking import count_near
from leeward.matching.variants import Variant

type BankMatches = dict[str, list[dict[str, Any]]]
_THROWS = SystemRandom()


def find_matches(wanted: Mapping[str, Hash], banks: Collection[str] | None, asker: Asker) -> dict[str, list[Known]]:
    """Return the records that each hash matches, without look-alikes, and count the matches for the flood guard."""
    found = known_many([[one] for one in wanted.values()], banks=banks)
    count_near(found, asker.subscriber)
    return {name: [row for row in rows if not row.is_harmless] for name, rows in zip(wanted, found, strict=True)}


def matches_by_bank(
    found: Mapping[str, list[Known]], banks: Collection[str] | None, *, seed: str | None, bypass: bool = False
) -> dict[str, BankMatches]:
    """For each hash, return the banks that match, with their entries.

    What programs put into a program's bank answers only in the share of look-ups that its owner chose; each hash has its
    own draw, which a seed makes repeatable. What people and lists brought into it always answers.
    """
    entries = _entries(found, banks)
    ratios = ratios_of({one.bank for some in entries.values() for one in some})
    matches: dict[str, BankMatches] = {}
    for name, some in entries.items():
        throw = 0.0 if bypass else _throw(seed)
        matches[name] = {}
        for one in some:
            if one.is_on and (one.number < CONTENT_FROM or ratios.get(one.bank, 1.0) >= throw):
                matches[name].setdefault(one.bank, []).append(entry_json(one))
    return matches


def _throw(seed: str | None) -> float:
    """Draw a number from 0 to 1; for a seed, the same one that HMA draws."""
    return _THROWS.random() if seed is None else Random(seed).random()  # noqa: S311  # no secret: it is HMA's own number


def all_entries(rows: list[Known], banks: Collection[str] | None) -> list[Entry]:
    """Return every entry that a hash matches, including those that are switched off."""
    return _entries({"": rows}, banks)[""]


def _entries(found: Mapping[str, list[Known]], banks: Collection[str] | None) -> dict[str, list[Entry]]:
    """Read the entries of every hash's records in one query."""
    rows = {row.record_id: row for some in found.values() for row in some}
    of_record: dict[int, list[Entry]] = {}
    for one in entries_of(rows.values()):
        if banks is None or one.bank in banks:
            of_record.setdefault(one.known.record_id, []).append(one)
    return {
        name: [Entry(one.bank, one.number, one.is_on, row) for row in some for one in of_record.get(row.record_id, ())]
        for name, some in found.items()
    }


def entry_json(one: Entry) -> dict[str, Any]:
    """Write an entry as HMA does. Where a person has to check first, `advice` says so, which HMA itself does not have."""
    entry: dict[str, Any] = {"bank_content_id": one.number, "distance": str(one.known.distance_bits)}
    return entry if _is_plain(one.known) else entry | {"advice": "review"}


def _is_plain(row: Known) -> bool:
    return row.state == CONFIRMED and row.match in ("known", "near") and row.note is None


def altered_by_bank(variants: Iterable[Variant], banks: Collection[str] | None) -> BankMatches:
    """Return the banks of records that a picture matches once an alteration is undone. Each entry names the alteration
    and advises review by a person.
    """
    found = altered_known(list(variants), windows=windows_here())
    matches: BankMatches = {}
    by_record = {one.known.record_id: one for one in found}
    for entry in _entries({"": [one.known for one in found]}, banks)[""]:
        if entry.is_on:
            one = by_record[entry.known.record_id]
            values = {"bank_content_id": entry.number, "distance": str(one.distance_bits)}
            matches.setdefault(entry.bank, []).append(values | {"advice": "review", "alteration": one.alteration})
    return matches
