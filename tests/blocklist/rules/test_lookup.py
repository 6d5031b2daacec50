"""The short way to the comparable form says what the long way says."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leeward.blocklist.rules.expressions import candidates
from leeward.blocklist.rules.lookup import comparable_of, first_hit, read_plainly, tunnel_hit
from leeward.blocklist.rules.scopes import Scopes
from leeward.hosting.rules.urls import BadAddress, canonical_url

letters = st.text("abzAZ019-_.~!$&'()*+,;=:@/?%#\\ |^é", max_size=14)
hosts = st.lists(
    st.sampled_from(["a", "b1", "xn--fa-hia", "ab--c", "0x1", "7", "x_y", "-a", "a-", "example", "WWW", ""]), max_size=4
)
addresses = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTP://", "http:/", ""]),
    hosts.map(".".join),
    st.sampled_from(["", "/", ":80/", ":8443/", "//", "/./", "/../", "/.../"]),
    letters,
)


@given(addresses)
@example("http://a.example/a/../b")
@example("http://a.example/..;/x/.")
@example("http://a.example/?x=//../y")
@example("http://xn--a.example/")
@example("http://a.0x1/")
@example("http://a.example/x\n")
def test_both_ways_to_the_comparable_form_agree(text):
    try:
        wanted = canonical_url(text).comparable
    except BadAddress:
        with pytest.raises(BadAddress):
            comparable_of(text)
    else:
        assert comparable_of(text) == wanted


pieces = st.sampled_from(
    "a b . .. ... %2e %2E%2e .%2e %66 %2566 %25 %2f %5c %00 %ff % %g %%32e ~ ! $& ; @ : = + %23 %3F xn--a é".split()
)
segments = st.lists(pieces, max_size=3).map("".join)
hostile = st.builds(
    "{}{}{}{}/{}{}{}".format,
    st.sampled_from(["http://", "HttPs://", "https:///", "http://https:"]),
    st.sampled_from(["", "", "u@", "u:p@", "@", "a@b@", "http:@", "a%40b@"]),
    st.lists(st.sampled_from("a B7 x_y ab--c xn--fa-hia example 1x localhost -a %61 256".split()), max_size=4).map(
        ".".join
    ),
    st.sampled_from(["", "", ":80", ":", ":00080", ":65536", ":9999", ":+80", ":8a"]),
    st.lists(segments, max_size=5).map("/".join),
    st.one_of(st.just(""), segments.map("?{}".format)),
    st.one_of(st.just(""), segments.map("#{}".format)),
)


@given(hostile)
@example("http://a.example")
@example("http://a.example?q")
@example("http://a.example/?")
@example("HTTPS://u@A.example:8443//x/../%66?%41#top")
@example("http://a.example/x/%2E%2e")
@example("http://a.example/%2e")
@example("http://a.example/a//../b")
@example("http://a.example///../b")
@example("http://a.example/%252e%252e/b")
def test_what_is_read_plainly_is_what_a_browser_makes_of_it(text):
    plain = read_plainly(text)
    assert plain is None or plain == canonical_url(text).comparable


def test_long_addresses_go_the_long_way():
    long = "http://a.example/" + "x" * 3000
    assert comparable_of(long) == canonical_url(long).comparable
    with pytest.raises(BadAddress):
        comparable_of("http://a.example/" + "x" * 61_000)


def test_a_hit_names_the_most_exact_entry():
    listed = {"a.example/p": Scopes.URL, "a.example/": Scopes.HOST, "example/": Scopes.DOMAIN}
    hit = first_hit("http://a.example/p?q=1", lambda text: listed.get(text, 0))
    assert (hit.expression, hit.scopes) == ("a.example/p", Scopes.URL)
    assert first_hit("http://a.example/q", lambda text: listed.get(text, 0)).expression == "a.example/"
    assert first_hit("http://b.example/", lambda text: listed.get(text, 0)) is None
    assert tunnel_hit("a.example", lambda text: listed.get(text, 0)).expression == "a.example/"


listed_or_asked = st.builds(
    "http://{}/{}".format,
    st.sampled_from(["example", "a.example", "c.b.a.example", "192.0.2.7", "[2001:db8::1]", "co.uk", "a.b.c.d.e.f.uk"]),
    st.sampled_from(["", "?q", "x", "x?q=1", "x/", "x/y/", "x/y/z?q", "x/y/z/w/v"]),
)


@given(st.lists(st.tuples(listed_or_asked, st.integers(0, 9), st.integers(1, 15)), max_size=3), listed_or_asked)
def test_what_is_left_out_for_want_of_such_entries_would_block_nothing(entries, address):
    listed = {}
    for entry, which, scopes in entries:
        expressions = [expression for expression, _ in candidates(entry)]
        listed[expressions[which % len(expressions)]] = scopes
    among = 0
    for scopes in listed.values():
        among |= scopes
    in_full = first_hit(address, lambda text: listed.get(text, 0))
    assert first_hit(address, lambda text: listed.get(text, 0), among) == in_full


@pytest.mark.parametrize(
    ("among", "asked"),
    [
        (Scopes.URL, ["www.a.example/x/y?q", "www.a.example/x/y"]),
        (Scopes.URL | Scopes.PATH, ["www.a.example/x/y?q", "www.a.example/x/y", "www.a.example/x/"]),
        (Scopes.HOST, ["www.a.example/x/y?q", "www.a.example/x/y", "www.a.example/"]),
        (Scopes.DOMAIN, ["www.a.example/x/y?q", "www.a.example/x/y", "www.a.example/", "a.example/"]),
    ],
)
def test_a_list_is_asked_only_for_what_it_could_have(among, asked):
    found = []
    assert first_hit("http://www.a.example/x/y?q", lambda text: found.append(text) or 0, among) is None
    assert found == asked
