"""Files for the commands of the bank: one that is hashed here, in a child process, and never kept; and a table of
categories' meanings."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from leeward.cli.bank_lists import readable
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.hashbank.rules.kinds import Hash

_FIELDS = ("md5", "sha1", "sha256", "pdq", "pdq_nn512", "frames", "windows")


def is_file(text: str) -> bool:
    """Return whether an argument means a file: it has a / in its path or a dot in its name."""
    return ":" not in text and ("/" in text or "." in text)


def hashes_of_file(path: Path) -> "tuple[list[Hash], tuple[bytes, ...], str]":
    """Return the hashes of a file, the codes of its windows, and whether it is an image, a video or another file.
    Raises BadInput for one that is too large, or a picture or video that can't be decoded."""
    from django.conf import settings

    from leeward.hashbank.rules.kinds import Hash
    from leeward.matching.hashing import hash_bytes
    from leeward.matching.lists.matcher import UPLOAD_LIMITS

    most = settings.LEEWARD.check_max_bytes
    with readable(path), path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise BadInput(
            what=str(path), why=f"it has more than {most} bytes; add it by its hashes: leeward hash FILE --json"
        )
    found = hash_bytes(data, name=path.name, only=_FIELDS, limits=UPLOAD_LIMITS, isolated=True)
    if found.error:
        raise BadInput(what=str(path), why=found.error)
    hashes = [Hash(kind, bytes.fromhex(getattr(found.digests, kind))) for kind in _FIELDS[:3]]
    for kind, pdq in (("pdq", found.pdq), ("pdq_nn512", found.pdq_nn512)):
        hashes += [Hash(kind, pdq.code, pdq.quality)] if pdq is not None else []
    hashes += [Hash("vpdq", frame.pdq.code, frame.pdq.quality, frame.second) for frame in found.frames]
    return hashes, found.windows, "image" if found.pdq is not None else "video" if found.frames else "other"


def meanings_in(path: Path) -> dict[str, str]:
    """Return a table's meanings for the categories of a list: columns `category` and `means`, and others for its
    readers, such as who reviewed it. Raises BadInput naming the line of an unusable row."""
    from leeward.hashbank.rules.categories import MOST_CATEGORIES, NAMES

    found: dict[str, str] = {}
    with readable(path), path.open(encoding="utf-8-sig", newline="") as stream:
        table = csv.DictReader(stream)
        if not {"category", "means"} <= set(table.fieldnames or ()):
            raise BadInput(what=str(path), why="its first line lacks category or means")
        for row in table:
            name, means = (row["category"] or "").strip(), (row["means"] or "").strip()
            if not name or means not in NAMES:
                raise BadInput(
                    what=f"{path}, line {table.line_num}",
                    why=f"it has no category, or means is not one of {', '.join(NAMES)}",
                )
            if found.setdefault(name, NAMES[means]) != NAMES[means] or len(found) > MOST_CATEGORIES:
                raise BadInput(
                    what=f"{path}, line {table.line_num}", why=f"category {name} is there with another meaning"
                )
    return found
