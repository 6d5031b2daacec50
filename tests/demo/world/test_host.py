import socket
import threading
import time

import httpx2
import pytest

from leeward.demo.world import WebHost, pages
from leeward.demo.world.errors import AddressNotOurs, NothingCame

SITE = "a.example"


@pytest.fixture
def host():
    with WebHost() as running:
        yield running


def get(host, path, *, name=SITE, **more):
    headers = {"host": f"{name}:{host.port}", **more.pop("headers", {})}
    return httpx2.get(host.url + path, headers=headers, **more)


def test_sites_share_a_port_and_are_told_apart_by_name(host):
    host.site("a.example").put("/", pages.plain("A"))
    host.site("B.example").put("/", pages.plain("B"))
    assert "<h1>A</h1>" in get(host, "/").text
    assert "<h1>B</h1>" in get(host, "/", name="b.EXAMPLE.").text
    assert get(host, "/", name="c.example").status_code == 404
    assert get(host, "/nothing").status_code == 404


def test_what_is_taken_down_or_replaced_can_come_back(host):
    site = host.site(SITE)
    site.put("/page", pages.plain("First"))
    site.take_down("/page")
    assert get(host, "/page").status_code == 410
    site.take_down("/page", status=404)
    assert get(host, "/page").status_code == 404
    site.replace("/page", pages.plain("Second"))
    assert "Second" in get(host, "/page").text
    site.restore("/page")
    assert "First" in get(host, "/page").text
    site.take_down("/never-there")
    site.restore("/never-there")
    assert get(host, "/never-there").status_code == 404
    assert site.paths() == ["/page"]


def test_the_log_keeps_method_host_path_and_headers(host):
    host.site(SITE).put("/page", pages.plain("A"))
    get(host, "/page?x=1", headers={"X-Seen": "yes"})
    httpx2.post(host.url + "/page", headers={"host": SITE}, data={"name": "value", "empty": ""})
    first, second = host.requests(host=SITE)
    assert (first.method, first.host, first.path, first.query) == ("GET", SITE, "/page", "x=1")
    assert first.headers["x-seen"] == "yes"
    assert second.form == {"name": ["value"], "empty": [""]}
    assert second.reached == "127.0.0.1"
    assert host.requests(path="/other") == []
    host.forget_requests()
    assert host.requests() == []


def test_one_can_wait_for_a_request(host):
    threading.Timer(0.05, lambda: get(host, "/later")).start()
    assert host.wait_for_request(lambda seen: seen.path == "/later", 60).host == SITE
    with pytest.raises(NothingCame):
        host.wait_for_request(lambda seen: seen.path == "/never", 0.05)


def test_locked_pages(host):
    site = host.site(SITE)
    inside = pages.plain("Inside")
    site.put("/log-in", pages.log_in(inside, user="u", password="p:q"))
    site.put("/referrer", pages.only_from("http://links.example/", inside))
    site.put("/forbidden", pages.forbidden())
    site.put("/not-here", pages.not_in_your_country())
    refused = get(host, "/log-in")
    assert (refused.status_code, refused.headers["www-authenticate"][:5]) == (401, "Basic")
    assert "Inside" in get(host, "/log-in", auth=("u", "p:q")).text
    assert get(host, "/log-in", auth=("u", "wrong")).status_code == 401
    assert get(host, "/referrer").status_code == 403
    assert "Inside" in get(host, "/referrer", headers={"referer": "http://links.example/"}).text
    assert get(host, "/forbidden").status_code == 403
    assert get(host, "/not-here").status_code == 451


def test_redirects_lead_on_and_some_never_end(host):
    host.site(SITE).put("/old", pages.redirect("/new", 301))
    host.site(SITE).put("/endless", pages.endless_redirect())
    assert get(host, "/old").headers["location"] == "/new"
    with pytest.raises(httpx2.TooManyRedirects):
        get(host, "/endless", follow_redirects=True)
    assert len({seen.query for seen in host.requests(path="/endless")}) > 10


