"""Pages of every kind that a fetcher meets: normal, locked, slow, endless, broken. All are harmless."""

import base64
import functools
import html
import zlib
from collections.abc import Callable, Sequence

from leeward.demo.world.pictures import MIME, Format, Motif, picture
from leeward.demo.world.web import Answer, Request

type Page = Answer | Callable[[Request], Answer]


def answer_of(page: Page, request: Request) -> Answer:
    """Return the page's answer to a request."""
    return page if isinstance(page, Answer) else page(request)


def plain(title: str, body: str = "", *, status: int = 200, head: str = "") -> Answer:
    """A page with a title and a body of HTML."""
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>{head}</head>'
        f"<body><h1>{html.escape(title)}</h1>{body}</body></html>"
    )
    return Answer(status=status, body=text.encode())


def gallery(title: str, pictures: Sequence[str], links: Sequence[str] = ()) -> Answer:
    """A page that shows pictures and links to other pages."""
    shown = "".join(f'<p><img src="{html.escape(src)}" alt="a picture"></p>' for src in pictures)
    linked = "".join(f'<li><a href="{html.escape(to)}">{html.escape(to)}</a></li>' for to in links)
    return plain(title, f"{shown}<ul>{linked}</ul>")


def still(seed: int, *, motif: Motif = "landscape", form: Format = "JPEG") -> Page:
    """A picture, made when it is first asked for."""
    return lambda _: Answer(body=picture(seed, motif=motif, form=form), content_type=MIME[form])


def file(body: bytes, content_type: str) -> Answer:
    """Any bytes with any content type."""
    return Answer(body=body, content_type=content_type)


def gone(status: int = 410) -> Answer:
    """The answer for content that was removed."""
    return plain("No longer here", "<p>This page was removed.</p>", status=status)


def forbidden() -> Answer:
    """403 for everybody."""
    return plain("Not for you", status=403)


def not_in_your_country() -> Answer:
    """451, as some sites answer to countries they don't serve."""
    return plain("Not available in your country", status=451)


def log_in(page: Page, *, user: str, password: str) -> Page:
    """401 until the right name and password come (HTTP Basic)."""
    proof = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def answer(request: Request) -> Answer:
        if request.headers.get("authorization") == proof:
            return answer_of(page, request)
        refusal = plain("Please log in", status=401)
        return Answer(401, refusal.body, headers=(("WWW-Authenticate", 'Basic realm="members"'),))

    return answer


def only_from(referrer: str, page: Page) -> Page:
    """403 unless the visitor says that they come from `referrer`."""
    return lambda request: answer_of(page, request) if request.headers.get("referer") == referrer else forbidden()


def script_only() -> Answer:
    """A page that is empty without script."""
    empty = '<div id="app"></div><script src="/app.js"></script><noscript>Script is needed.</noscript>'
    return plain("Please wait", empty)


def redirect(to: str, status: int = 302) -> Answer:
    """A redirect to another address."""
    return Answer(status=status, headers=(("Location", to),))


def endless_redirect() -> Page:
    """A redirect chain without end."""

    def further(request: Request) -> Answer:
        step = int(request.query) if request.query.isdigit() else 0
        return redirect(f"{request.path}?{step + 1}")

    return further


def late(page: Page, seconds: float) -> Page:
    """The same page after a delay."""

    def wait(request: Request) -> Answer:
        ready = answer_of(page, request)
        return Answer(ready.status, ready.body, ready.content_type, ready.headers, wait_seconds=seconds)

    return wait


def drip(body: bytes = b"<p>drip</p>" * 1000, *, piece_bytes: int = 1, piece_seconds: float = 0.2) -> Answer:
    """A body sent in very small pieces."""
    return Answer(body=body, piece_bytes=piece_bytes, piece_seconds=piece_seconds)


def breaks_off(body: bytes, content_type: str = "text/html; charset=utf-8", *, missing_bytes: int = 1000) -> Answer:
    """A body that is shorter than its announced length."""
    return Answer(body=body, content_type=content_type, missing_bytes=missing_bytes)


def hangs_up() -> Answer:
    """A connection that closes without an answer."""
    return Answer(hangs_up=True)


@functools.cache
def bomb(unpacked_bytes: int = 100_000_000) -> Answer:
    """A small body that unpacks to a very large one."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = bytes(1_000_000)
    packed = b"".join(packer.compress(piece) for _ in range(unpacked_bytes // len(piece))) + packer.flush()
    return Answer(body=packed, headers=(("Content-Encoding", "gzip"),))


@functools.cache
def crowd(count: int = 100_000) -> Answer:
    """A page with links to `count` pictures."""
    return plain("Very many pictures", "".join(f'<img src="/crowd/{number}.jpg">' for number in range(count)))
