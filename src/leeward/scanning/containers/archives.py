"""Members of zip and tar archives and of compressed files, one after another."""

import bz2
import gzip
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, Protocol, cast

from leeward.scanning.containers.bounds import Budget, BudgetSpent, Counted
from leeward.scanning.containers.kinds import START_BYTES, TAIL_BYTES, ZIP_END, is_tar

_MOST_DIRECTORY_BYTES = 64 << 20
_MOST_HEADER_BYTES = 1 << 20
_PACKED_NAMES = (".gz", ".bz2", ".xz", ".z")
_HEADER_TYPES = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_SKIPPED_TAR_TYPES = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE)


class Readable(Protocol):
    """A stream that is read once, from start to end."""

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """One thing inside a container: its name, its bytes (to be read before the next member is requested), or why there
    are none."""

    name: str
    stream: Readable | None = None
    error: str | None = None


def zip_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the files of a zip archive; raises BudgetSpent, or zipfile's errors for a damaged one."""
    _check_directory(stream)
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            budget.member()
            if info.flag_bits & 1:
                yield Member(info.filename, error="it is encrypted")
                continue
            try:
                source = archive.open(info)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
                yield Member(info.filename, error=f"it can't be unpacked ({error})")
                continue
            with source:
                yield Member(info.filename, Counted(source, budget))


def _check_directory(stream: IO[bytes]) -> None:
    """Refuse a zip archive whose directory alone would fill the memory."""
    size = stream.seek(0, 2)
    begin = max(0, size - TAIL_BYTES)
    stream.seek(begin)
    tail = stream.read(TAIL_BYTES)
    at = tail.rfind(ZIP_END)
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if directory_bytes == 0xFFFFFFFF and at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        stream.seek(min(int.from_bytes(tail[at - 12 : at - 4], "little"), size))
        directory_bytes = int.from_bytes(stream.read(48)[40:48], "little")
    if directory_bytes > _MOST_DIRECTORY_BYTES:
        raise BudgetSpent(f"its list of members has {directory_bytes} bytes, more than {_MOST_DIRECTORY_BYTES}")


class _SmallHeader(tarfile.TarInfo):
    """A tar header whose long names and attributes can't fill the memory."""

    def _proc_member(self, archive: tarfile.TarFile) -> Any:
        if self.type in _HEADER_TYPES and self.size > _MOST_HEADER_BYTES:
            raise tarfile.ReadError(f"a header of {self.size} bytes")
        return super()._proc_member(archive)  # type: ignore[misc]  # the stubs lack it


def tar_members(stream: Readable, budget: Budget) -> Iterator[Member]:
    """Yield the files of a tar archive, read from start to end; raises BudgetSpent, or tarfile's errors."""
    source = cast(IO[bytes], stream)
    with tarfile.open(fileobj=source, mode="r|", tarinfo=_SmallHeader, errors="surrogateescape") as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # it would keep every header it has seen
            if info.type in _SKIPPED_TAR_TYPES:
                continue
            budget.member()
            if not info.isreg():
                yield Member(info.name, error="it is a device or a pipe, not a file")
                continue
            content = archive.extractfile(info)
            yield Member(info.name, Counted(content, budget) if content else None)


def packed_members(kind: str, stream: IO[bytes], name: str, budget: Budget) -> Iterator[Member]:
    """Yield the content of a gzip, bzip2 or xz file: the members of a tar archive, or the one file."""
    opened: dict[str, Any] = {"gzip": gzip.GzipFile, "bzip2": bz2.BZ2File, "xz": lzma.LZMAFile}
    source = opened[kind](fileobj=stream) if kind == "gzip" else opened[kind](stream)
    content = Counted(source, budget)
    start = content.read(START_BYTES)
    rest = _After(start, content)
    if is_tar(start):
        yield from tar_members(rest, budget)
        return
    budget.member()
    yield Member(_unpacked_name(name), rest)


class _After:
    """The bytes that were already read, then the rest of a stream."""

    def __init__(self, start: bytes, rest: Readable) -> None:
        self._start = BytesIO(start)
        self._rest = rest

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes."""
        begun = self._start.read(size)
        return begun + self._rest.read(size - len(begun) if size >= 0 else -1)


def _unpacked_name(name: str) -> str:
    ending = next((ending for ending in _PACKED_NAMES if name.lower().endswith(ending)), "")
    return name[: -len(ending)] if ending and len(name) > len(ending) else f"{name} (unpacked)"
