"""Keyed lists: a file says nothing without its key, and each subscriber's differs."""

from datetime import date

import pytest

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.keyed import (
    FIRST_LINE,
    KeyedList,
    epoch_of,
    keyed_scopes,
    keyed_text,
    read_keyed,
    subscriber_key,
)
from leeward.blocklist.rules.scopes import Scope

ENTRIES = [
    ListEntry(Scope.URL, "http://shared.example/p"),
    ListEntry(Scope.HOST, "http://one.example/"),
    ListEntry(Scope.DOMAIN, "http://whole.example/"),
    ListEntry(Scope.URL, "http://whole.example/"),
]


def key_of(subscriber="alpha", list_name="national", epoch="2026-11"):
    return subscriber_key(b"secret", list_name=list_name, subscriber=subscriber, epoch=epoch)


def held(key):
    return KeyedList("national", "2026-11", 42, keyed_scopes(key, ENTRIES))


def test_a_list_answers_with_its_key_and_not_with_anothers():
    key = key_of()
    keyed = held(key)
    assert keyed.hit(key, "http://shared.example/p?sid=1").expression == "shared.example/p"
    assert keyed.hit(key, "http://shared.example/q") is None
    assert keyed.hit(key, "http://one.example/any").expression == "one.example/"
    assert keyed.hit(key, "http://sub.one.example/any") is None
    assert keyed.hit(key, "http://sub.whole.example/any").expression == "whole.example/"
    assert keyed.hit(key_of("beta"), "http://one.example/") is None
    assert keyed.tunnel_hit(key, "one.example").expression == "one.example/"
    assert keyed.tunnel_hit(key, "a.whole.example").expression == "whole.example/"
    assert keyed.tunnel_hit(key, "shared.example") is None


def test_no_two_subscribers_lists_or_epochs_share_a_digest():
    keys = [key_of(), key_of("beta"), key_of(list_name="worst-of"), key_of(epoch="2026-12"), key_of("alph", "national")]
    digests = [set(keyed_scopes(key, ENTRIES)) for key in keys]
    assert all(not one & other for place, one in enumerate(digests) for other in digests[:place])
    assert subscriber_key(b"s", list_name="ab", subscriber="c", epoch="") != subscriber_key(
        b"s", list_name="a", subscriber="bc", epoch=""
    )


def test_the_file_comes_back_as_it_was():
    keyed = held(key_of())
    text = "".join(keyed_text(keyed))
    assert read_keyed(text.splitlines(keepends=True)) == keyed
    assert "example" not in text
    rows = text.splitlines()[4:]
    assert rows == sorted(rows)
    assert len(rows) == 3


def test_epochs_are_months():
    assert epoch_of(date(2026, 11, 30)) == "2026-11"
    assert epoch_of(date(2026, 12, 1)) == "2026-12"


ROW = "00" * 32 + " u"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "lack"),
        (["something else"], "line 1"),
        ([FIRST_LINE, "# list a", "# epoch e", ROW], "lack"),
        ([FIRST_LINE, "# list a", "# epoch e", "# serial x"], "lack"),
        ([FIRST_LINE, ROW[:-1]], "line 2"),
        ([FIRST_LINE, ROW[:-2]], "line 2"),
        ([FIRST_LINE, ROW[:60] + " u"], "line 2"),
        ([FIRST_LINE, ROW + "x"], "line 2"),
        ([FIRST_LINE, ""], "line 2"),
        ([FIRST_LINE, "00" * 32 + "uu"], "line 2"),
    ],
)
def test_a_file_that_is_none_is_refused_naming_the_line(lines, why):
    with pytest.raises(BadCoding, match=why):
        read_keyed(lines)
