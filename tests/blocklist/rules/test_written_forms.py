"""What the small rules write and read, to the letter: zones, messages of the DNS, events, Squid's lines, questions, packed files."""

import json
from datetime import timedelta

import pytest

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.lookup import Hit, first_hit, tunnel_hit
from leeward.blocklist.rules.rpz import (
    NO_SUCH_NAME,
    Zone,
    checked_name,
    owners_of,
    rules_of,
    stop_addresses,
    stop_name,
    zone_text,
)
from leeward.blocklist.rules.scopes import ALL_SCOPES, Scope, Scopes, read_scope_letters, scope_letters
from leeward.blocklist.rules.search import (
    Answer,
    Found,
    answer_as_json,
    padded,
    question_as_json,
    read_answer,
    read_question,
)
from leeward.blocklist.rules.serials import is_newer, next_serial
from leeward.blocklist.rules.squid import answer
from leeward.blocklist.rules.suffixes import is_public_suffix, registrable
from leeward.blocklist.rules.url_events import url_events
from leeward.blocklist.rules.zone_history import SerialNotNewer, ZoneHistory
from leeward.blocklist.rules.zone_wire import ns_wire, owner_wire, record_tail, rule_tails, soa_wire
from leeward.foundation.errors import BadInput

# Zones

ZONE = Zone("rpz.example.", 7, "ns.example.", "desk.example.")
HEAD = "$ORIGIN rpz.example.\n$TTL 60\n@ SOA ns.example. desk.example. 7 60 30 2592000 60\n@ NS ns.example.\n"


def test_the_text_of_a_zone() -> None:
    assert list(zone_text(ZONE, [])) == [HEAD]
    assert list(zone_text(ZONE, ["a.example", "b.example"])) == [HEAD, "a.example CNAME .\nb.example CNAME .\n"]
    two = Zone("rpz.example.", 7, "ns.example.", "desk.example.", stop_addresses(["192.0.2.80", "2001:db8:0::80"]))
    assert "".join(zone_text(two, ["a.example", "b.example"])) == (
        HEAD
        + "a.example A 192.0.2.80\na.example AAAA 2001:db8::80\nb.example A 192.0.2.80\nb.example AAAA 2001:db8::80\n"
    )


def test_what_no_zone_says_is_counted() -> None:
    rules = rules_of(
        [
            *[ListEntry(Scope.URL, f"http://a.example/{n}") for n in range(3)],
            ListEntry(Scope.PATH, "http://a.example/x/"),
        ],
        "rpz.example.",
    )
    assert (rules.owners, dict(rules.left_out)) == ((), {"url": 3, "path": 1})


