"""A body that is too large, against the server that an installation really runs."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from leeward.demo.ports import free_port
from leeward.site.serve import web_command
from tests.browser import Visit
from tests.tables import give_tables

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            return b" 200 " in line.recv(100)
    except OSError:
        return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A web process of its own: address and process number."""
    port = free_port()
    data = tmp_path_factory.mktemp("data")
    base = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "LEEWARD_DATA": str(data),
        "LEEWARD_DATABASE_URL": "",
        "LEEWARD_BASE_URL": base,
        "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
    }
    give_tables(data / "leeward.sqlite3")
    process = subprocess.Popen(web_command(f"127.0.0.1:{port}", 2), env=environment, cwd=ROOT)
    until = time.monotonic() + 60
    while not _answers(port):
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.1)
    yield base, process.pid
    process.terminate()
    process.wait(20)


def _memory_kb(pid: int) -> int:
    """Resident memory of a process and its children."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
        if str(pid) in (fields["Pid"], fields["PPid"]):
            total += int(fields.get("VmRSS", "0 kB").split()[0])
    return total


def test_a_browser_that_sends_too_much_sees_our_page(visitor: Visit, server: tuple[str, int]) -> None:
    guest = visitor(base=server[0])
    guest.go("/privacy")
    guest.page.evaluate(
        """() => {
          const form = Object.assign(document.createElement("form"), {method: "post", action: "/lang/fr/privacy"});
          form.append(Object.assign(document.createElement("textarea"), {name: "where", value: "a".repeat(1e7)}));
          document.body.append(form);
          form.submit();
        }"""
    )
    guest.page.wait_for_url("**/lang/fr/privacy")
    assert guest.page.locator("html").get_attribute("lang") == "fr"
    assert guest.page.locator("code").inner_text() == "too_large"
    assert guest.page.locator("a.exit").is_visible()


def _post(base: str, length: int) -> bytes:
    port = int(base.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(
            b"POST /privacy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n" % length
        )
        piece = b"a" * 65_536
        for start in range(0, length, len(piece)):
            line.sendall(piece[: length - start])
        return line.recv(200)


def test_a_body_that_is_too_large_costs_no_memory(server: tuple[str, int]) -> None:
    base, pid = server
    _post(base, 2_000_000)
    before = _memory_kb(pid)
    for _ in range(3):
        assert _post(base, 50_000_000).startswith(b"HTTP/1.1 413")
    assert _memory_kb(pid) - before < 20_000
