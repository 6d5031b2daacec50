"""`leeward scan` as a user runs it: rows, exit codes, complaints, report, progress."""

import json
import os
import pty
import signal
import subprocess
import time

import pytest

from leeward.matching.index import Index
from tests.matching.lists import signer
from tests.matching.lists import written as signed_list
from tests.scanning.material import LEEWARD, by_place, command, jpeg, list_of, md5, pdq_of, png, rows_of


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "storage"
    (folder / "deep" / "er").mkdir(parents=True)
    for number in range(4):
        (folder / "deep" / f"{number}.jpg").write_bytes(jpeg(number))
    (folder / "deep" / "er" / "same.bin").write_bytes(jpeg(2))
    (folder / "words.txt").write_text("I found a bad page")
    return folder


def test_a_match_leaves_with_1_and_says_what_met_what(tree, tmp_path):
    known = list_of(tmp_path / "known.txt", f"pdq:{pdq_of(png(1))}", f"md5:{md5(jpeg(2))}", "not a hash")
    page, out = tmp_path / "summary.html", tmp_path / "rows.jsonl"
    ran = command(tree, "--list", known, "--out", out, "--report", page)
    assert ran.returncode == 1, ran.stderr
    rows = by_place(rows_of(out.read_bytes()))
    assert set(rows) == {(name,) for name in ("0.jpg", "1.jpg", "2.jpg", "3.jpg", "same.bin", "words.txt", "known.txt")}
    assert (
        rows["1.jpg",]["matches"][0].items() >= {"list": "known.txt", "kind": "pdq", "id": 1, "turned": False}.items()
    )
    assert 0 < rows["1.jpg",]["matches"][0]["distance"] <= 31
    for name in ("2.jpg", "same.bin"):
        assert rows[name,]["matches"] == [{"list": "known.txt", "kind": "md5", "id": 2, "distance": 0}]
    assert rows["0.jpg",]["matches"] == []
    assert rows["words.txt",].items() >= {"kind": "file", "size": 18, "error": None}.items()
    assert rows["known.txt",].items() >= {"kind": "list", "line": 3, "error": "it is not hexadecimal"}.items()
    assert b"known.txt, line 3: it is not hexadecimal" in ran.stderr
    assert b"6 files (7 rows): 3 with a match, 1 with an error." in ran.stderr
    assert out.stat().st_mode & 0o077 == 0
    summary = page.read_text()
    assert "3 matches" in summary
    assert "<img" not in summary
    assert "1.jpg" not in summary
    assert not list(tmp_path.rglob("*.tmp"))


def test_no_match_leaves_with_0_whatever_single_files_have(tree, tmp_path):
    (tree / "broken.jpg").write_bytes(jpeg(0)[:2000])
    ran = command(tree, tmp_path / "nowhere", "--list", list_of(tmp_path / "known.txt", "ab" * 16), "--only-matches")
    assert ran.returncode == 0
    rows = by_place(rows_of(ran.stdout))
    assert set(rows) == {("nowhere",)}  # no picture is decoded for a list without pictures
    assert rows["nowhere",]["error"] == "no such file or directory"
    assert b"8 files (8 rows): 0 with a match, 1 with an error." in ran.stderr


