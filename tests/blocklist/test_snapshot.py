"""Snapshots: any list comes back, many processes share one, a new one takes the old one's place at once, damage is refused."""

import json
import struct
import subprocess
import sys
import zlib
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.hash_list import prefixes_of
from leeward.blocklist.rules.keyed import keyed_digest
from leeward.blocklist.rules.lookup import first_hit
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.rules.search import Found
from leeward.blocklist.snapshot import MAGIC, Heading, Snapshot, SnapshotRefused, scopes_by_digest, write_snapshot
from leeward.hosting.rules.urls import BadAddress

HEADING = Heading("national", 42, "2026-11-24T12:00:00Z")
ENTRIES = [
    ListEntry(Scope.URL, "http://shared.example/p?q=1"),
    ListEntry(Scope.PATH, "http://shared.example/tenant/"),
    ListEntry(Scope.HOST, "http://one.example/"),
    ListEntry(Scope.URL, "http://one.example/"),
    ListEntry(Scope.DOMAIN, "http://whole.example/"),
]


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "national.snapshot"
    write_snapshot(path, HEADING, scopes_by_digest(ENTRIES))
    with Snapshot.open(path, verify=True) as snapshot:
        yield snapshot


@pytest.mark.parametrize(
    ("url", "expression"),
    [
        ("https://shared.example/p?q=1#x", "shared.example/p?q=1"),
        ("shared.example/p", None),
        ("shared.example/p?q=2", None),
        ("http://user@SHARED.example:8080/tenant/a/b.html", "shared.example/tenant/"),
        ("http://shared.example/tenant", None),
        ("http://sub.shared.example/tenant/", None),
        ("http://one.example/anything", "one.example/"),
        ("http://a.one.example/", None),
        ("http://a.b.whole.example/x", "whole.example/"),
        ("http://notwhole.example/", None),
        ("http://whole.example\\@other.example/", "whole.example/"),
    ],
)
def test_each_scope_blocks_what_it_says(made, url, expression):
    hit = made.look_up_url(url)
    assert (hit.expression if hit else None) == expression


def test_a_tunnel_is_blocked_for_a_whole_host_only(made):
    assert made.look_up_tunnel("one.example")
    assert made.look_up_tunnel("a.whole.example")
    assert made.look_up_tunnel("shared.example") is None


def test_what_is_no_address_is_an_error_not_an_answer(made):
    for text in ("", "http://", "mailto:a@a.example", "http://[::zz]/"):
        with pytest.raises(BadAddress):
            made.look_up_url(text)


def test_what_lies_behind_a_prefix(made):
    digests = scopes_by_digest(ENTRIES)
    for key, scopes in digests.items():
        assert Found(key, scopes) in made.behind(key[:4])
    assert made.behind(b"\0\0\0\0") == []
    assert made.prefixes().tolist() == prefixes_of(digests).tolist()
    assert len(made) == len(digests) == 4


def test_a_snapshot_under_a_key(tmp_path):
    def digest_of(expression):
        return keyed_digest(b"key", expression)

    path = tmp_path / "k"
    heading = Heading("national", 1, "2026-11-24T12:00:00Z", "hmac-sha256", "2026-11")
    write_snapshot(path, heading, scopes_by_digest(ENTRIES, digest_of))
    with Snapshot.open(path) as snapshot:
        assert snapshot.look_up("http://one.example/x", digest_of)
        assert snapshot.look_up("http://one.example/x") is None
        assert snapshot.heading.epoch == "2026-11"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.binary(min_size=32, max_size=32), st.integers(1, 15), max_size=40))
def test_any_digests_come_back(tmp_path, scopes):
    path = tmp_path / "any"
    write_snapshot(path, HEADING, scopes)
    with Snapshot.open(path, verify=True) as snapshot:
        assert {key: snapshot.scopes_of(key) for key in scopes} == scopes
        assert all(not snapshot.scopes_of(sha256(key).digest()) for key in scopes)
        assert sorted(found.digest for key in scopes for found in snapshot.behind(key[:4])) >= sorted(scopes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from(ENTRIES)),
    st.sampled_from(["shared", "one", "a.one", "whole", "a.b.whole"]),
    st.sampled_from(["", "p", "p?q=1", "tenant/", "tenant/a?q"]),
    st.sampled_from([0, 1, 10_000]),
)
def test_a_file_answers_as_the_entries_do(tmp_path, entries, name, rest, most_wide):
    """Whether the wide ones are few enough for a table of their own or not."""
    path, asked = tmp_path / "some", f"http://{name}.example/{rest}"
    listed = scopes_by_digest(entries, str)
    write_snapshot(path, HEADING, scopes_by_digest(entries))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("leeward.blocklist.snapshot._MOST_WIDE", most_wide)
        opened = Snapshot.open(path)
    with opened as snapshot:
        assert snapshot.look_up_url(asked) == first_hit(asked, lambda expression: listed.get(expression, 0))


