"""Lists of hashes as people have them."""

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
def test_a_line_is_a_row(line, row):
    assert row_of(line) == row


@pytest.mark.parametrize("line", ["{", '{"md5": ', "[" * 9999, "words and words", "f" * 33, "soap:" + MD5, "[1]"])
def test_what_is_no_hash_says_why(line):
    assert set(row_of(line)) == {"unreadable"}


def test_blank_lines_and_comments_are_passed_over():
    assert list(rows_of(["\ufeff" + MD5 + "\r\n", "", "# mine", f"  {SHA1}\n"])) == [{"md5": MD5}, {"sha1": SHA1}]


@given(st.text())
def test_any_line_is_a_row(line):
    assert isinstance(row_of(line), dict)
