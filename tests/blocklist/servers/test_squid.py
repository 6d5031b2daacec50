"""Squid with the configuration of docs/how-to/squid.md: 451 with the stop page for the exact page, its sibling open."""

import os
import shutil
import socket
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.keyed import KeyedList, keyed_scopes, keyed_text, subscriber_key
from leeward.blocklist.rules.scopes import Scope
from leeward.demo.ports import free_port
from tests.blocklist.servers.pages import blocks, filled
from tests.blocklist.servers.running import process, program, until

pytestmark = pytest.mark.servers
SQUID_USER = "proxy"
KEY = subscriber_key(b"secret", list_name="national", subscriber="alpha", epoch="2026-11")
LIST = [
    ListEntry(Scope.URL, "http://shared.example/page.html"),
    ListEntry(Scope.PATH, "http://shared.example/tenant/"),
    ListEntry(Scope.HOST, "http://one.example/"),
    ListEntry(Scope.DOMAIN, "http://whole.example/"),
]


class _Origin(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"open")

    def log_message(self, *_):
        pass


@pytest.fixture
def folder():
    """A folder that Squid's own user may use: Squid refuses to run as root."""
    made = Path(tempfile.mkdtemp(prefix="leeward-squid-"))
    if os.geteuid() == 0:
        shutil.chown(made, SQUID_USER)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def origin():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Origin)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def put(folder, *entries):
    fresh = folder / "leeward.new"
    fresh.write_text("".join(keyed_text(KeyedList("national", "2026-11", 1, keyed_scopes(KEY, entries)))))
    fresh.replace(folder / "leeward.list")


@contextmanager
def squid(folder, ttl="ttl=30"):
    server = program("squid", "squid")
    page = blocks("squid.md")
    templates = folder / "templates"
    shutil.copytree("/usr/share/squid/errors/templates", templates, dirs_exist_ok=True)
    (templates / "ERR_LEEWARD_STOP").write_text(page["ERR_LEEWARD_STOP"])
    (folder / "leeward.key").write_text(KEY.hex())
    (folder / "hosts").write_text("127.0.0.1 shared.example one.example sub.one.example a.whole.example free.example\n")
    ours = filled(
        page["leeward.conf"],
        {
            "/opt/leeward/.venv/bin/python": sys.executable,
            "/var/lib/leeward/": f"{folder}/",
            "/var/log/squid/": f"{folder}/",
            " ttl=30": f" {ttl}",
        },
    )
    port = free_port()
    (folder / "squid.conf").write_text(
        f"""
http_port 127.0.0.1:{port}
pid_filename none
cache_effective_user {SQUID_USER}
cache_log {folder}/cache.log
coredump_dir {folder}
hosts_file {folder}/hosts
error_directory {templates}
pinger_enable off
shutdown_lifetime 1 second
cache deny all
{ours}
http_access allow all
"""
    )
    name = f"leeward{port}"
    command = (server, "-N", "-d1", "-n", name, "-f", folder / "squid.conf")
    try:
        with process(*command, log=folder / "log", folder=folder):
            yield Proxy(port)
    finally:
        for left in Path("/dev/shm").glob(f"{name}-cf__*"):
            left.unlink()


class Proxy:
    def __init__(self, port):
        self.port = port

    def get(self, url):
        handler = urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{self.port}"})
        try:
            with urllib.request.build_opener(handler).open(url, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def connect(self, target):
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
            return int(connection.recv(200).split()[1])


def test_squid_answers_451_for_the_page_and_lets_its_sibling_through(folder, origin):
    put(folder, *LIST)
    with squid(folder) as proxy:
        until(lambda: proxy.get(f"http://free.example:{origin}/")[0] == 200, 15, "Squid is up")
        status, body = proxy.get(f"http://shared.example:{origin}/page.html")
        assert status == 451
        assert "This page is blocked" in body
        assert "https://www.hotline.example/stop" in body
        for path, wanted in {
            "/sibling.html": 200,
            "/page.html?sid=1": 451,
            "/%70age.html": 451,
            "/./page.html": 451,
            "/Page.html": 200,
            "/page.html%23x": 200,
            "/tenant/deep/file": 451,
            "/tenant": 200,
        }.items():
            assert proxy.get(f"http://shared.example:{origin}{path}")[0] == wanted, path
        assert proxy.get(f"http://one.example:{origin}/any")[0] == 451
        assert proxy.get(f"http://sub.one.example:{origin}/any")[0] == 200
        assert proxy.get(f"http://a.whole.example:{origin}/any")[0] == 451
        assert proxy.connect("one.example:443") == 451
        assert proxy.connect("a.whole.example:443") == 451
        assert proxy.connect(f"shared.example:{origin}") == 200
    log = (folder / "access.log").read_text()
    assert log
    assert "example" not in log
    assert "127.0.0.1" not in log


def test_a_new_list_counts_without_a_restart(folder, origin):
    put(folder, *LIST)
    with squid(folder, ttl="ttl=1") as proxy:
        until(lambda: proxy.get(f"http://one.example:{origin}/")[0] == 451, 60, "Squid is up")
        put(folder, LIST[0])
        until(lambda: proxy.get(f"http://one.example:{origin}/")[0] == 200, what="the removed host is open")
        assert proxy.get(f"http://shared.example:{origin}/page.html")[0] == 451


def test_without_a_list_squid_lets_nothing_through(folder, origin):
    with squid(folder) as proxy:
        until(lambda: "leeward:" in _cache_log(folder), 60, "the helper has ended")
        assert proxy.get(f"http://free.example:{origin}/")[0] != 200


def _cache_log(folder):
    path = folder / "cache.log"
    return path.read_text() if path.exists() else ""
