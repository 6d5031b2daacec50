"""A small primary server for policy zones with up to 50,000 names: SOA, AXFR and IXFR under TSIG, and NOTIFY over UDP.

It answers nobody without a key, resolves nothing, and records nothing about requests beyond counts. Transfers are
signed but not encrypted: put it behind WireGuard or a TLS tunnel, or publish the file over HTTPS.
"""

import asyncio
import contextlib
import struct
from collections.abc import Iterable
from typing import override

import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype

from leeward.blocklist.dns.answers import Answers, ServedZone, Subscriber
from leeward.blocklist.rules.rpz import Zone

_IDLE_SECONDS = 30.0
_SEND_SECONDS = 60.0
_MOST_CONNECTIONS = 100
_LENGTH = struct.Struct("!H")
_NOTIFY_TRIES = (1.0, 2.0, 4.0, 8.0)


class Primary:
    """The server; `publish` and `notify` also work while it is not listening."""

    def __init__(self, subscribers: Iterable[Subscriber] = ()) -> None:
        self._answers = Answers(subscribers)
        self._subscribers = {subscriber.name: subscriber for subscriber in self._answers.subscribers.values()}
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of transfers, SOA questions and refusals."""
        return dict(self._answers.counts)

    def admit(self, subscriber: Subscriber) -> None:
        """Admit a subscriber, or update its key or address; its zones are kept."""
        known = self._subscribers.get(subscriber.name)
        if known:
            self.dismiss(subscriber.name)
            subscriber.zones = known.zones
        self._subscribers[subscriber.name] = subscriber
        self._answers.subscribers[subscriber.key.name] = subscriber

    def dismiss(self, subscriber: str) -> None:
        """Stop answering a subscriber."""
        known = self._subscribers.pop(subscriber, None)
        if known:
            self._answers.subscribers.pop(known.key.name, None)

    def taken(self) -> dict[tuple[str, str], int]:
        """Return which zones each subscriber took since the last call, with the serial that it now holds."""
        return _drained(self._answers.taken)

    def polled(self) -> dict[tuple[str, str], int]:
        """Return for which zones each subscriber asked for the serial since the last call, with the serial it was told."""
        return _drained(self._answers.polled)

    def publish(self, subscriber: str, zone: Zone, owners: Iterable[str]) -> None:
        """Give a subscriber the next state of a zone; raises SerialNotNewer or ZoneTooLarge, and then keeps the
        previous state.
        """
        zones = self._subscribers[subscriber].zones
        origin = dns.name.from_text(zone.origin)
        if origin in zones:
            zones[origin].publish(zone, owners)
        else:
            zones[origin] = ServedZone(zone, owners)

    def withdraw(self, subscriber: str, origin: str) -> None:
        """Stop serving a zone to a subscriber."""
        self._subscribers[subscriber].zones.pop(dns.name.from_text(origin), None)

    async def start(self, host: str, port: int) -> int:
        """Listen on UDP and TCP; return the port, which is chosen if 0 is given. Raises OSError."""
        self._server = await asyncio.start_server(self._connected, host, port)
        chosen: int = self._server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        try:
            self._datagrams, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self._answers), local_addr=(host, chosen)
            )
        except OSError:
            self._server.close()
            raise
        return chosen

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._datagrams is not None:
            self._datagrams.close()
        if self._server is not None:
            self._server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= _MOST_CONNECTIONS:
            writer.close()
            return
        self._connections.add(task)
        try:
            await self._converse(reader, writer)
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            async with asyncio.timeout(_IDLE_SECONDS):
                length: int = _LENGTH.unpack(await reader.readexactly(2))[0]
                question = await reader.readexactly(length)
            for message in self._answers.to(question, over_tcp=True):
                writer.write(_LENGTH.pack(len(message)) + message)
                async with asyncio.timeout(_SEND_SECONDS):
                    await writer.drain()

    async def notify(self, subscriber: str, origin: str) -> list[tuple[str, int]]:
        """Notify a subscriber's servers of a zone's new state; return those that acknowledged it.

        Over UDP only: PowerDNS Recursor answers a notification over TCP and does nothing.
        """
        who = self._subscribers[subscriber]
        confirmed = await asyncio.gather(*(_notified(who, origin, place) for place in who.notify))
        return [place for place, is_confirmed in zip(who.notify, confirmed, strict=True) if is_confirmed]


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        for message in self._answers.to(data, over_tcp=False):
            self._transport.sendto(message, addr)


class _Acknowledgement(asyncio.DatagramProtocol):
    def __init__(self, wanted: dns.message.Message) -> None:
        self._wanted = wanted
        self.came: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        is_ours = len(data) >= 4 and data[:2] == self._wanted.id.to_bytes(2)
        if is_ours and data[2] & 0xF8 == 0xA0 and not self.came.done():
            self.came.set_result((data[3] & 0xF) == dns.rcode.NOERROR)


async def _notified(who: Subscriber, origin: str, place: tuple[str, int]) -> bool:
    """Send one notification until it is acknowledged; return whether it was."""
    message = dns.message.make_query(dns.name.from_text(origin), dns.rdatatype.SOA)
    message.set_opcode(dns.opcode.NOTIFY)
    message.flags = message.flags & ~dns.flags.RD | dns.flags.AA
    message.use_tsig(who.key)
    loop = asyncio.get_running_loop()
    try:
        transport, protocol = await loop.create_datagram_endpoint(lambda: _Acknowledgement(message), remote_addr=place)
    except OSError:
        return False
    try:
        wire = message.to_wire()
        for seconds in _NOTIFY_TRIES:
            transport.sendto(wire)
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(protocol.came), seconds)
        return False
    finally:
        transport.close()


def _drained(seen: dict[tuple[str, dns.name.Name], int]) -> dict[tuple[str, str], int]:
    found = {(name, origin.to_text()): serial for (name, origin), serial in seen.items()}
    seen.clear()
    return found
