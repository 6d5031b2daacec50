"""Escapes in addresses: whatever way they are undone and written, it is what the byte-by-byte rule of Safe Browsing says."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from leeward.hosting.rules.comparable import escaped, unescaped

pieces = st.sampled_from(
    [b"%", b"2", b"5", b"%25", b"%2", b"66", b"%66", b"%00", b"%fF", b"%g", b"a", b"#", b" ", b"\xff"]
)
raws = st.one_of(st.binary(max_size=12), st.lists(pieces, max_size=9).map(b"".join))


@given(raws)
@example(b"%2566")
@example(b"%%32%35")
@example(b"%4%31")
@example(b"%")
def test_escapes_are_undone_until_none_is_left(raw: bytes) -> None:
    wanted = raw
    while found := re.search(rb"%([0-9a-fA-F]{2})", wanted):
        wanted = wanted[: found.start()] + bytes.fromhex(found[1].decode()) + wanted[found.end() :]
    assert unescaped(raw) == wanted


@given(raws)
@example(bytes(range(256)))
@example(bytes(range(0x24, 0x7F)))
def test_only_what_must_be_is_escaped(raw: bytes) -> None:
    must = [byte <= 0x20 or byte >= 0x7F or byte in b"%#" for byte in raw]
    assert escaped(raw) == "".join(f"%{byte:02X}" if so else chr(byte) for byte, so in zip(raw, must, strict=True))
