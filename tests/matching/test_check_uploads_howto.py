"""The programs of docs/how-to/check-uploads.md do what the page says, as they are written there."""

import io
import re
import wsgiref.util
from pathlib import Path

import pytest

from leeward.matching import Matcher
from tests.loops import run_apart
from tests.matching.lists import KNOWN, jpeg, png, signer, written

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "check-uploads.md"
BOUNDARY = "----leeward"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("howto") / "list", [png(0)], [KNOWN])


@pytest.fixture(scope="module")
def programs(folder: Path) -> dict:
    """Everything that the page defines, with its folder and key in the place of the page's."""
    names: dict = {"PUBLIC_KEY": signer().public_key, "image_bytes": png(0)}
    for program in re.findall(r"```python name=\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(program.replace('"/srv/leeward/list"', repr(str(folder))), names)
    return names


def form(*files: bytes) -> bytes:
    parts = [b'Content-Disposition: form-data; name="title"\r\n\r\nA picture']
    parts += [
        b'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + data
        for data in files
    ]
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


CASES = [
    ("image/png", png(0), 403, None),
    ("image/jpeg", jpeg(0), 200, ["review"]),
    ("image/png", png(9), 200, ["allow"]),
    (f"multipart/form-data; boundary={BOUNDARY}", form(png(9), png(0)), 403, None),
    (f"multipart/form-data; boundary={BOUNDARY}", form(png(9), jpeg(0)), 200, ["allow", "review"]),
    (f"multipart/form-data; boundary={BOUNDARY}", form(), 200, []),
    ("multipart/form-data", b"no form at all", 200, []),
    ("text/plain", b"words", 200, None),
    ("image/png", bytes(25_000_001), 413, None),
]


def test_asking(programs):
    assert programs["answer"].match == "known"


@pytest.mark.parametrize(("kind", "body", "status", "advice"), CASES)
def test_wsgi(programs, kind, body, status, advice):
    seen = {}

    def app(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"fine"]

    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    wsgiref.util.setup_testing_defaults(environ)
    said = []
    list(programs["CheckUploads"](app, programs["matcher"])(environ, lambda line, headers: said.append(line)))
    assert int(said[0][:3]) == status
    if status == 200:
        assert seen["body"] == body, "the application reads the body as it came"
        found = seen.get("leeward.answers")
        assert (found and [answer.advice for answer in found]) == (advice or found)


@pytest.mark.parametrize(("kind", "body", "status", "advice"), CASES)
def test_asgi(programs, kind, body, status, advice):
    sent, seen = [], {}
    pieces = [body[start : start + 4_000_000] for start in range(0, len(body), 4_000_000)] or [b""]
    messages = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces) - 1}
        for number, piece in enumerate(pieces)
    ]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        seen.update(scope, body=b"")
        more = True
        while more:
            message = await receive()
            seen["body"] += message["body"]
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    run_apart(programs["CheckUploadsAsync"](app, programs["matcher"])(scope, receive, send))
    assert sent[0]["status"] == status
    if status == 200:
        assert seen["body"] == body
        if advice is not None:
            assert [answer.advice for answer in seen["leeward.answers"]] == advice


def test_a_client_that_leaves(programs):
    async def receive():
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", b"image/png")]}
    run_apart(programs["CheckUploadsAsync"](None, programs["matcher"])(scope, receive, None))


def test_django(programs):
    from django import forms
    from django.core.files.uploadedfile import SimpleUploadedFile

    class Upload(forms.Form):
        file = forms.FileField(validators=[programs["NotKnown"](programs["matcher"])])

    def sent(data: bytes) -> Upload:
        return Upload({}, {"file": SimpleUploadedFile("a.png", data)})

    blocked = sent(png(0))
    assert blocked.errors.as_data()["file"][0].code == "known"
    near, other = sent(jpeg(0)), sent(png(9))
    assert near.is_valid()
    assert other.is_valid()
    assert near.cleaned_data["file"].for_review
    assert not other.cleaned_data["file"].for_review
    assert other.cleaned_data["file"].read() == png(9)


def test_the_page_opens_the_list_with_a_key(folder):
    assert "key=PUBLIC_KEY" in PAGE.read_text(encoding="utf-8")
    assert Matcher(folder).signed_by == signer().public_key
