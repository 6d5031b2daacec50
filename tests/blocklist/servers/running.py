"""Starts real servers on loopback and asks them."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.edns
import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest

from tests.blocklist.servers.upstream import OPEN_ADDRESS

_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def program(name: str, package: str) -> str:
    """Return the path of a program, or skip the test saying which package it needs."""
    path = shutil.which(name, path=_FOLDERS)
    if path is None:
        pytest.skip(f"{name} is not installed (Debian: apt-get install {package})")
    return path


def until(is_so: Callable[[], object], seconds: float = 60.0, what: str = "") -> None:
    """Wait until something is so; fail saying what was awaited."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds} s: {what or is_so}"
        time.sleep(0.1)


@contextmanager
def process(*command: str | Path, log: Path, folder: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in the foreground until the block ends; its output goes to a file that a failing test shows."""
    with log.open("ab") as output:
        run = subprocess.Popen([str(part) for part in command], stdout=output, stderr=output, cwd=folder)
        try:
            yield run
        except BaseException:
            print(log.read_text(errors="replace")[-6000:])
            raise
        finally:
            run.terminate()
            try:
                run.wait(20)
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait(20)


@dataclass(frozen=True)
class Said:
    """What a resolver answered: code, addresses and names, and extended errors as (number, text)."""

    code: str
    records: tuple[str, ...]
    errors: tuple[tuple[int, str], ...]

    @property
    def is_open(self) -> bool:
        return self.code == "NOERROR" and OPEN_ADDRESS in self.records

    @property
    def is_no_such_name(self) -> bool:
        return self.code == "NXDOMAIN"


@dataclass(frozen=True)
class Resolver:
    """A resolver on a port of loopback."""

    port: int

    def ask(self, name: str, rdtype: str = "A") -> Said:
        query = dns.message.make_query(name, rdtype, use_edns=0)
        try:
            reply = dns.query.udp(query, "127.0.0.1", port=self.port, timeout=2)
        except (dns.exception.Timeout, OSError):
            return Said("SILENT", (), ())
        records = tuple(rdata.to_text() for rrset in reply.answer for rdata in rrset)
        errors = tuple(
            (int(option.code), option.text or "") for option in reply.options if isinstance(option, dns.edns.EDEOption)
        )
        return Said(dns.rcode.to_text(reply.rcode()), records, errors)

    def blocks(self, name: str) -> bool:
        return self.ask(name).is_no_such_name

    def opens(self, name: str) -> bool:
        return self.ask(name).is_open

    def answers(self) -> bool:
        return self.ask("neighbour.example").code != "SILENT"