def test_a_long_zone_comes_in_pieces() -> None:
    pieces = list(zone_text(ZONE, [f"n{number}.example" for number in range(4097)]))
    assert [piece.count("\n") for piece in pieces] == [4, 4096, 1]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Zone("rpz.example.", 7, "ns.example.", "desk.example.", ttl=61), "The zone's TTL can't be read: it is 61 seconds, not 1 to 60."),
        (lambda: Zone("rpz.example.", 0, "ns.example.", "desk.example."), "The zone's serial can't be read: it does not fit 32 bits."),
        (lambda: Zone("rpz.example.", 1 << 32, "ns.example.", "desk.example."), "The zone's serial can't be read: it does not fit 32 bits."),
        (lambda: stop_addresses([]), "The stop page's address can't be read: there is none."),
        (lambda: stop_addresses(["a.example"]), "The stop page's address can't be read: 'a.example' does not appear to be an IPv4 or IPv6 address."),
        (lambda: stop_name("a b."), "The name 'a b.' can't be read: a name such as rpz.hotline.example. with a final dot is needed."),
        (lambda: checked_name("x" * 90), f"The name {'x' * 80!r} can't be read: a name such as rpz.hotline.example. with a final dot is needed."),
    ],
)  # fmt: skip
def test_what_is_said_of_a_zone_that_no_server_would_take(make, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        make()
    assert str(refused.value) == said


def test_the_bounds_of_a_zone() -> None:
    for ttl, serial in ((1, 1), (60, (1 << 32) - 1)):
        assert Zone("rpz.example.", serial, "ns.example.", "desk.example.", ttl=ttl).ttl == ttl
    longest = f"{'x' * 63}." * 3 + f"{'x' * 61}."
    assert checked_name(longest) == longest
    for name in (f"{'x' * 63}." * 3 + f"{'x' * 62}.", "a.example", ".", "a..b."):
        with pytest.raises(BadInput):
            checked_name(name)
    assert stop_name("stop.example.").records == (("CNAME", "stop.example."),)
    assert NO_SUCH_NAME.records == (("CNAME", "."),)


@pytest.mark.parametrize(
    ("letters", "with_subnames", "fits"),
    [(49, False, True), (50, False, False), (47, True, True), (48, True, False)],
)
def test_how_long_a_name_below_the_origin_may_be(letters: int, with_subnames: bool, fits: bool) -> None:
    from collections import Counter

    host = "x" * 63 + "." + "x" * 63 + "." + "x" * 63 + "." + "x" * letters
    left_out: Counter[str] = Counter()
    owners = owners_of([(host, with_subnames), (host, with_subnames)], "rpz.example.", left_out)
    assert owners == ((*([f"*.{host}"] if with_subnames else []), host) if fits else ())
    assert left_out == (Counter() if fits else Counter(too_long=2))


# Messages of the DNS


@pytest.mark.parametrize(
    ("owner", "wire"),
    [
        ("a.example", b"\1a\7example\xc0\x0c"),
        ("*.a.example", b"\1*\1a\7example\xc0\x0c"),
        ("a\\032b.example", b"\3a b\7example\xc0\x0c"),
        ("x" * 63 + ".a", b"\x3f" + b"x" * 63 + b"\1a\xc0\x0c"),
        ("a\\\\.b", b"\2a\\\1b\xc0\x0c"),
    ],
)
def test_an_owner_as_bytes(owner: str, wire: bytes) -> None:
    assert owner_wire(owner) == wire


def test_records_as_bytes() -> None:
    assert record_tail("A", "192.0.2.80", 60) == b"\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x50"
    assert rule_tails(ZONE) == (b"\0\5\0\1\0\0\0\x3c\0\1\0",)
    assert ns_wire(ZONE) == b"\xc0\x0c\0\2\0\1\0\0\0\x3c\0\x0c\2ns\7example\0"
    numbers = b"".join(number.to_bytes(4, "big") for number in (7, 60, 30, 2592000, 60))
    names = b"\2ns\7example\0\4desk\7example\0"
    assert soa_wire(ZONE) == b"\xc0\x0c\0\6\0\1\0\0\0\x3c\0\x2e" + names + numbers


# Steps and serials


def test_a_serial_that_is_not_newer_says_both() -> None:
    history = ZoneHistory(7, ["a"])
    with pytest.raises(SerialNotNewer) as refused:
        history.publish(6, ["b"])
    assert str(refused.value) == "The serial 6 is not newer than 7, which secondaries already hold."
    history.publish(8, ["b", "c"])
    step = history.since(7)
    assert step is not None
    assert (step.old, step.removed, step.added, len(step)) == (7, {"a"}, {"b", "c"}, 3)


@pytest.mark.parametrize(
    ("one", "other", "newer"),
    [(1, 0, True), (0, 0, False), (0, 1, False), (2**31 - 1, 0, True), (2**31, 0, False), (0, 2**32 - 1, True)],
)
def test_which_serial_is_newer(one: int, other: int, newer: bool) -> None:
    assert is_newer(one, other) is newer


def test_the_serial_after_this_one() -> None:
    assert [next_serial(1), next_serial(2**32 - 2), next_serial(2**32 - 1)] == [2, 2**32 - 1, 1]


# Scopes and suffixes


def test_scopes_as_letters() -> None:
    assert [scope_letters(number) for number in (1, 2, 4, 8, 15, 0)] == ["u", "p", "h", "d", "uphd", ""]
    assert [read_scope_letters(letters) for letters in ("u", "p", "h", "d", "dhpu", "hd")] == [1, 2, 4, 8, 15, 12]
    assert sum(scope.bit for scope in Scope) == ALL_SCOPES
    assert [scope.is_wide for scope in Scope] == [False, True, True, True]
    for wrong in ("", "uu", "x", "ux"):
        with pytest.raises(ValueError, match=f"^{wrong!r} is not made of the letters u, p, h and d$"):
            read_scope_letters(wrong)
    with pytest.raises(ValueError, match=r"^'xxxxxxxxxx' is not"):
        read_scope_letters("x" * 11)


def test_where_a_registrable_name_ends() -> None:
    assert [registrable(host) for host in ("a.b.co.uk", "co.uk", "a.unknownending", "a.github.io")] == [
        "b.co.uk", None, "a.unknownending", "a.github.io",
    ]  # fmt: skip
    assert [is_public_suffix(host) for host in ("co.uk", "b.co.uk")] == [True, False]


# Events and Squid


def test_events_line_by_line() -> None:
    page, name = "http://b.example/", "http://a.example/"
    new = [ListEntry(Scope.URL, page), ListEntry(Scope.DOMAIN, name), ListEntry(Scope.HOST, name)]
    old = [ListEntry(Scope.PATH, "http://c.example/x/"), new[0]]
    lines = list(url_events("national", 8, new, since=7, before=old))
    assert lines[0] == '{"list": "national", "serial": 8, "since": 7, "add": 2, "remove": 1}\n'
    assert [tuple(json.loads(line).items()) for line in lines[1:]] == [
        (("event", "remove"), ("scope", "path"), ("url", "http://c.example/x/")),
        (("event", "add"), ("scope", "domain"), ("url", "http://a.example/")),
        (("event", "add"), ("scope", "host"), ("url", "http://a.example/")),
    ]
    assert list(url_events("national", 1, ())) == [
        '{"list": "national", "serial": 1, "since": null, "add": 0, "remove": 0}\n'
    ]


class Seen:
    """Keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def is_listed(self, url: str) -> bool:
        self.asked.append(("page", url))
        return True

    def is_host_listed(self, host: str) -> bool:
        self.asked.append(("host", host))
        return True


@pytest.mark.parametrize(
    ("line", "wanted", "asked"),
    [
        ("0 GET http://a.example/ -\r\n", "0 OK", [("page", "http://a.example/")]),
        ("12 Connect a.example:443", "12 OK", [("host", "a.example")]),
        ("1 CONNECT a.example", "1 OK", [("host", "a.example")]),
        ("1 CONNECT a:b:443", "1 OK", [("host", "a:b")]),
        ("1 CONNECT a.example:x", "1 OK", [("host", "a.example:x")]),
        ("1 CONNECT 443", "1 OK", [("host", "443")]),
        ("X GET http://a.example/", "0 BH message=unreadable", []),
        ("4 GET  http://a.example/", "4 BH message=unreadable", []),
        ("4 GET", "4 BH message=unreadable", []),
        ("X", "0 BH message=unreadable", []),
        (" 0 GET http://a.example/", "0 BH message=unreadable", []),
        ("X0 GET http://a.example/", "0 BH message=unreadable", []),
    ],
)
def test_what_squid_asks_and_is_answered(line: str, wanted: str, asked: list[tuple[str, str]]) -> None:
    seen = Seen()
    assert (answer(line, seen), seen.asked) == (wanted, asked)


# Questions and answers

DIGEST = bytes(range(32))
MADE_UP = [
    ("6161616100000000000000000000000000000000000000000000000000000000", 4),
    ("616161616d769c7f348443f1a355416964aa4f0cf99b5655aa622f3633459f67", 4),
    ("6161616189294c183fdde0dd289de45a4483592893bc23002eaf5e172c2831cb", 2),
    ("61616161bb355d3cca402d4a3ffa3548385f2a817ce486e6c2b602f766f3e586", 4),
]


def test_what_is_made_up_stays_the_same_for_ever() -> None:
    """Clients remember answers: one that changed without the list would show what is made up."""
    real = Found(b"aaaa" + bytes(28), 4)
    assert [(one.digest.hex(), one.scopes) for one in padded([real], [b"aaaa"], b"secret")] == MADE_UP
    many = [Found(b"aaaa" + bytes([n]) * 28, 1) for n in range(5)]
    assert list(padded(reversed(many), [b"aaaa"], b"secret")) == many


def test_questions_and_answers_to_the_letter() -> None:
    assert question_as_json([b"\0\1\2\3"]) == {"prefixes": ["00010203"]}
    assert read_question({"prefixes": ["00010203", "AABBCCDD", "00010203"]}) == [b"\0\1\2\3", b"\xaa\xbb\xcc\xdd"]
    assert len(read_question({"prefixes": [f"{number:08x}" for number in range(1000)]})) == 1000
    body = {"found": [{"digest": DIGEST.hex(), "scopes": "uh"}], "cache_seconds": 90}
    read = Answer((Found(DIGEST, 5),), timedelta(seconds=90))
    assert answer_as_json(read) == body
    assert read_answer(body) == read
    assert read_answer({"found": [], "cache_seconds": 0}) == Answer((), timedelta(0))
    assert read_answer({"found": [], "cache_seconds": 86401}).cache == timedelta(days=1)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"prefixes": ["00"]}, "'00' is not 4 bytes in hexadecimal"),
        ({"prefixes": ["0" * 80]}, f"{'0' * 70!r} is not 4 bytes in hexadecimal"),
        ({"prefixes": [None]}, "'None' is not 4 bytes in hexadecimal"),
        ({"prefixes": ["zz010203"]}, "'zz010203' is not 4 bytes in hexadecimal"),
        ({"prefixes": []}, "“prefixes” is no list of 1 to 1000"),
        ({"prefixes": ["00010203"] * 1001}, "“prefixes” is no list of 1 to 1000"),
        ([], "“prefixes” is no list of 1 to 1000"),
    ],
)
def test_what_is_said_of_a_question_that_is_none(body: object, why: str) -> None:
    with pytest.raises(BadCoding) as refused:
        read_question(body)
    assert str(refused.value) == f"The coded numbers can't be read: {why}."


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "the answer is no object"),
        ({"found": {}, "cache_seconds": 1}, "the answer lacks “found” or “cache_seconds”"),
        ({"found": []}, "the answer lacks “found” or “cache_seconds”"),
        ({"found": [], "cache_seconds": True}, "the answer lacks “found” or “cache_seconds”"),
        ({"found": [], "cache_seconds": -1}, "the answer lacks “found” or “cache_seconds”"),
        ({"found": ["u"], "cache_seconds": 1}, "a digest lacks its scopes"),
        ({"found": [{"digest": DIGEST.hex()}], "cache_seconds": 1}, "a digest lacks its scopes"),
        ({"found": [{"digest": DIGEST.hex(), "scopes": 1}], "cache_seconds": 1}, "a digest lacks its scopes"),
        ({"found": [{"digest": DIGEST.hex(), "scopes": "x"}], "cache_seconds": 1}, "'x' is not made of the letters u, p, h and d"),
        ({"found": [{"scopes": "u"}], "cache_seconds": 1}, "'None' is not 32 bytes in hexadecimal"),
    ],
)  # fmt: skip
def test_what_is_said_of_an_answer_that_is_none(body: object, why: str) -> None:
    with pytest.raises(BadCoding) as refused:
        read_answer(body)
    assert str(refused.value) == f"The coded numbers can't be read: {why}."


# What stands behind an address


def test_which_entry_blocks_an_address() -> None:
    held = {"a.example/x/": Scopes.PATH, "a.example/": Scopes.URL | Scopes.DOMAIN}
    asked: list[str] = []

    def scopes_of(expression: str) -> int:
        asked.append(expression)
        return held.get(expression, 0)

    assert first_hit("http://a.example/x/y", scopes_of) == Hit("a.example/x/", Scopes.PATH)
    assert first_hit("http://a.example/", scopes_of) == Hit("a.example/", Scopes.URL | Scopes.DOMAIN)
    assert first_hit("http://www.a.example/z", scopes_of) == Hit("a.example/", Scopes.DOMAIN)
    assert first_hit("http://b.example/", scopes_of) is None
    assert tunnel_hit("a.example", scopes_of) == Hit("a.example/", Scopes.DOMAIN)
    assert tunnel_hit("www.a.example", scopes_of) == Hit("a.example/", Scopes.DOMAIN)
    assert tunnel_hit("b.example", scopes_of) is None
    assert tunnel_hit("h.example", {"h.example/": Scopes.HOST}.get) == Hit("h.example/", Scopes.HOST)
    assert tunnel_hit("u.example", {"u.example/": Scopes.URL}.get) is None


def test_what_only_a_wide_entry_can_block_is_asked_the_shorter_way() -> None:
    pages: list[str] = []
    wide: list[str] = []

    def scopes_of(expression: str) -> int:
        pages.append(expression)
        return 0

    def wide_scopes_of(expression: str) -> int:
        wide.append(expression)
        return Scopes.DOMAIN if expression == "a.example/" else 0

    found = first_hit("http://www.a.example/x/y?q", scopes_of, wide_scopes_of=wide_scopes_of)
    assert found == Hit("a.example/", Scopes.DOMAIN)
    assert pages == ["www.a.example/x/y?q", "www.a.example/x/y"]
    assert wide == ["www.a.example/x/", "www.a.example/", "a.example/"]
