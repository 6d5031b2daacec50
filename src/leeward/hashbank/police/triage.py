"""Sort a seizure into the order in which an officer should view it: a million hashes in, a sorted list out, with most
data kept on disk.

The sections are: known (illegal, no need to look); near (looks like known material, or sources disagree about it);
altered (looks like it once a frame, crop or similar is undone, from rows of `leeward hash --variants`; for review by a
person); unknown (first those that look like known files of the same seizure, then the largest groups); harmless (known
look-alikes, no need to look); unreadable (no hash). A *group* is a set of files that look alike (chains of pictures up
to 31 bits apart).
"""

import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from leeward.foundation.names import json_row
from leeward.matching.index import Index
from leeward.matching.lists import HashRefused, Lookup, lookup_of

SECTIONS = ("known", "near", "altered", "unknown", "harmless", "unreadable")
KNOWN, NEAR, ALTERED, UNKNOWN, HARMLESS, UNREADABLE = range(6)
BATCH = 1000
GROUP_BITS = 31
_CODE_BYTES = 32
_QUERIES = 2000
type Ask = Callable[[Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]]
type Progress = Callable[[int], None]


@dataclass(slots=True)
class _Seen:
    """What is kept in memory for each row: its section, its place in the spool, and its place among the codes (-1:
    none).
    """

    sections: "array[int]"
    places: "array[int]"
    code_of: "array[int]"
    codes: bytearray


def triage(
    rows: Iterable[Mapping[str, Any]], ask: Ask, out: IO[str], *, progress: Progress | None = None
) -> dict[str, int]:
    """Ask about rows in batches and write them to `out`, sorted, as one JSON object per line; return how many are in
    each section.

    `ask` answers at most 1,000 rows; `progress(done)` reports the rows asked. Only a few numbers and the picture hash
    of each row are kept in memory: a million rows take some 500 MB while they are grouped.
    """
    with tempfile.TemporaryDirectory(prefix="leeward-triage-") as folder, (Path(folder) / "rows").open("w+b") as spool:
        seen = _spooled(rows, ask, spool, progress or (lambda done: None))
        groups = _groups(seen, Path(folder))
        _write(seen, groups, spool, out)
    counted = Counter(seen.sections)
    return {name: counted[number] for number, name in enumerate(SECTIONS)}


def _spooled(rows: Iterable[Mapping[str, Any]], ask: Ask, spool: IO[bytes], progress: Progress) -> _Seen:
    """Ask about every row; write rows and answers to the spool."""
    seen = _Seen(array("b"), array("Q"), array("q"), bytearray())
    for batch in batched(rows, BATCH):
        answers = iter(ask([row for row in batch if "unreadable" not in row]) if _is_any_readable(batch) else ())
        for row in batch:
            answer: Mapping[str, Any] = {"note": row["unreadable"]} if "unreadable" in row else next(answers)
            section, code = _judged(row, answer)
            seen.sections.append(section)
            seen.places.append(spool.tell())
            seen.code_of.append(len(seen.codes) // _CODE_BYTES if code else -1)
            seen.codes += code
            filled = {name: value for name, value in answer.items() if value not in (None, [], {}, "", False)}
            line = {"section": SECTIONS[section], "path": row.get("path") or row.get("name")} | _shown(row) | filled
            spool.write(json_row(line).encode() + b"\n")
        progress(len(seen.sections))
    return seen


def _is_any_readable(batch: Sequence[Mapping[str, Any]]) -> bool:
    return any("unreadable" not in row for row in batch)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields by which a row without a name can be found again."""
    if row.get("path") or row.get("name"):
        return {}
    return {kind: row[kind] for kind in ("sha256", "sha1", "md5", "pdq") if row.get(kind)}


def _judged(row: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[int, bytes]:
    """Return the section of a row and its picture code (empty for none)."""
    try:
        lookup = lookup_of(row) if "unreadable" not in row else Lookup()
    except HashRefused:
        return UNREADABLE, b""
    code = lookup.codes[0] if lookup.codes and not _is_bare(row) else b""
    if "unreadable" in row:
        return UNREADABLE, b""
    if answer.get("is_harmless"):
        return HARMLESS, code
    if answer.get("is_conflict"):
        return NEAR, code
    return {"known": KNOWN, "near": NEAR, "altered": ALTERED}.get(str(answer.get("match")), UNKNOWN), code


def _is_bare(row: Mapping[str, Any]) -> bool:
    """Return whether its PDQ code is only a guess: 64 digits that could equally be a SHA-256."""
    return row.get("pdq") is not None and row.get("pdq") == row.get("sha256") and "quality" not in row


def _groups(seen: _Seen, folder: Path) -> NDArray[np.int64]:
    """Return the group of every row as the index of its first code; -1 for rows that resemble no other."""
    codes = np.frombuffer(bytes(seen.codes), np.uint8).reshape(-1, _CODE_BYTES)
    row_codes = np.array(seen.code_of, np.int64)
    groups = np.full(len(row_codes), -1, np.int64)
    if not len(codes):
        return groups
    unique, back = np.unique(codes, axis=0, return_inverse=True)
    parents = list(range(len(unique)))
    index = Index.build(folder / "codes.index", np.ascontiguousarray(unique))
    for start in range(0, len(unique), _QUERIES):
        hits = index.search(np.ascontiguousarray(unique[start : start + _QUERIES]), GROUP_BITS)
        for query, other in zip((hits.query + start).tolist(), hits.id.tolist(), strict=True):
            if other < query:
                _join(parents, query, other)
    roots = np.array([_root(parents, number) for number in range(len(unique))], np.int64)[back.reshape(-1)]
    has_code = row_codes >= 0
    groups[has_code] = roots[row_codes[has_code]]
    sizes = np.bincount(groups[has_code])
    groups[has_code] = np.where(sizes[groups[has_code]] > 1, groups[has_code], -1)
    return groups


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def _join(parents: list[int], one: int, other: int) -> None:
    first, second = _root(parents, one), _root(parents, other)
    parents[max(first, second)] = min(first, second)


def _write(seen: _Seen, groups: NDArray[np.int64], spool: IO[bytes], out: IO[str]) -> None:
    """Write the rows in order, each with its group, the group's size, and whether the group contains known material."""
    sections = np.array(seen.sections, np.int64)
    most = int(groups.max(initial=-1)) + 2
    sizes = np.bincount(groups + 1, minlength=most)[groups + 1]
    with_known = np.zeros(most, np.bool_)
    with_known[groups[(sections <= NEAR) & (groups >= 0)] + 1] = True
    is_with_known = with_known[groups + 1]
    sizes[groups < 0] = 1
    order = np.lexsort((np.arange(len(sections)), groups, -sizes, ~is_with_known, sections))
    numbers: dict[int, int] = {}
    for row in order.tolist():
        spool.seek(seen.places[row])
        line = spool.readline().decode().rstrip("\n")
        group = int(groups[row])
        if group >= 0:
            number = numbers.setdefault(group, len(numbers) + 1)
            known = str(bool(is_with_known[row])).lower()
            line = f'{line[:-1]}, "group": {number}, "group_size": {int(sizes[row])}, "group_has_known": {known}}}'
        out.write(line + "\n")
