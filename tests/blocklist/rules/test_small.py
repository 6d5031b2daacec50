"""The small rules of lists, case by case: canaries and what a leak says, names of the DNS, expressions, top lists, updates."""

from datetime import timedelta

import numpy as np
import pytest

from leeward.blocklist.rules import sentences
from leeward.blocklist.rules.canaries import Leak, Suspect, _prefix, canary_names, read_leak, whose
from leeward.blocklist.rules.choices import Choice, choice, choices
from leeward.blocklist.rules.criteria import distinct
from leeward.blocklist.rules.dns_names import NotADnsName, escaped_label, name_bytes, owner_name
from leeward.blocklist.rules.errors import BadCoding, BadUpdate, NotExpressible
from leeward.blocklist.rules.expressions import (
    candidates,
    entry_expression,
    expressions,
    folders_of,
    host_suffixes,
    split_comparable,
)
from leeward.blocklist.rules.gates import Fence, Limits, read_popular
from leeward.blocklist.rules.hash_list import EMPTY, HashList, Update, checksum_of, difference, updated, whole
from leeward.blocklist.rules.hash_list_wire import read_update, write_update
from leeward.blocklist.rules.scopes import Scope
from leeward.hosting.rules.urls import canonical_url

# Canaries


def test_canaries_are_the_same_for_ever() -> None:
    """They stand in copies that were given out; a change here would leave every leak of these without a name."""
    names = canary_names(b"secret", list_name="national", subscriber="alpha", domains=["a.example", "b.test"], count=4)
    assert names == (
        "lovukipibati.a.example",
        "filikorepumo.b.test",
        "risagonanosa.a.example",
        "pifunanafibu.b.test",
    )


ALPHA = canary_names(b"secret", list_name="national", subscriber="alpha", domains=["a.example"], count=3)
BETA = canary_names(b"secret", list_name="national", subscriber="beta", domains=["a.example"], count=3)
BOTH = {"alpha": ALPHA, "beta": BETA}
WORDS = [name.partition(".")[0] for name in ALPHA]


@pytest.mark.parametrize(
    ("leak", "suspects"),
    [
        (Leak(frozenset()), []),
        (Leak(frozenset(ALPHA[:1])), [Suspect("alpha", 1, 3, True)]),
        (Leak(frozenset({ALPHA[0] + ".rpz.example"})), [Suspect("alpha", 1, 3, True)]),
        (Leak(frozenset({ALPHA[0].replace(".a.", ".b.")})), []),
        (Leak(frozenset({"other.example"})), []),
        (Leak(frozenset(), words=frozenset(WORDS[:1])), []),
        (Leak(frozenset(), words=frozenset(WORDS[:2])), [Suspect("alpha", 2, 3, True)]),
        (Leak(frozenset(), frozenset({_prefix(ALPHA[0])})), [Suspect("alpha", 1, 3, False)]),
        (Leak(frozenset(), frozenset(map(_prefix, ALPHA[:2]))), [Suspect("alpha", 2, 3, True)]),
        (
            Leak(frozenset(BETA[:1]), frozenset({_prefix(ALPHA[0])})),
            [Suspect("beta", 1, 3, True), Suspect("alpha", 1, 3, False)],
        ),
        (Leak(frozenset({*BETA[:1], *ALPHA[:2]})), [Suspect("alpha", 2, 3, True), Suspect("beta", 1, 3, True)]),
    ],
)
def test_whose_copy_a_leak_was(leak: Leak, suspects: list[Suspect]) -> None:
    assert whose(leak, BOTH) == suspects


