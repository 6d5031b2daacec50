"""The addresses of an installation, and four that hang or take their time."""

import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from leeward.site.urls.whole import urlpatterns as ours
from tests.site.hanging import LIMIT, hang


def hanging(request: HttpRequest) -> HttpResponse:
    hang()
    return HttpResponse()


def sleeping(request: HttpRequest) -> HttpResponse:
    """Hang politely: the other threads go on meanwhile."""
    time.sleep(3600)
    return HttpResponse()


def taking(request: HttpRequest) -> HttpResponse:
    """Read what is sent, however slowly it comes."""
    return HttpResponse(str(sum(len(piece) for piece in iter(lambda: request.read(1), b""))))


def giving(request: HttpRequest) -> StreamingHttpResponse:
    """Give out what takes longer than the limit in all, but not from one piece to the next."""

    def pieces() -> Iterator[str]:
        for number in range(6):
            time.sleep(LIMIT / 4)
            yield str(number)

    return StreamingHttpResponse(pieces())


urlpatterns = [*(path(f"test/{view.__name__}", view) for view in (hanging, sleeping, taking, giving)), *ours]
