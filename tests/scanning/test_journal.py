"""The journal: any damage is seen, nothing is lost or twice, and a scan that was killed goes on."""

import json
import os
import signal
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.scanning.errors import ScanUnfinished
from leeward.scanning.journal import Output, header, journal_of, read_journal, record
from tests.scanning.material import LEEWARD, command, jpeg, list_of, md5, rows_of

SETTINGS = {"sources": ["a"], "radius": 31}
KEYS = st.binary(min_size=16, max_size=16).filter(any)


@given(st.lists(st.tuples(KEYS, st.integers(0, 9)), max_size=8), st.data())
def test_a_torn_or_altered_journal_is_read_up_to_there(items, data):
    whole, end, ends = header(SETTINGS), 0, []
    for key, size in items:
        end += size
        whole += record(key, end)
        ends.append(len(whole))
    past = read_journal(whole)
    assert past is not None
    assert (past.keys, past.output_bytes, past.valid_bytes) == ({key for key, _ in items}, end, len(whole))
    cut = data.draw(st.integers(0, len(whole)))
    torn = bytearray(whole[:cut])
    if torn:
        at = data.draw(st.integers(0, len(torn) - 1))
        torn[at] ^= data.draw(st.integers(1, 255))
    past = read_journal(bytes(torn))
    if past is not None:
        assert past.valid_bytes in (len(header(SETTINGS)), *ends)
        assert past.settings == SETTINGS
        count = sum(place <= past.valid_bytes for place in ends)
        assert past.keys == {key for key, _ in items[:count]}


@given(st.binary(max_size=200))
def test_no_bytes_raise(data):
    read_journal(data)
    read_journal(header(SETTINGS) + data)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_output_is_cut_back_to_what_the_journal_knows(tmp_path):
    path, clock = tmp_path / "rows.jsonl", Clock()
    output = Output.open(path, SETTINGS, resume=False, clock=clock)
    output.write(b"a" * 16, b'{"a":1}\n')
    clock.now += 2
    output.write(b"b" * 16, b'{"b":1}\n')
    output.write(b"c" * 16, b'{"c":1}\n')
    with pytest.raises(ScanUnfinished, match="right now"):
        Output.open(path, SETTINGS, resume=True)
    output._out.flush()  # what a crash leaves: rows that the journal does not know yet
    output._journal.close()
    with pytest.raises(ScanUnfinished, match="has not ended"):
        Output.open(path, SETTINGS, resume=False)
    with pytest.raises(ScanUnfinished, match="other sources"):
        Output.open(path, SETTINGS | {"radius": 20}, resume=True)
    again = Output.open(path, SETTINGS, resume=True)
    assert again.finished == {b"a" * 16, b"b" * 16}
    assert list(again.rows()) == [{"a": 1}, {"b": 1}]
    again.write(b"c" * 16, b'{"c":2}\n')
    again.end(complete=True)
    assert path.read_bytes() == b'{"a":1}\n{"b":1}\n{"c":2}\n'
    Output.open(path, SETTINGS, resume=False).end(complete=True)
    assert path.read_bytes() == b""


def test_resume_refuses_rather_than_lose_rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"kept":1}\n')
    with pytest.raises(ScanUnfinished, match="missing or damaged"):
        Output.open(path, SETTINGS, resume=True)
    assert path.read_bytes() == b'{"kept":1}\n'
    output = Output.open(path, SETTINGS, resume=False)
    output.write(b"a" * 16, b'{"a":1}\n')
    output.end(complete=False)
    path.write_bytes(b"")
    with pytest.raises(ScanUnfinished, match="rows that were written are missing"):
        Output.open(path, SETTINGS, resume=True)


@pytest.mark.slow
def test_killed_and_resumed_has_every_file_once(tmp_path):
    folder, out = tmp_path / "storage", tmp_path / "rows.jsonl"
    folder.mkdir()
    pictures = [jpeg(number, 1600, 1200) for number in range(8)]
    for number in range(400):  # several seconds of work for one process: it is killed in the midst of it
        (folder / f"{number:04}.jpg").write_bytes(pictures[number % 8])
    known = list_of(tmp_path / "known.txt", "pdq:" + "0f" * 32, f"md5:{md5(jpeg(5, 1600, 1200))}", "a bad line")
    arguments = [folder, "--list", known, "--out", out]
    first = subprocess.Popen([LEEWARD, "scan", *arguments, "--processes", "1"], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and not (journal_of(out).exists() and journal_of(out).stat().st_size > 1000):
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    past = read_journal(journal_of(out).read_bytes())
    assert past is not None
    assert 0 < len(past.keys) < 400
    with out.open("ab") as stream:
        stream.write(b'{"path": "half a ro')
    refused = command(*arguments)
    assert (refused.returncode, b"it has not ended" in refused.stderr) == (2, True)
    ran = command(*arguments, "--resume", "--report", "html")
    assert ran.returncode == 1, ran.stderr
    rows = rows_of(out.read_bytes())
    names = [os.path.basename(row["path"]) for row in rows]
    assert len(names) == len(set(names)) == 401
    assert sum(bool(row["matches"]) for row in rows) == 50
    assert (
        f"400 files (401 rows): 50 with a match, 1 with an error, {len(past.keys)} finished earlier"
        in ran.stderr.decode()
    )
    assert "400" in out.with_suffix(".html").read_text()
    (folder / "new.jpg").write_bytes(jpeg(5, 1600, 1200))
    ran = command(*arguments, "--resume")
    assert ran.returncode == 1
    assert json.loads(out.read_bytes().splitlines()[-1])["path"].endswith("new.jpg")
    assert len(rows_of(out.read_bytes())) == 402
