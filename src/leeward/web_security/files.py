"""Serve a file over HTTP: ETag, single byte ranges, gzip. For lists that programs fetch again and again, and for recordings. And take
one in that people choose on the desk."""

import gzip
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from leeward.foundation.patterns import Pattern

_RANGE = Pattern(r"bytes=(\d{0,15})-(\d{0,15})")
_PACKED_ALREADY = ("application/zip", "application/x-protobuf", "application/octet-stream", "application/x-tar")
_NO_GZIP = Pattern(r"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")
_GZIP_LEVEL = 6
_OF_A_FORM = 100_000


class _Whole(MemoryFileUploadHandler):
    """Keeps a file in memory up to what was allowed; Django's own would leave out one of more than 2.5 MB without a word."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Keep it: how much may come is looked at before."""
        self.activated = True


def take_whole(request: HttpRequest, most: int) -> bool:
    """Let a form bring a file of up to so many bytes; return whether it does not say that it is longer. Call it before anything reads
    the form: the view is exempt from the check of the form's origin, which reads it, and has an inner one that is protected."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not str(length).isdecimal() or int(length) > most + _OF_A_FORM:
        return False
    request.upload_handlers = [_Whole(request)]
    return True


@dataclass(frozen=True, slots=True)
class Giving:
    """An immutable file: its bytes, its type, and its other headers."""

    path: Path
    media_type: str
    file_name: str
    sha256: str
    headers: Mapping[str, str]

    @property
    def etag(self) -> str:
        """Return the entity tag of exactly these bytes."""
        return f'"{self.sha256[:32]}"'


def give(request: HttpRequest, file: Giving) -> HttpResponseBase:
    """Return the response with the file, or the part that was requested, or 304 if the client has it."""
    wants_range = bool(request.headers.get("Range"))
    accepted = request.headers.get("Accept-Encoding", "").lower()
    packs = "gzip" in accepted and not _NO_GZIP.search(accepted) and not wants_range
    packs = packs and file.media_type not in _PACKED_ALREADY
    etag = f'{file.etag[:-1]}-gzip"' if packs else file.etag
    if _names(request.headers.get("If-None-Match", ""), etag):
        return _with_facts(HttpResponse(status=304), file, etag)
    path = _gzipped(file.path) if packs else file.path
    part = (
        _part(request, path.stat().st_size, etag, lambda begin, end: _read(path, begin, end)) if wants_range else None
    )
    answer = part or FileResponse(path.open("rb"), content_type=file.media_type)
    answer["Content-Type"] = file.media_type
    answer["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    answer["Accept-Ranges"] = "bytes"
    if packs:
        answer["Content-Encoding"] = "gzip"
        answer["Content-Length"] = str(path.stat().st_size)
    return _with_facts(answer, file, etag)


def give_bytes(request: HttpRequest, body: bytes, *, media_type: str, sha256: str, keep: str) -> HttpResponse:
    """Return bytes that never change under their address, to be shown or played in a page: all of them, the part that was
    requested, or 304. `keep`: the Cache-Control of the answer.
    """
    etag = f'"{sha256[:32]}"'
    if _names(request.headers.get("If-None-Match", ""), etag):
        answer = HttpResponse(status=304)
    else:
        wants_range = bool(request.headers.get("Range"))
        part = _part(request, len(body), etag, lambda begin, end: body[begin:end]) if wants_range else None
        answer = part or HttpResponse(body)
    answer["Content-Type"] = media_type
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    answer["Cache-Control"] = keep
    return answer


def _with_facts[Answer: HttpResponseBase](answer: Answer, file: Giving, etag: str) -> Answer:
    answer["ETag"] = etag
    answer["Vary"] = "Accept-Encoding, Authorization"
    answer["Cache-Control"] = "private, no-cache"
    for name, value in file.headers.items():
        answer[name] = value
    return answer


def _gzipped(path: Path) -> Path:
    """Return the same bytes compressed by gzip, made once, piece by piece."""
    packed = path.with_name(path.name + ".gz")
    if packed.exists():
        return packed
    fresh = packed.with_name(f".{packed.name}.{os.getpid()}.{time.monotonic_ns()}.new")
    try:
        with (
            open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
            path.open("rb") as stream,
            gzip.GzipFile("", "wb", compresslevel=_GZIP_LEVEL, fileobj=raw, mtime=0) as out,
        ):
            shutil.copyfileobj(stream, out, 1 << 20)
        fresh.replace(packed)
    finally:
        fresh.unlink(missing_ok=True)
    return packed


def _names(header: str, etag: str) -> bool:
    return header.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in header.split(","))


def _part(request: HttpRequest, size: int, etag: str, read: Callable[[int, int], bytes]) -> HttpResponse | None:
    """Return the requested part; None if the whole file is the right answer (another version, or several parts)."""
    found = _RANGE.fullmatch(request.headers["Range"].strip())
    only_if = request.headers.get("If-Range", "")
    if found is None or found.groups() == ("", "") or (only_if and only_if.strip() != etag):
        return None
    first, last = found.groups()
    if first:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
    else:
        begin, end = max(size - int(last), 0), size - 1
    if begin >= size or begin > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    answer = HttpResponse(read(begin, end + 1), status=206)
    answer["Content-Range"] = f"bytes {begin}-{end}/{size}"
    return answer


def _read(path: Path, begin: int, end: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(begin)
        return stream.read(end - begin)