def test_an_index_with_banks_and_a_signed_list_are_lists_too(tree, tmp_path):
    Index.build(tmp_path / "known.index", [pdq_of(jpeg(3))], ids=[77])
    folder = signed_list(tmp_path / "signed", [jpeg(2)], [0])
    key = signer().public_key
    ran = command(tree, "--list", tmp_path / "known.index", "--list", folder, "--key", key)
    assert ran.returncode == 1, ran.stderr
    rows = by_place(rows_of(ran.stdout))
    assert rows["3.jpg",]["matches"][0].items() >= {"id": 77, "bank": "default", "list": "known.index"}.items()
    match = {"list": "test", "kind": "file", "id": 100, "distance": 0, "bank": "confirmed", "classification": "A1"}
    assert rows["2.jpg",]["matches"] == [match]
    ran = command(tree, "--list", folder, "--key", signer(1).public_key)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"by another key" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{tree}"], "--list or --bank is missing"),
        (["{tmp}/nowhere", "--list", "{tmp}/known.txt"], "there is nothing to scan"),
        (["{tree}", "--list", "{tmp}/nowhere"], "no such file"),
        (["{tree}", "--list", "{tmp}/empty"], "it is empty"),
        (["{tree}", "--list", "{tmp}/binary"], "neither an index nor text"),
        (["{tree}", "--list", "{tmp}/short.index"], "refused as an index"),
        (["{tree}", "--list", "{tmp}/words"], "line 1: it is not hexadecimal"),
        (["{tree}", "--list", "{tmp}/known.txt", "--kind", "crc"], "choose from md5"),
        (["{tree}", "--list", "{tmp}/known.txt", "--resume"], "it needs --out"),
        (["{tree}", "--list", "{tmp}/known.txt", "--report", "html"], "it needs --out"),
        (["{tree}", "--list", "{tmp}/known.txt", "--since", "soon"], "it is no day"),
        (["{tree}", "--list", "{tmp}/known.txt", "--out", "{tmp}/no/rows"], "no such file"),
        (["{tree}", "--list", "{tmp}/known.txt", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"], "no scheduler"),
        (["nothing://host.example/folder", "--list", "{tmp}/known.txt"], "nothing:// can't be opened"),
    ],
)  # fmt: skip
def test_what_can_not_run_is_one_line_and_leaves_with_2(tree, tmp_path, arguments, said, monkeypatch, capsys):
    from leeward.cli.main import run
    from leeward.scanning.engines import cluster

    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1)
    list_of(tmp_path / "known.txt", "ab" * 16)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "binary").write_bytes(bytes(100))
    (tmp_path / "words").write_text("hello\nworld\n")
    Index.build(tmp_path / "short.index", ["ab" * 32])
    os.truncate(tmp_path / "short.index", 5000)
    code = run(["scan", *(part.format(tree=tree, tmp=tmp_path) for part in arguments)])
    complaint = capsys.readouterr().err
    assert code == 2
    assert said in complaint
    assert len(complaint.splitlines()) == 1


def test_since_leaves_older_files_out(tree, tmp_path):
    for path in tree.rglob("*.jpg"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    known = list_of(tmp_path / "known.txt", md5(jpeg(2)))
    ran = command(tree, "--list", known, "--since", "1d")
    assert {name for (name,) in by_place(rows_of(ran.stdout))} == {"same.bin", "words.txt"}


def test_a_terminal_sees_a_bar_with_a_rate(tree, tmp_path):
    ours, theirs = pty.openpty()
    known = list_of(tmp_path / "known.txt", md5(jpeg(2)))
    ran = subprocess.Popen(
        [LEEWARD, "scan", tree, "--list", known, "--out", tmp_path / "rows.jsonl"],
        stderr=theirs,
        env=os.environ | {"COLUMNS": "160"},
    )
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 4096):
            seen += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert ran.wait(60) == 1
    assert b"6 files" in seen
    assert b"/s" in seen
    assert b"2 matches" in seen


def test_a_name_that_is_not_utf_8_keeps_its_bytes(tree, tmp_path):
    name = os.fsencode(tree) + b"/caf\xe9.jpg"
    with open(name, "wb") as stream:
        stream.write(jpeg(2))
    ran = command(tree, "--list", list_of(tmp_path / "known.txt", md5(jpeg(2))))
    text = ran.stdout.decode("utf-8")
    row = next(row for row in map(json.loads, text.splitlines()) if "caf" in row["path"])
    assert row["path"].endswith("caf\\xe9.jpg")
    import base64

    assert base64.b64decode(row["path_base64"]) == name
    assert row["matches"]


@pytest.mark.slow
def test_the_output_is_not_part_of_what_is_scanned_and_ctrl_c_leaves_it_whole(tree, tmp_path):
    pictures = [jpeg(number, 1600, 1200) for number in range(4)]
    for number in range(60):
        (tree / f"more{number}.jpg").write_bytes(pictures[number % 4])
    with (tree / "zz.bin").open("wb") as long:  # nothing on the disk, but longer to read than this test takes
        long.truncate(8_000_000_000)
    out, known = tree / "rows.jsonl", list_of(tmp_path / "known.txt", "pdq:" + "0f" * 32)
    ran = subprocess.Popen(
        [LEEWARD, "scan", tree, "--list", known, "--out", out, "--processes", "1"],
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a job in the background inherits none
    )
    while not (out.exists() and out.stat().st_size):
        time.sleep(0.01)
    ran.send_signal(signal.SIGINT)
    complaint = ran.communicate(timeout=60)[1]
    assert (ran.returncode, complaint) == (130, b"")
    rows_of(out.read_bytes())
    (tree / "zz.bin").unlink()
    ran = command(tree, "--list", known, "--out", out, "--resume")
    assert ran.returncode == 0, ran.stderr
    names = [row["path"] for row in rows_of(out.read_bytes())]
    assert len(names) == len(set(names)) == 66
    assert str(out) not in names
