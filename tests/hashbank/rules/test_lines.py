"""Lists of hashes as people have them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hashbank.rules.lines import row_of, rows_of

MD5, SHA1, SHA256 = "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "ab" * 32


@pytest.mark.parametrize(
    ("line", "row"),
    [
        (MD5, {"md5": MD5}),
        (MD5.upper(), {"md5": MD5.upper()}),
        (SHA1, {"sha1": SHA1}),
        (SHA256, {"sha256": SHA256, "pdq": SHA256}),
        (f"{MD5}  a picture.jpg", {"path": "a picture.jpg", "md5": MD5}),
        (f"{MD5} *a.jpg", {"path": "a.jpg", "md5": MD5}),
        (f"pdq:{SHA256}", {"pdq": SHA256}),
        (f"sha256 {SHA256}", {"sha256": SHA256}),
        (f"{SHA256},100", {"path": "100", "sha256": SHA256, "pdq": SHA256}),
        ("LWPNACQDBZRYXW3VHJVCJ64QBZNGHOHHHZWCLNQ", {"tth": "LWPNACQDBZRYXW3VHJVCJ64QBZNGHOHHHZWCLNQ"}),
        ('{"path": "x", "md5": "a", "tth": null, "size": 3, "frames": [], "other": 1}', {"path": "x", "md5": "a"}),
    ],
)
def test_a_line_is_a_row(line: str, row: dict[str, Any]) -> None:
    assert row_of(line) == row


@pytest.mark.parametrize("line", ["{", '{"md5": ', "[" * 9999, "words and words", "f" * 33, "soap:" + MD5, "[1]"])
def test_what_is_no_hash_says_why(line: str) -> None:
    assert set(row_of(line)) == {"unreadable"}


def test_blank_lines_and_comments_are_passed_over() -> None:
    assert list(rows_of(["\ufeff" + MD5 + "\r\n", "", "# mine", f"  {SHA1}\n"])) == [{"md5": MD5}, {"sha1": SHA1}]


@given(st.text())
def test_any_line_is_a_row(line: str) -> None:
    assert isinstance(row_of(line), dict)


def test_a_comment_is_passed_over_after_the_mark_that_windows_writes_first() -> None:
    assert list(rows_of(["\ufeff # mine", "\ufeff", "  # yours", f"\ufeff {MD5}"])) == [{"md5": MD5}]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        (f"{MD5} * a b.jpg \r\n", {"path": "a b.jpg", "md5": MD5}),
        (f"\\{MD5}", {"md5": MD5}),
        ("a" * 128, {"sha512": "a" * 128}),
        ('\ufeff{"path": "", "pdq": "b", "quality": 0, "md5": null, "frames": []}', {"pdq": "b", "quality": 0}),
        ("{", {"unreadable": "it is not whole JSON"}),
        ("not one", {"unreadable": "it is no hash"}),
        ("f" * 33, {"unreadable": "a hash of 33 characters is of no kind that is known"}),
        (f"soap:{MD5}", {"unreadable": "a hash of 32 characters is of no kind that is known"}),
    ],
)
def test_what_a_line_says_and_why_one_says_nothing(line: str, row: dict[str, Any]) -> None:
    assert row_of(line) == row


def test_a_kind_that_is_named_is_believed() -> None:
    assert row_of(f"ed2k={MD5}") == {"ed2k": MD5}
