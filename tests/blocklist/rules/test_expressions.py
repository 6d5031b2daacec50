"""Under which texts an address may stand on a list, and which of our scopes each of them answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules.errors import NotExpressible
from leeward.blocklist.rules.expressions import (
    MAX_EXPRESSIONS,
    candidates,
    digest,
    entry_expression,
    expressions,
    host_suffixes,
    split_comparable,
)
from leeward.blocklist.rules.scopes import Scope, Scopes, read_scope_letters, scope_letters
from leeward.hosting.rules.urls import BadAddress, canonical_url
from tests.blocklist.reference import vectors

labels = st.sampled_from(["a", "b", "www", "xn--fa-hia", "co", "uk", "example", "test", "github", "io"])
hosts = st.lists(labels, min_size=1, max_size=9).map(".".join) | st.sampled_from(["192.0.2.7", "[2001:db8::1]"])
paths = st.lists(st.sampled_from(["a", "b.html", "%25", "é", "c c", ""]), max_size=7).map(lambda p: "/" + "/".join(p))
addresses = st.builds("http://{}{}{}".format, hosts, paths, st.sampled_from(["", "?", "?q=1", "?a/b"]))


def test_the_published_vectors():
    """They were made for version 4; for the names in them version 5's rule says the same."""
    for address, wanted in vectors("sb_expressions.json"):
        assert expressions(address) == wanted or sorted(expressions(address)) == sorted(wanted), address


def test_host_suffixes_start_at_the_registrable_name_not_at_the_last_two_labels():
    assert host_suffixes("a.b.example.co.uk") == ["a.b.example.co.uk", "b.example.co.uk", "example.co.uk"]
    assert host_suffixes("tenant.github.io") == ["tenant.github.io"]
    assert host_suffixes("github.io") == ["github.io"]
    assert host_suffixes("7.6.5.4.3.example.test") == [
        "7.6.5.4.3.example.test",
        "5.4.3.example.test",
        "4.3.example.test",
        "3.example.test",
        "example.test",
    ]
    assert host_suffixes("192.0.2.7") == ["192.0.2.7"]


def test_the_digest_is_that_of_the_published_hash_function():
    assert digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(addresses)
def test_no_address_has_more_than_thirty_and_each_candidate_is_one_of_them(address):
    try:
        comparable = canonical_url(address).comparable
    except BadAddress:
        return
    every = expressions(comparable)
    assert len(every) == len(set(every)) <= MAX_EXPRESSIONS
    chosen = candidates(comparable)
    assert {text for text, _ in chosen} <= set(every)
    assert len(chosen) == len({text for text, _ in chosen}) <= 10


@given(addresses, addresses, st.sampled_from(Scope))
def test_an_entry_blocks_what_its_scope_says_and_nothing_else(listed, asked, scope):
    try:
        entry, address = canonical_url(listed).comparable, canonical_url(asked).comparable
        expression = entry_expression(scope, entry)
    except (BadAddress, NotExpressible):
        return
    found = any(text == expression and scopes & scope.bit for text, scopes in candidates(address))
    assert found == _blocks(scope, entry, address)
    assert any(text == expression and scopes & scope.bit for text, scopes in candidates(entry))


def _blocks(scope, entry, address):
    (host, path, query), (other, other_path, other_query) = split_comparable(entry), split_comparable(address)
    if scope is Scope.DOMAIN:
        return other == host or other.endswith("." + host)
    if scope is Scope.HOST:
        return other == host
    if scope is Scope.PATH:
        return other == host and other_path.startswith(path)
    return other == host and other_path == path and query in ("", other_query)


@pytest.mark.parametrize(
    ("scope", "address", "why"),
    [
        ("path", "http://a.example/b", "slash"),
        ("path", "http://a.example/", "use the scope host"),
        ("path", "http://a.example/1/2/3/4/", "3 folders"),
        ("path", "http://a.example/1/?q=1", "query"),
        ("host", "http://a.example/b", "path"),
        ("domain", "http://a.example/?q=1", "path"),
        ("domain", "http://192.0.2.1/", "numeric"),
        ("domain", "http://github.io/", "many different owners"),
        ("domain", "http://co.uk/", "many different owners"),
        ("domain", "http://4.3.2.1.a.example/", "3 labels"),
    ],
)
def test_what_no_list_could_say_is_refused_with_the_reason(scope, address, why):
    with pytest.raises(NotExpressible, match=why):
        entry_expression(Scope(scope), address)


def test_a_page_at_the_root_is_not_the_host():
    assert ("a.example/", Scopes.URL | Scopes.HOST | Scopes.DOMAIN) in candidates("http://a.example/")
    assert ("a.example/", Scopes.HOST | Scopes.DOMAIN) in candidates("http://a.example/b")
    assert ("a.example/", Scopes.DOMAIN) in candidates("http://www.a.example/")


@pytest.mark.parametrize("scopes", range(1, 16))
def test_scopes_as_letters(scopes):
    assert read_scope_letters(scope_letters(scopes)) == scopes


@pytest.mark.parametrize("letters", ["", "x", "uu", "u p", "U"])
def test_letters_that_name_no_scope_are_refused(letters):
    with pytest.raises(ValueError, match="letters"):
        read_scope_letters(letters)
