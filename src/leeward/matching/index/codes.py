"""Convert codes to arrays: from hexadecimal text, .npy files or a caller's arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leeward.matching.index.errors import CodesRefused

Codes = NDArray[np.uint8]
MAX_CODE_BITS = 4096
_DIGITS = np.full(256, 255, np.uint8)
_DIGITS[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)
_DIGITS[np.frombuffer(b"ABCDEF", np.uint8)] = np.arange(10, 16)
_BLOCK_LINES = 1 << 19


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row (counted from 0, without blank lines) that contains no code, and why."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class CodesRead:
    """Codes [n, bytes] with the row number of each, and the rows that were not codes."""

    codes: Codes
    rows: NDArray[np.int64]
    bad: tuple[BadLine, ...]


def is_code_length(bits: int) -> bool:
    """Return whether codes of this many bits can be indexed: a multiple of 64 up to 4096."""
    return 0 < bits <= MAX_CODE_BITS and bits % 64 == 0


def as_codes(codes: ArrayLike | Iterable[str], code_bits: int | None = None) -> Codes:
    """Return codes as a contiguous uint8 array [n, bytes]; accepts one row, many rows, or hexadecimal strings.

    Raises CodesRefused for another dtype, shape or length.
    """
    if isinstance(codes, str):
        codes = [codes]
    if isinstance(codes, (list, tuple)) and codes and isinstance(codes[0], str):
        return _from_hex([str(code) for code in codes], code_bits)
    array = np.asarray(codes)
    if array.size == 0 and array.ndim <= 1:
        array = np.empty((0, (code_bits or 256) // 8), np.uint8)
    if array.dtype != np.uint8:
        raise CodesRefused(f"the array holds {array.dtype}, not uint8")
    if array.ndim == 1:
        array = array[None, :]
    if array.ndim != 2:
        raise CodesRefused(f"the array has {array.ndim} dimensions, not 2")
    bits = array.shape[1] * 8
    if code_bits is not None and bits != code_bits:
        raise CodesRefused(f"they have {bits} bits and the index has {code_bits}")
    if not is_code_length(bits):
        raise CodesRefused(f"{bits} bits is not a multiple of 64 up to {MAX_CODE_BITS}")
    return np.ascontiguousarray(array)


def _from_hex(texts: list[str], code_bits: int | None) -> Codes:
    digits = code_bits // 4 if code_bits else len(texts[0])
    rows = []
    for number, text in enumerate(texts):
        code, why = _one(text.encode("utf-8", "replace"), digits)
        if code is None:
            raise CodesRefused(f"code {number} {why}")
        rows.append(code)
    return as_codes(np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1), code_bits)


def _one(text: bytes, digits: int) -> tuple[bytes | None, str]:
    if len(text) != digits:
        odd = " (an odd number)" if len(text) % 2 else ""
        return None, f"has {len(text)} hexadecimal digits{odd}, not {digits}"
    values = _DIGITS[np.frombuffer(text, np.uint8)]
    if values.max(initial=0) > 15:
        return None, f"has a character that is not hexadecimal at position {int(np.argmax(values > 15)) + 1}"
    return (values[0::2] << 4 | values[1::2]).tobytes(), ""


def read_codes(path: Path, code_bits: int | None = None) -> CodesRead:
    """Read a text file (one hexadecimal code a line, either case) or a .npy file of uint8 [n, bytes].

    Without `code_bits` the first code decides the length. Rows that are not codes are reported, not raised. Raises
    CodesRefused when the file as a whole is something else, OSError when it can't be read.
    """
    with path.open("rb") as stream:
        start = stream.read(6)
    if start == b"\x93NUMPY":
        try:
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise CodesRefused(f"the .npy file is damaged ({error})") from error
        codes = as_codes(array, code_bits)
        return CodesRead(codes, np.arange(len(codes)), ())
    return parse_codes(path.read_bytes(), code_bits)


def parse_codes(data: bytes, code_bits: int | None = None) -> CodesRead:
    """Read hexadecimal codes from the bytes of a text file; see `read_codes`."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if code_bits is None:
        code_bits = _length_of_first_code(data)
    if not data.strip():
        return CodesRead(np.empty((0, code_bits // 8), np.uint8), np.empty(0, np.int64), ())
    regular = _regular(data, code_bits // 4)
    return regular if regular is not None else _line_by_line(data, code_bits // 4)


def _length_of_first_code(data: bytes) -> int:
    """Return the number of bits in the first line that can be a code (256 for a file without lines); raises
    CodesRefused.
    """
    lines = [line.strip() for line in data[:65536].splitlines() if line.strip()]
    if not lines:
        return 256
    for line in lines:
        if is_code_length(len(line) * 4) and _one(line, len(line))[0] is not None:
            return len(line) * 4
    raise CodesRefused("no line is a code: a multiple of 16 hexadecimal digits")


def _regular(data: bytes, digits: int) -> CodesRead | None:
    """Parse the usual file, in which all lines have the same length, with a few array operations; None for any other
    file.
    """
    if not data.endswith(b"\n"):
        data += b"\n"
    if len(data) % (digits + 1):
        return None
    lines = np.frombuffer(data, np.uint8).reshape(-1, digits + 1)
    codes = np.empty((len(lines), digits // 2), np.uint8)
    for start in range(0, len(lines), _BLOCK_LINES):
        block = lines[start : start + _BLOCK_LINES]
        values = _DIGITS[block[:, :digits]]
        if (block[:, digits] != 10).any() or values.max() > 15:
            return None
        codes[start : start + len(block)] = values[:, 0::2] << 4 | values[:, 1::2]
    return CodesRead(codes, np.arange(len(codes)), ())


def _line_by_line(data: bytes, digits: int) -> CodesRead:
    good: list[bytes] = []
    rows: list[int] = []
    bad: list[BadLine] = []
    for row, line in enumerate(text for text in map(bytes.strip, data.splitlines()) if text):
        code, why = _one(line, digits)
        if code is None:
            bad.append(BadLine(row, why))
        else:
            good.append(code)
            rows.append(row)
    codes = np.frombuffer(b"".join(good), np.uint8).reshape(len(good), digits // 2)
    return CodesRead(codes, np.array(rows, np.int64), tuple(bad))
