"""Files of any size in a child: piece by piece, and whatever happens is an answer here."""

import io
import os
from collections.abc import Iterator

import pytest

from leeward.foundation.sandbox import Finding, Limits, Pool
from tests.foundation.test_sandbox import HOSTILE, SHORT

LINES = [f"line {number}" for number in range(60_000)]


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(idle_seconds=600)
    yield made
    for child in made._idle:
        child.end()


class Source(io.BytesIO):
    """A stream that counts what was read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def test_a_stream_is_read_piece_by_piece_by_one_child(pool: Pool) -> None:
    whole = "\n".join([*LINES, ""]).encode()
    source = Source(whole)
    found = pool.stream(f"{HOSTILE}:letters", source, SHORT)
    first = next(found)
    assert first["line"] == LINES[0]
    assert first["read"] <= 1000
    assert source.taken < len(whole), "the rest is read when it is asked for"
    assert [first["line"], *(one["line"] for one in found)] == LINES
    assert source.taken == len(whole)
    (child,) = pool.pids
    assert [*pool.stream(f"{HOSTILE}:letters", io.BytesIO(b"a\n"), SHORT)] == [{"line": "a", "read": 2}]
    assert pool.pids == [child], "it goes on with the next file"
    assert pool.call(f"{HOSTILE}:echo", b"x", SHORT) == {"body": b"x"}


@pytest.mark.parametrize(
    ("how", "code"), [("crash", "crashed"), ("spin", "too_slow"), ("fail", "failed"), ("swell", "too_much_memory")]
)
def test_how_a_child_ends_over_a_stream_is_the_last_word(pool: Pool, how: str, code: str) -> None:
    source = io.BytesIO("\n".join([*LINES[:50_000], "end", ""]).encode())
    *lines, last = pool.stream(f"{HOSTILE}:lines_until_it_ends", source, SHORT, how=how)
    assert isinstance(last, Finding)
    assert last.code == code
    assert lines == LINES[: len(lines)]
    assert len(lines) > 20_000, "what was found before stays found"
    assert pool.call(f"{HOSTILE}:echo", b"next", SHORT) == {"body": b"next"}


def test_memory_is_that_of_one_file_however_many_pieces_it_has(pool: Pool) -> None:
    limits = Limits(seconds=30, memory_bytes=300 << 20)
    *_numbers, last = pool.stream(f"{HOSTILE}:swell_slowly", io.BytesIO(bytes(20 << 20)), limits)
    assert last == Finding("too_much_memory")


def test_a_reader_that_has_enough_leaves_nothing_running(pool: Pool) -> None:
    found = pool.stream(f"{HOSTILE}:letters", io.BytesIO("\n".join(LINES).encode()), SHORT)
    assert next(found)["line"] == LINES[0]
    (child,) = pool.pids
    found.close()  # type: ignore[attr-defined]
    assert pool.pids == []
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_what_reading_the_stream_raises_is_raised(pool: Pool) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        next(pool.stream(f"{HOSTILE}:letters", Broken(), SHORT))
    assert pool.pids == []


def test_one_child_has_one_file_at_a_time() -> None:
    """A file is decoded when the one before it has been answered: nothing of one is there while another is."""
    one = Pool(most=1, idle_seconds=600)
    try:
        first = one.stream(f"{HOSTILE}:letters", io.BytesIO(b"a\nb\n"), SHORT)
        assert next(first)["line"] == "a"
        assert one.call(f"{HOSTILE}:echo", b"", Limits(wait_seconds=0.2)) == Finding("busy")
        assert next(first)["line"] == "b"
        assert [*first] == []
        assert one.call(f"{HOSTILE}:echo", b"x", SHORT) == {"body": b"x"}
    finally:
        for child in one._idle:
            child.end()
