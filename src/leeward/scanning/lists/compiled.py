"""A list in the form that processes share: sorted digests as .npy files, pictures as an index; and how it gets there."""

import hashlib
import json
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leeward.matching.hashing.licensed import LICENSED_BYTES
from leeward.matching.index import MAX_RADIUS, Bank, Index, IndexRefused
from leeward.matching.lists import HashListRefused, open_list
from leeward.scanning.errors import ListRefused
from leeward.scanning.lists.reading import BadLine, Hashes, read_hashes

INDEX_MAGIC = b"\x89LWIDX\r\n"
PDQ_BITS = 256


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """The radius of a bank, and codes of harmless pictures, one after another, that take away what is further off."""

    radius: int = MAX_RADIUS
    codes: bytes = b""


NO_LOOK_ALIKES = LookAlikes()


@dataclass(frozen=True, slots=True)
class ListFiles:
    """A compiled list: a folder with KIND.npy and KIND.lines.npy for each of `digests` and `licensed`, an index of pictures or None.

    `fingerprint` changes with the content; `bad` are the lines left out, `bad_count` how many; `unsure`: hashes of 64 or 40
    digits without a kind, compared as all they may be; `has_banks`: the banks of its index have names to be told;
    `is_signed`: `folder` is a signed list as it was given out, trusted if by `key` (None: by whoever signed it).
    """

    name: str
    fingerprint: str
    folder: Path | None = None
    digests: tuple[str, ...] = ()
    index: Path | None = None
    entries: int = 0
    bad: tuple[BadLine, ...] = field(default=(), compare=False)
    bad_count: int = 0
    unsure: int = 0
    has_banks: bool = False
    is_signed: bool = False
    licensed: tuple[str, ...] = ()
    key: str | None = None

    def moved_to(self, folder: Path) -> "ListFiles":
        """Return the same list with its files in another folder."""
        index = self.index and folder / self.index.name
        return replace(self, folder=folder, index=index, bad=())


def compiled_list(path: Path, folder: Path, *, kind: str | None = None, key: str | None = None) -> ListFiles:
    """Read a list of any kind and return its compiled form; what is text is written to `folder`. Raises ListRefused.

    kind: what hashes of a text file are that don't say so; key: who must have signed a signed list.
    """
    try:
        if path.is_dir():
            return _of_snapshot(path, key)
        with path.open("rb") as stream:
            start = stream.read(4096)
        if start.startswith(INDEX_MAGIC):
            return _of_index(path)
        if b"\0" in start:
            raise ListRefused(path, "it is neither an index nor text")
        return _of_text(path, folder, kind)
    except (IndexRefused, HashListRefused) as error:
        raise ListRefused(path, error.text.rstrip(".")) from error
    except OSError as error:
        raise ListRefused(path, (error.strerror or str(error)).lower()) from error


def _of_snapshot(path: Path, key: str | None) -> ListFiles:
    signed = open_list(path, key=key, verify=True)
    about = signed.manifest
    mark = f"{about.name} {about.serial} {signed.signed_by}"
    return ListFiles(about.name, mark, path.absolute(), entries=len(signed), is_signed=True, key=key)


def _of_index(path: Path) -> ListFiles:
    index = Index.open(path)
    if index.code_bits != PDQ_BITS:
        raise ListRefused(path, f"its codes have {index.code_bits} bits, those of pictures {PDQ_BITS}")
    facts = index.info()
    marks = [facts[name] for name in ("generation", "entries", "in_tail", "removed", "next_id")]
    return ListFiles(path.name, json.dumps(marks), index=path.absolute(), entries=facts["entries"], has_banks=True)


def _of_text(path: Path, folder: Path, kind: str | None) -> ListFiles:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while data := stream.read(1 << 20):
            digest.update(data)
    with path.open(encoding="utf-8", errors="replace", newline=None) as lines:
        hashes = read_hashes(lines, kind)
    if not hashes.codes:
        why = f"line {hashes.bad[0].line}: {hashes.bad[0].why}" if hashes.bad else "it is empty"
        raise ListRefused(path, f"it has no hash that can be compared ({why})")
    return written(hashes, path.name, digest.hexdigest(), folder)


def written(
    hashes: Hashes, name: str, fingerprint: str, folder: Path, harmless: LookAlikes = NO_LOOK_ALIKES
) -> ListFiles:
    """Write hashes to a new folder inside `folder`."""
    place = Path(tempfile.mkdtemp(dir=folder))
    index = None
    digests, licensed = [], []
    for kind, codes in hashes.codes.items():
        lines = np.frombuffer(hashes.lines[kind], np.uint64)
        rows = np.frombuffer(codes, np.uint8).reshape(len(lines), -1)
        if kind == "pdq":
            index = place / "pdq.index"
            _build_index(index, rows, lines, harmless)
            continue
        if kind in LICENSED_BYTES:
            np.save(place / f"{kind}.npy", rows)
            np.save(place / f"{kind}.lines.npy", lines)
            licensed.append(kind)
            continue
        keys = rows.view(f"S{rows.shape[1]}")[:, 0]
        order = np.argsort(keys, kind="stable")
        np.save(place / f"{kind}.npy", keys[order])
        np.save(place / f"{kind}.lines.npy", lines[order])
        digests.append(kind)
    entries = len(np.unique(np.concatenate([np.frombuffer(lines, np.uint64) for lines in hashes.lines.values()])))
    return ListFiles(
        name,
        fingerprint,
        place,
        tuple(digests),
        index,
        entries,
        tuple(hashes.bad),
        hashes.bad_count,
        hashes.unsure,
        licensed=tuple(licensed),
    )


def _build_index(path: Path, rows: NDArray[np.uint8], ids: NDArray[np.uint64], harmless: LookAlikes) -> None:
    look_alikes = np.frombuffer(harmless.codes, np.uint8).reshape(-1, PDQ_BITS // 8)
    banks = (Bank(0, "known", harmless.radius), Bank(1, "harmless", harmless=True))
    Index.build(
        path,
        np.concatenate([rows, look_alikes]),
        ids=np.concatenate([ids, np.zeros(len(look_alikes), np.uint64)]),
        banks=banks,
        bank_of=np.repeat([0, 1], [len(rows), len(look_alikes)]),
    )
