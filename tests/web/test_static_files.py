"""What a browser loads over a thin line: few bytes, once."""

from http import HTTPStatus

import pytest
from django.http import HttpResponseBase
from django.templatetags.static import static
from django.test import Client
from lxml import html

from tests.personas import Cast

MOST_BYTES, MOST_REQUESTS = 20_000, 5
YEAR = 365 * 24 * 3600


def _body(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _sent(answer: HttpResponseBase) -> int:
    return len(_body(answer)) + sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())


@pytest.mark.parametrize("language", ["", "fr/", "ur/"])
def test_a_whole_report_takes_five_requests_and_little(cast: Cast, language: str) -> None:
    client = Client(headers={"accept-encoding": "gzip, deflate, br"})
    page = client.get(f"/jm/{language}report", follow=True)
    form = html.fromstring(Client().get(f"/jm/{language}report", follow=True).content.decode())
    answers = [page, *(client.get(link) for link in form.xpath("//link/@href"))]
    once = form.xpath("string(//input[@name='once']/@value)")
    said = {"once": once, "kind": "page", "where": "http://a.example/x", "text": "I found a bad page.", "go": "send"}
    answers.append(client.post(f"/jm/{language}report", said))
    answers.append(client.get(answers[-1].headers["Location"]))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 302, 200]
    assert len(answers) <= MOST_REQUESTS
    assert sum(map(_sent, answers)) < MOST_BYTES


def test_a_static_file_is_named_by_its_content_and_kept_for_years() -> None:
    address = static("leeward/leeward.css")
    answer = Client(headers={"accept-encoding": "gzip"}).get(address)
    assert answer.headers["Content-Encoding"] == "gzip"
    ages = [part for part in answer.headers["Cache-Control"].split(", ") if part.startswith("max-age=")]
    assert int(ages[0].removeprefix("max-age=")) >= YEAR
    assert "immutable" in answer.headers["Cache-Control"]
    plain = _body(Client().get(address))
    assert plain == _body(Client().get("/static/leeward/leeward.css")), "an old page still finds it"
    older = address.replace(address.split(".")[-2], "0" * 12)
    assert Client().get(older).status_code == HTTPStatus.NOT_FOUND, "another content never has this name"
    again = Client(headers={"accept-encoding": "gzip", "if-none-match": answer.headers.get("ETag", "")}).get(address)
    assert again.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)


def test_nothing_is_compressed_beside_the_secrets_of_the_desk(cast: Cast) -> None:
    client = Client(headers={"accept-encoding": "gzip"})
    assert client.get("/jm/").headers["Content-Encoding"] == "gzip"
    page = client.get("/desk/account/login/")
    assert page.status_code == HTTPStatus.OK
    assert "Content-Encoding" not in page.headers
