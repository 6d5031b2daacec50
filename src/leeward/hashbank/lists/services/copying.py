"""The files of a list version: each format in full, and the changes since the last few versions.

They are made once, with the version, so that every client gets the same bytes. The signature covers list, format,
version and since.
"""

import json
import os
import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO

from leeward.audit.keys import sign
from leeward.hashbank.errors import NoSuchForm, NothingPublished, VersionInFuture
from leeward.hashbank.formats import FORMATS, Skipped
from leeward.hashbank.lists.services.exporting import Selection, list_folder, outgoing, selection_of
from leeward.hashbank.models import HashList, ListVersion
from leeward.hashbank.records.live import folder
from leeward.hashbank.scene import hotline_here

SNAPSHOT = "snapshot"
FORMS = (*FORMATS, SNAPSHOT)
STEPS = 5
_CAN_SAY_GONE = ("csv", "vics", "ncmec", "threatexchange")
_SNAPSHOT_TYPE = ("application/x-tar", "tar")


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What a client needs to know about a file: its version, the version it updates (0: complete), digest, signature,
    and what is left out.
    """

    form: str
    version: int
    since: int
    sha256: str
    signature: str
    left_out: int


def copy_text(*, list_name: str, form: str, version: int, since: int, sha256: str) -> bytes:
    """Return the text that is signed for a file: six lines, each ending with a newline."""
    lines = ("leeward-hash-copy 1", list_name, form, version, since, sha256)
    return "".join(f"{line}\n" for line in lines).encode()


def media_of(form: str) -> tuple[str, str]:
    """Return the media type and file extension of a format."""
    return _SNAPSHOT_TYPE if form == SNAPSHOT else (FORMATS[form].media_type, FORMATS[form].ending)


def newest_version(row: HashList) -> int:
    """Return the published version; raises NothingPublished."""
    found = ListVersion.objects.filter(list=row).order_by("-version").values_list("version", flat=True).first()
    if found is None:
        raise NothingPublished(name=row.name)
    return int(found)


def copy_for(row: HashList, form: str, since: int = 0) -> tuple[Path, CopyFacts] | None:
    """Return the file for a client that holds version `since` (0: none), or None where it is up to date.

    A client that is too far behind gets the complete file. Raises NothingPublished, NoSuchForm, VersionInFuture.
    """
    newest = newest_version(row)
    if form not in row.formats:
        raise NoSuchForm(", ".join(row.formats))
    if since > newest:
        raise VersionInFuture(version=since, newest=newest)
    if since == newest:
        return None
    place = _folder(row.name, newest)
    for start in (since, 0):
        path = place / f"{form}.{start}"
        if path.exists():
            return path, CopyFacts(**json.loads(_facts_of(path).read_bytes()))
    raise NoSuchForm(", ".join(row.formats))


def make_copies(row: HashList, version: int) -> None:
    """Make the files of a version that is about to be published; those of the previous one stay for downloads in
    progress.
    """
    target = _folder(row.name, version)
    shutil.rmtree(target, ignore_errors=True)  # left behind by a crash
    target.mkdir(mode=0o700, parents=True)
    there = ListVersion.objects.filter(list=row).order_by("-version")
    if row.selected_at:
        there = there.filter(made_at__gte=row.selected_at)
    before = list(there.values_list("version", flat=True)[:STEPS])
    for form in row.formats:
        starts = [0, *before] if form in _CAN_SAY_GONE else [0]
        for since in starts:
            _make(row, form, version, since, target / f"{form}.{since}")


def sweep_copies(row: HashList, version: int) -> None:
    """Remove the files of all versions before the previous one."""
    for path in _folder(row.name, version).parent.iterdir():
        if path.name.isdecimal() and int(path.name) < version - 1:
            shutil.rmtree(path, ignore_errors=True)


def _make(row: HashList, form: str, version: int, since: int, path: Path) -> None:
    skipped = Skipped()
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
        if form == SNAPSHOT:
            _pack(list_folder(row.name), out)
        else:
            _write(form, selection_of(row, since), out, skipped)
        out.flush()
        os.fsync(out.fileno())
        out.seek(0)
        sha256 = file_digest(out, "sha256").hexdigest()
    text = copy_text(list_name=row.name, form=form, version=version, since=since, sha256=sha256)
    facts = CopyFacts(form, version, since, sha256, sign(text), skipped.count)
    _facts_of(path).write_text(json.dumps(asdict(facts)))


def _write(form: str, selection: Selection, out: IO[bytes], skipped: Skipped) -> None:
    chosen = FORMATS[form]
    chosen.write(outgoing(selection, has_quality=chosen.has_quality, skipped=skipped), out, skipped)


def _pack(source: Path, out: IO[bytes]) -> None:
    """Pack the signed folder into one file; unpacked, it opens with `leeward scan --list` and `Matcher`."""
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path in _in_order(source.iterdir()):
            if path.is_file():
                archive.add(path, arcname=path.name, filter=_nobody)


def _in_order(paths: Iterable[Path]) -> list[Path]:
    """Sort the manifest last, so that a half-unpacked folder is not a valid list."""
    return sorted(paths, key=lambda path: (path.name == "MANIFEST", path.name))


def _nobody(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _facts_of(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _folder(name: str, version: int) -> Path:
    return folder(hotline_here()) / "copies" / name / str(version)