@pytest.mark.parametrize(
    "content",
    [
        "see {} .",
        "see {} .\xe9",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_leak_is_read_however_it_was_written_down(content: str, encoding: str) -> None:
    text = content.format(ALPHA[0].upper().replace(".", "[dot]"))
    assert read_leak(text.encode(encoding)).names == {ALPHA[0]}
    marked = text.encode(encoding) + (b"\xd8" if "16" in encoding else b"\xff")  # it breaks off
    assert read_leak(marked).names == {ALPHA[0]}


def test_a_leak_among_other_letters_is_read_by_its_mark() -> None:
    text = "\u0441\u043b\u043e\u0432\u043e" * 99 + f" {ALPHA[0]} ."
    assert read_leak(text.encode("utf-16")).names == {ALPHA[0]}
    assert read_leak(b"\xfe\xff" + text.encode("utf-16-be")).names == {ALPHA[0]}


def test_a_third_of_zeros_makes_no_other_encoding() -> None:
    raw = f" {ALPHA[0]} ".encode()
    assert read_leak(raw + b"\0" * (len(raw) // 2)).names == {ALPHA[0]}


# Choices

FENCE = Fence(Limits())
URL = canonical_url("https://a.example.co.uk/one/page?x")


def test_a_way_to_block_that_is_none_says_why_and_what_was_asked() -> None:
    elsewhere = choice(Scope.HOST, "https://b.example/", URL, FENCE)
    assert (elsewhere.target, elsewhere.entry, str(elsewhere.refused)) == (
        "https://b.example/",
        None,
        sentences.ELSEWHERE,
    )
    nothing = choice(Scope.HOST, "no address", URL, FENCE)
    assert (nothing.target, nothing.entry, nothing.is_open) == ("no address", None, False)
    assert nothing.refused is not None
    good = choice(Scope.HOST, "https://a.example.co.uk/", URL, FENCE)
    assert isinstance(good, Choice)
    assert good.is_open
    assert not choice(Scope.DOMAIN, "https://co.uk/", URL, FENCE).is_open
    above = choice(Scope.HOST, "https://example.co.uk/", URL, FENCE)  # blocks this name, not those below it
    assert (above.entry, str(above.refused)) == (None, sentences.ELSEWHERE)


def test_the_page_itself_is_offered_by_its_exact_address() -> None:
    [page, *_] = choices("https://a.example.co.uk:8443/One", FENCE)
    assert (page.scope, page.target) == (Scope.URL, "https://a.example.co.uk:8443/One")


def test_names_that_differ_in_case_or_space_only_are_one() -> None:
    assert distinct(["Agency  One", "agency one", " ", "Other"]) == ("Agency One", "Other")


# Names of the DNS


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("a.example", "a.example"),
        ("x.a.example", "x.a.example"),
        (f"{'x' * 63}.example", f"{'x' * 63}.example"),
        ("a%20b.example", "a\\032b.example"),
        ("a!~.example", "a!~.example"),
        ('a";@$*.example', 'a\\"\\;\\@\\$\\*.example'),
        ("%7f.example", "\\127.example"),
        ("a\\(b).example", "a\\\\\\(b\\).example"),
        ("%2e.example", "\\..example"),
        (f"{'!' * 63}.example", f"{'!' * 63}.example"),
    ],
)
def test_a_host_as_the_text_of_a_zone(host: str, owner: str) -> None:
    assert owner_name(host) == owner


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("192.0.2.1", "address"), ("[2001:db8::1]", "address"), ("a.1", "address"), ("a.onion", "onion"), ("a.rpz-ip", "trigger"),
        ("example", "one_label"), ("ex!mple", "one_label"), ("a..example", "empty_label"), (".example", "empty_label"),
        (f"{'x' * 64}.example", "too_long"), (f"{'!' * 64}.example", "too_long"),
    ],
)  # fmt: skip
def test_a_host_that_is_no_name_of_the_dns(host: str, why: str) -> None:
    with pytest.raises(NotADnsName) as refused:
        owner_name(host)
    assert (refused.value.why, str(refused.value)) == (why, why)


@pytest.mark.parametrize("host", ["abc.example", "a!c.example"])
def test_a_name_has_the_room_that_it_has(host: str) -> None:
    bytes_ = len(host) + 1  # each label with its length
    assert owner_name(host, bytes_) == host
    with pytest.raises(NotADnsName, match="too_long"):
        owner_name(host, bytes_ - 1)


def test_the_bytes_of_a_name() -> None:
    lengths = {"a.example.": 10, "a.example": 10, ".": 0, "": 0, "a": 2, "X": 2}
    assert {name: name_bytes(name) for name in lengths} == lengths
    assert escaped_label(bytes((0x20, 0x21, 0x22, 0x7E, 0x7F))) == '\\032!\\"~\\127'


# Expressions


def test_the_parts_of_an_address_and_the_names_above_it() -> None:
    parts = {
        "http://a.example/x?y?z": ("a.example", "/x", "y?z"),
        "a.example/x": ("a.example", "/x", ""),
        "a.example": ("a.example", "/", ""),
        "http://a.example/?u=http://b.example/": ("a.example", "/", "u=http://b.example/"),
    }
    assert {text: split_comparable(text) for text in parts} == parts
    assert host_suffixes("1.2.3.4.5.6.example.co.uk") == [
        "1.2.3.4.5.6.example.co.uk", "4.5.6.example.co.uk", "5.6.example.co.uk", "6.example.co.uk", "example.co.uk",
    ]  # fmt: skip
    assert host_suffixes("a.b.example.com") == ["a.b.example.com", "b.example.com", "example.com"]
    assert host_suffixes("192.0.2.1") == ["192.0.2.1"]
    folders = {
        "/": ["/"],
        "/a": ["/"],
        "/a/": ["/", "/a/"],
        "/a/b/c/d/e": ["/", "/a/", "/a/b/", "/a/b/c/"],
        "//a/": ["/", "//", "//a/"],
    }
    assert {path: folders_of(path) for path in folders} == folders
    assert expressions("http://a.example.com/b/c?d")[:3] == [
        "a.example.com/b/c?d",
        "a.example.com/b/c",
        "a.example.com/b/",
    ]
    bits = dict(candidates("http://a.example.com/b/c?d"))
    assert list(bits) == [
        "a.example.com/b/c?d",
        "a.example.com/b/c",
        "a.example.com/b/",
        "a.example.com/",
        "example.com/",
    ]
    assert [scope for scope in Scope if scope.bit & bits["a.example.com/b/c"]] == [Scope.URL]
    assert [scope for scope in Scope if scope.bit & bits["a.example.com/b/"]] == [Scope.PATH]
    assert [scope for scope in Scope if scope.bit & bits["example.com/"]] == [Scope.DOMAIN]


