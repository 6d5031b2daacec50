"""The small rules of what is where, case by case."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.hosting.rules import bootstrap
from leeward.hosting.rules.address import MOST_WORDS, recognise
from leeward.hosting.rules.comparable import comparable_host, comparable_path, escaped
from leeward.hosting.rules.comparison import (
    LEAST_QUALITY,
    LEAST_SIDE,
    SAME_PICTURE_BITS,
    Content,
    Print,
    compare,
)
from leeward.hosting.rules.keys import key_of
from leeward.hosting.rules.lookalikes import host_note
from leeward.hosting.rules.nearness import Nearness, differ_at_most_by_one, halves, nearness
from leeward.hosting.rules.onion import has_right_checksum, onion_note
from leeward.hosting.rules.pages import barrier_of_status
from leeward.hosting.rules.peer_to_peer import hashes_named
from leeward.hosting.rules.rdap import (
    DomainFacts,
    NetworkFacts,
    autnum_emails,
    country_of,
    domain_facts,
    emails_of_role,
    event_date,
    network_facts,
)
from leeward.hosting.rules.strip import moments_on, pages_of
from leeward.hosting.rules.text_print import has_same_text, text_print
from leeward.hosting.rules.undoing import undone, unwrapped, visible
from leeward.hosting.rules.whereabouts import Found, country_for_acting, is_sound, newest
from tests.hosting.rules.test_rdap import entity

# Registries


def test_all_that_is_read_of_a_network() -> None:
    answer: dict[str, Any] = {
        "name": "NET\u200b-ONE ", "handle": "NET-1", "country": " jm ", "arin_originas0_originautnums": ["AS1", 64500, 64501],
        "entities": [entity("technical", name="Nobody"), entity("administrative", name="Holder", email="a@holder.test"),
                     entity("abuse", email="abuse@net.test")],
        "links": ["x", {"rel": "self", "href": "https://r.test/self"}, {"rel": "up", "href": 7}, {"rel": "up", "href": "https://r.test/up"}],
    }  # fmt: skip
    assert network_facts(answer) == NetworkFacts(
        "NET-ONE", "NET-1", "JM", "Holder", 64500, ("abuse@net.test",), "https://r.test/up"
    )
    registrant = {"entities": [entity("registrant"), entity("registrant", name="The registrant")]}
    assert network_facts(registrant).holder == "The registrant"
    assert network_facts({"links": "x", "arin_originas0_originautnums": []}) == NetworkFacts(
        "", "", "", "", None, (), ""
    )
    assert network_facts({"name": "n" * 300, "links": [{"rel": "up", "href": "h" * 3000}]}).name == "n" * 200
    assert network_facts({"links": [{"rel": "up", "href": "h" * 3000}]}).parent_url == "h" * 2000
    assert autnum_emails(answer) == ("abuse@net.test",)


def test_all_that_is_read_of_a_name() -> None:
    registrar = entity("registrar", name="", inside=(entity("abuse", email="one@r.test"),))
    second = entity(
        "Registrar",
        name="Good Names",
        inside=(entity("abuse", email="one@r.test"), entity("abuse", email="two@r.test")),
    )
    answer: dict[str, Any] = {
        "ldhName": "a.example", "status": ["active", 7, *["x"] * 30], "redacted": [{}],
        "events": ["x", {"eventAction": "expiration", "eventDate": "2030-01-01"},
                   {"eventAction": "registration", "eventDate": "2020-02-03T04:05:06Z"}],
        "entities": [registrar, second, entity("technical", inside=(entity("administrative", email="deep@o.test"),)),
                     entity("administrative", name="x", email="clerk@o.test"), entity("registrant", name="Owner  Ltd")],
    }  # fmt: skip
    assert domain_facts(answer) == DomainFacts(
        "a.example", "Good Names", ("one@r.test", "two@r.test"), "2020-02-03", ("active", *["x"] * 18),
        ("clerk@o.test",), "Owner Ltd", redacted=False, registration=domain_facts(answer).registration,
    )  # fmt: skip
    alone = domain_facts({"status": "active"})
    assert alone == DomainFacts("", "", (), "", ("active",), (), "", redacted=False, registration=alone.registration)
    owner = entity("registrant", email="owner@o.test", name="n" * 300)
    assert domain_facts({"entities": [*answer["entities"], owner]}).owner_emails == ("owner@o.test",)
    assert domain_facts({"entities": [owner]}).registrant == "n" * 200


@pytest.mark.parametrize(
    ("said", "country"),
    [
        ("jm", "JM"),
        (" JM ", "JM"),
        ("EU", ""),
        ("AP", ""),
        ("ZZ", ""),
        ("eu", ""),
        ("JAM", ""),
        ("J1", ""),
        (7, ""),
        (None, ""),
    ],
)
def test_a_country_has_two_letters_and_is_one(said: object, country: str) -> None:
    assert country_of({"country": said}) == country


@pytest.mark.parametrize(
    ("events", "date"),
    [
        ([{"eventAction": "registration", "eventDate": "2020-02-03"}], "2020-02-03"),
        ([{"eventAction": "registration", "eventDate": "3 Feb 2020"}, {"eventAction": "registration", "eventDate": "2020-02-03"}], "2020-02-03"),
        ([7, {"eventAction": "registration", "eventDate": "2020-02-03"}], "2020-02-03"),
        ([{"eventAction": "registration"}], ""),
        ([{"eventAction": "last changed", "eventDate": "2020-02-03"}], ""),
        ({"eventAction": "registration", "eventDate": "2020-02-03"}, ""),
    ],
)  # fmt: skip
def test_the_date_of_an_event(events: object, date: str) -> None:
    assert event_date({"events": events}, "registration") == date


def test_contacts_are_read_so_deep_and_so_many() -> None:
    def nested(depth: int) -> dict[str, Any]:
        inner = entity("abuse", email="deep@a.test")
        for _ in range(depth):
            inner = entity("technical", inside=(inner,))
        return {"entities": [inner]}

    assert emails_of_role(nested(300), "abuse") == ("deep@a.test",)
    assert emails_of_role(nested(0), "abuse", nested=False) == ("deep@a.test",)
    assert emails_of_role(nested(1), "abuse", nested=False) == ()
    many = [entity("abuse", email=f"a{number}@a.test") for number in range(12)]
    assert emails_of_role({"entities": many}, "abuse") == tuple(f"a{number}@a.test" for number in range(10))
    odd = [
        ["email"],
        "x",
        ["tel", {}, "text", "1"],
        ["email", {}, "text", ["x"]],
        ["email", {}, "text", " "],
        ["email", {}, "text", "late@a.test"],
    ]
    cards = [["vcard"], ["vcard", 7], "x", ["vcard", odd]]
    found = [emails_of_role({"entities": [{"roles": ["abuse"], "vcardArray": card}]}, "abuse") for card in cards]
    assert found == [(), (), (), ("late@a.test",)]


FILE = {
    "services": [
        [["0.0.0.0/0", "64496-64500", "64511", "x-9", "9-x", ""], ["http://all.test"]],
        [["10.0.0.1/8", "2001:db8::/32", "example."], ["https://ten.test/", 7]],
        [["not one", "10.1.0.0/16", ".Near.Example"], ["https://near.test/"]],
        [["10.1.0.0/16", "near.example"], ["https://late.test/"]],
        [["64500-64502"], ["https://numbers.test/"], []],
        [["64500-64502"], "x"],
        [["64500-64502"], ["https://second.test/"]],
    ]
}


def test_what_is_odd_in_an_answer_is_no_name() -> None:
    bare, short = {"roles": ["registrar"]}, {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text"]]]}
    assert domain_facts({"entities": [bare, short, entity("registrar", name="Good Names")]}).registrar == "Good Names"
    hidden = entity("technical", inside=(entity("registrant", email="deep@o.test"),))
    assert domain_facts({"entities": [hidden]}).owner_emails == ()


def test_which_registry_is_asked() -> None:
    asked = {
        "192.0.2.1": "http://all.test/",
        "10.9.9.9": "https://ten.test/",
        "10.1.2.3": "https://near.test/",
        "2001:db8::1": "https://ten.test/",
    }
    assert {address: bootstrap.for_ip(FILE, address) for address in asked} == {
        key: (base,) for key, base in asked.items()
    }
    assert bootstrap.for_ip(FILE, "2001:db9::1") == ()
    numbers = {64495: (), 64496: ("http://all.test/",), 64500: ("https://second.test/",), 64501: ("https://second.test/",),
    64502: ("https://second.test/",),
               64503: (), 64511: ("http://all.test/",), 64512: (), 9: ()}  # fmt: skip
    assert {number: bootstrap.for_asn(FILE, number) for number in numbers} == numbers
    names = {"a.example": ("https://ten.test/",), "A.EXAMPLE.": ("https://ten.test/",), "x.near.example..": ("https://near.test/",),
             "near.example": ("https://near.test/",), "example": ("https://ten.test/",), "a.test": ("http://all.test/",)}  # fmt: skip
    assert {name: bootstrap.for_domain(FILE, name) for name in names} == names
    assert bootstrap.for_ip({"services": 7}, "10.0.0.1") == ()


# What is kept and compared


@pytest.mark.parametrize(
    ("kind", "group"), [("url", "url"), ("onion", "url"), ("magnet", "magnet"), ("phone", "phone")]
)
def test_a_place_is_kept_under_its_kind_and_form(kind: str, group: str) -> None:
    assert key_of(kind, "é/x") == hashlib.sha256(f"{group}\né/x".encode()).hexdigest()
    assert len(key_of(kind, "\ud800")) == 64


H40, B32, T39 = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a", "YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK", "A" * 38 + "Q"
TTH = "0" * 47 + "2"


@pytest.mark.parametrize(
    ("kind", "display", "service", "named", "as_typed"),
    [
        ("magnet", f"magnet:?xt=urn:btmh:1220{'ab' * 32}&xt=urn:btih:{H40}&dn=x", "", (("btmh", "ab" * 32), ("btih", H40)), None),
        ("magnet", "magnet:?dn=x", "", (), None),
        ("ed2k", f"ed2k://|file|a|1|{'a' * 32}|h={B32}|/", "", (("ed2k", "a" * 32), ("ed2k_alt", "a" * 32), ("aich", B32)), (("ed2k", "a" * 32),
        ("aich", B32))),
        ("ed2k", f"ed2k://|file|a|1|{'a' * 32}|/", "", (("ed2k", "a" * 32), ("ed2k_alt", "a" * 32)), (("ed2k", "a" * 32),)),
        ("ed2k", "ed2k://|file|", "", (), None),
        ("file_hash", "a" * 32, "md5", (("md5", "a" * 32), ("ed2k", "a" * 32), ("ed2k_alt", "a" * 32)), (("md5", "a" * 32),)),
        ("file_hash", "a" * 32, "ed2k", (("md5", "a" * 32), ("ed2k", "a" * 32), ("ed2k_alt", "a" * 32)), (("ed2k", "a" * 32),)),
        ("file_hash", H40, "sha1", (("sha1", H40), ("btih", H40), ("aich", H40)), (("sha1", H40),)),
        ("file_hash", B32, "aich", (("sha1", H40), ("btih", H40), ("aich", H40)), (("aich", H40),)),
        ("file_hash", T39, "tth", (("tth", TTH),), (("tth", TTH),)),
        ("file_hash", TTH.upper(), "tth", (("tth", TTH),), None),
        ("file_hash", B32, "tth", (), None),
        ("file_hash", "1" * 39, "tth", (), None),
        ("file_hash", "b" * 64, "sha256", (("sha256", "b" * 64), ("btmh", "b" * 64), ("bt2", "b" * 64)), (("sha256", "b" * 64),)),
        ("file_hash", "b" * 128, "sha512", (("sha512", "b" * 128),), None),
        ("file_hash", "b" * 128, "other", (), None),
        ("url", "http://a.example/", "", (), None),
    ],
)  # fmt: skip
def test_the_hashes_that_name_a_thing(
    kind: str,
    display: str,
    service: str,
    named: tuple[tuple[str, str], ...],
    as_typed: tuple[tuple[str, str], ...] | None,
) -> None:
    assert hashes_named(kind, display, service) == named
    assert hashes_named(kind, display, service, as_typed=True) == (named if as_typed is None else as_typed)


def test_the_canonical_form_of_the_parts() -> None:
    assert escaped(bytes((0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x7E, 0x7F, 0x80))) == '%20!"%23$%25&~%7F%80'
    paths = {"/": "/", "": "/", "/a/b/../c": "/a/c", "/../a": "/a", "/a/.": "/a/", "/a/..": "/", "/a/./b": "/a/b", "/a/b/..": "/a/",
    "/a//b///": "/a/b/", "/%2e%2E/%61": "/a",
             "/a/b/c/../../d": "/a/d"}  # fmt: skip
    assert {path: comparable_path(path) for path in paths} == paths
    hosts = {"..A..b.Example..": "a.b.example", "...": "", "%41%2eb": "a.b", "XaX": "xax"}
    assert {host: comparable_host(host) for host in hosts} == hosts


@pytest.mark.parametrize(
    ("asked", "other", "found"),
    [
        ("a.example/x", "a.example/x", Nearness.SAME),
        ("a.example/x", "a.example/xy", Nearness.NEAR),
        ("a.example/x", "A.example:8080/x/", Nearness.NEAR),
        ("a.example:12345/x", "a.example/x", Nearness.NEAR),
        ("a.example:123456/x", "a.example/x", None),
        ("a.example:12a/x", "a.example/x", None),
        ("www.a.example/X", "a.example/x", Nearness.NEAR),
        ("a.example/X", "a.example/x", Nearness.NEAR),
        ("[2001:db8::1]:80/page", "[2001:db8::1]/page", Nearness.NEAR),
        ("a.example/one/two", "a.example/three/two", Nearness.ON_HOST),
        ("a.example/one/two", "b.example/three/two", None),
        ("localhost/one", "localhost/other", None),
        ("a.example/x", "a.example/xyz", Nearness.ON_HOST),
    ],
)
def test_how_near_two_addresses_are(asked: str, other: str, found: Nearness | None) -> None:
    assert nearness(asked, other) == nearness(other, asked) == found


def test_two_texts_that_differ_in_one_letter_share_a_half() -> None:
    for first, second, near in [("abc", "abc", True), ("abc", "abd", True), ("abc", "ab", True), ("abc", "a", False), ("abc", "bca", False),
    ("abcd", "abdd", True),
                                ("abc", "xabc", True), ("", "a", True), ("", "aa", False), ("ab", "abcd", False)]:  # fmt: skip
        assert differ_at_most_by_one(first, second) is near
        assert differ_at_most_by_one(second, first) is near
    assert halves("www.a.example/xy/") == ("a.exam", "ple/xy")
    assert halves("abc") == ("a", "bc")


# What a page or a name says of itself


@pytest.mark.parametrize(
    ("status", "barrier"),
    [
        (200, ""), (401, "password"), (402, "log_in"), (403, "forbidden"), (404, ""), (407, "log_in"), (408, ""), (429, "too_many_requests"),
        (451, "geo_blocked"),
    ],
)  # fmt: skip
def test_a_status_that_bars_the_way(status: int, barrier: str) -> None:
    assert barrier_of_status(status) == barrier
    blocked = b"Not available in your country"
    assert barrier_of_status(status, blocked) == ("geo_blocked" if status == 403 else barrier)
    assert barrier_of_status(403, b" " * (50_000 - len(blocked)) + blocked) == "geo_blocked"
    assert barrier_of_status(403, b" " * (50_001 - len(blocked)) + blocked) == "forbidden"


def test_names_that_imitate_others() -> None:
    notes = {"xn--80ak1ai.example": "lookalike", "xn--a-0ub.example": "mixed_scripts", "a.example": "", "xn--mgbh0fb.example": "",
    "xn--abc-0c4bpeui6e2846bdoc.example": "",
             "xn--p8s937bq39bs56a.example": "", "xn--a-pi0cu120a.example": ""}  # fmt: skip
    assert {host: host_note(host) for host in notes} == notes
    assert not has_right_checksum("1" * 56)


def test_an_onion_name_is_checked_by_the_label_before_its_ending() -> None:
    good = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
    assert [onion_note(f"{above}{good}") for above in ("", "a.", "b.a.", "c.b.a.")] == [""] * 4


# Where it is, and whether it is still that

AT = datetime(2026, 11, 24, tzinfo=UTC)


def findings(**values: str) -> dict[str, Found]:
    return {kind: Found(kind, value, f"by {kind}", AT, corrected=False) for kind, value in values.items()}


def test_of_each_kind_the_correction_counts_and_else_the_newest() -> None:
    rows = [Found("country", value, "x", AT + timedelta(hours=hour), corrected)
            for value, hour, corrected in [("A", 1, False), ("B", 3, False), ("C", 2, True), ("D", 0, True), ("E", 9, False),
                                              ("F", 2, True)]]  # fmt: skip
    assert newest(rows[:1])["country"].value == "A"
    assert newest([rows[1], rows[0]])["country"].value == "B"
    assert newest(rows)["country"].value == "C", "of two at once the first"
    other = Found("network", "N", "x", AT, corrected=False)
    assert newest([other, *rows]) == {"network": other, "country": rows[2]}
    assert newest([]) == {}


@pytest.mark.parametrize(
    ("found", "country", "says"),
    [
        ({}, None, ()),
        ({"country": "JM"}, "JM", ("JM (by country)",)),
        ({"country_ip": "JM", "country_registry": "US"}, "JM", ("JM (by country_ip)", "US (by country_registry)")),
        ({"country_registry": "US"}, "US", ("US (by country_registry)",)),
        ({"country_ip": "", "country_registry": "US"}, "US", ("US (by country_registry)",)),
        ({"country": "", "country_ip": "US"}, "US", ("US (by country_ip)",)),
        ({"country_ip": "US", "behind": "A network"}, None, ("US (by country_ip)",)),
        ({"country_ip": "US", "behind": ""}, "US", ("US (by country_ip)",)),
        ({"country": "JM", "country_ip": "US", "behind": "A network"}, "JM", ("JM (by country)", "US (by country_ip)")),
        ({"network": "N"}, None, ()),
    ],
)
def test_the_country_that_gets_the_notice(found: dict[str, str], country: str | None, says: tuple[str, ...]) -> None:
    assert country_for_acting(findings(**found)) == (country, says)


def test_pictures_are_compared_as_far_as_they_say_something() -> None:
    def look(bits: int, *, quality: int = LEAST_QUALITY, side: int = LEAST_SIDE, sha256: str = "x") -> Content:
        return Content("page", files=(Print(sha256, f"{(1 << bits) - 1:064x}", quality, side),))

    assert compare(look(0), look(SAME_PICTURE_BITS, sha256="y")) == ("same", SAME_PICTURE_BITS)
    assert compare(look(0), look(SAME_PICTURE_BITS + 1, sha256="y")) == ("changed", SAME_PICTURE_BITS + 1)
    assert compare(look(0, quality=LEAST_QUALITY - 1), look(0, sha256="y")) == ("changed", None)
    logo, large, video = Print("logo", side=LEAST_SIDE - 1), Print("large", side=LEAST_SIDE), Print("video")
    for gone in (large, video):
        assert compare(Content("", files=(logo, gone)), Content("", files=(logo,)))[0] == "changed"
    odd = Print("odd", side=1)
    assert compare(Content("", files=(odd, large)), Content("", files=(odd,)))[0] == "changed"


# Undoing


@pytest.mark.parametrize(
    ("token", "bare"),
    [
        ("a", "a"), ("", ""), ("...", ""), ("<>", ""), ("()", ""), ("<a>", "a"), ("<<a>>", "a"), ("“a”", "a"), ("'a'", "a"), ("''", ""),
        ('"', ""), ("(", ""), (")", ""),
        ("a)", "a"), ("(a", "a"), ("((a)", "a"), ("(a))", "a"), ("a(b)", "a(b)"), ("(a)b", "(a)b"), ("a(b))", "a(b)"), ("((a)b", "((a)b"),
        ("a.)", "a"), ("a).", "a"),
        ("a*", "a*"), ("**a**", "a"), ("*a", "a"), ('a"', "a"), ('"a', "a"), ('"a"b"', 'a"b'), ('a"b"', 'a"b"'), ("`a`", "a"), ("a”", "a"),
        ("‘a’.", "a"), ("„a“", "a"), ("a!?…", "a"), ("[a](b)", "[a](b)"), ("(a].", "a"), ("{a", "a"), ("a(b(c))", "a(b(c))"),
        ("(x.)y)", "x.)y"), ("a.b.", "a.b"), (".a", ".a"), ("(.)", ""), ("x(a)))", "x(a)"), ('a"b"c"', 'a"b"c'), ('"a"b"c', 'a"b"c'), ('"""a', '""a'),
    ],
)  # fmt: skip
def test_what_a_sentence_puts_around_an_address(token: str, bare: str) -> None:
    assert unwrapped(token) == bare


