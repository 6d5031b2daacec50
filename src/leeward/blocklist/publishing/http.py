"""Gives a file out over HTTP: ETag, one range of bytes, gzip."""

import re
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from leeward.blocklist.publishing.feeds import Made, gzipped

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_PACKED_ALREADY = ("application/zip", "application/x-protobuf", "application/octet-stream")


def answer_with(request: HttpRequest, made: Made, name: str) -> HttpResponseBase:
    """The answer that carries a copy, or says that the client has it, or carries the part that it asked for."""
    wants_range = bool(request.headers.get("Range"))
    packs = "gzip" in request.headers.get("Accept-Encoding", "") and not wants_range
    packs = packs and made.media_type not in _PACKED_ALREADY
    etag = f'{made.etag[:-1]}-gzip"' if packs else made.etag
    if _names(request.headers.get("If-None-Match", ""), etag):
        return with_facts(HttpResponse(status=304), made, etag)
    path = gzipped(made) if packs else made.path
    part = _part(request, path, etag) if wants_range else None
    answer = part or FileResponse(path.open("rb"), content_type=made.media_type)
    answer["Content-Type"] = made.media_type
    answer["Content-Disposition"] = f'attachment; filename="{name}.{made.ending}"'
    answer["Accept-Ranges"] = "bytes"
    if packs:
        answer["Content-Encoding"] = "gzip"
        answer["Content-Length"] = str(path.stat().st_size)
    return with_facts(answer, made, etag)


def with_facts[Answer: HttpResponseBase](answer: Answer, made: Made, etag: str) -> Answer:
    """Add what a client must know of a copy: its serial, its signature, what the format could not say."""
    answer["ETag"] = etag
    answer["Vary"] = "Accept-Encoding, Authorization"
    answer["Cache-Control"] = "private, no-cache"
    answer["Leeward-Serial"] = str(made.serial)
    answer["Leeward-Since"] = str(made.since or 0)
    answer["Leeward-SHA256"] = made.sha256
    answer["Leeward-Signature"] = made.signature
    answer["Leeward-Left-Out"] = ", ".join(f"{why}={count}" for why, count in sorted(made.left_out.items())) or "none"
    return answer


def _names(header: str, etag: str) -> bool:
    return header.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in header.split(","))


def _part(request: HttpRequest, path: Path, etag: str) -> HttpResponse | None:
    """The part that was asked for; None where the whole is the right answer (another version, or several parts)."""
    found = _RANGE.fullmatch(request.headers["Range"].strip())
    only_if = request.headers.get("If-Range", "")
    if found is None or found.groups() == ("", "") or (only_if and only_if.strip() != etag):
        return None
    size = path.stat().st_size
    first, last = found.groups()
    if first:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
    else:
        begin, end = max(size - int(last), 0), size - 1
    if begin >= size or begin > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with path.open("rb") as stream:
        stream.seek(begin)
        answer = HttpResponse(stream.read(end - begin + 1), status=206)
    answer["Content-Range"] = f"bytes {begin}-{end}/{size}"
    return answer
