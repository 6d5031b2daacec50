"""Shared platforms and packed files: each line that is read, each that is refused, and how far a damaged file goes."""

import gzip
import io
import zipfile
from datetime import date, timedelta

import pytest

from leeward.blocklist.rules import packed
from leeward.blocklist.rules.overblocking import (
    STALE_AFTER,
    BadPlatformLine,
    Platform,
    Platforms,
    Refusal,
    is_everybodys,
    names_above,
    read_platforms,
)
from leeward.blocklist.rules.packed import unpacked
from leeward.blocklist.rules.scopes import Scope

# Packed files


def zipped(*members: bytes, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as archive:
        for number, member in enumerate(members):
            archive.writestr(str(number), member)
    return made.getvalue()


def test_what_a_file_holds() -> None:
    long = bytes(range(256)) * 1024
    assert list(unpacked(b"plain")) == [b"plain"]
    assert list(unpacked(gzip.compress(long))) == [long]
    assert list(unpacked(zipped(b"one", long))) == [b"one", long]
    assert len(list(unpacked(zipped(*[b""] * 101)))) == 100


def test_a_damaged_file_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = b"".join(number.to_bytes(4, "big") for number in range(100_000))
    [part] = unpacked(gzip.compress(whole)[:-9])
    assert len(part) >= 1 << 16
    assert whole.startswith(part)
    wrong_sum = bytearray(zipped(b"one" * 9, kind=zipfile.ZIP_STORED))
    wrong_sum[32] ^= 1
    assert list(unpacked(bytes(wrong_sum))) == [b""]
    assert list(unpacked(b"PK\x03\x04 and no more")) == []
    locked = bytearray(zipped(b"one"))
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert list(unpacked(bytes(locked))) == []
    monkeypatch.setattr(packed, "MOST_BYTES", 10)
    assert list(unpacked(zipped(b"123456", b"123456", b"1"))) == [b"123456", b"1234", b""]
    assert list(unpacked(gzip.compress(b"1" * 11))) == [b"1" * 10]


# Shared platforms

LINES = [
    "name,shared_by,kind,as_of,source",
    "sites.example,names,websites,2026-11-24,own reading",
    "Cdn.Big.example ,paths,delivery,2025-01-01,",
]


def test_the_rows_of_the_list() -> None:
    assert read_platforms(LINES).rows == (
        Platform("sites.example", "names", "websites", date(2026, 11, 24), "own reading"),
        Platform("cdn.big.example", "paths", "delivery", date(2025, 1, 1), ""),
    )
    assert read_platforms(["name,shared_by,kind,as_of,source", "a.example,names,,2026-11-24"]).rows[0].kind == ""


@pytest.mark.parametrize(
    ("scope", "host", "refusal"),
    [
        ("host", "co.uk", Refusal("public_suffix", "co.uk")),
        ("domain", "sites.example", Refusal("shared_platform", "sites.example")),
        ("host", "sites.example", Refusal("shared_platform", "sites.example")),
        ("domain", "a.sites.example", None),
        ("host", "cdn.big.example", Refusal("shared_platform", "cdn.big.example")),
        ("host", "a.cdn.big.example", Refusal("shared_platform", "cdn.big.example")),
        ("domain", "big.example", Refusal("above_platform", "cdn.big.example")),
        ("host", "big.example", None),
        ("url", "co.uk", None),
        ("path", "sites.example", None),
    ],
)
def test_whether_a_scope_is_too_wide(scope: str, host: str, refusal: Refusal | None) -> None:
    assert read_platforms(LINES).refusal(Scope(scope), host) == refusal


def test_when_the_list_is_too_old() -> None:
    newest = date(2026, 11, 24)
    assert not read_platforms(LINES).is_stale(newest + STALE_AFTER)
    assert read_platforms(LINES).is_stale(newest + STALE_AFTER + timedelta(days=1))
    assert Platforms(()).is_stale(newest)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a.example,names,k,24.11.2026,s", "line 3: as_of is no date such as 2026-11-24"),
        ("a.example,names", "line 3: as_of is no date such as 2026-11-24"),
        ("example,names,k,2026-11-24,s", "line 3: 'example' is no host name"),
        (",names,k,2026-11-24,s", "line 3: '' is no host name"),
        ("\xe9.example,names,k,2026-11-24,s", "line 3: '\xe9.example' is no host name"),
        ("a.example/b,names,k,2026-11-24,s", "line 3: 'a.example/b' is no host name"),
        (f"{'x' * 70}/.,names,k,2026-11-24,s", f"line 3: {'x' * 60!r} is no host name"),
        ("a.example,both,k,2026-11-24,s", "line 3: shared_by is neither names nor paths"),
        ("a.example,,k,2026-11-24,s", "line 3: shared_by is neither names nor paths"),
    ],
)
def test_what_is_said_of_a_line_of_the_list(line: str, said: str) -> None:
    with pytest.raises(BadPlatformLine) as refused:
        read_platforms([*LINES[:2], line])
    assert (str(refused.value), refused.value.line) == (said, 3)


@pytest.mark.parametrize("lines", [[], ["name,kind"], ["name,shared_by,kind,as_of,source,more"]])
def test_what_is_said_of_a_list_with_other_columns(lines: list[str]) -> None:
    with pytest.raises(BadPlatformLine) as refused:
        read_platforms(lines)
    assert str(refused.value) == "line 1: the columns are not name, shared_by, kind, as_of, source"


@pytest.mark.parametrize(
    ("host", "everybodys"),
    [
        ("192.168.0.1", True), ("127.0.0.1", True), ("192.0.2.1", False), ("8.8.8.8", False), ("a.example", False),
        ("[::1]", True), ("[fe80::1]", True), ("[2001:db8::1]", False), ("[::ffff:10.0.0.1]", True),
        ("[::ffff:8.8.8.8]", False), ("[64:ff9b::10.0.0.1]", True), ("[2002:a00:1::]", True), ("[2002:808:808::]", False),
    ],
)  # fmt: skip
def test_whether_a_number_is_everybodys(host: str, everybodys: bool) -> None:
    assert is_everybodys(host) is everybodys


def test_names_above_a_name() -> None:
    assert names_above("a.b.example") == ["b.example", "example"]
    assert names_above("example") == []
