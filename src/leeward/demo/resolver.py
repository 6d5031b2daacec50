"""A real resolver of this machine, where one is installed, that loads a policy zone from a file and asks the world for the rest."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode

from leeward.demo.errors import DidNotHappen
from leeward.demo.ports import free_port

_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
READY_SECONDS = 8.0
UNBOUND = """server:
    interface: 127.0.0.1
    port: {port}
    do-daemonize: no
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    do-not-query-localhost: no
    do-ip6: no
    module-config: "respip iterator"
remote-control:
    control-enable: no
forward-zone:
    name: "."
    forward-addr: {upstream}
rpz:
    name: "{origin}"
    zonefile: "{zone}"
"""
BIND = """options {{
    directory "{folder}";
    pid-file none;
    session-keyfile none;
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    dnssec-validation no;
    recursion yes;
    forward only;
    forwarders {{ {address} port {upstream_port}; }};
    response-policy {{ zone "{origin}"; }} qname-wait-recurse no;
}};
controls {{ }};
zone "{origin}" {{ type primary; file "{zone}"; allow-query {{ none; }}; }};
"""
KINDS = (("Unbound", "unbound", UNBOUND, ("-d", "-c")), ("BIND 9", "named", BIND, ("-g", "-c")))


@dataclass(frozen=True, slots=True)
class Resolver:
    """A running resolver: which one, and its port on loopback."""

    name: str
    port: int

    def ask(self, name: str) -> str:
        """The answer in a word: the first address, or the code such as NXDOMAIN, or "silent"."""
        query = dns.message.make_query(name, "A")
        try:
            reply = dns.query.udp(query, "127.0.0.1", port=self.port, timeout=1)
        except (dns.exception.Timeout, OSError):
            return "silent"
        addresses = [str(record) for rrset in reply.answer for record in rrset]
        return addresses[0] if addresses else dns.rcode.to_text(reply.rcode())


@contextmanager
def resolver(folder: Path, *, zone: Path, origin: str, upstream: str, known: str) -> Iterator[Resolver | None]:
    """Run the first resolver that is installed and starts, until the block ends; None where there is none.

    `upstream` is ADDRESS:PORT; the resolver is ready when it answers for `known`, a name that is not listed.
    """
    for name, program, text, options in KINDS:
        path = shutil.which(program, path=_FOLDERS)
        if path is None:
            continue
        port = free_port()
        address, _, upstream_port = upstream.rpartition(":")
        config = folder / f"{program}.conf"
        values = {"port": port, "folder": folder, "origin": origin.rstrip("."), "zone": zone}
        values |= {"upstream": f"{address}@{upstream_port}", "address": address, "upstream_port": upstream_port}
        config.write_text(text.format(**values))
        with (folder / f"{program}.log").open("wb") as log:
            process = subprocess.Popen([path, *options, str(config)], stdout=log, stderr=log, cwd=folder)
        try:
            if _is_ready(process, Resolver(name, port), known):
                yield Resolver(name, port)
                return
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
    yield None


def _is_ready(process: "subprocess.Popen[bytes]", running: Resolver, known: str) -> bool:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if running.ask(known)[:1].isdigit():
            return True
        time.sleep(0.05)
    return False


def refusal(running: Resolver, listed: str) -> str:
    """The answer for a listed name; raises DidNotHappen where the name is not refused."""
    answer = running.ask(listed)
    if answer != "NXDOMAIN":
        raise DidNotHappen(what=f"the refusal of {listed} by {running.name} (it said {answer})", seconds="1")
    return answer
