"""The guarded client against real sockets: what it reaches and refuses; nothing that the other side does raises."""

import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from leeward.demo.world.certificate import Certificate, make_certificate
from leeward.foundation.http import (
    Answer,
    BrowserRequest,
    Client,
    ClientMisused,
    Limits,
    Policy,
    Resolution,
    headers_of,
)
from tests.foundation.servers import endless, ok, raw_server, redirect, request_of, says

LOOPBACK = ("127.0.0.0/8",)


class Names:
    """A resolver that answers in turn, as a rebinding name server does, and counts."""

    def __init__(self, *turns: tuple[str, ...]) -> None:
        self.turns = list(turns)
        self.asked: list[str] = []

    def __call__(self, name: str, seconds: float) -> Resolution:
        self.asked.append(name)
        return Resolution(self.turns.pop(0) if len(self.turns) > 1 else self.turns[0])


def get(
    url: str,
    *,
    names: Callable[[str, float], Resolution] | None = None,
    allowed: tuple[str, ...] = LOOPBACK,
    limits: Limits | None = None,
    **policy: object,
) -> Answer:
    names = names or Names(("127.0.0.1",))
    with Client(names, Policy(allowed_networks=allowed, **policy), limits or Limits(seconds=60)) as client:
        return client.get(url)


def test_a_page_comes_with_status_headers_body_and_the_address_it_came_from() -> None:
    with raw_server(says(ok(b"hello", "Text/HTML; charset=utf-8"))) as port:
        answer = get(f"http://bad.example:{port}/page?x=1#part")
    assert (answer.outcome, answer.status, answer.body, answer.content_type) == ("answered", 200, b"hello", "text/html")
    assert answer.url == f"http://bad.example:{port}/page?x=1#part"
    assert answer.address == "127.0.0.1"


def test_the_request_says_the_hosts_name_and_never_the_credentials() -> None:
    seen: list[bytes] = []

    def script(line: socket.socket) -> None:
        seen.append(request_of(line))
        line.sendall(ok(b""))

    with raw_server(script) as port:
        get(f"http://user:secret@bad.example:{port}/a%20b?c#d")
    assert seen[0].startswith(b"GET /a%20b?c HTTP/1.1\r\n")
    assert b"Host: bad.example:%d\r\n" % port in seen[0]
    assert b"secret" not in seen[0]
    assert b"authorization" not in seen[0].lower()


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 0x7f.1 2130706433 localhost [::1] [::ffff:127.0.0.1] [::ffff:169.254.169.254] 169.254.169.254 10.0.0.1"
    " printer.local [64:ff9b::7f00:1] [fe80::1] 0.0.0.0".split(),
)
def test_addresses_inside_are_refused_in_every_notation(host: str) -> None:
    with raw_server(says(ok(b"inside"))) as port:
        assert get(f"http://{host}:{port}/", allowed=()).outcome == "forbidden_address"


def test_a_name_that_points_inside_is_refused() -> None:
    with raw_server(says(ok(b"inside"))) as port:
        for address in ("127.0.0.1", "::1", "::ffff:7f00:1", "10.1.1.1", "169.254.169.254"):
            assert (
                get(f"http://bad.example:{port}/", allowed=(), names=Names((address,))).outcome == "forbidden_address"
            )


def test_the_demonstrations_allowance_does_not_open_the_rest() -> None:
    with raw_server(says(ok(b"inside"))) as port:
        assert get(f"http://[::ffff:127.0.0.1]:{port}/").outcome == "forbidden_address"
        assert get("http://169.254.169.254/latest/meta-data").outcome == "forbidden_address"


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest/", "http://[::ffff:127.0.0.1]:{port}/", "http://localhost:{port}/"]
)
def test_a_redirect_inside_is_refused(to: str) -> None:
    where: list[int] = []

    def script(line: socket.socket) -> None:
        request_of(line)
        line.sendall(redirect(to.format(port=where[0])))

    with raw_server(script) as port:
        where.append(port)
        answer = get(f"http://bad.example:{port}/")
    assert answer.outcome == "forbidden_address"
    assert answer.redirects == (f"http://bad.example:{port}/",)
    assert answer.body == b""


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "gopher://bad.example/", "data:text/html,x", "ftp://bad.example/"]
)
def test_a_redirect_to_another_scheme_is_refused(to: str) -> None:
    with raw_server(says(redirect(to))) as port:
        assert get(f"http://bad.example:{port}/").outcome == "forbidden_scheme"


