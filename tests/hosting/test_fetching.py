"""Looking at hostile places on real sockets, in memory: each gives a row with its reason, and the next look works."""

import gzip
import time
from collections.abc import Callable
from typing import Any

import pytest

from leeward.demo.world import pages
from leeward.demo.world.pictures import claims_to_be_huge, cut_off, picture
from leeward.hosting.models import Fetch, FoundFile
from leeward.hosting.queries import files_of, latest_fetch
from leeward.hosting.rows import FetchRow, FileRow
from leeward.hosting.services import add_access, fetch
from leeward.payments.queries import payees_at
from tests.foundation.servers import endless, raw_server
from tests.hosting.conftest import HOST, Outside

Place = Callable[[str], int]


def look(
    outside: Outside, place: Place, page: pages.Page | None = None, path: str = "/a"
) -> tuple[FetchRow, list[FileRow]]:
    if page is not None:
        outside.site.put(path, page)
    row = fetch(place(outside.url(path)))
    assert row is not None
    return row, files_of(row.id)


def test_a_page_and_its_pictures_leave_fingerprints(outside: Outside, place: Place) -> None:
    outside.site.put("/1.jpg", pages.still(1))
    outside.site.put("/2.png", pages.still(2, form="PNG"))
    row, files = look(outside, place, pages.gallery("Pictures", ["/1.jpg", "/2.png", "/gone.jpg"], ["/more"]))
    assert (row.outcome, row.reason, row.status, row.files_named, len(row.sha256)) == ("answered", "", 200, 3, 64)
    assert [(file.kind, file.problem, file.width) for file in files] == [
        ("image", "", 480), ("image", "", 480), ("image", "status_404", 0)]  # fmt: skip
    assert all(len(file.pdq) == 64 and file.pdq_quality >= 50 for file in files[:2])
    assert files[0].url == outside.url("/1.jpg")
    assert outside.web.requests(path="/1.jpg")[0].headers["referer"] == outside.url("/a")


def test_a_picture_itself_is_one_file(outside: Outside, place: Place) -> None:
    row, files = look(outside, place, pages.still(1), "/1.jpg")
    assert (row.content_type, row.files_named, [file.sha256 for file in files]) == ("image/jpeg", 1, [row.sha256])


@pytest.mark.parametrize(
    ("page", "outcome", "reason", "status"),
    [
        (pages.gone(404), "answered", "not_there", 404),
        (pages.gone(410), "answered", "not_there", 410),
        (pages.forbidden(), "answered", "forbidden", 403),
        (pages.not_in_your_country(), "answered", "geo_blocked", 451),
        (pages.log_in(pages.plain("x"), user="a", password="b"), "answered", "password", 401),
        (pages.plain("Busy", status=503), "answered", "refused", 503),
        (pages.plain("Slowly", status=429), "answered", "too_many_requests", 429),
        (pages.script_only(), "answered", "script", 200),
        (pages.plain("Members", '<form><input name="user"><input type="password"></form>'), "answered", "log_in", 200),
        (pages.endless_redirect(), "too_many_redirects", "too_many_redirects", 302),
        (pages.redirect("http://169.254.169.254/latest/meta-data/"), "forbidden_address", "forbidden_address", 0),
        (pages.redirect("http://[::ffff:127.0.0.1]:1/"), "forbidden_address", "forbidden_address", 0),
        (pages.redirect("http://localhost/"), "forbidden_address", "forbidden_address", 0),
        (pages.redirect("file:///etc/passwd"), "forbidden_scheme", "forbidden_scheme", 0),
        (pages.redirect("http://nobody.example/"), "no_such_name", "no_such_name", 0),
        (pages.hangs_up(), "protocol_error", "protocol_error", 0),
        (pages.bomb(), "packed_too_well", "packed_too_well", 200),
    ],
)  # fmt: skip
def test_why_there_is_no_content_is_kept(
    outside: Outside, place: Place, page: pages.Page, outcome: str, reason: str, status: int
) -> None:
    row, files = look(outside, place, page)
    assert (row.outcome, row.reason, row.status, files) == (outcome, reason, status, [])
    outside.site.put("/a", pages.plain("Kind again"))
    again, _ = look(outside, place)
    assert (again.outcome, again.reason) == ("answered", "")
    assert Fetch.objects.count() == 2


