"""A bank of the hash bank as a list: what counts of it now, copied for the processes of a scan."""

import hashlib
from pathlib import Path

from leeward.scanning.errors import ListRefused
from leeward.scanning.lists.compiled import ListFiles, LookAlikes, written
from leeward.scanning.lists.reading import KIND_BYTES, Hashes

_SAME_AS = {"pdq_nn512": "pdq", "vpdq": "pdq", "ed2k_alt": "ed2k"}


def bank_list(name: str, folder: Path) -> ListFiles:
    """Write what is confirmed of a bank to `folder`; `id` of a match is the number of the record. What sources contradict each other about is left
    out; look-alikes are those of every bank. Runs in a hotline's scope.

    Raises NotFound, ListRefused for a bank that is paused, harmless or has nothing that can be compared.
    """
    from leeward.hashbank.queries import bank_named, banks, hashes_that_count
    from leeward.hashbank.rules.standing import CONFIRMED, HARMLESS_STATE

    bank = bank_named(name)
    if bank.harmless or bank.paused_until is not None:
        raise ListRefused(name, "it holds harmless look-alikes" if bank.harmless else "it is paused")
    hashes, mark = Hashes(), hashlib.sha256()
    for record_id, name_of_kind, value in hashes_that_count(name, (CONFIRMED,)):
        kind = _SAME_AS.get(name_of_kind, name_of_kind)
        if kind in KIND_BYTES:
            hashes.add(kind, value, record_id)
            mark.update(b"%d %s " % (record_id, kind.encode()) + value)
    if not hashes.codes:
        raise ListRefused(name, "it has no hash that can be compared")
    codes = [
        value
        for one in banks()
        if one.paused_until is None
        for _, kind, value in hashes_that_count(one.name, (HARMLESS_STATE,))
        if _SAME_AS.get(kind, kind) == "pdq"
    ]
    return written(hashes, name, mark.hexdigest(), folder, LookAlikes(bank.radius, b"".join(codes)))
