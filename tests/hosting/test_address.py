"""What somebody pasted is sorted, put right and compared alike; nothing raises."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hosting.rules import safe_browsing
from leeward.hosting.rules.address import account, recognise, recognise_one
from leeward.hosting.rules.undone import undo
from leeward.hosting.rules.urls import BadAddress, canonical_url, is_onion_name, mixes_scripts

ONION = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"


@pytest.mark.parametrize(
    ("typed", "kind", "comparable"),
    [
        ("hxxps://pictures[.]harbour-host[.]example/a/77", "url", "pictures.harbour-host.example/a/77"),
        ("hXXp[:]//pictures(dot)harbour-host{.}example", "url", "pictures.harbour-host.example/"),
        ("http://user:secret@A.example/p#here", "url", "a.example/p"),
        ("www.a.example", "url", "www.a.example/"),
        ("a.example:8080/x", "url", "a.example:8080/x"),
        ("https://a.example:443/x", "url", "a.example/x"),
        ("http://a.example/x/../y/./z", "url", "a.example/y/z"),
        ("192.0.2.7/x", "url", "192.0.2.7/x"),
        ("http://0300.0.0x2.7/x", "url", "192.0.2.7/x"),
        ("http://[2001:db8::1]/x", "url", "[2001:db8::1]/x"),
        ("http://faß.example/", "url", "xn--fa-hia.example/"),
        (f"http://{ONION}/", "onion", f"{ONION}/"),
        (
            "magnet:?xt=urn:btih:0123456789ABCDEF0123456789abcdef01234567&dn=x",
            "magnet",
            "urn:btih:0123456789abcdef0123456789abcdef01234567",
        ),
        (
            "magnet:?xt=urn:btih:AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYU",
            "magnet",
            "urn:btih:0102030405060708090a0b0c0d0e0f1011121314",
        ),
        ("magnet:?xt=urn:btmh:1220" + "ab" * 32, "magnet", "urn:btmh:1220" + "ab" * 32),
        (
            "ed2k://|file|a name|12345|0123456789ABCDEF0123456789ABCDEF|/",
            "ed2k",
            "ed2k:0123456789abcdef0123456789abcdef:12345",
        ),
        ("D41D8CD98F00B204E9800998ECF8427E", "file_hash", "md5:d41d8cd98f00b204e9800998ecf8427e"),
        ("sha-256: " + "ab" * 32, "file_hash", "sha256:" + "ab" * 32),
        ("blue_kite_41 on chatter.example", "account", "blue_kite_41@chatter.example"),
        ("@blue_kite_41 chatter.example", "account", "blue_kite_41@chatter.example"),
        ("Chatter: blue_kite_41", "account", "blue_kite_41@chatter"),
        ("@kite@social.example", "account", "kite@social.example"),
        ("news:alt.binaries.test", "newsgroup", "alt.binaries.test"),
        ("alt.binaries.test", "newsgroup", "alt.binaries.test"),
        ("+1 (876) 555-0100", "phone", "+18765550100"),
        ("blue_kite again", "unknown", "blue_kite again"),
        ("magnet:?dn=nothing", "unknown", "magnet:?dn=nothing"),
    ],
)
def test_each_kind_is_recognised(typed: str, kind: str, comparable: str) -> None:
    item = recognise_one(typed)
    assert (item.kind, item.comparable) == (kind, comparable)
    assert (item.problem is not None) == (kind == "unknown")


def test_several_on_a_line_and_words_around_a_link() -> None:
    text = "https://a.example/1, https://a.example/2 https://a.example/1\nI saw it here https://a.example/3 in a chat\n\n  \nkite on www.b.example"
    assert [(item.kind, item.comparable) for item in recognise(text)] == [
        ("url", "a.example/1"),
        ("url", "a.example/2"),
        ("url", "a.example/3"),
        ("account", "kite@www.b.example"),
    ]


def test_what_was_put_right_is_named() -> None:
    assert recognise_one("hxxp://a[.]example/").undone == ("hxxp", "brackets")
    assert recognise_one("http://a.exa\u200bmple/").undone == ("invisible",)
    assert recognise_one("http://a。example/").undone == ("wide",)


def test_onion_addresses_are_checked_but_kept() -> None:
    assert is_onion_name(ONION)
    assert not is_onion_name("b" + ONION[1:])
    assert recognise_one(f"http://{ONION}/x").notes == ("special_browser",)
    assert recognise_one(f"http://b{ONION[1:]}/x").notes == ("onion_mistyped",)


def test_imitations_are_noted() -> None:
    assert mixes_scripts("xn--80ak6aa92e.example")
    assert recognise_one("http://p\u0430ypal.example/").notes == ("looks_like_another",)
    assert not mixes_scripts("пример.example")


def test_a_service_given_later_makes_an_account() -> None:
    item = account("@Blue_Kite", " Chatter  App ")
    assert (item.kind, item.comparable, item.service) == ("account", "blue_kite@chatter app", "Chatter App")


def test_browsers_and_comparison_agree_on_the_host() -> None:
    assert canonical_url("http://example.com\\@evil.example/").host == "example.com"
    assert canonical_url("http://example.com\\@evil.example/").comparable == "http://example.com/@evil.example/"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        " ",
        "http://",
        "http://a b.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "a" * 70_000,
        "http://\x00/",
    ],
)
def test_no_address_is_said_so(bad: str) -> None:
    with pytest.raises(BadAddress):
        canonical_url(bad)


@given(st.text(max_size=300))
def test_nothing_raises_and_twice_is_once(text: str) -> None:
    for item in recognise(text):
        assert item.comparable or item.kind == "unknown"
        assert "\n" not in item.display
    assert undo(undo(text)[0])[0] == undo(text)[0] or "[" in text or "(" in text or "{" in text
    try:
        url = canonical_url(text)
    except BadAddress:
        return
    again = canonical_url(url.url)
    assert (again.url, again.comparable, again.key) == (url.url, url.comparable, url.key)


@given(st.text(alphabet="htp:/.@%\\[]?#aé0x1 -\u200b", max_size=60))
def test_hostile_punctuation_is_stable(text: str) -> None:
    try:
        url = canonical_url("http://" + text)
    except BadAddress:
        return
    assert canonical_url(url.url).comparable == url.comparable
    assert "@" not in url.url.split("/")[2]


def test_the_published_vectors_of_safe_browsing() -> None:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the published vectors are not ours to ship")
    vectors = json.loads((Path(folder) / "blocking" / "sb_canonicalization.json").read_text())
    for given_form, wanted in vectors["vectors"]:
        assert safe_browsing.canonical(given_form.encode("latin-1").decode("utf-8", "surrogateescape")) == wanted
    assert [text for text in vectors["no_host"] if safe_browsing.canonical(text)] == []
