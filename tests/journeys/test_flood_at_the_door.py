"""What the page on production offers against floods beside the proxy's own limits is taken by the real programs, and does what it says."""

import http.client
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.load import proxies
from leeward.demo.ports import free_port
from tests.blocklist.servers.running import process, program

# Two networks of their own, joined by a line: 192.0.2.1 answers, 192.0.2.7 floods, 192.0.2.8 is somebody else.
JOINED = """
set -e
[ -z "$1" ] || nft -f "$1"
unshare -n sleep 60 & abroad=$!
trap 'kill $abroad' EXIT
while [ /proc/$abroad/ns/net -ef /proc/self/ns/net ]; do sleep 0.05; done
ip link add here type veth peer name there netns $abroad
ip addr add 192.0.2.1/24 dev here
ip link set here up
nsenter -t $abroad -n ip addr add 192.0.2.7/24 dev there
nsenter -t $abroad -n ip addr add 192.0.2.8/24 dev there
nsenter -t $abroad -n ip link set there up
exec 3< <(exec "$2" -c "$SERVER")
trap 'kill $abroad $!' EXIT  # or whoever reads what they write waits for the last of them
read -r ready <&3
nsenter -t $abroad -n "$2" -c "$FLOOD"
"""
SERVER = """
import socket
line = socket.create_server(("192.0.2.1", 443), backlog=4096)
print("ready", flush=True)
line.settimeout(50)
while True:
    line.accept()[0].close()
"""
MOST = 6000
FLOOD = """
import socket
def ask(address):
    with socket.socket() as line:
        line.settimeout(0.5)
        line.bind((address, 0))
        return line.connect_ex(("192.0.2.1", 443)) == 0
count = 0
while count < MOST and ask("192.0.2.7"):
    count += 1
print(count, ask("192.0.2.8"))
"""


def _flooded(rules: str) -> list[str]:
    """Return how many connections one address got until it got none, at most `MOST`, and whether somebody else gets one."""
    command = ["unshare", "-n", "bash", "-c", JOINED, "bash", rules, sys.executable]
    environment = os.environ | {"PATH": proxies.FOLDERS, "SERVER": SERVER, "FLOOD": FLOOD.replace("MOST", str(MOST))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.servers
@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes networks")
def test_the_kernel_refuses_a_flood_of_connections_from_one_address_only(tmp_path: Path) -> None:
    nft, _ = program("nft", "nftables"), program("ip", "iproute2")
    rules = tmp_path / "flood.nft"
    rules.write_text(proxies.block("flood.nft"), encoding="utf-8")
    subprocess.run(["unshare", "-n", nft, "-c", "-f", rules], check=True)
    count, other = _flooded(str(rules))
    assert 1200 <= int(count) < MOST
    assert other == "True"
    assert _flooded("") == [str(MOST), "True"], "without the rules nobody is refused"


class _Refusing(BaseHTTPRequestHandler):
    """Refuses one address for being too much."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(429 if self.path == "/much" else 200)
        self.send_header("Retry-After", "5")
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"a page")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.servers
@pytest.mark.parametrize("closes", [True, False])
def test_caddy_closes_the_connection_on_which_too_much_was_refused(tmp_path: Path, closes: bool) -> None:
    path, port, inner = program("caddy", "caddy"), free_port(), free_port()
    server = ThreadingHTTPServer(("127.0.0.1", inner), _Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    lines = proxies.block("refused") if closes else ""
    file = tmp_path / "Caddyfile"
    file.write_text(
        f"{{\n  admin off\n}}\nhttp://:{port} {{\n  reverse_proxy 127.0.0.1:{inner} {{\n{lines}\n  }}\n}}\n"
    )
    with process(path, "run", "--config", file, "--adapter", "caddyfile", log=tmp_path / "log") as running:
        proxies._wait_for(port, running, tmp_path / "log")
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        said = []
        for page in ("/", "/much"):
            line.request("GET", page)
            with line.getresponse() as answer:
                said.append((answer.status, answer.read(), answer.headers["Retry-After"], answer.will_close))
        line.close()
    server.shutdown()
    assert said == [(200, b"a page", "5", False), (429, b"a page", "5", closes)]