def test_a_very_long_word_is_left_as_it_is() -> None:
    assert unwrapped("(" + "a" * 9_998 + ")") == "a" * 9_998
    assert unwrapped("(" + "a" * 9_999 + ")") == "(" + "a" * 9_999 + ")"


def test_disguises_are_named_as_they_were_written() -> None:
    assert undone("HXXPS : //a [ DOT ] b{.}c") == ("httpS : //a.b.c", ("[dot]", "{.}", "hxxps"))
    assert undone("FXP://a[punkt]b(slash)c<at>d") == ("ftp://a.b/c@d", ("[punkt]", "(slash)", "<at>", "fxp"))
    assert undone("http://a http://b") == ("http://a http://b", ())
    assert visible("a\u200bb") == ("ab", True)
    assert visible("ab") == ("ab", False)


def test_a_word_keeps_its_comma_and_its_spaces_as_it_was_typed() -> None:
    assert [one.typed for one in recognise("a.example,")] == ["a.example,"]
    assert [one.typed for one in recognise("a [dot] example b")] == ["a [dot] example", "b"]


def test_words_beyond_the_most_are_not_read_and_no_word_is_cut() -> None:
    words = " ".join(["word"] * MOST_WORDS)
    assert [one.typed for one in recognise(f"{words} more")] == [words, "more"]
    assert recognise(f"{words} a\u200b\ud800")[-1].display == "a?"
    exactly = " ".join(["w"] * MOST_WORDS)
    assert [one.typed for one in recognise(exactly)] == [exactly]
    more = recognise(f"{exactly} http://a.example/ b")
    assert [(one.kind, one.typed, one.undone) for one in more] == [
        ("unknown", exactly, ()),
        ("unknown", "http://a.example/ b", ()),
    ]
    glued = recognise(" ".join(["w"] * (MOST_WORDS - 1)) + " a.example,b.example")
    assert [one.typed for one in glued][-1] == "a.example,b.example"


