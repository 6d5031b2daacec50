"""What logs and other witnesses use (c2sp.org/tlog-witness), and what our own log shows. No login: a log's signature is its own."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from leeward.audit.tree.checkpoints import notes_published, tile_published
from leeward.web_security.caller import caller_of
from leeward.web_security.services import allow
from leeward.witnessing import queries, services

MOST_BYTES = 64 * 1024
A_MINUTE, AT_ONCE = 120.0, 60
FOR_EVER = "public, max-age=31536000, immutable"  # a path never gets other hashes
TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Cosign a checkpoint."""
    body = _body(request)
    if isinstance(body, HttpResponse):
        return body
    reply = services.cosign(body, datetime.now(UTC))
    return HttpResponse(reply.text, status=reply.status, content_type=SIZE if reply.is_size else TEXT)


@require_POST
def restored(request: HttpRequest) -> HttpResponse:
    """Keep that a log we cosign was restored from a backup, as it says itself."""
    body = _body(request)
    if isinstance(body, HttpResponse):
        return body
    return HttpResponse(status=services.take_restored(body, datetime.now(UTC)), content_type=TEXT)


def _body(request: HttpRequest) -> str | HttpResponse:
    """Return the text that was sent, or the refusal of it."""
    if not allow("cosigning", caller_of(request), per_minute=A_MINUTE, burst=AT_ONCE):
        return HttpResponse("try later\n", status=429, content_type=TEXT, headers={"Retry-After": "60"})
    raw = request.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        return HttpResponse("at most 64 KiB\n", status=413, content_type=TEXT)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return HttpResponse("not UTF-8\n", status=400, content_type=TEXT)


@require_safe
def checkpoint(_request: HttpRequest, digest: str) -> HttpResponse:
    """Show the newest checkpoint of a log that we cosigned."""
    note = queries.note_of_log(digest)
    if note is None:
        raise Http404
    return HttpResponse(note, content_type=TEXT)


@require_safe
def own_checkpoint(_request: HttpRequest, chain: int) -> HttpResponse:
    """Show the published checkpoint of one of our own logs, to whoever follows it (c2sp.org/tlog-tiles)."""
    note = next((note for note in notes_published() if note.chain == chain), None)
    if note is None:
        raise Http404
    return HttpResponse(note.text, content_type=TEXT)


@require_safe
def own_tile(_request: HttpRequest, chain: int, tile: str) -> HttpResponse:
    """Give a tile of one of our own logs, as far as the published checkpoint covers it."""
    hashes = tile_published(chain, f"tile/{tile}")
    if hashes is None:
        raise Http404
    return HttpResponse(hashes, content_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})
