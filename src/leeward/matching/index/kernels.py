# mypy: ignore-errors
# ruff: noqa: PLR0917 (a kernel takes plain arrays, many of them, and numba wants them by position)
"""The fast kernels (numba): same answers as `reference`, compiled once per machine and kept on disk.

Everything that a kernel calls stays in this file, because numba's cache looks only at the file of the kernel itself.
Vector operations are written as LLVM's own types, so one source becomes AVX-512 (VPOPCNT), AVX2, NEON or plain code.
Signatures take read-only arrays, which also accept writable ones: each kernel exists once and a second start compiles
nothing. Hot loops never rebind an array: numba would count references in each iteration, which costs more than the
search.
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

_I32 = ir.IntType(32)
_U64 = np.uint64


def _splat(builder, vector, value):
    undefined = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(undefined, value, _I32(0))
    return builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(_I32, vector.count), [0] * vector.count))


def _load(context, builder, array_type, array, place, vector, alignment):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.load(builder.bitcast(builder.gep(data, [place]), vector.as_pointer()), align=alignment)


def _ones(builder, vector, value):
    name = f"llvm.ctpop.v{vector.count}i{vector.element.width}"
    return builder.call(
        cgutils.get_or_insert_function(builder.module, ir.FunctionType(vector, [vector]), name), [value]
    )


@intrinsic
def _near32(typing, words, place, word, most):
    """Return a mask whose bit k says whether words[place + k] is within `most` bits of `word` (k = 0 … 31)."""
    vector = ir.VectorType(ir.IntType(16), 32)

    def generate(context, builder, signature, values):
        loaded = _load(context, builder, signature.args[0], values[0], values[1], vector, 2)
        bits = _ones(builder, vector, builder.xor(loaded, _splat(builder, vector, values[2])))
        near = builder.icmp_unsigned("<=", bits, _splat(builder, vector, values[3]))
        return builder.bitcast(near, _I32)

    return types.uint32(words, types.uint64, types.uint16, types.uint16), generate


@intrinsic
def _near16(typing, columns, first, second, one, two, most):
    """Return a mask whose bit k says whether columns[first + k] and columns[second + k] together are within `most` bits
    of `one`, `two`.
    """
    vector = ir.VectorType(ir.IntType(64), 16)

    def generate(context, builder, signature, values):
        array_type = signature.args[0]
        a = _load(context, builder, array_type, values[0], values[1], vector, 8)
        b = _load(context, builder, array_type, values[0], values[2], vector, 8)
        bits = builder.add(
            _ones(builder, vector, builder.xor(a, _splat(builder, vector, values[3]))),
            _ones(builder, vector, builder.xor(b, _splat(builder, vector, values[4]))),
        )
        near = builder.icmp_unsigned("<=", bits, _splat(builder, vector, values[5]))
        return builder.bitcast(near, ir.IntType(16))

    arguments = (types.uint64,) * 5
    return types.uint16(columns, *arguments), generate


@intrinsic
def _lowest(typing, mask):
    """Return the number of the lowest set bit of a 32-bit mask that is not 0."""

    def generate(context, builder, signature, values):
        return builder.cttz(values[0], ir.IntType(1)(1))

    return types.uint32(types.uint32), generate


@intrinsic
def _lowest64(typing, mask):
    """Return the number of the lowest set bit of a 64-bit mask that is not 0."""

    def generate(context, builder, signature, values):
        return builder.cttz(values[0], ir.IntType(1)(1))

    return types.uint64(types.uint64), generate


@intrinsic
def _ones16(typing, word):
    def generate(context, builder, signature, values):
        return builder.ctpop(values[0])

    return types.uint16(types.uint16), generate


@intrinsic
def _ones64(typing, word):
    def generate(context, builder, signature, values):
        return builder.ctpop(values[0])

    return types.uint64(types.uint64), generate


@intrinsic
def _fetch_early(typing, array, place):
    """Prefetch array[place]; the place may lie past the end."""

    def generate(context, builder, signature, values):
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        pointer = builder.bitcast(builder.gep(data, [values[1]]), ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), _I32, _I32, _I32])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(prefetch, [pointer, _I32(0), _I32(3), _I32(1)])
        return context.get_dummy_value()

    return types.void(array, types.uint64), generate


def _read_only(dtype, dimensions):
    return types.Array(dtype, dimensions, "C", readonly=True)


_FOUND = types.Tuple((types.int64[::1], types.uint32[::1], types.uint16[::1]))


@njit
def _with_room(array, room):
    """Return an array with at least `room` places that begins with the values of this one."""
    bigger = np.empty(max(room, array.size * 2), array.dtype)
    bigger[: array.size] = array
    return bigger


@njit(inline="always")
def _distance(codes, row, query):
    total = _U64(0)
    for word in range(query.size):
        total += _ones64(codes[row, _U64(word)] ^ query[_U64(word)])
    return total


@njit(inline="always")
def _is_found_earlier(code, query, band, thresholds):
    """Return whether an earlier band already leads to this code, so that each hit is reported once."""
    for earlier in range(band):
        if thresholds[earlier] < 0:
            continue
        after = earlier + 1
        if after == query.size:
            after = 0
        bits = np.int64(_ones16(np.uint16(query[earlier] ^ code[earlier])))
        if bits <= thresholds[earlier]:
            pair = bits + np.int64(_ones16(np.uint16(query[after] ^ code[after])))
            if pair <= thresholds[earlier] + thresholds[after] + 1:
                return True
    return False


@njit(inline="always")
def _column_distance(columns, row, query, radius):
    """Return the distance of one code given as columns, or some number above the radius."""
    total = _U64(0)
    for word in range(query.size):
        total += _ones64(columns[_U64(word), row] ^ query[_U64(word)])
        if total > radius:
            break
    return total


@njit(inline="always")
def _call_codes_near(codes, rows, survivors, first):
    """Replace the survivors' places by their rows and prefetch their codes."""
    for band in range(rows.shape[0]):
        for k in range(first[band], first[band + 1]):
            row = rows[band, _U64(survivors[_U64(k)])]
            survivors[_U64(k)] = row
            _fetch_early(codes, _U64(row) * _U64(codes.shape[1]))


