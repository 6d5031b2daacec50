"""What a backup's cover says is signed as a whole, and true of the manifest in it."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.audit.rules.signatures import public_of
from leeward.backup.rules.manifest import (
    Cover,
    Stamp,
    belong_together,
    is_current,
    is_named,
    newer_version,
    read_cover,
    read_manifest,
    read_stamp,
)

AT, KEY = datetime(2026, 11, 28, 3, tzinfo=UTC), b"k" * 32

PIECES = ["a" * 64, "b" * 64]
MANIFEST: dict[str, Any] = {
    "format": "leeward backup 1",
    "made_at": "2026-11-28T03:00:00Z",
    "leeward": "1.0",
    "database": "sqlite",
    "files": [
        {"path": "leeward.sqlite3", "size": 5, "sha256": "c" * 64, "pieces": [PIECES[0]]},
        {"path": "secret", "size": 7, "sha256": "d" * 64, "pieces": [PIECES[1]]},
    ],
    "heads": [],
}
COVER = {
    "format": "leeward backup 1",
    "made_at": "2026-11-28T03:00:00Z",
    "leeward": "1.0",
    "size": 12,
    "pieces": PIECES,
    "sealed": "x",
    "signed_by": "key",
    "signature": "one",
}


def cover(**changed: object) -> Cover:
    read = read_cover(json.dumps(COVER | changed).encode())
    assert read is not None
    return read


def test_a_cover_is_written_without_what_it_doesnt_say() -> None:
    assert json.loads(cover().written()) == COVER
    more = {"number": 3, "held": True, "sizes": [1, 2], "words_signed": True}
    assert json.loads(cover(**more).written()) == COVER | more


def test_the_signature_is_for_everything_but_itself() -> None:
    text = cover().signed_text()
    first, digest, after = text.split(b"\n")
    assert (first, len(digest), after) == (b"leeward-backup 1", 64, b"")
    assert cover(signature="two").signed_text() == text
    other = {"made_at": "x", "leeward": "2", "size": 1, "pieces": [], "sealed": "y", "signed_by": "z"}
    assert len({cover(**{name: value}).signed_text() for name, value in other.items()} | {text}) == len(other) + 1


def test_a_cover_from_before_is_signed_as_it_was() -> None:
    """Backups of version 0.2, which said nothing of the copy of the keys, count as they did."""
    rest = json.dumps({name: value for name, value in COVER.items() if name != "signature"}, separators=(",", ":"))
    digest = hashlib.sha256(rest.encode()).hexdigest().encode()
    assert cover().signed_text() == b"leeward-backup 1\n" + digest + b"\n"
    assert cover(words_signed=True).signed_text() != cover().signed_text()


def test_what_proves_a_backup_is_signed_for_this_one_and_nothing_else() -> None:
    first, digest, after = cover().proved_text().split(b"\n")
    assert (first, after) == (b"leeward-backup proved 1", b"")
    assert digest == hashlib.sha256(cover().signed_text()).hexdigest().encode()
    assert cover(size=1).proved_text() != cover().proved_text()


def stamp(made_at: datetime, digest: str, number: int = 0) -> Stamp:
    made = Stamp(made_at=made_at, signed_by=public_of(KEY), signature="", number=number)
    private = Ed25519PrivateKey.from_private_bytes(KEY)
    return made.model_copy(update={"signature": base64.b64encode(private.sign(made.signed_text(digest))).decode()})


@pytest.mark.parametrize(
    ("digest", "keys", "since", "is_one"),
    [
        ("d", [public_of(KEY)], timedelta(0), True),
        ("d", ["other", public_of(KEY)], timedelta(days=-1), True),
        ("d", [public_of(KEY)], timedelta(microseconds=1), False),
        ("e", [public_of(KEY)], timedelta(0), False),
        ("d", ["other"], timedelta(0), False),
    ],
)
def test_a_copy_of_keys_counts_by_its_stamp(digest: str, keys: list[str], since: timedelta, is_one: bool) -> None:
    found = read_stamp(stamp(AT, "d").model_dump_json().encode())
    assert is_current(found, digest, keys, since=AT + since, number=7) is is_one
    assert not is_current(None, digest, keys, since=AT + since, number=0)
    text = stamp(AT, "d").signed_text("d")
    assert text == b"leeward-words 1\n2026-11-28T03:00:00+00:00\nd\n"
    named = stamp(AT, "d", 7).model_copy(update={"files": ["0" * 16, "1" * 16]})
    assert (
        named.signed_text("d") == f"leeward-words 3\n7\n{'0' * 16} {'1' * 16}\n2026-11-28T03:00:00+00:00\nd\n".encode()
    )
    assert not is_current(named, "d", [public_of(KEY)], since=AT, number=7), "its names are signed with it"


@pytest.mark.parametrize("lie", [{"made_at": "x"}, {"leeward": "2"}, {"size": 11}, {"pieces": PIECES[:1]}])
def test_a_cover_that_differs_from_its_manifest_is_found(lie: dict[str, object]) -> None:
    manifest = read_manifest(json.dumps(MANIFEST).encode())
    assert manifest is not None
    assert belong_together(cover(), manifest)
    assert not belong_together(cover(**lie), manifest)


@pytest.mark.parametrize(
    ("made_at", "name", "is_its_own"),
    [
        ("2026-11-28T03:00:00+00:00", "20261128T030000.000000Z.backup", True),
        ("2026-11-28T05:00:00.000007+02:00", "20261128T030000.000007Z.backup", True),
        ("2026-11-28T03:00:00+00:00", "20271128T030000.000000Z.backup", False),
        ("2026-11-08T03:00:00+00:00", "2026118T030000.000000Z.backup", False),
        ("x", "20261128T030000.000000Z.backup", False),
        ("0001-01-01T00:00:00+14:00", "20261128T030000.000000Z.backup", False),
    ],
)
def test_a_backup_has_the_name_that_it_was_made_with(made_at: str, name: str, is_its_own: bool) -> None:
    assert is_named(cover(made_at=made_at), name) is is_its_own


def test_what_is_not_whole_is_none() -> None:
    assert read_cover(b"{}") is None
    assert read_manifest(b"[]") is None
    assert read_stamp(b"") is None


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../secret", "a/../../secret", "a\0b"])
def test_a_file_outside_of_the_data_directory_is_not_put_back(path: str) -> None:
    file = MANIFEST["files"][0] | {"path": path}
    assert read_manifest(json.dumps(MANIFEST | {"files": [file]}).encode()) is None
    assert read_manifest(json.dumps(MANIFEST | {"files": [file | {"path": "a/b"}]}).encode()) is not None


@pytest.mark.parametrize(("number", "is_one"), [(6, False), (7, True), (8, True)])
def test_one_with_a_number_counts_by_that_whatever_a_clock_said(number: int, *, is_one: bool) -> None:
    found = stamp(AT, "d", number)
    for since in (AT - timedelta(days=9), AT + timedelta(days=9)):
        assert is_current(found, "d", [public_of(KEY)], since=since, number=7) is is_one
    assert is_current(found, "d", [public_of(KEY)], since=AT, number=0)
    assert not is_current(found, "d", [public_of(KEY)], since=AT + timedelta(microseconds=1), number=0), "none tells"
    renumbered = found.model_copy(update={"number": number + 9})
    assert not is_current(renumbered, "d", [public_of(KEY)], since=AT, number=7), "the number is signed, too"


@pytest.mark.parametrize(
    ("raw", "version"),
    [
        ({**COVER, "leeward": "9.1", "more": 1}, "9.1"),
        ({**MANIFEST, "leeward": "9.1", "more": 1}, "9.1"),
        ({"format": "leeward backup 2", "leeward": "9.1"}, "9.1"),
        ({**COVER, "leeward": "9" * 99, "more": 1}, "9" * 20),
        (COVER, ""),
        (MANIFEST, ""),
        ({**COVER, "format": "another", "more": 1}, ""),
        ({**COVER, "format": "leeward settings 2", "leeward": "9.1"}, ""),
        ({"more": 1}, ""),
        ([1], ""),
    ],
)
def test_what_a_newer_version_says_more_is_no_damage(raw: object, version: str) -> None:
    assert newer_version(json.dumps(raw).encode()) == version


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_was_cut_off_is_of_no_version(raw: bytes) -> None:
    assert newer_version(raw) == ""
