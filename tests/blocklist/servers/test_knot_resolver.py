"""Knot Resolver with the configuration of docs/how-to/knot-resolver.md, its list fetched over HTTP by the page's script."""

import subprocess
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from leeward.blocklist.rules.rpz import stop_addresses, zone_text
from leeward.demo.ports import free_port
from tests.blocklist.primary import zone
from tests.blocklist.servers.conftest import FIRST, blocks_the_list
from tests.blocklist.servers.pages import blocks, filled
from tests.blocklist.servers.running import Resolver, process, program, until

pytestmark = pytest.mark.servers


class Feed:
    """A list under an address, with an ETag, for one token."""

    def __init__(self):
        self.content = b""
        self.sent = 0

    def publish(self, head, owners):
        self.content = "".join(zone_text(head, owners)).encode()
        self.etag = f'"{head.serial}"'


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        feed = self.server.feed
        if self.headers["Authorization"] != "Bearer right":
            self.send_error(401)
            return
        if self.headers["If-None-Match"] == feed.etag:
            self.send_response(304)
            self.end_headers()
            return
        feed.sent += 1
        self.send_response(200)
        self.send_header("ETag", feed.etag)
        self.send_header("Content-Length", str(len(feed.content)))
        self.end_headers()
        self.wfile.write(feed.content)

    def log_message(self, *_):
        pass


@pytest.fixture
def feed():
    made = Feed()
    made.publish(zone(1), FIRST)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.feed = made
    made.server = server
    made.address = f"http://127.0.0.1:{server.server_port}/api/v1/feeds/national/rpz"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def fetch(folder, feed, token="right"):
    """Run the page's script; return its exit code."""
    program("curl", "curl")
    page = blocks("knot-resolver.md")
    (folder / "leeward.header").write_text(filled(page["leeward.header"], {"YOUR-TOKEN": token}))
    script = folder / "fetch-leeward"
    script.write_text(
        filled(
            page["fetch-leeward"],
            {
                "https://lists.hotline.example/api/v1/feeds/national/rpz": feed.address,
                "/var/lib/knot-resolver": str(folder),
                "/etc/knot-resolver/": f"{folder}/",
            },
        )
    )
    return subprocess.run(["/bin/sh", script], check=False).returncode


@contextmanager
def kresd(folder, everything):
    server = program("kresd", "knot-resolver")
    page = blocks("knot-resolver.md")
    held = folder / "leeward.zone"
    if not held.exists():
        held.write_text(page[held.name])
    resolver = Resolver(free_port())
    ours = filled(page["kresd.conf"], {"/var/lib/knot-resolver/": f"{folder}/"})
    (folder / "kresd.conf").write_text(
        f"""
net.listen('127.0.0.1', {resolver.port}, {{ kind = 'dns' }})
trust_anchors.remove('.')
cache.size = 10 * MB
{ours}
policy.add(policy.all(policy.STUB('127.0.0.1@{everything}')))
"""
    )
    with process(server, "-n", "-c", folder / "kresd.conf", folder, log=folder / "log"):
        yield resolver


def test_knot_resolver_blocks_follows_and_keeps_blocking_without_the_feed(tmp_path, feed, everything):
    with kresd(tmp_path, everything) as resolver:
        until(resolver.answers)
        assert resolver.ask("neighbour.example").code == "SERVFAIL", "nothing is answered before the first list"
        assert fetch(tmp_path, feed) == 0
        blocks_the_list(resolver)
        assert resolver.ask("whole.example").errors[0][0] == 16
        assert resolver.opens("new.example")
        feed.publish(zone(2), [*(set(FIRST) - {"one.example"}), "new.example"])
        assert fetch(tmp_path, feed) == 0
        until(lambda: resolver.blocks("new.example"), 60, "the added name is blocked")
        until(lambda: resolver.opens("one.example"), 60, "the removed name is open")
    feed.server.shutdown()
    with kresd(tmp_path, everything) as resolver:
        until(lambda: resolver.opens("neighbour.example"))
        assert resolver.blocks("new.example")


def test_knot_resolver_sends_to_the_stop_page_by_addresses(tmp_path, feed, everything):
    feed.publish(zone(1, stop_addresses(["192.0.2.80", "2001:db8::80"])), FIRST)
    assert fetch(tmp_path, feed) == 0
    with kresd(tmp_path, everything) as resolver:
        until(lambda: "192.0.2.80" in resolver.ask("a.whole.example").records, 60)
        assert resolver.ask("one.example", "AAAA").records == ("2001:db8::80",)
        assert resolver.opens("neighbour.example")


def test_the_script_fetches_once_and_changes_nothing_when_it_fails(tmp_path, feed):
    assert fetch(tmp_path, feed) == 0
    assert fetch(tmp_path, feed) == 0
    assert feed.sent == 1
    held = (tmp_path / "leeward.zone").read_bytes()
    assert held == feed.content
    feed.publish(zone(2), ["new.example"])
    assert fetch(tmp_path, feed, token="wrong") != 0
    assert (tmp_path / "leeward.zone").read_bytes() == held
    assert fetch(tmp_path, feed) == 0
    assert (tmp_path / "leeward.zone").read_bytes() == feed.content
