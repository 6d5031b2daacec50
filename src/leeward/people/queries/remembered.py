"""What every public page of a portal asks for is remembered for a moment: it changes a few times a year. So are whole pages that are
the same for everybody."""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

# Other processes of the installation see a change after this delay; the process that made it, at once.
KEPT_SECONDS = 1.0
MOST_KEPT = 500

_kept: dict[Hashable, tuple[float, object]] = {}


def remembered[Value](key: Hashable, look_up: Callable[[], Value]) -> Value:
    """Return what was looked up under this key within the last second, else what is looked up now."""
    found = _kept.get(key)
    if found is not None and found[0] > time.monotonic():
        return cast("Value", found[1])
    value = look_up()
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

        def made() -> tuple[bytes, int, dict[str, str]]:
            answer = view(request, *args, **named)
            return answer.content, answer.status_code, dict(answer.headers)

        content, status, headers = remembered(("page", request.path, get_language()), made)
        return HttpResponse(content, status=status, headers=headers)

    return shown


def forget() -> None:
    """Clear the memory."""
    _kept.clear()
