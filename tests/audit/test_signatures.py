"""Signatures: those of RFC 8032, and what is none."""

import base64

import pytest

from leeward.audit.rules.signatures import is_signed, public_of

# RFC 8032, 7.1, test 2.
PRIVATE = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
TEXT = b"\x72"
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def test_the_standards_key_and_signature_hold() -> None:
    assert public_of(PRIVATE) == b64(PUBLIC)
    assert is_signed(TEXT, b64(SIGNATURE), b64(PUBLIC)) is True


@pytest.mark.parametrize(
    ("text", "signature", "key"),
    [
        (b"other", b64(SIGNATURE), b64(PUBLIC)),
        (TEXT, b64(SIGNATURE[:-1] + b"\x01"), b64(PUBLIC)),
        (TEXT, b64(SIGNATURE[:20]), b64(PUBLIC)),
        (TEXT, b64(SIGNATURE), b64(SIGNATURE[:32])),
        (TEXT, b64(SIGNATURE), b64(PUBLIC[:31])),
        (TEXT, "no base64", b64(PUBLIC)),
        (TEXT, "", ""),
    ],
)
def test_anything_else_is_no_signature(text: bytes, signature: str, key: str) -> None:
    assert is_signed(text, signature, key) is False


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        public_of(PRIVATE[:31])
