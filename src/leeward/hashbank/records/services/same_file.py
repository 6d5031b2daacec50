"""Find the record of a file by its hashes."""

from collections.abc import Iterable, Mapping

from leeward.hashbank.errors import HashesDisagree
from leeward.hashbank.models import Record, RecordHash
from leeward.hashbank.records.services.uniting import differing_kind, prints_of, unite
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, Hash, key_of
from leeward.hashbank.scene import hotline_here


def same_file(hashes: Iterable[Hash], *, revision: int | None = None) -> Record | None:
    """Return the record of the same file, or None.

    It has an equal hash of the file, or an equal picture hash where neither side has anything stronger. Several records
    that are one file are united, within a bank transaction with this revision; without one, the first is returned.
    Raises HashesDisagree where one kind is equal and another differs.
    """
    given = list(hashes)
    by_kind = {one.kind: one.value for one in given}
    exact = [one for one in given if KINDS[one.kind].is_exact]
    rows = RecordHash.objects.filter(hotline_id=hotline_here())
    there: dict[int, Record] = {}
    for one in exact:
        same = rows.filter(key=key_of(one.value), kind=KINDS[one.kind].number, value=one.value)
        there |= {found.record_id: found.record for found in same.select_related("record")}
    for row in there.values():
        _refuse_other_file(row, by_kind)
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


def _refuse_other_file(row: Record, by_kind: Mapping[str, bytes]) -> None:
    for kind, value in row.hashes.values_list("kind", "value"):
        name = KIND_NAMES[kind]
        if KINDS[name].is_exact and by_kind.get(name, bytes(value)) != bytes(value):
            raise HashesDisagree(kind=name, record=row.pk)
