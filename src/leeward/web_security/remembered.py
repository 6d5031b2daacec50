"""What every public page of a portal asks for is remembered for a moment: it changes a few times a year. So are whole pages that are
the same for everybody. While the database doesn't answer, they stay for some minutes as they were."""

import gzip
import secrets
import time
from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from typing import cast

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

# Other processes of the installation see a change after this delay; the process that made it, at once.
KEPT_SECONDS = 1.0
SILENT_SECONDS = 900.0  # for which something older is better than nothing: pages say who answers the telephone now
MOST_KEPT = 500
_GZIP_LEVEL = 6
# What stands in a remembered page for a visitor's keys; no page has these letters by chance.
_STAND_IN = secrets.token_hex(16)

_kept: dict[Hashable, tuple[float, object]] = {}


def remembered[Value](key: Hashable, look_up: Callable[[], Value]) -> Value:
    """Return what was looked up under this key within the last second, else what is looked up now; where the database doesn't answer,
    what it was within the last quarter of an hour."""
    found = _kept.get(key)
    if found is not None and found[0] > time.monotonic():
        return cast("Value", found[1])
    try:
        value = look_up()
    except Error:
        if found is None or found[0] + SILENT_SECONDS < time.monotonic():
            raise
        return cast("Value", found[1])
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    if KEPT_SECONDS:
        _kept[key] = (time.monotonic() + KEPT_SECONDS, value)
    return value


def for_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Remember for a moment what a view answers, by address and language. For pages that depend on nothing else, and hold no key of a
    form. One that is asked with a query is made each time, and so is the answer to anything but GET."""

    @wraps(view)
    def shown(request: HttpRequest, *args: str, **named: str) -> HttpResponse:
        if request.method != "GET" or request.META.get("QUERY_STRING"):
            return view(request, *args, **named)

        def made() -> tuple[bytes, bytes, int, dict[str, str]]:
            answer = view(request, *args, **named)
            return answer.content, _packed(answer), answer.status_code, dict(answer.headers)

        content, packed, status, headers = remembered(("page", request.path, get_language()), made)
        if not packed or not re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
            return HttpResponse(content, status=status, headers=headers)
        answer = HttpResponse(packed, status=status, headers=headers | {"Content-Encoding": "gzip"})
        patch_vary_headers(answer, ["Accept-Encoding"])
        return answer

    return shown


def _packed(answer: HttpResponse) -> bytes:
    """Return a page compressed, once for all who get it: it holds no secret that its length could tell. Nothing where it gets no shorter."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return b""
    packed = gzip.compress(answer.content, _GZIP_LEVEL, mtime=0)
    return packed if len(packed) < len(answer.content) else b""


def alike(request: HttpRequest, keys: Sequence[str], make: Callable[[], HttpResponse]) -> HttpResponse:
    """Remember for a moment what is answered at an address in a language to this method, for pages that differ only by such keys as
    stand on them letter by letter, long and random: each visitor has their own in the place of another's. A key may have more
    around it, such as a field or several. Raises ValueError for a page without them."""

    stand_ins = [f"{_STAND_IN}-{number}-".encode() for number in range(len(keys))]

    def made() -> tuple[bytes, int, dict[str, str]]:
        answer = make()
        content = answer.content
        for key, stand_in in zip(keys, stand_ins, strict=True):
            if key.encode() not in content:
                raise ValueError("a page that doesn't have its key as it is would show it to others")
            content = content.replace(key.encode(), stand_in)
        return content, answer.status_code, dict(answer.headers)

    content, status, headers = remembered(("alike", request.method, request.path, get_language()), made)
    for key, stand_in in zip(keys, stand_ins, strict=True):
        content = content.replace(stand_in, key.encode())
    return HttpResponse(content, status=status, headers=headers)


def forget() -> None:
    """Clear the memory."""
    _kept.clear()
