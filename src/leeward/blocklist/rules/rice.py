"""Rice-Golomb coding of sorted 32-bit numbers, as Safe Browsing version 5 packs prefixes and the indices of removals.

A sorted list is its first value and the differences between neighbours. Each difference is a quotient in unary (ones,
then a zero) and the `parameter` lowest bits; bits fill bytes from the lowest up. The plain functions are the reference
against which the fast ones are tested.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leeward.blocklist.rules.errors import BadCoding

Numbers = NDArray[np.uint32]
Array = NDArray[Any]
MIN_PARAMETER, MAX_PARAMETER = 3, 30
_LIMIT = 1 << 32
_WORD_BITS = 64
_BLOCK_BYTES = 1 << 17


@dataclass(frozen=True, slots=True)
class RiceCoded:
    """A sorted list, never empty: its first value, and as many coded differences as `deltas` says."""

    first_value: int
    parameter: int
    deltas: int
    data: bytes

    def __len__(self) -> int:
        return self.deltas + 1


def code_sorted(values: Iterable[int] | Array) -> RiceCoded | None:
    """Encode strictly increasing numbers; None for none. Raises BadCoding if they don't increase or don't fit 32 bits."""
    numbers = _checked(values)
    if not len(numbers):
        return None
    deltas = np.diff(numbers)
    if len(deltas) and not int(deltas.min()) > 0:
        raise BadCoding("the numbers don't rise")
    if not len(deltas):
        return RiceCoded(int(numbers[0]), 0, 0, b"")
    parameter = best_parameter(float(deltas.mean()))
    return RiceCoded(int(numbers[0]), parameter, len(deltas), encode(parameter, deltas))


def decode_sorted(coded: RiceCoded | None) -> Numbers:
    """Return the numbers; raises BadCoding if they exceed 32 bits, don't increase, or the data is too short."""
    if coded is None:
        return np.zeros(0, np.uint32)
    if not 0 <= coded.first_value < _LIMIT:
        raise BadCoding("the first value has more than 32 bits")
    if not coded.deltas:
        return np.array([coded.first_value], np.uint32)
    if not MIN_PARAMETER <= coded.parameter <= MAX_PARAMETER:
        raise BadCoding(f"the parameter is {coded.parameter}, not {MIN_PARAMETER} to {MAX_PARAMETER}")
    deltas = decode(coded.parameter, coded.data, coded.deltas)
    if not int(deltas.min()) > 0:
        raise BadCoding("the numbers don't rise")
    if int(deltas.max()) >= _LIMIT:
        raise BadCoding("a number has more than 32 bits")
    numbers = np.empty(len(deltas) + 1, np.uint64)
    numbers[0] = coded.first_value
    np.cumsum(deltas, out=numbers[1:])
    numbers[1:] += np.uint64(coded.first_value)
    if int(numbers[-1]) >= _LIMIT:
        raise BadCoding("a number has more than 32 bits")
    return numbers.astype(np.uint32)


def best_parameter(mean: float) -> int:
    """Return the parameter that makes differences of this mean shortest (Golomb 1966, for a geometric distribution)."""
    return min(MAX_PARAMETER, max(MIN_PARAMETER, round(log2(max(mean, 1.0) * log(2)))))


def _checked(values: Iterable[int] | Array) -> Array:
    numbers = values if isinstance(values, np.ndarray) else np.array(list(values) or np.zeros(0, np.int64))
    if numbers.dtype.kind not in "iu" or (len(numbers) and not 0 <= int(numbers.min()) <= int(numbers.max()) < _LIMIT):
        raise BadCoding("a number has more than 32 bits")
    return numbers.astype(np.int64)


def encode(parameter: int, deltas: Sequence[int] | Array) -> bytes:
    """Encode differences, each below 2**32, with any parameter from 0 to 31."""
    numbers = np.asarray(deltas, np.uint64)
    if not len(numbers):
        return b""
    shift = np.uint64(parameter)
    quotients = (numbers >> shift).astype(np.int64)
    lengths = quotients + (parameter + 1)
    if int(lengths.max()) > _WORD_BITS:
        return encode_plain(parameter, numbers.tolist())
    ones = (np.uint64(1) << quotients.astype(np.uint64)) - np.uint64(1)
    rest = numbers & np.uint64((1 << parameter) - 1)
    after = np.minimum(quotients + 1, _WORD_BITS - 1).astype(np.uint64)
    return _packed(ones | rest << after, lengths)


