"""An update as bytes: the message `HashList` of Safe Browsing version 5 in Protocol Buffers' wire format.

Only what our lists use is written (prefixes of four bytes); unknown fields are skipped, as the format requires. The
message `Duration` has seconds (1) and nanoseconds (2), of which only the seconds are used.
"""

from collections.abc import Iterator
from datetime import timedelta

from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.hash_list import Update
from leeward.blocklist.rules.rice import RiceCoded, code_sorted, decode_sorted

MEDIA_TYPE = "application/x-protobuf"
_NAME, _VERSION, _PARTIAL, _ADDITIONS, _REMOVALS, _WAIT, _CHECKSUM = range(1, 8)
_OTHER_LENGTHS = {9, 10, 11}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10
_MAX_WAIT_SECONDS = 366 * 86400

Value = int | bytes


def write_update(update: Update) -> bytes:
    """Return the message of an update."""
    parts = [_field(_NAME, update.name.encode()), _field(_VERSION, update.version)]
    if update.is_partial:
        parts.append(_field(_PARTIAL, 1))
    for number, values in ((_ADDITIONS, update.additions), (_REMOVALS, update.removals)):
        coded = code_sorted(values)
        if coded is not None:
            parts.append(_field(number, _write_coded(coded)))
    parts.append(_field(_WAIT, _field(1, int(update.minimum_wait.total_seconds()))))
    parts.append(_field(_CHECKSUM, update.checksum))
    return b"".join(parts)


def read_update(message: bytes) -> Update:
    """Parse the message of an update; raises BadCoding if it isn't one."""
    fields = dict(_fields(message))
    if _OTHER_LENGTHS & set(fields):
        raise BadCoding("the prefixes have another length than 4 bytes")
    try:
        name = _bytes(fields, _NAME).decode()
    except UnicodeDecodeError as error:
        raise BadCoding("the name is not UTF-8") from error
    wait = _number(dict(_fields(_bytes(fields, _WAIT))), 1)
    return Update(
        name=name,
        version=_bytes(fields, _VERSION),
        is_partial=bool(_number(fields, _PARTIAL)),
        removals=decode_sorted(_read_coded(fields, _REMOVALS)),
        additions=decode_sorted(_read_coded(fields, _ADDITIONS)),
        checksum=_bytes(fields, _CHECKSUM),
        minimum_wait=timedelta(seconds=min(wait, _MAX_WAIT_SECONDS)),
    )


def _write_coded(coded: RiceCoded) -> bytes:
    numbers = (coded.first_value, coded.parameter, coded.deltas)
    return b"".join(_field(place, value) for place, value in enumerate(numbers, 1) if value) + (
        _field(4, coded.data) if coded.data else b""
    )


def _read_coded(fields: dict[int, Value], number: int) -> RiceCoded | None:
    if number not in fields:
        return None
    inner = dict(_fields(_bytes(fields, number)))
    return RiceCoded(_number(inner, 1), _number(inner, 2), _number(inner, 3), _bytes(inner, 4))


def _field(number: int, value: Value) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(value)
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _fields(message: bytes) -> Iterator[tuple[int, Value]]:
    position = 0
    while position < len(message):
        key, position = _read_varint(message, position)
        value: Value
        if key & 7 == _VARINT:
            value, position = _read_varint(message, position)
        elif key & 7 in (_BYTES, _FIXED32, _FIXED64):
            length = {_FIXED32: 4, _FIXED64: 8}.get(key & 7)
            if length is None:
                length, position = _read_varint(message, position)
            value, position = message[position : position + length], position + length
        else:
            raise BadCoding("a field has an unknown kind")
        if position > len(message):
            raise BadCoding("the message is cut off")
        yield key >> 3, value


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    value = 0
    for place in range(_MAX_VARINT_BYTES):
        if position + place >= len(message):
            raise BadCoding("the message is cut off")
        byte = message[position + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, position + place + 1
    raise BadCoding("a number is too long")


def _number(fields: dict[int, Value], number: int) -> int:
    value = fields.get(number, 0)
    if not isinstance(value, int):
        raise BadCoding("a field that should be a number is not")
    return value


def _bytes(fields: dict[int, Value], number: int) -> bytes:
    value = fields.get(number, b"")
    if not isinstance(value, bytes):
        raise BadCoding("a field that should be bytes is a number")
    return value