def test_a_name_is_asked_once_and_a_second_answer_never_used() -> None:
    """Rebinding: the name server first says a public address, then a private one."""
    names = Names(("93.184.216.34", "127.0.0.1"), ("127.0.0.1",))
    with raw_server(says(ok(b"inside"))) as port, Client(names, Policy(), Limits(seconds=0.4)) as client:
        first = client.get(f"http://bad.example:{port}/")
        second = client.get(f"http://bad.example:{port}/")
    assert names.asked == ["bad.example"]
    assert {first.outcome, second.outcome} <= {"timed_out", "connection_failed", "connection_refused"}


def test_a_redirect_to_the_same_name_stays_on_the_checked_address() -> None:
    names = Names(("127.0.0.1",), ("127.0.0.2",))

    def script(line: socket.socket) -> None:
        first = request_of(line).startswith(b"GET / ")
        line.sendall(redirect("/next") if first else ok(b"next"))

    with raw_server(script) as port:
        answer = get(f"http://bad.example:{port}/", names=names)
    assert (answer.body, answer.address, names.asked) == (b"next", "127.0.0.1", ["bad.example"])


def test_the_next_address_of_a_name_is_tried() -> None:
    with raw_server(says(ok(b"here"))) as port:
        answer = get(f"http://bad.example:{port}/", names=Names(("127.0.0.9", "127.0.0.1")))
    assert (answer.body, answer.address) == (b"here", "127.0.0.1")


@pytest.mark.parametrize("problem", ["no_such_name", "no_address", "name_failed", "name_timed_out"])
def test_a_names_problem_is_the_outcome(problem: str) -> None:
    assert get("http://bad.example/", names=lambda name, seconds: Resolution((), problem)).outcome == problem


def test_redirects_end_after_five() -> None:
    count: list[int] = []

    def script(line: socket.socket) -> None:
        request_of(line)
        count.append(1)
        line.sendall(redirect(f"/{len(count)}"))

    with raw_server(script) as port:
        answer = get(f"http://bad.example:{port}/")
    assert (answer.outcome, len(count)) == ("too_many_redirects", 6)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"."),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n.\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "headers", "body", "chunks", "interim"],
)
def test_a_slow_drip_is_cut_at_the_deadline(head: bytes, piece: bytes) -> None:
    started = time.monotonic()
    with raw_server(endless(head, piece, pause=0.05)) as port:
        answer = get(f"http://bad.example:{port}/", limits=Limits(seconds=0.7))
    assert answer.outcome in ("timed_out", "protocol_error")
    assert time.monotonic() - started < 15, "it drips for ever"


def test_the_deadline_counts_for_all_redirects_together() -> None:
    def script(line: socket.socket) -> None:
        request_of(line)
        time.sleep(0.3)
        line.sendall(redirect("/again"))

    with raw_server(script) as port:
        assert get(f"http://bad.example:{port}/", limits=Limits(seconds=0.7)).outcome == "timed_out"


def test_a_server_that_never_says_anything_is_cut() -> None:
    with raw_server(lambda line: time.sleep(3)) as port:
        assert get(f"http://bad.example:{port}/", limits=Limits(seconds=0.4)).outcome == "timed_out"
        assert get(f"https://bad.example:{port}/", limits=Limits(seconds=0.4)).outcome == "timed_out"


def test_an_endless_body_ends_at_the_limit() -> None:
    with raw_server(endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536)) as port:
        answer = get(f"http://bad.example:{port}/", limits=Limits(seconds=60, max_bytes=1_000_000))
    assert (answer.outcome, answer.status, answer.body) == ("too_large", 200, b"")


