"""What pasted text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hosting.rules.address import KINDS, MOST_WORDS, Recognised, canonical_url, recognise
from leeward.hosting.rules.sentences import NOTES, PROBLEMS

ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
INFO_HASH = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"


def one(text: str) -> Recognised:
    found = recognise(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("typed", "display", "undone"),
    [
        ("https://bad.example/a,b.html", "https://bad.example/a,b.html", ()),
        ("hxxp://bad.example/", "http://bad.example/", ("hxxp",)),
        ("hXXps://bad[.]example/x", "https://bad.example/x", ("[.]", "hxxps")),
        ("h**p://bad(.)example/x", "http://bad.example/x", ("(.)", "h**p")),
        ("hxxp[:]//bad{.}example", "http://bad.example/", ("[:]", "{.}", "hxxp")),
        ("hxxps[://]bad[dot]example", "https://bad.example/", ("[://]", "[dot]", "hxxps")),
        ("fxp://files.example/x", "ftp://files.example/x", ("fxp",)),
        ("bad [dot] example (.) com/page", "http://bad.example.com/page", ("[dot]", "(.)")),
        ("<https://bad.example/x>", "https://bad.example/x", ()),
        ("“https://bad.example/x”.", "https://bad.example/x", ()),
        ("(https://bad.example/x_(y))", "https://bad.example/x_(y)", ()),
        ("[words](https://bad.example/x)", "https://bad.example/x", ()),
        ("www.bad.example", "http://www.bad.example/", ()),
        ("bad.example:8080/x", "http://bad.example:8080/x", ()),
        ("192.0.2.7/x", "http://192.0.2.7/x", ()),
        ("http://[2001:db8::1]:8000/", "http://[2001:db8::1]:8000/", ()),
        ("مثال.إختبار/x", "http://xn--mgbh0fb.xn--kgbechtv/x", ()),
    ],
)
def test_web_addresses(typed: str, display: str, undone: tuple[str, ...]) -> None:
    found = one(typed)
    assert (found.kind, found.display, found.undone, found.problem) == ("url", display, undone, None)


@pytest.mark.parametrize(
    ("typed", "kind", "comparable", "service"),
    [
        (f"http://{ONION}/x", "onion", f"{ONION}/x", ""),
        (f"magnet:?xt=urn:btih:{INFO_HASH.upper()}&dn=name&tr=udp://x.example", "magnet", f"btih:{INFO_HASH}", ""),
        ("magnet:?dn=a&xt=urn:btih:YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK", "magnet", f"btih:{INFO_HASH}", ""),
        (f"magnet:?xt=urn:btmh:1220{'ab' * 32}", "magnet", f"btmh:1220{'ab' * 32}", ""),
        (f"ed2k://|file|a b.bin|0123|{'A' * 32}|h=x|/", "ed2k", f"ed2k:{'a' * 32}:123", ""),
        ("D41D8CD98F00B204E9800998ECF8427E", "file_hash", "md5:d41d8cd98f00b204e9800998ecf8427e", "md5"),
        (f"sha1:{'0f' * 20}", "file_hash", f"sha1:{'0f' * 20}", "sha1"),
        (f"SHA-256: {'0f' * 32}", "file_hash", f"sha256:{'0f' * 32}", "sha256"),
        ("0f" * 64, "file_hash", f"sha512:{'0f' * 64}", "sha512"),
        ("anna_9 on Instagram", "account", "instagram:anna_9", "Instagram"),
        ("@anna_9 insta", "account", "instagram:anna_9", "Instagram"),
        ("Snapchat: Anna", "account", "snapchat:anna", "Snapchat"),
        ("@anna on SomethingNew", "account", "somethingnew:anna", "SomethingNew"),
        ("anna on chatter.example", "account", "chatter.example:anna", "chatter.example"),
        ("@Anna@social.example", "account", "social.example:anna", "social.example"),
        ("Anna@Mail.example", "account", "email:anna@mail.example", "E-mail"),
        ("anna[at]mail[.]example", "account", "email:anna@mail.example", "E-mail"),
        ("news:alt.test.pictures", "newsgroup", "newsgroup:alt.test.pictures", ""),
        ("nntp://news.example/alt.test.x/12", "newsgroup", "newsgroup:alt.test.x", ""),
        ("news:<12@host.example>", "newsgroup", "message:12@host.example", ""),
        ("alt.binaries.misc", "newsgroup", "newsgroup:alt.binaries.misc", ""),
        ("+1 (876) 555-0100", "phone", "+18765550100", ""),
        ("0044 20 7946 0000", "phone", "+442079460000", ""),
        ("876-555-0100", "phone", "8765550100", ""),
        ("+٩٢ ٣٠٠ ١٢٣٤٥٦٧", "phone", "+923001234567", ""),
    ],
)
def test_everything_else(typed: str, kind: str, comparable: str, service: str) -> None:
    found = one(typed)
    assert (found.kind, found.comparable, found.service, found.problem) == (kind, comparable, service, None)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("somewhere on my computer", "not_recognised"),
        ("2026-11-24", "not_recognised"),
        ("12", "not_recognised"),
        ("magnet:?dn=name", "bad_magnet"),
        ("ed2k://|server|192.0.2.1|1", "bad_ed2k"),
        ("gopher://bad.example/", "other_scheme"),
        ("http://[::1", "bad_url"),
        ("http://%20bad.example/", "bad_host"),
        ("http://1.2.3.4.5/", "bad_host"),
    ],
)
def test_what_is_not_recognised_says_why(typed: str, problem: str) -> None:
    found = one(typed)
    assert (found.kind, found.problem, found.typed) == ("unknown", PROBLEMS[problem], typed)


def test_many_in_one_text_keep_their_order_and_words_between_come_together() -> None:
    text = (
        "I saw this at hxxp://bad[.]example/1, https://two.example/x,y and\n"
        "three.example,four.example;\tanna on kik\r\n+1 876 555 0100; " + "0f" * 32
    )
    assert [(item.kind, item.display) for item in recognise(text)] == [
        ("unknown", "I saw this at"),
        ("url", "http://bad.example/1"),
        ("url", "https://two.example/x,y"),
        ("unknown", "and"),
        ("url", "http://three.example/"),
        ("url", "http://four.example/"),
        ("account", "anna (Kik)"),
        ("phone", "+18765550100"),
        ("file_hash", "0f" * 32),
    ]


def test_an_address_inside_an_address_stays_there() -> None:
    assert one("https://a.example/?to=https://b.example/").display == "https://a.example/?to=https://b.example/"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u061c", "\u206e"])
def test_what_cant_be_seen_is_left_out_and_said(hidden: str) -> None:
    found = one(f"https://bad.exa{hidden}mple/")
    assert found.display == "https://bad.example/"
    assert NOTES["hidden_letters"] in found.notes


def test_a_site_named_only_to_compare_stays_in_its_sentence() -> None:
    assert [item.typed for item in recognise("badsite.com not goodsite.com")] == ["badsite.com", "not goodsite.com"]


def test_a_whatsapp_link_holds_plain_digits_or_is_a_page() -> None:
    assert one("https://wa.me/٣٤٥٦٧٨٩٠").kind == "url"


def test_imitations_are_noted() -> None:
    assert NOTES["mixed_scripts"] in one("https://pаypal.example/").notes
    assert NOTES["onion_checksum"] in one(f"http://{ONION.replace('pg6', 'pg7')}/").notes


def test_credentials_and_fragments_go_but_what_was_typed_stays() -> None:
    found = one("https://user:secret@bad.example/a#part")
    assert found.display == "https://bad.example/a"
    assert found.typed == "https://user:secret@bad.example/a#part"
    assert {NOTES["credentials_removed"], NOTES["fragment_dropped"]} <= set(found.notes)


def test_a_body_of_the_most_letters_is_read_quickly_and_control_letters_do_no_harm() -> None:
    assert len(recognise("https://bad.example/x\n" * 900)) == 900
    assert recognise("\x00\x01\x1b[0m")[0].kind == "unknown"
    assert recognise("") == recognise(" \n\t") == []


@pytest.mark.parametrize("word", ["abc ", "1 ", "@ on ", "a b c ", "x\n", "1, ", "a| "])
def test_words_beyond_the_most_are_kept_as_typed_and_not_read(word: str) -> None:
    text = word * MOST_WORDS + "http://a.example/x http://b.example/y"
    *read, rest = recognise(text)
    assert (rest.kind, rest.problem) == ("unknown", PROBLEMS["not_recognised"])
    assert text.endswith(rest.typed)
    assert rest.typed.endswith("http://a.example/x http://b.example/y")
    assert len(read) <= MOST_WORDS
    few = recognise(word * 10 + "http://a.example/x")
    assert few[-1].kind == "url"


def test_no_word_is_cut_in_two_where_reading_ends() -> None:
    address = "http://a.example/" + ",".join("x" * 100)
    *_, rest = recognise("abc " * (MOST_WORDS - 50) + address + " end")
    assert rest.typed == address + " end"
    assert [item.kind for item in recognise("1," * 100_000)] == ["unknown"]


WORDS = "http:// hxxp:// [.] (dot) . , ; : / @ on magnet:?xt=urn:btih: ed2k://|file| | news: alt. +1 555 sha1: %25 # ? < > ( )"
LETTERS = ["\n", "[", "]", "a", "é", "東", "\ud800", "\x00", " ", "\u202e"]
PIECES = st.sampled_from([*WORDS.split(), *LETTERS])


@given(
    st.one_of(
        st.text(max_size=300), st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=30).map(" ".join)
    )
)
def test_any_text_is_read_and_what_was_found_is_found_again(text: str) -> None:
    for item in recognise(text):
        assert item.kind in KINDS
        assert (item.problem is None) == (item.kind != "unknown")
        assert item.typed
        if item.kind in ("url", "onion"):
            assert canonical_url(item.display).key == item.comparable
        elif item.kind in ("magnet", "ed2k", "phone"):
            assert [(again.kind, again.comparable) for again in recognise(item.display)] == [
                (item.kind, item.comparable)
            ]
