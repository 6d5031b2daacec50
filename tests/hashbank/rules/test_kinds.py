"""Hashes as people write them: read in either case, refused with the reason, and kept only where a match means something."""

import pytest

from leeward.hashbank.rules.kinds import (
    KIND_NAMES,
    KINDS,
    BadHash,
    Hash,
    guess_kind,
    is_dull,
    is_findable,
    is_usable,
    key_of,
    read_hash,
    written,
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_again(kind: str) -> None:
    value = bytes(range(1, KINDS[kind].bytes + 1))
    text = written(kind, value)
    assert read_hash(kind, f" {text}\n") == Hash(kind, value) == read_hash(kind, value.hex().upper())
    assert Hash(kind, value).text == text
    assert "=" not in text


def test_the_text_form_is_the_usual_one_of_its_kind() -> None:
    assert written("md5", b"\xab" * 16) == "ab" * 16
    assert written("photodna", b"\xff" * 144) == "/" * 192
    assert written("tth", b"\0" * 24) == "A" * 39
    assert written("aich", b"\xff" * 19 + b"\xf7") == "7" * 31 + "X"
    assert read_hash("aich", "a" * 32).value == bytes(20)
    assert read_hash("tth", "a" * 39).value == bytes(24)


def test_quality_and_second_stay_with_the_hash() -> None:
    assert read_hash("vpdq", "0f" * 32, quality=70, second=1.5) == Hash("vpdq", b"\x0f" * 32, 70, 1.5)


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("md5", "ab", "The md5 hash can't be used: it has 2 hexadecimal digits, not 32."),
        ("md5", "g" * 32, "The md5 hash can't be used: it has a character that is not hexadecimal."),
        ("md5", "ab cd " * 5 + "ab", "The md5 hash can't be used: it has a character that is not hexadecimal."),
        ("aich", "AA", "The aich hash can't be used: it has 8 bits, not 160."),
        ("aich", "1" * 32, "The aich hash can't be used: it is neither base 32 nor hexadecimal."),
        ("photodna", "AAAA", "The photodna hash can't be used: it has 24 bits, not 1152."),
        ("photodna", "é", "The photodna hash can't be used: it is neither base 64 nor hexadecimal."),
        ("photodna", "!" + "/" * 192, "The photodna hash can't be used: it is neither base 64 nor hexadecimal."),
        ("tth", "g" * 48, "The tth hash can't be used: it has a character that is not hexadecimal."),
    ],
)
def test_what_is_no_hash_of_its_kind_says_why(kind: str, text: str, why: str) -> None:
    with pytest.raises(BadHash) as refused:
        read_hash(kind, text)
    assert refused.value.text == why


def test_an_unknown_kind_is_named_shortly_with_those_that_are_known() -> None:
    with pytest.raises(BadHash) as refused:
        read_hash("k" * 99, "ab")
    known = ", ".join(KIND_NAMES.values())
    assert refused.value.text == (
        f"The {'k' * 20} hash can't be used: there is no such kind; the known ones are {known}."
    )


def test_the_key_is_the_first_8_bytes_with_a_sign() -> None:
    assert key_of(b"\xff" * 8 + b"\0" * 8) == -1
    assert key_of(b"\0" * 7 + b"\x05" + b"\xff" * 24) == 5


def code(bits: int) -> bytes:
    return ((1 << bits) - 1).to_bytes(32)


@pytest.mark.parametrize(
    ("value", "usable", "dull"),
    [
        (Hash("md5", bytes(16)), False, False),
        (Hash("md5", bytes(15) + b"\x01"), True, False),
        (Hash("md5", b"\x01" + bytes(15), 20), True, False),
        (Hash("pdq", code(128)), True, False),
        (Hash("pdq", code(128), 50), True, False),
        (Hash("pdq", code(128), 49), False, True),
        (Hash("pdq_nn512", code(128), 10), False, True),
        (Hash("pdq", code(128), 9), False, False),
        (Hash("vpdq", code(128), 49), False, False),
        (Hash("pdq", code(63), 100), False, False),
        (Hash("pdq", code(64), 100), True, False),
        (Hash("pdq", code(192), 100), True, False),
        (Hash("pdq", code(193), 100), False, False),
        (Hash("pdq", code(63), 20), False, False),
    ],
)
def test_only_what_can_find_a_file_again_is_kept(value: Hash, usable: bool, dull: bool) -> None:
    assert (is_usable(value), is_dull(value), is_findable(value)) == (usable, dull, usable or dull)


def test_a_bare_hash_is_of_the_kind_with_its_length() -> None:
    found = {length: guess_kind(" " + "a" * length + "\n") for length in (32, 40, 64, 128, 288, 33)}
    assert found == {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512", 288: "photodna", 33: None}
