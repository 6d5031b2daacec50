"""What somebody typed isn't lost to them when it could not be stored through our fault: a page with the number to call, their words, and
a button that sends them again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from leeward.foundation.errors import LeewardError

logger = logging.getLogger(__name__)

WORDS = ("where", "address", "text")
MOST_SHOWN = 20_000


class NotKept(Exception):
    """Nothing of what was sent is stored; the log says why."""


@contextmanager
def keeping() -> Iterator[None]:
    """Read and store what was sent: a full disk, a database that doesn't answer or a fault of ours raises `NotKept`; refusals stay
    what they are. Nothing may be stored in here that a later line in here could still break."""
    try:
        yield
    except LeewardError:
        raise
    except Exception as error:
        logger.exception("public.not_kept")  # without its text, which may hold what was typed
        raise NotKept from error


def not_kept(request: HttpRequest) -> HttpResponse:
    """Show that nothing was stored: whom to call, what was typed, and a button that submits it again."""
    fields = sent_again(request, once=request.POST.get("once", ""))
    return render(request, "intake/not_kept.html", {"typed": typed_in(request), "fields": fields}, status=503)


def sent_again(request: HttpRequest, *, once: str) -> SafeString:
    """Return all that was sent as hidden fields, with this key in place of its own."""
    sent = [(name, value) for name, values in request.POST.lists() if name != "once" for value in values]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', [*sent, ("once", once)])


def typed_in(request: HttpRequest) -> str:
    """Return the words that were typed, to be copied."""
    typed = [request.POST.get(name, "")[:MOST_SHOWN] for name in WORDS]
    return "\n\n".join(text for text in typed if text)
