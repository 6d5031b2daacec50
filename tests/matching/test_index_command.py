"""`leeward index` as a user meets it: rows, exit codes, one clear line for what is wrong."""

import json
import subprocess
import sys

import numpy as np
import pytest

from leeward.cli.main import run
from tests.matching.codes import near, uniform


@pytest.fixture
def leeward(capsys):
    def call(*arguments, code=0):
        """Run the command; return its output and its complaints."""
        found = run([*map(str, arguments)])
        output = capsys.readouterr()
        assert found == code, output.err
        return output.out, output.err

    return call


def write_hex(path, codes, *more):
    path.write_text("\n".join([*(code.tobytes().hex() for code in codes), *more]) + "\n")
    return path


def rows(output):
    return [json.loads(line) for line in output.splitlines()]


@pytest.fixture
def built(leeward, tmp_path):
    leeward("index", "build", write_hex(tmp_path / "codes.txt", uniform(50)), "--out", tmp_path / "known.index")
    return tmp_path / "known.index"


def test_build_and_query(leeward, tmp_path, built):
    queries = write_hex(tmp_path / "queries.txt", [near(uniform(50), 9)[4], uniform(1, seed=3)[0], uniform(50)[7]])
    output, _ = leeward("index", "query", built, queries, "--radius", 31, "--json")
    assert rows(output) == [{"query": 0, "id": 4, "distance": 9}, {"query": 2, "id": 7, "distance": 0}]
    output, _ = leeward("index", "query", built, queries, "--radius", 8)
    assert output == "2\t7\t0\n"


def test_npy_codes_and_ids(leeward, tmp_path):
    np.save(tmp_path / "codes.npy", uniform(3, 1152))
    (tmp_path / "ids.txt").write_text("11\n22\n33\n")
    index = tmp_path / "wide.index"
    leeward("index", "build", tmp_path / "codes.npy", "--out", index, "--ids", tmp_path / "ids.txt")
    output, _ = leeward("index", "query", index, tmp_path / "codes.npy", "--json")
    assert [row["id"] for row in rows(output)] == [11, 22, 33]


@pytest.mark.slow
def test_add_remove_merge_info(leeward, tmp_path, built):
    more = write_hex(tmp_path / "more.txt", uniform(2, seed=9))
    assert "ids 50 to 51" in leeward("index", "add", built, more, "--bank", "agency", "--bank-radius", 20)[0]
    leeward("index", "remove", built, 3, 4)
    leeward("index", "remove", built, 3, 5, code=1)
    leeward("index", "merge", built)
    (facts,) = rows(leeward("index", "info", built, "--json")[0])
    assert (facts["entries"], facts["in_tail"], facts["code_bits"]) == (49, 0, 256)
    assert [(bank["name"], bank["radius"]) for bank in facts["banks"]] == [("default", 63), ("agency", 20)]
    output, _ = leeward("index", "query", built, more, "--json", "--bank", "agency")
    assert [row["id"] for row in rows(output)] == [50, 51]
    assert "agency" in leeward("index", "info", built)[0]


def test_lines_that_are_no_codes_are_named_and_the_rest_goes_on(leeward, tmp_path):
    mixed = write_hex(tmp_path / "mixed.txt", uniform(2), "f" * 63, "z" * 64, uniform(3)[2].tobytes().hex())
    _, complaints = leeward("index", "build", mixed, "--out", tmp_path / "m.index", code=1)
    assert "row 2" in complaints
    assert "row 3" in complaints
    output, _ = leeward("index", "query", tmp_path / "m.index", mixed, "--json", code=1)
    found = rows(output)
    assert [row["id"] for row in found[:3]] == [0, 1, 4]
    assert [(row["query"], row["id"]) for row in found[3:]] == [(2, None), (3, None)]
    assert "odd" in found[3]["error"]


@pytest.mark.parametrize("text", ["hello\n", "f" * 63 + "\n"])
def test_a_file_without_codes_is_refused_in_one_line(leeward, tmp_path, text):
    (tmp_path / "bad.txt").write_text(text)
    _, complaints = leeward("index", "build", tmp_path / "bad.txt", "--out", tmp_path / "x.index", code=2)
    assert len(complaints.splitlines()) == 1
    assert not (tmp_path / "x.index").exists()


@pytest.mark.slow
def test_wrong_use_leaves_with_2_and_one_line(leeward, tmp_path, built):
    codes = tmp_path / "codes.txt"
    wide = write_hex(tmp_path / "wide.txt", uniform(1, 128))
    for arguments in (
        ("build", tmp_path / "none.txt", "--out", tmp_path / "x.index"),
        ("build", codes, "--out", tmp_path / "no" / "folder.index"),
        ("query", tmp_path / "none.index", codes),
        ("query", codes, codes),
        ("query", built, codes, "--radius", 64),
        ("query", built, codes, "--bank", "nobody"),
        ("add", built, wide),
        ("remove", built),
        ("remove", built, "--ids", codes),
        ("info", tmp_path),
    ):
        output, complaints = leeward("index", *arguments, code=2)
        assert output == ""
        assert complaints.startswith("leeward: ")


def test_an_altered_index_is_refused_with_the_field(leeward, tmp_path, built):
    data = bytearray(built.read_bytes())
    data[-10] ^= 1
    built.write_bytes(data)
    _, complaints = leeward("index", "info", built, code=2)
    assert "padding at the end" in complaints


def test_the_installed_command_in_a_process_of_its_own(tmp_path, built):
    command = [sys.executable, "-c", "from leeward.cli.main import main; main()", "index", "query", built]
    done = subprocess.run([*command, tmp_path / "codes.txt", "--json"], capture_output=True, text=True, check=True)
    assert [row["id"] for row in rows(done.stdout)] == list(range(50))
    missing = subprocess.run([*command, tmp_path / "none"], capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert len(missing.stderr.splitlines()) == 1
