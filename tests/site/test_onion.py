"""The onion address as docs/how-to/onion.md sets it up: nginx between Tor and Leeward, asked as Tor asks."""

import socket
import subprocess
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from leeward.demo.browserless import Browser
from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.foundation.check_digit import check_digit
from leeward.site.config import Config
from leeward.site.doctor_onion import direct_ports, of_onions
from tests.blocklist.servers.pages import blocks, filled
from tests.blocklist.servers.running import process, program, until
from tests.setting_up import SET_UP
from tests.tables import give_tables

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("serve")]
ONION = "leewardtestleewardtestleewardtestleewardtestleewardtest2.onion"
WRONG = "123456789012345" + check_digit("123456789012345")
WHOLE = """
worker_processes 1; error_log stderr; pid {folder}/pid; daemon off; user root;
events {{ worker_connections 256; }}
http {{ client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
scgi_temp_path {folder}/s; {server} }}
"""


@dataclass(frozen=True)
class Tor:
    """Asks through the proxy as Tor does: which circuit first, then whatever the visitor sends."""

    port: int
    report: str

    def ask(self, request: bytes, circuit: int = 1) -> bytes:
        with self.connect(circuit) as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(65536), b""))

    def connect(self, circuit: int) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), 30)
        line.sendall(f"PROXY TCP6 fc00:dead:beef:4dad::{circuit:x} ::1 65535 80\r\n".encode())
        return line

    def get(self, path: str, circuit: int = 1, more: str = "") -> int:
        return status(
            self.ask(f"GET {path} HTTP/1.1\r\nHost: {ONION}\r\nConnection: close\r\n{more}\r\n".encode(), circuit)
        )

    def guess(self, receipt: str, circuit: int = 1, more: str = "") -> int:
        body = urllib.parse.urlencode({"receipt": receipt})
        head = (
            f"POST /jm/receipt HTTP/1.1\r\nHost: {ONION}\r\nConnection: close\r\n{more}Content-Length: {len(body)}\r\n"
        )
        head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        return status(self.ask((head + body).encode(), circuit))


def is_open(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.fixture(scope="module")
def tor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tor]:
    """Leeward behind nginx with the page's configuration, and the receipt of one report."""
    nginx, folder = program("nginx", "nginx"), tmp_path_factory.mktemp("onion")
    port, inner = free_port(), free_port()
    environment = {
        "LEEWARD_BEHIND_PROXY": "true",
        "LEEWARD_HOSTS": ONION,
        "LEEWARD_HMA": "loopback",
        "LEEWARD_DATABASE_URL": "",
        "LEEWARD_WEB_PROCESSES": "1",
    }
    made = Installation(data=folder / "data", port=inner, environment=environment)
    give_tables(made.data / "leeward.sqlite3")
    done = made.command(*SET_UP)
    assert done.returncode == 0, done.stderr
    values = {"127.0.0.1:8474": f"127.0.0.1:{port}", "127.0.0.1:8470": f"127.0.0.1:{inner}", "report.onion": ONION}
    config = folder / "nginx.conf"
    config.write_text(WHOLE.format(folder=folder, server=filled(blocks("onion.md")["leeward-onion.conf"], values)))
    with made, process(nginx, "-c", config, "-p", folder, log=folder / "nginx.log"):
        until(lambda: is_open(port), what="nginx listens")
        yield Tor(port, sent_report(made.url))


def sent_report(url: str) -> str:
    page = Browser(url).open("/jm/report").form(having="kind")
    page = page.fill({"kind": "else", "text": "I found a bad page."}).submit("go=send")
    return "".join(page.texts("//*[contains(@class, 'words')]/span"))


def test_wrong_receipts_slow_the_circuit_that_sends_them_and_a_right_one_always_opens(tor: Tor) -> None:
    forged = [f"X-Forwarded-For: 198.51.100.{number}\r\n" for number in range(30)]
    codes = [tor.guess(WRONG, more=header) for header in forged]
    assert codes[-15:] == [429] * 15, "a forged hop must not help"
    assert tor.guess(tor.report) == 200, "whoever has a right one gets in, behind the same circuit too"
    assert tor.guess(WRONG, circuit=2) == 404, "others are not slowed"


def test_slow_senders_do_not_stop_the_front_page(tor: Tor) -> None:
    slow = b"POST /jm/report HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\nkind" % ONION.encode()
    with ExitStack() as lines:
        for number in range(40):
            lines.enter_context(tor.connect(100 + number)).sendall(slow)
        assert tor.get("/jm/") == 200


def test_only_the_public_face_is_there(tor: Tor) -> None:
    assert tor.get("/jm/") == 200
    for path in ("/desk/", "/desk", "/api/v1/openapi.json", "/hma/m/lookup?signal=0&signal_type=md5", "/metrics"):
        assert tor.get(path) == 404, path
        assert tor.get(f"/lang/fr{path}") == 404, path
    assert tor.get("/jm/", more="X-Forwarded-Host: evil.example\r\n") == 200


def test_tor_reads_what_the_page_says_of_it(tmp_path: Path) -> None:
    tor = program("tor", "tor")
    hidden = tmp_path / "hidden"
    torrc = tmp_path / "torrc"
    torrc.write_text(filled(blocks("onion.md")["torrc"], {"/var/lib/tor/leeward/": f"{hidden}/"}))
    run = subprocess.run(
        [tor, "--verify-config", "-f", torrc, "--DataDirectory", tmp_path / "tor", "--defaults-torrc", "/dev/null"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    warned = [line for line in run.stdout.splitlines() if "[warn]" in line and "running Tor as root" not in line]
    assert not warned
    assert not direct_ports("127.0.0.1:8470", torrc)


def test_the_doctor_finds_a_port_that_tor_reaches_directly(tmp_path: Path) -> None:
    torrc, more = tmp_path / "torrc", tmp_path / "torrc.d"
    more.mkdir()
    (more / "leeward.conf").write_text("HiddenServicePort 80 127.0.0.1:8470  # as it was\n")
    torrc.write_text(f"SocksPort 9050\n%include {more}/*.conf\n%include {torrc}\nHiddenServicePort 81 8472\n")
    assert direct_ports("127.0.0.1:8470", torrc) == ["HiddenServicePort 80 127.0.0.1:8470"]
    assert direct_ports("0.0.0.0:8472", torrc) == ["HiddenServicePort 81 8472"]
    assert direct_ports("[::1]:8473", torrc) == []
    config = Config(data=tmp_path, bind="127.0.0.1:8470")
    assert [number for number, _, _ in of_onions(config, torrc)] == ["W016"]
    served = config.model_copy(update={"hosts": ("x.onion",), "hma": "loopback"})
    assert [number for number, _, _ in of_onions(served, torrc)] == ["W014", "W015", "W016"]
    proxied = config.model_copy(update={"hosts": ("x.onion",), "behind_proxy": True, "bind": "127.0.0.1:8473"})
    assert not list(of_onions(proxied, torrc))