# Pictures of a video, prints of words, corrections


def test_a_picture_every_ten_seconds_on_pages_of_four_minutes() -> None:
    pages = {-5: 1, 0: 1, 9.9: 1, 10: 1, 239.9: 1, 240: 2, 479: 2, 480: 3}
    assert {seconds: pages_of(seconds) for seconds in pages} == pages
    assert moments_on(1, -1) == [0]
    assert moments_on(1, 25) == [0, 10, 20]
    assert moments_on(1, 1000) == list(range(0, 240, 10))
    assert moments_on(2, 265) == [240, 250, 260]
    assert moments_on(3, 265) == []


def test_a_print_of_words_is_near_where_the_words_are() -> None:
    words = [f"word{number}" for number in range(200)]
    print_ = text_print(words)
    assert text_print([]) == ""
    assert print_ == text_print([word.upper() for word in words])
    assert has_same_text(print_, text_print([*words[:-1], "other"]))
    assert not has_same_text(print_, text_print([f"else{number}" for number in range(200)]))
    assert not has_same_text(print_, "")
    assert has_same_text("0" * 16, f"{(1 << 12) - 1:016x}")
    assert not has_same_text("0" * 16, f"{(1 << 13) - 1:016x}")
    assert text_print(["a", "page"]) == "31915733b726db2d", "prints are kept: they must stay the same"
    assert text_print(["a", "a"]) == "40880e2843620224", "what is even is no one"
    assert text_print(["\ud800"]) == text_print(["?"])
    long = ["w", *words * 20]
    assert text_print(long[:3000]) == text_print(long)


@pytest.mark.parametrize(
    ("kind", "value", "sound"),
    [
        ("country", "JM", True), ("country", "jm", False), ("country", "JAM", False), ("abuse_email", "a@b.test", True),
        ("abuse_email", "a@b.test, c@d.test", True),
        ("abuse_email", "a@b.test, c", False), ("abuse_email", " , ", False), ("owner_email", "a@b.test", True), ("network", "N", True),
        ("network", " ", False),
        ("network", "n" * 200, True), ("network", "n" * 201, False), ("registrar", "R", True), ("holder", "H", False),
    ],
)  # fmt: skip
def test_a_correction_that_can_be_right(kind: str, value: str, sound: bool) -> None:
    assert is_sound(kind, value) is sound
