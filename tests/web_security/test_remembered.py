"""A page that is remembered for everybody: compressed once for all whose browsers open that, and never with somebody else's key."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from leeward.web_security import remembered
from leeward.web_security.remembered import alike, for_all


@pytest.fixture(autouse=True)
def _kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remembered, "KEPT_SECONDS", 60.0)
    remembered.forget()
    yield
    remembered.forget()


def _ask(**headers: str):
    return RequestFactory().get("/jm/kept", headers={name.replace("_", "-"): value for name, value in headers.items()})


def _page(*, kind: str) -> HttpResponse:
    return HttpResponse(f"<p>{'words ' * 50}</p>", content_type=kind)


def test_a_page_for_all_is_compressed_once_and_nothing_else_is() -> None:
    made = []

    @for_all
    def page(request) -> HttpResponse:
        made.append(request)
        return _page(kind=request.headers["X-Kind"])

    for kind, encoding in (("text/html", "gzip"), ("text/plain", None)):
        remembered.forget()
        answers = [page(_ask(x_kind=kind, accept_encoding=wish)) for wish in ("gzip", "identity", "gzip")]
        assert answers[0].headers.get("Content-Encoding") == encoding
        assert [one.content == answers[0].content for one in answers] == [True, encoding is None, True]
        if encoding:
            assert gzip.decompress(answers[0].content) == answers[1].content == _page(kind=kind).content
            assert (answers[0].headers["Vary"], answers[1].headers.get("Vary")) == ("Accept-Encoding", None)
    assert len(made) == 2


def test_a_page_without_its_key_is_shown_to_nobody() -> None:
    with pytest.raises(ValueError, match="show it to others"):
        alike(_ask(), ("one-long-key",), lambda: HttpResponse("no key here"))
