"""Keyed lists to the letter: keys that stay, lines that are read, and what is wrong with others."""

import hmac

import pytest

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.keyed import (
    FIRST_LINE,
    KeyedList,
    keyed_digest,
    keyed_scopes,
    keyed_text,
    read_keyed,
    subscriber_key,
)
from leeward.blocklist.rules.scopes import Scope

HEAD = [FIRST_LINE, "# list national", "# epoch 2026-11", "# serial 7"]
DIGEST = "ab" * 32


def test_a_key_is_the_same_for_ever() -> None:
    """Subscribers have it in their files; a change here would open none of their lists."""
    made = subscriber_key(b"secret", list_name="national", subscriber="alpha", epoch="2026-11")
    parts = (b"keyed list", b"national", b"alpha", b"2026-11")
    raw = b"".join(bytes((0, 0, 0, len(part))) + part for part in parts)
    assert made == hmac.new(b"secret", raw, "sha256").digest()
    assert keyed_digest(b"key", "a.example/") == hmac.new(b"key", b"a.example/", "sha256").digest()


def test_entries_of_one_expression_share_a_digest() -> None:
    both = [ListEntry(Scope.HOST, "http://a.example/"), ListEntry(Scope.DOMAIN, "http://a.example/")]
    digest = keyed_digest(b"key", "a.example/")
    assert keyed_scopes(b"key", both) == {digest: Scope.HOST.bit | Scope.DOMAIN.bit}
    assert keyed_scopes(b"key", both[:1]) == {digest: Scope.HOST.bit}
    held = KeyedList("national", "2026-11", 7, keyed_scopes(b"key", both))
    found = held.tunnel_hit(b"key", "a.example")
    assert found is not None
    assert found.expression == "a.example/"
    assert held.tunnel_hit(b"other", "a.example") is None


def test_lines_are_read_whatever_ends_them_and_facts_have_spaces() -> None:
    held = KeyedList("national", "2026-11", 7, {bytes.fromhex(DIGEST): Scope.HOST.bit, bytes(32): Scope.URL.bit})
    lines = "".join(keyed_text(held)).split("\n")[:-1]
    assert lines[:4] == HEAD
    for end in ("", "\n", "\r\n"):
        assert read_keyed(f"{line}{end}" for line in lines) == held
    assert read_keyed([FIRST_LINE, "# list two words X", *HEAD[2:]]).name == "two words X"
    named = [FIRST_LINE, "# note of more than one word", *HEAD[1:]]
    assert read_keyed(named) == KeyedList("national", "2026-11", 7, {})


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["# another list", *HEAD[1:]], f"line 1 is not “{FIRST_LINE}”"),
        ([f"{FIRST_LINE} ", *HEAD[1:]], f"line 1 is not “{FIRST_LINE}”"),
        ([*HEAD, DIGEST], "line 5 is no digest with scopes"),
        ([*HEAD, f"{DIGEST}"[:-2] + " h"], "line 5 is no digest with scopes"),
        ([*HEAD, f"{DIGEST}\th"], "line 5 is no digest with scopes"),
        ([*HEAD, "zz" * 32 + " h"], "line 5 is no digest with scopes"),
        ([*HEAD, f"{DIGEST} ?"], "line 5 is no digest with scopes"),
        ([*HEAD[:3]], "the first lines lack list, epoch or serial"),
        ([*HEAD[:3], "# serial x"], "the first lines lack list, epoch or serial"),
    ],
)
def test_a_line_that_says_something_else_is_named(lines: list[str], why: str) -> None:
    with pytest.raises(BadCoding) as bad:
        read_keyed(lines)
    assert str(bad.value) == f"The coded numbers can't be read: {why}."