@njit
def _with_room_for_hits(out, room):
    return _with_room(out[0], room), _with_room(out[1], room), _with_room(out[2], room)


@njit(inline="always")
def _put(out, hits, query, row, distance):
    out[0][hits] = query
    out[1][hits] = np.uint32(row)
    out[2][hits] = np.uint16(distance)


@njit(inline="always")
def _empty():
    return np.empty(64, np.int64), np.empty(64, np.uint32), np.empty(64, np.uint16)


@njit(inline="always")
def _trimmed(out, hits):
    return out[0][:hits].copy(), out[1][:hits].copy(), out[2][:hits].copy()


@njit(inline="always")
def _open_buckets(offsets, following, band, word, masks, opened, starts, ends):
    """Record where the buckets within reach of `word` start and end, prefetch their first entries, and count all
    entries.
    """
    base = _U64(band) * _U64(following.shape[1])
    entries = _U64(0)
    for bucket in range(opened):
        value = word ^ np.uint32(masks[_U64(bucket)])
        start = offsets[band, _U64(value)]
        end = offsets[band, _U64(value + np.uint32(1))]
        starts[_U64(bucket)] = start
        ends[_U64(bucket)] = end
        entries += _U64(end) - _U64(start)
        _fetch_early(following, base + _U64(start))
        _fetch_early(following, base + _U64(start) + _U64(32))
    return np.int64(entries)


@njit(inline="always")
def _call_near(following, base, start, end):
    """Prefetch the entries of a bucket that `_open_buckets` left out."""
    place = _U64(start) + _U64(64)
    stop = min(_U64(end), place + _U64(448))
    while place < stop:
        _fetch_early(following, base + place)
        place += _U64(32)


@njit(inline="always")
def _sift(rows, following, base, next_word, most, start, end, survivors, kept):
    """Keep the entries of one bucket whose following word is within `most` bits; return how many are kept so far."""
    place = start
    while place < end:
        near = _near32(following, base + _U64(place), next_word, most)
        if end - place < np.uint32(32):
            near &= (np.uint32(1) << (end - place)) - np.uint32(1)
        while near:
            found = place + _lowest(near)
            near &= near - np.uint32(1)
            survivors[_U64(kept)] = found
            kept += 1
            _fetch_early(rows, base + _U64(found))
        place += np.uint32(32)
    return kept