def _packed(codes: NDArray[np.uint64], lengths: NDArray[np.int64]) -> bytes:
    """Concatenate codes of at most 64 bits: each word gets all that begin in it, and the remainder of the last one
    before it.
    """
    ends = np.cumsum(lengths)
    starts = ends - lengths
    words, offsets = starts >> 6, (starts & 63).astype(np.uint64)
    packed = np.zeros((int(ends[-1]) >> 6) + 2, np.uint64)
    firsts = np.flatnonzero(np.diff(words, prepend=-1))
    packed[words[firsts]] = np.bitwise_or.reduceat(codes << offsets, firsts)
    spills = np.flatnonzero((ends - 1) >> 6 > words)
    packed[words[spills] + 1] |= codes[spills] >> (np.uint64(_WORD_BITS) - offsets[spills])
    return packed.astype("<u8").tobytes()[: (int(ends[-1]) + 7) // 8]


def decode(parameter: int, data: bytes, count: int) -> NDArray[np.uint64]:
    """Return `count` differences; raises BadCoding if the data ends before them.

    It works in blocks: where a code beginning at each bit would end is computed for all bits at once, then the chain of
    actual beginnings is followed.
    """
    if count < 0 or count * (parameter + 1) > len(data) * 8:
        raise BadCoding("the data ends too early")
    raw = np.frombuffer(data, np.uint8)
    starts = np.empty(count, np.int64)
    zeros = np.empty(count, np.int64)
    done, position, block_bytes = 0, 0, _BLOCK_BYTES
    while done < count:
        first_byte = position >> 3
        block = raw[first_byte : first_byte + block_bytes]
        found, places = _codes_in(block, position & 7, parameter, count - done)
        if not len(found):
            if first_byte + block_bytes >= len(raw):
                raise BadCoding("the data ends too early")
            block_bytes *= 2
            continue
        begin = first_byte * 8
        starts[done : done + len(found)] = found + begin
        zeros[done : done + len(found)] = places + begin
        done += len(found)
        position, block_bytes = begin + int(places[-1]) + 1 + parameter, _BLOCK_BYTES
    if position > len(raw) * 8:
        raise BadCoding("the data ends too early")
    quotients = (zeros - starts).astype(np.uint64)
    return (quotients << np.uint64(parameter)) | _bits_at(raw, zeros + 1, parameter)


def _codes_in(block: NDArray[np.uint8], position: int, parameter: int, most: int) -> tuple[Array, Array]:
    """Return where codes begin in a block and where the zero of each is, for all whose zero is in the block."""
    bits = np.unpackbits(block, bitorder="little")
    size = len(bits)
    next_zero = np.where(bits == 0, np.arange(size, dtype=np.int32), np.int32(size))
    next_zero = np.minimum.accumulate(next_zero[::-1])[::-1]
    follow = memoryview(np.ascontiguousarray(next_zero))
    found: list[int] = []
    step = parameter + 1
    while len(found) < most and position < size:
        zero = follow[position]
        if zero == size:
            break
        found.append(position)
        position = zero + step
    starts = np.array(found, np.int64)
    return starts, next_zero[starts].astype(np.int64)


def _bits_at(raw: NDArray[np.uint8], positions: Array, width: int) -> NDArray[np.uint64]:
    """Return `width` bits (at most 31) from each position on, lowest first."""
    padded = np.zeros(len(raw) + 8, np.uint8)
    padded[: len(raw)] = raw
    at = positions >> 3
    value = np.zeros(len(positions), np.uint64)
    for byte in range(5):
        value |= padded[at + byte].astype(np.uint64) << np.uint64(8 * byte)
    return (value >> (positions & 7).astype(np.uint64)) & np.uint64((1 << width) - 1)


def encode_plain(parameter: int, deltas: Iterable[int]) -> bytes:
    """Encode differences one after the other."""
    coded, buffer, used = bytearray(), 0, 0
    for delta in deltas:
        quotient = delta >> parameter
        buffer |= ((1 << quotient) - 1) << used
        used += quotient + 1
        buffer |= (delta & ((1 << parameter) - 1)) << used
        used += parameter
        whole = used >> 3
        coded += (buffer & ((1 << 8 * whole) - 1)).to_bytes(whole, "little")
        buffer >>= 8 * whole
        used &= 7
    return bytes(coded) + (bytes((buffer,)) if used else b"")


def decode_plain(parameter: int, data: bytes, count: int) -> list[int]:
    """Return `count` differences one after the other; raises BadCoding where the data ends before them."""
    position, end, deltas = 0, len(data) * 8, []
    for _ in range(count):
        quotient = 0
        while position < end and data[position >> 3] >> (position & 7) & 1:
            quotient, position = quotient + 1, position + 1
        position += 1
        if position + parameter > end:
            raise BadCoding("the data ends too early")
        rest = 0
        for bit in range(parameter):
            rest |= (data[position >> 3] >> (position & 7) & 1) << bit
            position += 1
        deltas.append(quotient << parameter | rest)
    return deltas