def test_a_name_that_changes_its_mind_reaches_nothing_inside(outside: Outside, place: Place, settings: Any) -> None:
    """Rebinding: public first, loopback at the second question. Nothing on loopback is asked, not even for the pictures."""
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"fetch_allowed_networks": (), "fetch_seconds": 1.0})
    outside.names.set_in_turn(HOST, "A", ["198.51.100.7"], ["127.0.0.1"])
    row, _ = look(outside, place, pages.gallery("x", ["/1.jpg"]))
    assert row.outcome in ("forbidden_address", "timed_out", "connection_failed")
    again, _ = look(outside, place)
    assert again.outcome == "forbidden_address"
    assert outside.web.requests() == []


def test_pictures_of_a_page_can_not_lead_inside(outside: Outside, place: Place) -> None:
    outside.site.put("/inside.jpg", pages.redirect("http://169.254.169.254/x.jpg"))
    _, files = look(
        outside, place, pages.gallery("x", ["/inside.jpg", "http://10.0.0.1/2.jpg", "http://[::ffff:7f00:1]/3.jpg"])
    )
    assert [file.problem for file in files] == ["forbidden_address"] * 3


@pytest.mark.parametrize(
    ("body", "content_type", "problem", "kind"),
    [
        (claims_to_be_huge(), "image/png", "too_many_pixels", "image"),
        (cut_off(picture(1)), "image/jpeg", "cut_off", "image"),
        (b"<html>not a picture</html>", "image/jpeg", "not_media", "image"),
        (picture(1), "text/html", "wrong_type", "image"),
        (picture(1), "application/octet-stream", "", "image"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(100), "image/jpeg", "wrong_type", "video"),
        (b"", "image/jpeg", "not_media", "image"),
    ],
)
def test_what_is_wrong_with_a_picture_is_kept(
    outside: Outside, place: Place, body: bytes, content_type: str, problem: str, kind: str
) -> None:
    outside.site.put("/1.jpg", pages.file(body, content_type))
    row, files = look(outside, place, pages.gallery("x", ["/1.jpg"]))
    assert row.outcome == "answered"
    assert [(file.problem, file.kind) for file in files] == [(problem, kind)]


def test_a_picture_that_calls_itself_a_page_is_still_a_picture(outside: Outside, place: Place) -> None:
    _, files = look(outside, place, pages.file(picture(1), "text/html"))
    assert [(file.kind, file.problem) for file in files] == [("image", "wrong_type")]
    assert files[0].pdq


def test_a_page_that_calls_itself_text_is_still_a_page(outside: Outside, place: Place) -> None:
    outside.site.put("/1.jpg", pages.still(1))
    _, files = look(outside, place, pages.file(b"<!DOCTYPE html><img src=/1.jpg>", "text/plain"))
    assert len(files) == 1


def test_a_page_of_a_hundred_thousand_pictures_is_counted_and_two_hundred_are_looked_at(
    outside: Outside, place: Place
) -> None:
    row, files = look(outside, place, pages.crowd())
    assert (row.files_named, len(files)) == (100_000, 200)


def test_a_page_that_breaks_off_is_read_as_far_as_it_came(outside: Outside, place: Place) -> None:
    outside.site.put("/1.jpg", pages.still(1))
    row, files = look(outside, place, pages.breaks_off(b'<html><img src="/1.jpg">'))
    assert (row.outcome, len(files)) == ("cut_short", 1)


def test_drips_and_floods_end_in_time(outside: Outside, place: Place, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"fetch_seconds": 1.0, "fetch_max_bytes": 300_000})
    started = time.monotonic()
    row, _ = look(outside, place, pages.drip())
    assert row.reason == "timed_out"
    with raw_server(endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>" * 9000)) as port:
        flood = fetch(place(f"http://{HOST}:{port}/"))
    assert flood is not None
    assert flood.reason == "too_large"
    with raw_server(lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 3_000_000)) as port:
        header = fetch(place(f"http://{HOST}:{port}/"))
    assert header is not None
    assert header.reason in ("protocol_error", "connection_failed")
    assert time.monotonic() - started < 30, "they drip and flood for ever"


