"""Web addresses in the browser's form and in the form in which they are compared."""

import json
import os
from pathlib import Path

import ada_url
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leeward.hosting.rules.comparable import comparable_path, comparable_query, escaped, unescaped
from leeward.hosting.rules.peer_to_peer import Thing, file_hash
from leeward.hosting.rules.undoing import undone
from leeward.hosting.rules.urls import BadAddress, canonical_url, in_letters


def reference(name: str) -> dict[str, list[object]]:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the published vectors are not here")
    found: dict[str, list[object]] = json.loads((Path(folder) / name).read_text(encoding="utf-8"))
    return found


def test_the_published_safe_browsing_vectors_hold() -> None:
    for given_text, wanted in reference("blocking/sb_canonicalization.json")["vectors"]:
        assert canonical_url(given_text).comparable == wanted


def test_what_has_no_host_in_the_published_vectors_is_bad() -> None:
    for text in reference("blocking/sb_canonicalization.json")["no_host"]:
        with pytest.raises(BadAddress) as caught:
            canonical_url(str(text))
        assert caught.value.problem == "no_host"


@pytest.mark.parametrize(
    ("typed", "url", "comparable"),
    [
        ("HTTP://WWW.Bad.Example:80/A?b#c", "http://www.bad.example/A?b", "http://www.bad.example/A?b"),
        ("bad.example", "http://bad.example/", "http://bad.example/"),
        ("//bad.example/x", "http://bad.example/x", "http://bad.example/x"),
        ("bad.example:8080/x", "http://bad.example:8080/x", "http://bad.example/x"),
        ("https://user:pw@bad.example/", "https://bad.example/", "https://bad.example/"),
        ("user:pw@bad.example/x", "http://bad.example/x", "http://bad.example/x"),
        (
            "http://good.example\\@bad.example/",
            "http://good.example/@bad.example/",
            "http://good.example/@bad.example/",
        ),
        ("http://faß.example/", "http://xn--fa-hia.example/", "http://xn--fa-hia.example/"),
        ("http://0x7f.1/", "http://127.0.0.1/", "http://127.0.0.1/"),
        ("http://0300.0250.1/", "http://192.168.0.1/", "http://192.168.0.1/"),
        ("http://3279880203/blah", "http://195.127.0.11/blah", "http://195.127.0.11/blah"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/", "http://127.0.0.1/"),
        ("http://[2001:DB8:0:0::1]:80/", "http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ("http://bad.example../x", "http://bad.example../x", "http://bad.example/x"),
        ("http://192.0.2.1.../x", "http://192.0.2.1.../x", "http://192.0.2.1/x"),
        ("http://bad.example/a/%2e%2E/b//c/./d", "http://bad.example/b//c/d", "http://bad.example/b/c/d"),
        ("http://bad.example/a%2f..%2fb", "http://bad.example/a%2f..%2fb", "http://bad.example/b"),
        ("http://bad.example/q?", "http://bad.example/q?", "http://bad.example/q?"),
        (
            "http://bad.example/%E2%82%AC?%e2%82%ac",
            "http://bad.example/%E2%82%AC?%e2%82%ac",
            "http://bad.example/%E2%82%AC?%E2%82%AC",
        ),
        ("ftp://files.example:21/a", "ftp://files.example/a", "ftp://files.example/a"),
        ("http:///bad.example/x", "http://bad.example/x", "http://bad.example/x"),
        ("ht\ttp://bad.example/\nx", "http://bad.example/x", "http://bad.example/x"),
    ],
)
def test_the_two_forms(typed: str, url: str, comparable: str) -> None:
    found = canonical_url(typed)
    assert (found.url, found.comparable, found.input) == (url, comparable, typed)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "no_host"),
        ("   ", "no_host"),
        ("http://", "no_host"),
        ("http://" + "..", "no_host"),
        ("http:///page", "no_host"),
        ("/only/a/path", "no_host"),
        ("http://[::1", "bad_url"),
        ("http://bad.example:99999/", "bad_url"),
        ("http://256.1.1.1/", "bad_host"),
        ("http://1.2.3.4.5/", "bad_host"),
        ("mailto:someone@mail.example", "other_scheme"),
        ("javascript:alert(1)", "other_scheme"),
        ("file:///etc/passwd", "other_scheme"),
        ("data:text/html,x", "other_scheme"),
        ("http://bad.example/" + "x" * 9000, "too_long"),
        ("\ud800", "bad_url"),
    ],
)
def test_what_is_no_web_address_says_why_in_one_line(typed: str, problem: str) -> None:
    with pytest.raises(BadAddress) as caught:
        canonical_url(typed)
    assert caught.value.problem == problem
    assert "\n" not in caught.value.text
    assert len(caught.value.text) < 300