@njit(
    _FOUND(
        _read_only(types.uint64, 2),
        _read_only(types.uint16, 2),
        _read_only(types.uint32, 2),
        _read_only(types.uint32, 2),
        _read_only(types.uint16, 2),
        _read_only(types.uint64, 2),
        _read_only(types.uint16, 2),
        _read_only(types.int64, 1),
        types.uint64,
        _read_only(types.uint16, 1),
        _read_only(types.int64, 1),
        _read_only(types.int64, 1),
    ),
    nogil=True,
    cache=True,
)
def probe(
    codes, words, offsets, rows, following, queries, query_words, thresholds, radius, masks, mask_weights, mask_counts
):
    """See `reference.probe`. Bands are padded with at least 32 entries; `words` is `codes` as 16-bit words.

    Survivors are compared in full only after all bands are sifted, so that their codes have been prefetched by then.
    """
    out, hits = _empty(), 0
    survivors = np.empty(4096, np.uint32)
    most_opened = mask_counts[min(max(thresholds.max(), 0), 16)]
    starts, ends = np.empty(most_opened, np.uint32), np.empty(most_opened, np.uint32)
    first = np.zeros(offsets.shape[0] + 1, np.int64)
    for number in range(queries.shape[0]):
        query_word = query_words[number]
        kept = 0
        for band in range(offsets.shape[0]):
            if thresholds[band] >= 0:
                after = (band + 1) % query_word.size
                opened = mask_counts[min(thresholds[band], 16)]
                base = _U64(band) * _U64(following.shape[1])
                word = np.uint32(query_word[band])
                opens = _open_buckets(offsets, following, band, word, masks, opened, starts, ends)
                if kept + opens > survivors.size:
                    survivors = _with_room(survivors, kept + opens)
                for bucket in range(opened):
                    if bucket + 3 < opened:
                        _call_near(following, base, starts[_U64(bucket + 3)], ends[_U64(bucket + 3)])
                    most = np.uint16(thresholds[band] + thresholds[after] + 1 - mask_weights[_U64(bucket)])
                    start, end = starts[_U64(bucket)], ends[_U64(bucket)]
                    kept = _sift(rows, following, base, query_word[after], most, start, end, survivors, kept)
            first[band + 1] = kept
        _call_codes_near(codes, rows, survivors, first)
        if hits + kept > out[0].size:
            out = _with_room_for_hits(out, hits + kept)
        for band in range(offsets.shape[0]):
            for k in range(first[band], first[band + 1]):
                row = _U64(survivors[_U64(k)])
                if row < _U64(codes.shape[0]):
                    distance = _distance(codes, row, queries[number])
                    if distance <= radius and not _is_found_earlier(words[row], query_word, band, thresholds):
                        _put(out, hits, number, row, distance)
                        hits += 1
    return _trimmed(out, hits)


@njit(_FOUND(_read_only(types.uint64, 2), _read_only(types.uint64, 2), types.uint64), nogil=True, cache=True)
def scan(columns, queries, radius):
    """See `reference.scan`. Two words (128 bits) decide for 16 codes at once which of them are compared in full."""
    out, hits = _empty(), 0
    words, entries = columns.shape
    second = _U64(entries if words > 1 else 0)
    most = radius if words > 1 else _U64(2) * radius
    for block in range(0, entries, 4096):
        block_end = min(entries, block + 4096)
        for number in range(queries.shape[0]):
            query = queries[number]
            two = query[1] if words > 1 else query[0]
            place = block
            while place < block_end:
                if block_end - place >= 16:
                    near = np.uint32(_near16(columns, _U64(place), second + _U64(place), query[0], two, most))
                else:
                    near = (np.uint32(1) << np.uint32(block_end - place)) - np.uint32(1)
                while near:
                    row = _U64(place) + _U64(_lowest(near))
                    near &= near - np.uint32(1)
                    distance = _column_distance(columns, row, query, radius)
                    if distance <= radius:
                        if hits == out[0].size:
                            out = _with_room_for_hits(out, hits + 1)
                        _put(out, hits, number, row, distance)
                        hits += 1
                place += 16
    return _trimmed(out, hits)


