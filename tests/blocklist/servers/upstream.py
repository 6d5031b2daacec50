"""A name server on loopback that knows every name: what a resolver answers when nothing is blocked."""

import socketserver
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import dns.exception
import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

from leeward.demo.ports import free_port

OPEN_ADDRESS = "192.0.2.10"


def answer(wire: bytes) -> bytes:
    query = dns.message.from_wire(wire)
    reply = dns.message.make_response(query, recursion_available=True)
    reply.flags |= dns.flags.AA
    question = query.question[0]
    if question.rdtype == dns.rdatatype.A:
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "A", OPEN_ADDRESS))
    return reply.to_wire()


class _Datagrams(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        try:
            self.request[1].sendto(answer(self.request[0]), self.client_address)
        except (dns.exception.DNSException, IndexError):
            return


class _Streams(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while length := self.rfile.read(2):
            wire = answer(self.rfile.read(struct.unpack("!H", length)[0]))
            self.wfile.write(struct.pack("!H", len(wire)) + wire)


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def upstream() -> Iterator[int]:
    """Run the name server; yields its port, the same for both protocols."""
    port = free_port()
    with _Udp(("127.0.0.1", port), _Datagrams) as datagrams, _Tcp(("127.0.0.1", port), _Streams) as streams:
        for server in (datagrams, streams):
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield port
        for server in (datagrams, streams):
            server.shutdown()