def test_a_list_of_pages_is_asked_for_no_folder_host_or_domain(tmp_path):
    path, asked = tmp_path / "pages", []

    def digest_of(expression):
        asked.append(expression)
        return sha256(expression.encode()).digest()

    write_snapshot(path, HEADING, scopes_by_digest(ENTRIES[:1]))
    with Snapshot.open(path) as snapshot:
        assert snapshot.look_up("http://www.one.example/a/b?q", digest_of) is None
    assert asked == ["www.one.example/a/b?q", "www.one.example/a/b"]


def test_the_next_list_takes_the_place_of_this_one_at_once(made):
    same = made.reopened()
    assert same is made
    other = scopes_by_digest([ListEntry(Scope.HOST, "http://new.example/")])
    write_snapshot(made.path, Heading("national", 43, "2026-11-24T13:00:00Z"), other)
    assert made.look_up_url("http://one.example/"), "who has it open keeps the old list"
    with made.reopened() as fresh:
        assert fresh.heading.serial == 43
        assert fresh.look_up_url("http://one.example/") is None
        assert fresh.look_up_url("http://new.example/")
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


def test_other_processes_read_the_same_file(made):
    program = (
        "import sys; from pathlib import Path; from leeward.blocklist.snapshot import Snapshot\n"
        "with Snapshot.open(Path(sys.argv[1])) as s: print(s.look_up_url('http://one.example/x').expression)\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'django']"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", program, str(made.path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [run.communicate(timeout=60)[0] for run in runs] == ["one.example/\n"] * 2
    assert [run.returncode for run in runs] == [0, 0]


def test_one_of_many_entries_is_found(tmp_path):
    path = tmp_path / "large"
    write_snapshot(path, HEADING, {sha256(b"%d" % n).digest(): 1 for n in range(200_000)})
    with Snapshot.open(path) as snapshot:
        assert snapshot.scopes_of(sha256(b"7").digest()) == 1
        assert snapshot.scopes_of(sha256(b"200000").digest()) == 0


def _with_heading(**changes):
    fields = {"name": "n", "serial": 1, "made_at": "x", "method": "sha256", "epoch": "", "entries": 0, "buckets": 2}
    text = json.dumps({**fields, "body_sha256": "", **changes}).encode()
    return struct.pack("<8sII", MAGIC, len(text), zlib.crc32(text)) + text + bytes(64)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"short", "too short"),
        (b"x" * 100, "begin like one"),
        (struct.pack("<8sII", MAGIC, 1 << 31, 0), "too long"),
        (struct.pack("<8sII", MAGIC, 4, 0) + b"{}  ", "damaged"),
        (struct.pack("<8sII", MAGIC, 2, zlib.crc32(b"[]")) + b"[]", "does not say"),
        (struct.pack("<8sII", MAGIC, 2, zlib.crc32(b"{}")) + b"{}", "does not say"),
        (_with_heading(other=1), "does not say"),
        (_with_heading(buckets=3), "impossible"),
        (_with_heading(buckets=0), "does not say"),
        (_with_heading(buckets="2"), "does not say"),
        (_with_heading(buckets=1 << 25), "impossible"),
        (_with_heading(entries=-1), "impossible"),
        (_with_heading(entries=10**6), "length"),
    ],
)
def test_what_is_no_snapshot_is_refused(tmp_path, content, why):
    path = tmp_path / "bad"
    path.write_bytes(content)
    with pytest.raises(SnapshotRefused, match=why):
        Snapshot.open(path)


def test_a_cut_or_changed_file_is_refused(made, tmp_path):
    whole = made.path.read_bytes()
    bad = tmp_path / "bad"
    for length in (20, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        with pytest.raises(SnapshotRefused):
            Snapshot.open(bad)
    bad.write_bytes(whole[:-10] + b"y" + whole[-9:])
    with pytest.raises(SnapshotRefused, match="checksum"):
        Snapshot.open(bad, verify=True)
