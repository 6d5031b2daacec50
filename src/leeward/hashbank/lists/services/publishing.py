"""A new version of a list: the signed folder that processes map, and the files that subscribers fetch."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import numpy as np

from leeward.audit.keys import sign
from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.hashbank.formats import Outgoing
from leeward.hashbank.lists.services.copying import make_copies, sweep_copies
from leeward.hashbank.lists.services.exporting import Selection, list_folder, list_named, outgoing, selection_of, signer
from leeward.hashbank.models import BankClock, ListVersion
from leeward.hashbank.queries import banks as bank_rows
from leeward.hashbank.scene import bank_transaction, hotline_here
from leeward.matching.hashing.licensed import LICENSED_BYTES
from leeward.matching.lists import DIGEST_BYTES, ListBank, ListContent, Manifest, write_list
from leeward.people.services import authorize


def publish_list(name: str, *, actor: Actor, now: datetime | None = None) -> int:
    """Write the current list as a signed state that any process can map; return its version. The previous one stays in
    use until the new one is complete.
    """
    authorize(actor, "hash.exchange", hotline_here())
    row, now = list_named(name), now or datetime.now(UTC)
    clock = BankClock.objects.filter(hotline_id=hotline_here()).first()
    revision = clock.revision if clock else 0
    last = ListVersion.objects.filter(list=row).order_by("-version").first()
    version = last.version + 1 if last else 1
    manifest = write_list(
        list_folder(name), _content(selection_of(row)), name=name, serial=version, made_at=now, signer=signer()
    )
    make_copies(row, version)
    with bank_transaction():
        ListVersion.objects.create(
            hotline_id=hotline_here(),
            list=row,
            version=version,
            revision=revision,
            made_at=now,
            entries=manifest.entries,
            bytes=sum(part.bytes for part in manifest.parts.values()),
            sha256=sha256(manifest.as_bytes()).hexdigest(),
            signature=_signature_of(manifest),
        )
        facts = {"version": version, "entries": manifest.entries, "revision": revision}
        audit("hash_list.published", actor=actor, hotline_id=hotline_here(), subject=f"hash_list:{row.pk}", facts=facts)
    sweep_copies(row, version)
    return version


def _signature_of(manifest: Manifest) -> str:
    return sign(b"leeward-hash-list 1\n" + manifest.as_bytes())


def _content(selection: Selection) -> ListContent:
    """Return the columns of a list; 10,000,000 records take about a gigabyte while it is made."""
    records: list[int] = []
    bank_of: list[int] = []
    class_of: list[int] = []
    words: dict[str, int] = {"": 0}
    digests: dict[str, tuple[bytearray, list[int]]] = {}
    licensed: dict[str, tuple[bytearray, list[int]]] = {}
    codes, code_rows = bytearray(), []
    there = {row.name: row for row in bank_rows()}
    for place, row in enumerate(outgoing(selection)):
        records.append(row.record_id)
        bank_of.append(there[row.bank].number)
        class_of.append(words.setdefault(_word_of(row), len(words)))
        for one in row.hashes:
            if one.kind in DIGEST_BYTES or one.kind in LICENSED_BYTES:
                of_its_sort = digests if one.kind in DIGEST_BYTES else licensed
                values, places = of_its_sort.setdefault(one.kind, (bytearray(), []))
                values += one.value
                places.append(place)
            elif one.kind in ("pdq", "pdq_nn512", "vpdq"):
                codes += one.value
                code_rows.append(place)
    return ListContent(
        records=np.array(records, np.uint64),
        bank_of=np.array(bank_of, np.uint16),
        classification_of=np.array(class_of, np.uint16),
        banks=[ListBank(row.number, row.name, row.radius, selection.harmless) for row in there.values()],
        classifications=list(words),
        digests=_columns(digests, DIGEST_BYTES),
        licensed=_columns(licensed, LICENSED_BYTES),
        codes=_codes(codes, 32),
        code_rows=np.array(code_rows, np.uint32),
    )


def _columns(found: Mapping[str, tuple[bytearray, list[int]]], sizes: Mapping[str, int]) -> dict[str, Any]:
    return {
        kind: (_codes(values, sizes[kind]), np.array(places, np.uint32)) for kind, (values, places) in found.items()
    }


def _codes(values: bytearray, size: int) -> Any:
    return np.frombuffer(bytes(values), np.uint8).reshape(-1, size)


def _word_of(row: Outgoing) -> str:
    return next(
        (f"{scheme}:{row.classification[scheme]}" for scheme in ("uk", "a1_b2") if scheme in row.classification), ""
    )