def test_ports_part_cases_and_schemes_do_not() -> None:
    """Another port is another server; http and https of one page are one page; `comparable` stays as published."""
    key = {text: canonical_url(text).key for text in (
        "http://bad.example/x", "https://bad.example/x", "http://bad.example:80/x", "https://bad.example:443/x",
        "http://bad.example:8080/x", "https://bad.example:8080/x", "http://bad.example:443/x", "http://bad.example:8081/x")}  # fmt: skip
    assert len(set(key.values())) == 4
    assert key["http://bad.example/x"] == key["https://bad.example:443/x"] == "bad.example/x"
    assert key["http://bad.example:8080/x"] == key["https://bad.example:8080/x"] == "bad.example:8080/x"
    assert canonical_url("http://bad.example:8080/x").comparable == "http://bad.example/x"


def test_a_host_that_no_browser_opens_has_only_a_comparable_form() -> None:
    found = canonical_url("http://%20leading.example/a%23b")
    assert (found.url, found.comparable) == ("", "http://%20leading.example/a%23b")


@pytest.mark.parametrize(
    ("typed", "notes"),
    [
        ("https://pаypal.example/", ("mixed_scripts",)),
        ("https://xn--80ak6aa92e.example/", ("lookalike",)),
        ("https://пример.example/", ()),
        ("https://日本ひらカタ.example/", ()),
        ("https://u:p@bad.example/#x", ("credentials_removed", "fragment_dropped")),
        ("bad.example", ("scheme_assumed",)),
        ("http://pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion/", ()),
        ("http://pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryx.onion/", ("onion_checksum",)),
        ("http://www.pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion/", ()),
        ("http://expyuzz4wqqyqhjn.onion/", ("onion_old",)),
        ("http://short.onion/", ("onion_length",)),
    ],
)
def test_what_is_worth_knowing_is_noted(typed: str, notes: tuple[str, ...]) -> None:
    assert canonical_url(typed).notes == notes


URLISH = st.text(alphabet=st.sampled_from("abZé東а.:/?#@%25\\[]0x7f-_~ \t+&=;<>\"'^|🙂\x00ß．"), max_size=60)


@given(
    st.one_of(st.text(max_size=200), URLISH, URLISH.map("http://".__add__), URLISH.map("https://bad.example/".__add__))
)
@example("http://a.example/%5C..%5Cb")
@example("http://a.example/%252525252e%252e/x")
def test_any_text_is_read_or_refused_and_reading_again_changes_nothing(text: str) -> None:
    try:
        found = canonical_url(text)
    except BadAddress:
        return
    if not found.url:
        return
    again = canonical_url(found.url)
    assert (again.url, again.comparable, again.key) == (found.url, found.comparable, found.key)
    assert ada_url.URL(found.url).href == found.url
    assert found.comparable.isascii()
    assert " " not in found.comparable


@given(st.binary(max_size=80))
def test_unescaping_is_what_repeating_single_passes_gives(raw: bytes) -> None:
    from urllib.parse import unquote_to_bytes

    slow = raw
    while (once := unquote_to_bytes(slow)) != slow:
        slow = once
    assert unescaped(raw) == slow


@given(st.text(alphabet="ab%2e5F./\\c#? é", max_size=60))
def test_paths_and_queries_are_settled_after_one_time(text: str) -> None:
    path = comparable_path("/" + text)
    assert comparable_path(path) == path
    assert "//" not in path
    query = comparable_query(text)
    assert comparable_query(query) == query
    assert escaped(b"") == ""


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://xn--bcher-kva.example:8080/a/xn--b", "http://bücher.example:8080/a/xn--b"),
        ("http://xn--bcher-kva.example/xn--c", "http://bücher.example/xn--c"),
        ("http://xn--bcher-kva.example", "http://bücher.example"),
        ("http://xn--bcher-kva.example:8080:80/a", "http://bücher.example:8080:80/a"),
        ("http://a.example/xn--bcher-kva", "http://a.example/xn--bcher-kva"),
        ("a:xn--bcher-kva/b", "a:xn--bcher-kva/b"),
    ],
)
def test_a_host_is_read_in_its_own_letters_and_nothing_else_is_changed(url: str, read: str) -> None:
    assert in_letters(url) == read


def test_an_address_without_its_colon_is_meant_with_it() -> None:
    assert undone("http//a.example/x") == ("http://a.example/x", ())
    assert undone("HTTPS//a.example") == ("HTTPS://a.example", ())


def test_a_hash_named_pdq_is_no_sha256() -> None:
    code = "AB" * 32
    assert file_hash(f"PDQ:{code}") == Thing(code.lower(), f"pdq:{code.lower()}", "pdq")
    assert file_hash(code) == Thing(code.lower(), f"sha256:{code.lower()}", "sha256")
    assert file_hash(f"pdq:{code[:-2]}") is None