def test_slow_pictures_do_not_hold_a_page_for_ever(
    outside: Outside, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leeward.hosting.fetching.in_memory.PAGE_SECONDS", 1.5)
    for number in range(20):
        outside.site.put(f"/{number}.jpg", pages.late(pages.still(1), 1.0))
    started = time.monotonic()
    _, files = look(outside, place, pages.gallery("x", [f"/{number}.jpg" for number in range(20)]))
    assert time.monotonic() - started < 15, "all of them take 20 s"
    assert {file.problem for file in files} == {"", "timed_out", "no_time_left"}


def test_a_page_that_wants_to_be_come_from_somewhere_is_had_and_says_so(outside: Outside, place: Place) -> None:
    row, _ = look(outside, place, pages.only_from(outside.url("/"), pages.plain("Seen")))
    assert (row.status, row.reason) == (200, "referrer")


def test_a_referrer_that_the_reporter_gave_is_used(outside: Outside, place: Place) -> None:
    outside.site.put("/a", pages.only_from("http://forum.example/thread", pages.plain("Seen")))
    number = place(outside.url("/a"))
    first = fetch(number)
    assert first is not None
    assert first.reason == "forbidden"
    add_access(number, {"referrer": "http://forum.example/thread", "nonsense": "x"})
    second = fetch(number)
    assert second is not None
    assert (second.status, second.reason) == (200, "referrer")


def test_where_a_page_sends_its_reader_is_followed_once(outside: Outside, place: Place) -> None:
    outside.site.put("/1.jpg", pages.still(1))
    outside.site.put("/real", pages.gallery("Real", ["/1.jpg"]))
    outside.site.put("/loop", pages.plain("Loop", head='<meta http-equiv="refresh" content="0;url=/loop">'))
    row, files = look(outside, place, pages.plain("Go on", head='<meta http-equiv="refresh" content="0;url=/real">'))
    assert (row.final_url, len(files)) == (outside.url("/real"), 1)
    assert look(outside, place, path="/loop")[0].outcome == "answered"


def test_packed_pages_are_read(outside: Outside, place: Place) -> None:
    outside.site.put("/1.jpg", pages.still(1))
    packed = pages.file(gzip.compress(b'<html><img src="/1.jpg">'), "text/html")
    assert not callable(packed)
    page = type(packed)(200, packed.body, "text/html", (("Content-Encoding", "gzip"),))
    assert len(look(outside, place, page)[1]) == 1


@pytest.mark.parametrize("text", ["magnet:?xt=urn:btih:" + "a" * 40, "anna on kik", "0f" * 32])
def test_what_can_not_be_fetched_leaves_no_row(outside: Outside, place: Place, text: str) -> None:
    number = place(text)
    assert fetch(number) is None
    assert latest_fetch(number) is None


def test_onions_say_that_there_is_no_way_to_them(outside: Outside, place: Place) -> None:
    row = fetch(place("http://" + "a" * 56 + ".onion/"))
    assert row is not None
    assert row.reason == "no_onion_proxy"


def test_every_look_is_an_act_in_the_log_without_an_address(outside: Outside, place: Place) -> None:
    from leeward.audit.models import AuditRow

    row, _ = look(outside, place, pages.plain("x"))
    act = AuditRow.objects.get(event="location.fetched")
    assert f'"fetch":{row.id}' in act.facts.replace(" ", "")
    assert HOST not in act.facts
    assert FoundFile.objects.count() == 0


def test_what_a_page_asks_money_for_is_kept_and_counted_when_it_is_fetched_again(
    outside: Outside, place: Place
) -> None:
    wallet, other = "17bnfudZkgMzmzL4BFA4gcFe5uirQMSajT", "bc1qndnal47xre7yq9fsasafm2j2zqgjmtznng6mfp"
    body = f'<p>20 USD to <code>{wallet}</code></p><a href="https://paypal.me/kite">x</a><input value="{other}"><script>{"1" * 9}</script>'
    outside.site.put("/shop", pages.plain("Shop", body))
    number = place(outside.url("/shop"))
    fetch(number)
    fetch(number)
    found = payees_at([("location", number)])
    assert [(one.kind, one.value, one.times) for one in found] == [
        ("btc", wallet, 2),
        ("btc", other, 2),
        ("paypal", "@kite", 2),
    ]
    assert (found[0].demands[0].amount, found[0].demands[0].currency) == ("20", "USD")