@njit(
    types.Tuple((types.uint32[::1], types.uint32[::1], types.uint16[::1]))(_read_only(types.uint16, 2), types.int64),
    nogil=True,
    cache=True,
)
def order_band(words, band):
    """See `reference.order_band` (a counting sort)."""
    entries, width = words.shape
    after = (band + 1) % width
    offsets = np.zeros(65538, np.uint32)
    for row in range(entries):
        offsets[_U64(words[row, band]) + _U64(2)] += np.uint32(1)
    for bucket in range(2, 65538):
        offsets[bucket] += offsets[bucket - 1]
    rows = np.empty(entries, np.uint32)
    following = np.empty(entries, np.uint16)
    for row in range(entries):
        bucket = _U64(words[row, band]) + _U64(1)
        place = _U64(offsets[bucket])
        offsets[bucket] = np.uint32(place + _U64(1))
        rows[place] = np.uint32(row)
        following[place] = words[row, after]
    return offsets[:65537].copy(), rows, following


@njit(inline="always")
def _soft_distance(codes, row, query, weights):
    """Return the sum of the weights [256] of the bits in which a code differs from the query."""
    total = np.float32(0.0)
    for word in range(query.size):
        differs = codes[row, _U64(word)] ^ query[_U64(word)]
        base = _U64(word) * _U64(64)
        while differs:
            total += weights[base + _lowest64(differs)]
            differs &= differs - _U64(1)
    return total


@njit(inline="always")
def _gather(codes, rows, band, start, end, candidates, kept):
    """Record the rows of one bucket and prefetch their codes; return how many there are so far."""
    for place in range(start, end):
        row = rows[band, _U64(place)]
        candidates[_U64(kept)] = row
        kept += 1
        _fetch_early(codes, _U64(row) * _U64(codes.shape[1]))
    return kept


@njit(inline="always")
def _was_in_a_bucket_before(code, query, band, doubtful):
    for earlier in range(band):  # noqa: SIM110 - numba has no any() of these
        if (code[earlier] ^ query[earlier]) & ~doubtful[earlier] == 0:
            return True
    return False


@njit(
    _FOUND(
        _read_only(types.uint64, 2),
        _read_only(types.uint16, 2),
        _read_only(types.uint32, 2),
        _read_only(types.uint32, 2),
        _read_only(types.uint64, 2),
        _read_only(types.uint16, 2),
        _read_only(types.uint16, 2),
        _read_only(types.float32, 2),
        types.uint64,
        types.float32,
    ),
    nogil=True,
    cache=True,
)
def probe_softly(codes, words, offsets, rows, queries, query_words, doubtful, weights, max_bits, max_soft):
    """See `reference.probe_softly`. Codes are compared once all buckets of a query are read, so that they have been
    prefetched.
    """
    out, hits = _empty(), 0
    candidates = np.empty(8192, np.uint32)
    first = np.zeros(offsets.shape[0] + 1, np.int64)
    for number in range(queries.shape[0]):
        kept = 0
        for band in range(offsets.shape[0]):
            doubt = doubtful[number, band]
            flipped = doubt
            while True:
                value = _U64(query_words[number, band] ^ flipped)
                start, end = _U64(offsets[band, value]), _U64(offsets[band, value + _U64(1)])
                if kept + np.int64(end - start) > candidates.size:
                    candidates = _with_room(candidates, kept + np.int64(end - start))
                kept = _gather(codes, rows, band, start, end, candidates, kept)
                if flipped == 0:
                    break
                flipped = (flipped - np.uint16(1)) & doubt
            first[band + 1] = kept
        for band in range(offsets.shape[0]):
            for k in range(first[band], first[band + 1]):
                row = _U64(candidates[_U64(k)])
                if row >= _U64(codes.shape[0]):
                    continue
                distance = _distance(codes, row, queries[number])
                if distance > max_bits or _soft_distance(codes, row, queries[number], weights[number]) > max_soft:
                    continue
                if not _was_in_a_bucket_before(words[row], query_words[number], band, doubtful[number]):
                    if hits == out[0].size:
                        out = _with_room_for_hits(out, hits + 1)
                    _put(out, hits, number, row, distance)
                    hits += 1
    return _trimmed(out, hits)