def test_a_body_announced_too_large_is_not_read() -> None:
    with raw_server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")) as port:
        assert get(f"http://bad.example:{port}/").outcome == "too_large"


@pytest.mark.parametrize("size", [30_000_000, 300_000_000])
def test_a_gzip_bomb_is_neither_unpacked_nor_believed(size: int) -> None:
    bomb = gzip.compress(bytes(size))
    with raw_server(says(ok(bomb, "text/html", b"Content-Encoding: gzip"))) as port:
        answer = get(f"http://bad.example:{port}/")
    assert answer.outcome == "packed_too_well"
    assert answer.body == b""


def test_packed_pages_are_unpacked() -> None:
    with raw_server(says(ok(gzip.compress(b"page" * 99), "text/html", b"Content-Encoding: gzip"))) as port:
        assert get(f"http://bad.example:{port}/").body == b"page" * 99
    with raw_server(says(ok(b"garbage", "text/html", b"Content-Encoding: gzip"))) as port:
        assert get(f"http://bad.example:{port}/").outcome == "not_unpackable"
    with raw_server(says(ok(b"garbage", "text/html", b"Content-Encoding: br"))) as port:
        assert get(f"http://bad.example:{port}/").outcome == "not_unpackable"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X-Big: " + b"x" * 2_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 50_000 + b"\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x00\x01\x02\x03" * 100,
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 999999 What\r\n\r\n",
        b"",
    ],
    ids=["huge-header", "many-headers", "ssh", "binary", "two-lengths", "status", "silence"],
)
def test_what_is_not_http_is_an_outcome(answer: bytes) -> None:
    with raw_server(says(answer)) as port:
        assert get(f"http://bad.example:{port}/").outcome in ("protocol_error", "connection_failed")


def test_a_body_that_breaks_off_is_kept_as_far_as_it_came() -> None:
    with raw_server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) as port:
        answer = get(f"http://bad.example:{port}/")
    assert (answer.outcome, answer.body) == ("cut_short", b"half")


def test_a_reset_and_a_closed_port_are_outcomes() -> None:
    def reset(line: socket.socket) -> None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with raw_server(reset) as port:
        assert get(f"http://bad.example:{port}/").outcome in ("connection_failed", "protocol_error")
    assert get(f"http://bad.example:{port}/").outcome == "connection_refused"


@pytest.mark.parametrize(
    "url", ["", "no scheme", "http://", "http://[::1", "http://a b/", "http://a.example:99999/", "\x00"]
)
def test_what_is_no_address_is_an_outcome(url: str) -> None:
    assert get(url).outcome == "bad_address"


