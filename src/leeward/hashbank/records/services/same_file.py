"""Find the record of a file by its hashes."""

from collections.abc import Iterable, Mapping, Set

from leeward.hashbank.errors import HashesDisagree
from leeward.hashbank.models import Record, RecordHash
from leeward.hashbank.records.services.uniting import Print, differing_kind, prints_of, unite
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, Hash, key_of
from leeward.hashbank.scene import hotline_here


def same_file(hashes: Iterable[Hash], *, revision: int | None = None, is_hashed_here: bool = False) -> Record | None:
    """Return the record of the same file, or None.

    It has an equal hash of the file, or an equal picture hash where neither side has anything stronger. Several records
    that are one file are united, within a bank transaction with this revision; without one, the first is returned.
    A record with one digest of a file that was hashed here and another that is not the file's is no record of it,
    whoever says so; of hashes that are only stated, HashesDisagree is raised there.
    """
    given = list(hashes)
    exact = [one for one in given if KINDS[one.kind].is_exact]
    rows = RecordHash.objects.filter(hotline_id=hotline_here())
    there: dict[int, Record] = {}
    for one in exact:
        same = rows.filter(key=key_of(one.value), kind=KINDS[one.kind].number, value=one.value)
        there |= {found.record_id: found.record for found in same.select_related("record")}
    there = _of_this_file(there, {(KINDS[one.kind].number, one.value) for one in exact}, is_hashed_here=is_hashed_here)
    if len(there) > 1 and revision is not None:
        if differs := differing_kind(prints_of(there).values()):
            raise HashesDisagree(kind=differs, record=max(there))
        return Record.objects.get(pk=unite(there, revision=revision))
    if exact:
        return there[min(there)] if there else None
    for one in given:
        for found in rows.filter(key=key_of(one.value), kind=KINDS[one.kind].number, value=one.value).select_related(
            "record"
        )[:20]:
            kinds = found.record.hashes.values_list("kind", flat=True)
            if not any(KINDS[KIND_NAMES[kind]].is_exact for kind in kinds):
                return found.record
    return None


def _of_this_file(there: Mapping[int, Record], digests: Set[Print], *, is_hashed_here: bool) -> dict[int, Record]:
    """Leave out records of other files, or raise HashesDisagree. Where records share a digest, those count that have
    every digest of the file; the newest of them, because it was added by somebody who had the file.
    """
    held = prints_of(there)
    if whole := [number for number, prints in held.items() if digests <= set(prints)]:
        return {max(whole): there[max(whole)]}
    differing = {number: kind for number, prints in held.items() if (kind := differing_kind([prints, digests]))}
    if differing and not is_hashed_here:
        raise HashesDisagree(kind=differing[min(differing)], record=min(differing))
    return {number: row for number, row in there.items() if number not in differing}
