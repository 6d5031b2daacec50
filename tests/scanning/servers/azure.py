"""A web server that answers as much of Azure's blob service as reading asks for: containers, lists, properties, content, ranges."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

ACCOUNT = "store"
KEY = "bm8gc2VjcmV0"
_DAY = formatdate(1764201600, usegmt=True)


class _Blobs(BaseHTTPRequestHandler):
    """`blobs` of the server: container/name -> content; every request must carry a signature."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        _, account, container, *rest = [*unquote(parts.path).split("/", 3), ""]
        name = rest[0]
        if account != ACCOUNT or not self.headers.get("Authorization", "").startswith(f"SharedKey {ACCOUNT}:"):
            self._send(403, b"", {"x-ms-error-code": "AuthenticationFailed"})
        elif asked.get("comp") == "list":
            self._send(200, self._listed(container, asked.get("prefix", ""), asked.get("delimiter", "")))
        elif asked.get("restype") == "container":
            self._send(200 if any(key.startswith(f"{container}/") for key in self._blobs) else 404, b"")
        elif (data := self._blobs.get(f"{container}/{name}")) is None:
            self._send(404, b"", {"x-ms-error-code": "BlobNotFound"})
        else:
            self._blob(data)

    @property
    def _blobs(self) -> Mapping[str, bytes]:
        return self.server.blobs

    def _blob(self, data: bytes) -> None:
        span = self.headers.get("x-ms-range") or self.headers.get("Range")
        if span is None or not data:
            self._send(416 if span else 200, data)
            return
        first, _, last = span.removeprefix("bytes=").partition("-")
        end = min(int(last or len(data) - 1), len(data) - 1)
        part = data[int(first) : end + 1]
        self._send(206, part, {"Content-Range": f"bytes {first}-{end}/{len(data)}"})

    def _listed(self, container: str, prefix: str, delimiter: str) -> bytes:
        rows, folders = [], dict[str, None]()
        for key, data in sorted(self._blobs.items()):
            name = key.removeprefix(f"{container}/")
            if name == key or not name.startswith(prefix):
                continue
            if delimiter and delimiter in name[len(prefix) :]:
                folders[name[: name.index(delimiter, len(prefix)) + 1]] = None
                continue
            facts = f"<Last-Modified>{_DAY}</Last-Modified><Etag>0x{hash(data) & 0xFFFFFF:x}</Etag>"
            facts += f"<Content-Length>{len(data)}</Content-Length><BlobType>BlockBlob</BlobType>"
            rows.append(f"<Blob><Name>{escape(name)}</Name><Properties>{facts}</Properties></Blob>")
        rows += [f"<BlobPrefix><Name>{escape(name)}</Name></BlobPrefix>" for name in folders]
        start = f'<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="{container}">'
        return f"{start}<Blobs>{''.join(rows)}</Blobs><NextMarker/></EnumerationResults>".encode()

    def _send(self, status: int, body: bytes, more: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        kind = "application/xml" if body.startswith(b"<?xml") else "application/octet-stream"
        facts = {"Content-Length": str(len(body)), "Content-Type": kind, "Last-Modified": _DAY, "ETag": '"1"'}
        facts |= {"x-ms-version": "2025-01-05", "x-ms-blob-type": "BlockBlob", **(more or {})}
        for name, value in facts.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def blob_server(blobs: Mapping[str, bytes]) -> Iterator[str]:
    """Serve blobs (container/name -> content); yield what AZURE_STORAGE_CONNECTION_STRING is to say."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Blobs)
    server.blobs = blobs
    threading.Thread(target=server.serve_forever, daemon=True).start()
    where = f"http://127.0.0.1:{server.server_address[1]}/{ACCOUNT}"
    try:
        yield f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={where};"
    finally:
        server.shutdown()
        server.server_close()