@pytest.fixture
def server_tls(tmp_path: Path) -> ssl.SSLContext:
    made = make_certificate(tmp_path, name="other.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    return context


def test_a_bad_certificate_is_recorded_and_refused_where_it_must_be(server_tls: ssl.SSLContext) -> None:
    with raw_server(says(ok(b"seen")), tls=server_tls) as port:
        looked = get(f"https://bad.example:{port}/", tls="record")
        strict = get(f"https://bad.example:{port}/", tls="demand")
    assert (looked.outcome, looked.body) == ("answered", b"seen")
    assert "self-signed" in looked.tls_problem
    assert (strict.outcome, strict.body) == ("tls_failed", b"")
    assert strict.tls_problem


def test_a_server_that_asks_who_we_are_sees_our_certificate_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, ours, other = (_certificate(tmp_path / name, name) for name in ("bad.example", "us.example", "x.example"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ours.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))

    def asked(certificate: str) -> str:
        with raw_server(says(ok(b"seen")), tls=context) as port:
            return get(f"https://bad.example:{port}/", certificate=certificate).outcome

    text = ours.certificate.read_text() + ours.key.read_text()
    assert asked(text) == "answered"
    assert asked(other.certificate.read_text() + other.key.read_text()) != "answered"
    for wrong in ("x", ours.certificate.read_text(), ours.certificate.read_text() + other.key.read_text()):
        with pytest.raises(ClientMisused, match="certificate"):
            asked(wrong)
    assert text not in repr(Policy(certificate=text))


def _certificate(folder: Path, name: str) -> Certificate:
    folder.mkdir()
    return make_certificate(folder, name=name)


def test_the_servers_name_is_sent_in_tls(server_tls: ssl.SSLContext) -> None:
    seen: list[str | None] = []
    server_tls.sni_callback = lambda line, name, context: seen.append(name)
    with raw_server(says(ok(b"seen")), tls=server_tls) as port:
        get(f"https://bad.example.:{port}/", tls="record")
    assert seen[-1] == "bad.example"


def test_plain_text_where_tls_should_be_is_an_outcome() -> None:
    with raw_server(lambda line: line.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")) as port:
        assert get(f"https://bad.example:{port}/", tls="record").outcome == "tls_failed"


def test_only_https_where_the_policy_says_so() -> None:
    assert get("http://bad.example/", schemes=("https",)).outcome == "forbidden_scheme"


def socks(seen: list[bytes], *, reply: int = 0, answer: bytes = b"") -> Callable[[socket.socket], None]:
    """A SOCKS5 proxy that notes what it is asked for and answers itself."""

    def script(line: socket.socket) -> None:
        line.recv(3)
        line.sendall(b"\x05\x00")
        seen.append(line.recv(300))
        line.sendall(b"\x05" + bytes((reply,)) + b"\x00\x01\x00\x00\x00\x00\x00\x00")
        if reply == 0:
            request_of(line)
            line.sendall(answer)

    return script


def test_an_onion_goes_through_its_proxy_by_name_and_nowhere_without_one() -> None:
    seen: list[bytes] = []
    names = Names(("127.0.0.1",))
    onion = "a" * 56 + ".onion"
    with raw_server(socks(seen, answer=ok(b"onion"))) as port:
        answer = get(f"http://{onion}/", names=names, onion_proxy=f"socks5://127.0.0.1:{port}")
    assert answer.body == b"onion"
    assert seen[0] == b"\x05\x01\x00\x03" + bytes((len(onion),)) + onion.encode() + b"\x00\x50"
    assert names.asked == []
    assert get(f"http://{onion}/", names=names).outcome == "no_onion_proxy"


def test_behind_a_proxy_names_are_resolved_there_and_no_name_server_is_asked() -> None:
    seen: list[bytes] = []
    names = Names(("93.184.216.34",))
    with raw_server(socks(seen, answer=ok(b"through"))) as port:
        proxy = f"socks5://127.0.0.1:{port}"
        assert get("http://good.example/", names=names, proxy=proxy).body == b"through"
        for host in ("localhost", "printer.local", "wiki.internal", "10.0.0.1", "[::1]", "[2001:20::1]"):
            assert get(f"http://{host}/", names=names, allowed=(), proxy=proxy).outcome == "forbidden_address", host
    assert [asked for asked in seen if b"good" in asked] == [b"\x05\x01\x00\x03\x0cgood.example\x00\x50"]
    assert names.asked == []


def relay(line: socket.socket) -> None:
    """A SOCKS5 proxy of this machine, which connects to wherever it is asked."""
    line.recv(3)
    line.sendall(b"\x05\x00")
    asked = line.recv(300)
    try:
        with socket.create_connection((socket.inet_ntoa(asked[4:8]), struct.unpack(">H", asked[8:10])[0]), 5):
            line.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
    except OSError:
        line.sendall(b"\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00")


def test_a_proxy_that_leads_back_into_our_network_is_not_used() -> None:
    """Such a proxy would resolve a public name to an address inside, where the guard can't see it."""
    with raw_server(relay) as port:
        answer = get("http://good.example/", allowed=(), proxy=f"socks5://127.0.0.1:{port}")
    assert answer.outcome == "proxy_failed"


def test_a_browser_is_imitated_header_by_header(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, name="bad.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    seen: list[bytes] = []

    def script(line: socket.socket) -> None:
        seen.append(request_of(line))
        line.sendall(ok(b""))

    def speaks(asked: BrowserRequest) -> list[tuple[str, str]]:
        return headers_of(asked, lambda host: ".".join(host.split(".")[-2:]))

    policy = Policy(allowed_networks=LOOPBACK, tls="record", browser_headers=speaks)
    with (
        raw_server(script, tls=context) as port,
        raw_server(script) as plain,
        Client(Names(("127.0.0.1",)), policy, Limits(seconds=60)) as client,
    ):
        page = f"https://bad.example:{port}/a?b=c"
        client.get(page)
        client.get(f"https://bad.example:{port}/1.jpg", referrer=page, kind="image")
        client.get(f"https://cdn.bad.example:{port}/2.jpg", referrer=page, kind="image")
        client.get(f"https://other.example:{port}/3.mp4", referrer=page, kind="video")
        client.get(f"http://bad.example:{plain}/")
        client.get(f"http://bad.example:{plain}/4.jpg", referrer=page, kind="image")
    for got, expected in zip(seen, BROWSER.format(port=port, plain=plain).split("\n---\n"), strict=True):
        assert got.decode().partition("\r\n")[2].strip().splitlines() == expected.strip().splitlines()


# As Firefox 140 sends them (HTTP/1.1), in its order.
_AGENT = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_PICTURE = (
    "Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5\nAccept-Language: en-US,en;q=0.5"
)
_PAGE = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\nAccept-Language: en-US,en;q=0.5"
BROWSER = f"""Host: bad.example:{{port}}
{_AGENT}
{_PAGE}
Accept-Encoding: gzip, deflate, br, zstd
Connection: keep-alive
Upgrade-Insecure-Requests: 1
Sec-Fetch-Dest: document
Sec-Fetch-Mode: navigate
Sec-Fetch-Site: none
Sec-Fetch-User: ?1
Priority: u=0, i
---
Host: bad.example:{{port}}
{_AGENT}
{_PICTURE}
Accept-Encoding: gzip, deflate, br, zstd
Referer: https://bad.example:{{port}}/a?b=c
Connection: keep-alive
Sec-Fetch-Dest: image
Sec-Fetch-Mode: no-cors
Sec-Fetch-Site: same-origin
Priority: u=5, i
---
Host: cdn.bad.example:{{port}}
{_AGENT}
{_PICTURE}
Accept-Encoding: gzip, deflate, br, zstd
Referer: https://bad.example:{{port}}/
Connection: keep-alive
Sec-Fetch-Dest: image
Sec-Fetch-Mode: no-cors
Sec-Fetch-Site: same-site
Priority: u=5, i
---
Host: other.example:{{port}}
{_AGENT}
Accept: video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5
Accept-Language: en-US,en;q=0.5
Referer: https://bad.example:{{port}}/
Connection: keep-alive
Sec-Fetch-Dest: video
Sec-Fetch-Mode: no-cors
Sec-Fetch-Site: cross-site
Accept-Encoding: identity
Priority: u=4
---
Host: bad.example:{{plain}}
{_AGENT}
{_PAGE}
Accept-Encoding: gzip, deflate
Connection: keep-alive
Upgrade-Insecure-Requests: 1
Priority: u=0, i
---
Host: bad.example:{{plain}}
{_AGENT}
{_PICTURE}
Accept-Encoding: gzip, deflate
Connection: keep-alive
Priority: u=5, i
"""


def test_a_proxy_that_fails_is_an_outcome() -> None:
    with raw_server(socks([], reply=5)) as port:
        assert get("http://bad.example/", proxy=f"socks5://127.0.0.1:{port}").outcome == "proxy_failed"
    assert get("http://bad.example/", proxy=f"socks5://127.0.0.1:{port}").outcome == "proxy_failed"


@pytest.mark.parametrize("policy", [{"proxy": "http://x"}, {"onion_proxy": "nonsense"}, {"allowed": ("nowhere",)}])
def test_only_our_own_mistakes_raise(policy: dict[str, object]) -> None:
    with pytest.raises(ClientMisused):
        get("http://bad.example/", **policy)


def test_several_threads_share_a_client_and_each_keeps_its_own_deadline() -> None:
    def script(line: socket.socket) -> None:
        slow = b"/slow" in request_of(line)
        time.sleep(1.5 if slow else 0.0)
        line.sendall(ok(b"x"))

    outcomes: dict[str, str] = {}
    with (
        raw_server(script) as port,
        Client(Names(("127.0.0.1",)), Policy(allowed_networks=LOOPBACK), Limits(seconds=60)) as client,
    ):

        def fetch(path: str, seconds: float) -> None:
            outcomes[path] = client.get(f"http://bad.example:{port}{path}", seconds=seconds).outcome

        threads = [threading.Thread(target=fetch, args=(f"/slow{n}", 0.5)) for n in range(3)]
        threads += [threading.Thread(target=fetch, args=(f"/quick{n}", 60.0)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {path for path, outcome in outcomes.items() if outcome == "answered"} == {"/quick0", "/quick1", "/quick2"}
    assert {outcomes[f"/slow{n}"] for n in range(3)} == {"timed_out"}


def body_of(line: socket.socket) -> bytes:
    """Read a whole request with a short body."""
    seen = request_of(line)
    head, _, body = seen.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(4096)
    return head + b"\r\n\r\n" + body


def post(
    url: str, *, allowed: tuple[str, ...] = LOOPBACK, may_send: Callable[[], bool] = lambda: True
) -> Answer | None:
    with Client(Names(("127.0.0.1",)), Policy(allowed_networks=allowed), Limits(seconds=1.5, max_bytes=1000)) as client:
        return client.post(url, b"{}", headers={"Webhook-Id": "msg_1"}, may_send=may_send)


def test_a_post_goes_once_and_says_whether_any_of_it_can_have_arrived() -> None:
    seen: list[bytes] = []

    def script(*answers: bytes) -> Callable[[socket.socket], None]:
        waiting = list(answers)

        def talk(line: socket.socket) -> None:
            seen.append(body_of(line))
            line.sendall(waiting.pop(0))

        return talk

    moved = redirect("http://elsewhere.example/")
    with raw_server(script(ok(b"yes"), moved, b"", b"\x00nonsense\r\n\r\n", ok(b"x" * 2000))) as port:
        url = f"http://user:word@api.example:{port}/in?a=1#b"
        answers = [post(url) for _ in range(5)]
    found = [(one.outcome, one.status, one.was_sent) for one in answers if one]
    assert found == [
        ("answered", 200, True),
        ("answered", 302, True),
        ("protocol_error", 0, True),
        ("protocol_error", 0, True),
        ("too_large", 200, True),
    ]
    assert len(seen) == 5  # nothing was sent twice, and no redirect was followed
    assert seen[0].startswith(b"POST /in?a=1 HTTP/1.1\r\n")
    assert seen[0].endswith(b"\r\n\r\n{}")
    assert b"Webhook-Id: msg_1\r\n" in seen[0]
    assert b"word" not in seen[0]


def test_a_post_that_may_not_go_or_finds_nobody_sends_nothing() -> None:
    connected, seen = threading.Event(), []

    def script(line: socket.socket) -> None:
        connected.set()
        seen.append(line.recv(10))

    with raw_server(script) as port:
        url = f"http://api.example:{port}/"
        assert post(url, may_send=lambda: False) is None
        assert connected.wait(5)
        inside = post(url, allowed=())
    nobody, wrong = post(url), post("ftp://api.example/")
    assert [one and (one.outcome, one.was_sent) for one in (inside, nobody, wrong)] == [
        ("forbidden_address", False),
        ("connection_refused", False),
        ("forbidden_scheme", False),
    ]
    assert [one for one in seen if one] == []


def test_a_slow_receiver_ends_a_post_and_leaves_open_whether_it_arrived() -> None:
    with raw_server(endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause=0.1)) as port:
        answer = post(f"http://api.example:{port}/")
    assert answer is not None
    assert (answer.outcome, answer.status, answer.was_sent) == ("timed_out", 0, True)