def test_late_and_dripping_pages_take_their_time(host):
    host.site(SITE).put("/late", pages.late(pages.plain("Late"), 0.2))
    host.site(SITE).put("/drip", pages.drip(b"0123456789", piece_bytes=2, piece_seconds=0.04))
    began = time.monotonic()
    assert "Late" in get(host, "/late").text
    assert time.monotonic() - began >= 0.2
    with httpx2.stream("GET", host.url + "/drip", headers={"host": SITE}) as response:
        pieces = list(response.iter_raw())
    assert b"".join(pieces) == b"0123456789"
    assert len(pieces) > 2


def test_broken_connections(host):
    host.site(SITE).put("/hangs-up", pages.hangs_up())
    host.site(SITE).put("/breaks-off", pages.breaks_off(b"half"))
    with pytest.raises(httpx2.RemoteProtocolError):
        get(host, "/hangs-up")
    with pytest.raises(httpx2.RemoteProtocolError):
        get(host, "/breaks-off")


def test_a_bomb_is_small_on_the_wire_and_large_unpacked(host):
    host.site(SITE).put("/bomb", pages.bomb(3_000_000))
    with httpx2.stream("GET", host.url + "/bomb", headers={"host": SITE, "accept-encoding": "gzip"}) as response:
        assert int(response.headers["content-length"]) < 10_000
        assert len(response.read()) == 3_000_000


def test_a_crowded_page_names_every_picture(host):
    host.site(SITE).put("/crowd", pages.crowd(5000))
    assert get(host, "/crowd").text.count("<img") == 5000


def test_head_has_no_body(host):
    host.site(SITE).put("/page", pages.plain("A"))
    response = httpx2.head(host.url + "/page", headers={"host": SITE})
    assert int(response.headers["content-length"]) > 0
    assert response.content == b""


def test_many_visitors_at_once_are_all_answered_and_logged(host):
    host.site(SITE).put("/page", pages.plain("A"))
    answers = []

    def visit():
        with httpx2.Client(headers={"host": SITE}) as client:
            answers.extend(client.get(host.url + "/page").status_code for _ in range(25))

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert answers == [200] * 200
    assert len(host.requests()) == 200


def test_it_starts_fast_and_stops_without_waiting_for_visitors(fastest_start):
    assert fastest_start(WebHost) < 0.2
    with WebHost() as host:
        host.site(SITE).put("/late", pages.late(pages.plain("Late"), 60))
        with (
            socket.create_connection(("127.0.0.1", host.port)) as waiting,
            socket.create_connection(("127.0.0.1", host.port)),
        ):
            waiting.sendall(b"GET /late HTTP/1.1\r\nHost: a.example\r\n\r\n")
            host.wait_for_request(lambda seen: seen.path == "/late", 60)
            began = time.monotonic()
            host.stop()
            assert time.monotonic() - began < 10
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", host.port), timeout=1)


def test_after_a_stop_it_comes_back_on_the_same_port(host):
    host.site(SITE).put("/page", pages.plain("A"))
    port = host.port
    host.stop()
    with pytest.raises(httpx2.ConnectError):
        get(host, "/page")
    host.start()
    assert host.port == port
    assert get(host, "/page").status_code == 200


def test_it_listens_on_several_addresses():
    with WebHost(addresses=("127.0.0.1", "127.0.0.20")) as host:
        host.site(SITE).put("/", pages.plain("A"))
        httpx2.get(f"http://127.0.0.20:{host.port}/", headers={"host": SITE})
        assert host.requests()[0].reached == "127.0.0.20"


def test_a_port_that_is_taken_is_one_clear_error(host):
    with pytest.raises(AddressNotOurs, match=rf"127\.0\.0\.1, port {host.port}: address already in use"):
        WebHost(port=host.port).start()


def test_a_body_without_end_is_refused(host):
    with socket.create_connection(("127.0.0.1", host.port), timeout=60) as visitor:
        visitor.sendall(b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 99999999999\r\n\r\n")
        assert visitor.recv(200).startswith(b"HTTP/1.1 413")
