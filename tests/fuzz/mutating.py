"""Damages bytes and texts a little, the way files are damaged and the way attackers damage them. What is drawn decides how."""

from random import Random

# What parsers stumble over: ends of ranges, quotes, brackets, bytes that are no text, lengths that are none.
ODD = [
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80",
    b"\xc0\xaf",
    b"\r\n",
    b"\n\n",
    b"{" * 50,
    b"[" * 50,
    b'"',
    b"<!--",
    b"]]>",
    b"&#0;",
    b"%00",
    b"-1",
]
ODD += [
    b"9" * 30,
    b"1e999",
    b"NaN",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
    b"=?x?b?",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"../../",
    b"://",
    b"@",
    b"; ",
    b"\xef\xbb\xbf",
]
MOST = 200_000


def damaged(body: bytes, random: Random) -> bytes:
    """Return the bytes with one to eight small changes."""
    out = bytearray(body[:MOST])
    for _ in range(random.randint(1, 8)):
        _change(out, random)
    return bytes(out[:MOST])


def damaged_text(text: str, random: Random) -> str:
    """Return the text, damaged as bytes are; what is no text any more becomes signs that stand for it."""
    return damaged(text.encode("utf-8", "surrogatepass"), random).decode("utf-8", "replace")


def _change(out: bytearray, random: Random) -> None:
    at = random.randint(0, len(out))
    match random.randint(0, 6):
        case 0 if out:
            out[at % len(out)] ^= 1 << random.randint(0, 7)
        case 1 if out:
            out[at % len(out)] = random.randint(0, 255)
        case 2:
            out[at:at] = random.choice(ODD)
        case 3:
            del out[at : at + random.randint(1, 1 + len(out) // 4)]
        case 4:
            piece = bytes(out[at : at + random.randint(1, 200)])
            out[at:at] = piece * random.randint(1, 20)
        case 5:
            end = at + random.randint(1, 16)
            out[at:end] = random.choice(ODD)[: max(1, min(end, len(out)) - at)]
        case _:
            other = random.randint(0, len(out))
            out[at : at + 8], out[other : other + 8] = out[other : other + 8], out[at : at + 8]
