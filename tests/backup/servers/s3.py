"""Moto's S3 server, in front of which things can go wrong: a bucket that is full, one that forgets, one that gives out something else."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

_FULL = b"<Error><Code>QuotaExceeded</Code><Message>The bucket is full</Message></Error>"
_DENIED = b"<Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>"


class Store:
    """The server: `room` for so many more bytes; `forgets` pieces that it says it took; `changes` those that it gives out;
    `keeps` whatever should be deleted, but for a lock; `says` this to whoever asks."""

    def __init__(self) -> None:
        self.app = DomainDispatcherApplication(create_backend_app)
        self.port = 0
        self.room: int | None = None
        self.forgets = self.changes = self.keeps = False
        self.says = b""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, is_piece = environ["REQUEST_METHOD"], "/chunks/" in environ["PATH_INFO"]
        if method == "PUT" and (self.room is not None or (self.forgets and is_piece)):
            size = int(environ.get("CONTENT_LENGTH") or 0)
            if self.forgets:
                environ["wsgi.input"].read(size)
                start("200 OK", [("ETag", '"0"'), ("Content-Length", "0")])
                return [b""]
            assert self.room is not None
            self.room -= size
            if self.room < 0:
                environ["wsgi.input"].read(size)
                start("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(_FULL)))])
                return [_FULL]
        if method == "GET" and self.says:
            start("200 OK", [("Content-Type", "application/xml"), ("Content-Length", str(len(self.says)))])
            return [self.says]
        if method == "DELETE" and self.keeps and not environ["PATH_INFO"].endswith(".lock"):
            start("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(_DENIED)))])
            return [_DENIED]
        if method == "GET" and self.changes and is_piece:
            return [bytes(byte ^ 1 for byte in block) for block in self.app(environ, start)]
        answer: Iterable[bytes] = self.app(environ, start)
        return answer


class _Prompt(WSGIRequestHandler):
    """Sends the head of an answer and what follows without waiting for each other."""

    disable_nagle_algorithm = True


@contextmanager
def s3_server() -> Iterator[Store]:
    """Run it on a free port."""
    store = Store()
    server = make_server("127.0.0.1", 0, store, threaded=True, request_handler=_Prompt)
    store.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
