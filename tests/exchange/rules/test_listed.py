"""A peer's list of items: every line is taken as it stands, or named with what it said."""

import pytest

from leeward.exchange.rules.listed import Listed, Unread, read_list
from leeward.foundation.errors import BadInput

SHA1 = "AB" * 20


def rows(text: str, *, most: int = 10) -> list[Listed | Unread]:
    return list(read_list(text.encode(), most=most))


def test_a_line_is_taken_with_all_that_it_says() -> None:
    text = (
        f"\ufeffAddress , number,COUNTRY,md5,sha1,sha256,more\r\n\r\nhttp://a.example/x,{'n' * 101},fr,,{SHA1},,y\r\n"
    )
    assert rows(text) == [
        Listed(3, "url", "http://a.example/x", "n" * 100, "FR", (("sha1", SHA1.lower()),)),
    ]


def test_an_address_is_enough() -> None:
    assert rows("address\nhttp://a.example/x\n") == [Listed(2, "url", "http://a.example/x")]
    assert rows("number,address\n7\n8,http://a.example/x,z\n") == [
        Unread(2, ""),
        Listed(3, "url", "http://a.example/x", "8"),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "no address of anything",
        "http://a.example/ http://b.example/",
        "http://" + "a" * 10_000,
        "http://999.1.1.1/",
    ],
)
def test_what_is_no_single_address_is_named_by_its_beginning(typed: str) -> None:
    assert rows(f"address,number\n{typed},1\nhttp://a.example/,2\n") == [
        Unread(2, typed[:80]),
        Listed(3, "url", "http://a.example/", "2"),
    ]


def test_as_many_as_may_be_are_read() -> None:
    assert len(rows("address\n" + "http://a.example/\n" * 3, most=3)) == 3


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"address\n\xff\n", "it is not text (UTF-8)"),
        (b"", "its first line doesn’t name a column “address”"),
        (b"url\nhttp://a.example/\n", "its first line doesn’t name a column “address”"),
        (b"address\n" + b"http://a.example/\n" * 3, "it has more than 2 lines"),
        (b'address\n"http://a.example/"x\n', "2: ',' expected after '\"'"),
        (b'address\n"http://a.example/\n', "2: unexpected end of data"),
    ],
)
def test_what_is_no_such_list_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        list(read_list(content, most=2))
    assert (str(refused.value.values["what"]), str(refused.value.values["why"])) == ("The list", why)
