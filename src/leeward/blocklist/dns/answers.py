"""The small primary's answers: each is signed with the asker's key, and unsigned questions get none.

Each subscriber has its own zones, found by its key: the same list with different canaries.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.renderer
import dns.tsig

from leeward.blocklist.rules.rpz import Zone
from leeward.blocklist.rules.serials import is_newer
from leeward.blocklist.rules.zone_history import Step, ZoneHistory
from leeward.blocklist.rules.zone_wire import ns_wire, owner_wire, rule_tails, soa_wire
from leeward.foundation.errors import LeewardError

MOST_OWNERS = 100_000
_MESSAGE_BYTES = 16_000
_FUDGE_SECONDS = 300
_HEADER_BYTES = 12
_RESPONSE, _OPCODE, _RECURSION_DESIRED, _LONGEST_LABEL = 0x80, 0x78, 0x01, 63
_TRANSFERS = frozenset({dns.rdatatype.AXFR, dns.rdatatype.IXFR})


class ZoneTooLarge(LeewardError):
    """The small primary serves lists to 50,000 names."""

    code = "zone_too_large"
    sentence = "The zone has {count} rules; this server is made for {most}."
    hint = "Write the list as a file and let Knot DNS or BIND serve it (docs/how-to/large-lists.md)."

    def __init__(self, count: int) -> None:
        super().__init__(count=count, most=MOST_OWNERS)


class ServedZone:
    """One zone of one subscriber: its header and its states."""

    def __init__(self, zone: Zone, owners: Iterable[str]) -> None:
        self.zone = zone
        self.history = ZoneHistory(zone.serial, _not_too_many(owners))

    def publish(self, zone: Zone, owners: Iterable[str]) -> None:
        """Add the next state; with a different header (stop page, TTL) the earlier incremental steps are dropped.
        Raises SerialNotNewer.
        """
        self.history.publish(zone.serial, _not_too_many(owners))
        if replace(zone, serial=self.zone.serial) != self.zone:
            self.history = ZoneHistory(zone.serial, self.history.owners)
        self.zone = zone

    def whole(self) -> Iterator[bytes]:
        """Yield the records of a full transfer; a state published meanwhile does not affect it."""
        zone, owners = self.zone, self.history.owners
        yield soa_wire(zone)
        yield ns_wire(zone)
        yield from _rules(owners, rule_tails(zone))
        yield soa_wire(zone)

    def step(self, step: Step) -> Iterator[bytes]:
        """Yield the records of an incremental transfer (RFC 1995), as one step."""
        new = soa_wire(self.zone)
        tails = rule_tails(self.zone)
        yield new
        yield soa_wire(replace(self.zone, serial=step.old))
        yield from _rules(step.removed, tails)
        yield new
        yield from _rules(step.added, tails)
        yield new


def _rules(owners: Iterable[str], tails: tuple[bytes, ...]) -> Iterator[bytes]:
    for owner in owners:
        name = owner_wire(owner)
        for tail in tails:
            yield name + tail


def _not_too_many(owners: Iterable[str]) -> frozenset[str]:
    held = frozenset(owners)
    if len(held) > MOST_OWNERS:
        raise ZoneTooLarge(len(held))
    return held


@dataclass(slots=True)
class Subscriber:
    """A client that may ask: its key, where to send notifications, and its zones."""

    name: str
    key: dns.tsig.Key
    notify: tuple[tuple[str, int], ...] = ()
    zones: dict[dns.name.Name, ServedZone] = field(default_factory=dict)


def make_key(name: str, secret: bytes) -> dns.tsig.Key:
    """Return a TSIG key (HMAC-SHA-256)."""
    return dns.tsig.Key(dns.name.from_text(name), secret, dns.tsig.HMAC_SHA256)


class Answers:
    """Turns a question into the messages of its answer; `counts` counts them by kind.

    `taken`: which serial each subscriber was sent; `polled`: who only asked for the serial. A server that is up to date
    takes nothing.
    """

    def __init__(self, subscribers: Iterable[Subscriber] = ()) -> None:
        self.subscribers = {subscriber.key.name: subscriber for subscriber in subscribers}
        self.counts: Counter[str] = Counter()
        self.taken: dict[tuple[str, dns.name.Name], int] = {}
        self.polled: dict[tuple[str, dns.name.Name], int] = {}

    def to(self, wire: bytes, *, over_tcp: bool) -> Iterator[bytes]:
        """Yield the messages that answer a question; none if it is not a question at all."""
        if len(wire) < _HEADER_BYTES or wire[2] & _RESPONSE:
            return
        try:
            query = dns.message.from_wire(wire, keyring=self._key_of)
        except (dns.message.UnknownTSIGKey, dns.tsig.BadSignature, dns.tsig.BadKey, dns.tsig.BadTime):
            yield from self._refused(wire, dns.rcode.NOTAUTH)
            return
        except (dns.exception.DNSException, ValueError, NotImplementedError, AssertionError):
            yield from self._refused(wire, dns.rcode.FORMERR)
            return
        if query.opcode() == dns.opcode.QUERY and len(query.question) != 1:
            yield from self._refused(wire, dns.rcode.FORMERR)
            return
        if not query.had_tsig or query.keyname is None:
            yield from self._refused(wire, dns.rcode.REFUSED)
            return
        yield from self._signed(query, self.subscribers[query.keyname], over_tcp=over_tcp)

    def _key_of(self, _: dns.message.Message, name: dns.name.Name) -> dns.tsig.Key | None:
        subscriber = self.subscribers.get(name)
        return subscriber.key if subscriber else None

    def _refused(self, wire: bytes, code: dns.rcode.Rcode) -> Iterator[bytes]:
        """Yield a refusal with the question's header, and the question itself if there is exactly one readable one.

        The refusal is never longer than the question, so it is useless for amplification.
        """
        self.counts["refused"] += 1
        question = _question_of(wire)
        count = (1 if question else 0).to_bytes(2, "big")
        yield (
            wire[:2] + bytes((_RESPONSE | wire[2] & (_OPCODE | _RECURSION_DESIRED), code)) + count + bytes(6) + question
        )

    def _signed(self, query: dns.message.Message, subscriber: Subscriber, *, over_tcp: bool) -> Iterator[bytes]:
        if query.opcode() != dns.opcode.QUERY:
            yield self._message(query, subscriber, (), code=dns.rcode.NOTIMP)
            return
        question = query.question[0]
        served = subscriber.zones.get(question.name)
        if served is None:
            yield self._message(query, subscriber, (), code=dns.rcode.NOTAUTH)
        elif question.rdtype == dns.rdatatype.SOA or (question.rdtype == dns.rdatatype.IXFR and not over_tcp):
            self.counts["soa"] += 1
            self.polled[subscriber.name, question.name] = served.zone.serial
            yield self._message(query, subscriber, (soa_wire(served.zone),))
        elif question.rdtype == dns.rdatatype.NS:
            yield self._message(query, subscriber, (ns_wire(served.zone),))
        elif question.rdtype in _TRANSFERS and over_tcp:
            self.taken[subscriber.name, question.name] = served.zone.serial
            yield from self._stream(query, subscriber, self._transfer(query, served))
        else:
            yield self._message(query, subscriber, (), code=dns.rcode.REFUSED)

    def _transfer(self, query: dns.message.Message, served: ServedZone) -> Iterator[bytes]:
        if query.question[0].rdtype == dns.rdatatype.IXFR:
            held = _held_serial(query)
            if held is not None and not is_newer(served.zone.serial, held):
                self.counts["up_to_date"] += 1
                return iter((soa_wire(served.zone),))
            step = None if held is None else served.history.since(held)
            if step is not None and len(step) < len(served.history.owners):
                self.counts["ixfr"] += 1
                return served.step(step)
        self.counts["axfr"] += 1
        return served.whole()

    def _stream(self, query: dns.message.Message, subscriber: Subscriber, records: Iterator[bytes]) -> Iterator[bytes]:
        """Yield messages with many records, signed as one chain (RFC 8945, 5.3.1)."""
        context, batch, size = None, [], 0
        for record in records:
            batch.append(record)
            size += len(record)
            if size > _MESSAGE_BYTES:
                wire, context = _render(query, subscriber.key, batch, context=context)
                yield wire
                batch, size = [], 0
        if batch:
            yield _render(query, subscriber.key, batch, context=context)[0]

    def _message(
        self,
        query: dns.message.Message,
        subscriber: Subscriber,
        records: Iterable[bytes],
        code: dns.rcode.Rcode = dns.rcode.NOERROR,
    ) -> bytes:
        if code != dns.rcode.NOERROR:
            self.counts["refused"] += 1
        return _render(query, subscriber.key, list(records), code=code)[0]


def _question_of(wire: bytes) -> bytes:
    """Return the question section of a message with exactly one question; otherwise nothing."""
    if wire[4:6] != b"\0\1":
        return b""
    at = _HEADER_BYTES
    while at < len(wire) and 0 < wire[at] <= _LONGEST_LABEL:
        at += wire[at] + 1
    end = at + 5  # the root, type and class
    return wire[_HEADER_BYTES:end] if at < len(wire) and wire[at] == 0 and len(wire) >= end else b""


def _held_serial(query: dns.message.Message) -> int | None:
    for rrset in query.authority:
        if rrset.rdtype == dns.rdatatype.SOA:
            serial: int = rrset[0].serial
            return serial
    return None


def _render(
    query: dns.message.Message,
    key: dns.tsig.Key,
    records: list[bytes],
    *,
    context: object = None,
    code: dns.rcode.Rcode = dns.rcode.NOERROR,
) -> tuple[bytes, object]:
    """Return a signed answer and the context for signing the next one of the chain."""
    flags = dns.flags.QR | dns.opcode.to_flags(query.opcode()) | code
    if records:
        flags |= dns.flags.AA
    make: Any = dns.renderer.Renderer  # it has no type hints
    renderer = make(query.id, flags, 65535)
    for question in query.question:
        renderer.add_question(question.name, question.rdtype, question.rdclass)
    renderer.output.write(b"".join(records))
    renderer.counts[dns.renderer.ANSWER] = len(records)
    renderer.write_header()
    signed = renderer.add_multi_tsig(context, key.name, key, _FUDGE_SECONDS, query.id, 0, b"", query.mac, key.algorithm)
    return renderer.get_wire(), signed