@pytest.mark.parametrize(
    ("scope", "comparable", "named", "why"),
    [
        (Scope.PATH, "http://a.example.com/b", "a.example.com/b", sentences.NOT_A_FOLDER),
        (Scope.PATH, "http://a.example.com/b/?c", "a.example.com/b/", sentences.NOT_A_FOLDER),
        (Scope.PATH, "http://a.example.com/", "a.example.com/", sentences.ROOT),
        (Scope.PATH, "http://a.example.com/b/c/d/e/", "a.example.com/b/c/d/e/", sentences.DEEP_FOLDER % {"most": 3}),
        (Scope.HOST, "http://a.example.com/b", "a.example.com/b", sentences.HAS_PATH),
        (Scope.DOMAIN, "http://a.example.com/?b", "a.example.com/", sentences.HAS_PATH),
        (Scope.DOMAIN, "http://192.0.2.1/", "192.0.2.1", sentences.NUMBER),
        (Scope.DOMAIN, "http://co.uk/", "co.uk", sentences.MANY_OWNERS),
        (
            Scope.DOMAIN, "http://1.2.3.4.example.com/", "1.2.3.4.example.com",
            sentences.DEEP_NAME % {"most": 3, "site": "example.com"},
        ),
    ],
)  # fmt: skip
def test_what_an_address_can_not_be_listed_as(scope: Scope, comparable: str, named: str, why: str) -> None:
    with pytest.raises(NotExpressible) as refused:
        entry_expression(scope, comparable)
    assert str(refused.value) == f"{named} can't be listed with the scope {scope.value}: {why}."


def test_the_deepest_that_can_be_listed() -> None:
    assert entry_expression(Scope.DOMAIN, "http://2.3.4.example.com/") == "2.3.4.example.com/"
    assert entry_expression(Scope.PATH, "http://a.example.com/b/c/d/") == "a.example.com/b/c/d/"


def test_a_top_list_is_read_with_or_without_ranks() -> None:
    lines = [
        "# heading # more",
        "1,Example.COM.",
        "2, x, b.example # note # again",
        "rank,name",
        "a b.example",
        "",
        ".c.test",
        "d.example.#",
        "X.test",
    ]
    assert read_popular(lines) == {"example.com", "b.example", "c.test", "d.example", "x.test"}


# Updates


def state(*members: int, wait: int = 0) -> HashList:
    return HashList("national", b"1", np.array(members, np.uint32), timedelta(minutes=wait))


def test_an_update_is_whole_or_partial_and_keeps_the_wait() -> None:
    old, new = state(1, 2, 3), state(2, 4, wait=5)
    full = whole(new)
    assert (full.is_partial, full.minimum_wait) == (False, timedelta(minutes=5))
    partial = difference(old, new)
    assert (partial.is_partial, list(partial.removals), list(partial.additions)) == (True, [0, 2], [4])
    assert updated(old, partial).minimum_wait == timedelta(minutes=5)
    assert read_update(write_update(partial)).minimum_wait == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("update", "why"),
    [
        (Update("other", b"2", False, EMPTY, EMPTY, b""), "it is one of the list other"),
        (
            Update("national", b"2", False, np.array([0], np.uint32), EMPTY, checksum_of(EMPTY)),
            "it is a whole list and yet removes",
        ),
        (Update("national", b"2", False, EMPTY, EMPTY, b""), "the checksum differs"),
        (Update("national", b"2", True, np.array([0, 3], np.uint32), EMPTY, b""), "it removes place 3 of 3"),
    ],
)
def test_an_update_that_does_not_fit_says_of_which_list_and_why(update: Update, why: str) -> None:
    with pytest.raises(BadUpdate) as bad:
        updated(state(1, 2, 3), update)
    assert str(bad.value) == f"The update of the list national can't be applied: {why}."


@pytest.mark.parametrize("number", [0, 1, 127, 128, 129, 16383, 16384])
def test_numbers_of_any_length_are_written_and_read(number: int) -> None:
    update = Update("n" * number, b"v", False, EMPTY, EMPTY, b"")
    assert read_update(write_update(update)).name == "n" * number


def test_a_name_that_is_no_text_is_said_so() -> None:
    good = write_update(Update("name", b"v", False, EMPTY, EMPTY, b""))
    with pytest.raises(BadCoding, match="the name is not UTF-8"):
        read_update(good.replace(b"name", b"n\xffme"))
