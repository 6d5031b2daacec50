"""A version of a list as files to fetch: each of its forms whole, and what changed since the last few versions. Made once,
when the version is, so that every client gets the same bytes; they are signed together with list, form, version and since."""

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
    """What a client must know of a file: which version, since which one (0: whole), its digest and signature, what is left out."""

    form: str
    version: int
    since: int
    sha256: str
    signature: str
    left_out: int


def copy_text(*, list_name: str, form: str, version: int, since: int, sha256: str) -> bytes:
    """The text under a file's signature: six lines, each with a line break."""
    lines = ("leeward-hash-copy 1", list_name, form, version, since, sha256)
    return "".join(f"{line}\n" for line in lines).encode()


def media_of(form: str) -> tuple[str, str]:
    """The media type and the ending of a form."""
    return _SNAPSHOT_TYPE if form == SNAPSHOT else (FORMATS[form].media_type, FORMATS[form].ending)


def newest_version(row: HashList) -> int:
    """The version that is given out now; raises NothingPublished."""
    found = ListVersion.objects.filter(list=row).order_by("-version").values_list("version", flat=True).first()
    if found is None:
        raise NothingPublished(name=row.name)
    return int(found)


def copy_for(row: HashList, form: str, since: int = 0) -> tuple[Path, CopyFacts] | None:
    """The file for a client that holds version `since` (0: nothing), None where nothing is newer. What is too far behind gets
    the whole. Raises NothingPublished, NoSuchForm, VersionInFuture."""
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
    """Make the files of a version that is about to be given out; the files of the one before stay for who is fetching them."""
    target = _folder(row.name, version)
    shutil.rmtree(target, ignore_errors=True)  # what a crash left behind
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
    """Remove the files of versions before the last one."""
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
    chosen.write(outgoing(selection, says_quality=chosen.says_quality, skipped=skipped), out, skipped)


def _pack(source: Path, out: IO[bytes]) -> None:
    """The signed folder as one file: what `leeward scan --list` and `Matcher` open, once it is unpacked."""
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path in _in_order(source.iterdir()):
            if path.is_file():
                archive.add(path, arcname=path.name, filter=_nobody)


def _in_order(paths: Iterable[Path]) -> list[Path]:
    """The manifest last: a folder that was unpacked half is no list."""
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
