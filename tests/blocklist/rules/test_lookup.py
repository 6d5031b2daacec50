"""The short way to the comparable form says what the long way says."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leeward.blocklist.rules.lookup import comparable_of, first_hit, tunnel_hit
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
