"""How wallets are written: alphabets and the check digits in them."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Sequence
from typing import Literal

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE58 = {letter: value for value, letter in enumerate(BASE58)}
_BECH32 = {letter: value for value, letter in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_SUM, _BECH32M_SUM = 1, 0x2BC830A3
# Letters of a block of Monero's base 58, and the bytes that it stands for.
_BLOCKS = {2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}
_WHOLE_BLOCK = 11
_BYTES_OF_TON = 36


def base58(word: str) -> bytes:
    """Return the bytes that a word of `BASE58` stands for; a leading 1 is a zero byte."""
    number = 0
    for letter in word:
        number = number * 58 + _VALUE58[letter]
    zeros = len(word) - len(word.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def base58check(word: str) -> bytes | None:
    """Return version and payload of a word of `BASE58`; None if its four check bytes are wrong."""
    raw = base58(word)
    twice = hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()
    return raw[:-4] if len(raw) > 4 and twice[:4] == raw[-4:] else None


def bech32(word: str) -> tuple[str, list[int], Literal["bech32", "bech32m"]] | None:
    """Return human-readable part, values without the check, and the encoding (BIP 173, BIP 350); None if the check fails
    or the word mixes capitals with small letters.
    """
    if word not in (word.lower(), word.upper()):
        return None
    human, _, data = word.lower().rpartition("1")
    values = [_BECH32.get(letter, -1) for letter in data]
    if not human or len(values) < 6 or -1 in values:
        return None
    check = _polymod([*(ord(letter) >> 5 for letter in human), 0, *(ord(letter) & 31 for letter in human), *values])
    if check == _BECH32_SUM:
        return human, values[:-6], "bech32"
    return (human, values[:-6], "bech32m") if check == _BECH32M_SUM else None


def _polymod(values: Sequence[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, number in enumerate(_GENERATOR):
            check ^= number if top >> place & 1 else 0
    return check


def bytes_of_fives(values: Sequence[int]) -> int | None:
    """Return how many bytes values of five bits make; None if the bits that are left over aren't few and zero."""
    left = len(values) * 5 % 8
    if left >= 5 or (values and values[-1] & ((1 << left) - 1)):
        return None
    return len(values) * 5 // 8


def segwit(word: str) -> str | None:
    """Return the human-readable part of a SegWit address; None unless its version, length and encoding agree."""
    read = bech32(word)
    if read is None or not read[1]:
        return None
    human, (version, *program), encoding = read
    length = bytes_of_fives(program)
    if length is None or not 2 <= length <= 40 or version > 16:
        return None
    if version == 0:
        return human if encoding == "bech32" and length in (20, 32) else None
    return human if encoding == "bech32m" else None


def has_good_case(digits: str) -> bool:
    """Return whether the letters' case of 40 hexadecimal digits is as EIP-55 has it."""
    known = _keccak(digits.lower().encode()).hex()
    return all(
        letter.isdigit() or letter.isupper() == (int(mark, 16) > 7) for letter, mark in zip(digits, known, strict=False)
    )


def cryptonote(word: str) -> bytes | None:
    """Return network byte and keys of a word of `BASE58` in Monero's blocks; None if its check bytes are wrong."""
    raw = b""
    for start in range(0, len(word), _WHOLE_BLOCK):
        block = word[start : start + _WHOLE_BLOCK]
        size = _BLOCKS.get(len(block), 0)
        number = int.from_bytes(base58(block))
        if not size or number >= 1 << 8 * size:
            return None
        raw += number.to_bytes(size)
    return raw[:-4] if _keccak(raw[:-4])[:4] == raw[-4:] else None


def ton(word: str) -> bytes | None:
    """Return flag, workchain and account of an address of TON in its friendly form; None if its check is wrong."""
    try:
        raw = b64decode(word.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        return None
    is_right = len(raw) == _BYTES_OF_TON and binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:])
    return raw[:-2] if is_right else None


def account_of_ton(word: str) -> str:
    """Return workchain and account of an address of TON, which has four friendly forms; "" if it is none."""
    raw = ton(word)
    return f"{raw[1]}:{raw[2:].hex()}" if raw else ""


def _keccak(data: bytes) -> bytes:
    from Crypto.Hash import keccak  # loads only when there is a wallet

    return keccak.new(digest_bits=256, data=data).digest()
