"""The helper as Squid runs it: a process that answers line by line, with keyed lists and snapshots."""

import subprocess
import sys

import pytest

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.keyed import KeyedList, keyed_digest, keyed_scopes, keyed_text, subscriber_key
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.snapshot import Heading, scopes_by_digest, write_snapshot

KEY = subscriber_key(b"secret", list_name="national", subscriber="alpha", epoch="2026-11")
PAGE = ListEntry(Scope.URL, "http://shared.example/page.html")
HOST = ListEntry(Scope.HOST, "http://one.example/")
NUMBER = ListEntry(Scope.HOST, "http://[2001:db8::1]/")


def write_keyed(path, *entries, key=KEY, epoch="2026-11"):
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(keyed_text(KeyedList("national", epoch, 1, keyed_scopes(key, entries)))))
    fresh.replace(path)


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key"
    path.write_text(KEY.hex() + "\n")
    return path


class Helper:
    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "leeward.blocklist.squid_helper", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def end(self):
        _, complaints = self.process.communicate(timeout=60)
        return self.process.returncode, complaints


QUESTIONS = [
    ("0 GET http://shared.example/page.html", "0 OK"),
    ("1 GET http://shared.example/page.html?sid=1", "1 OK"),
    ("2 GET http://shared.example/%2570age.html", "2 OK"),
    ("3 GET http://shared.example/other.html", "3 ERR"),
    ("4 CONNECT one.example:443", "4 OK"),
    ("5 CONNECT shared.example:443", "5 ERR"),
    ("6 CONNECT [2001:db8::1]:443", "6 OK"),
    ("7 GET http://", "7 ERR"),
    ("8 CONNECT :443", "8 ERR"),
    ("9 nonsense", "9 BH message=unreadable"),
]


def test_a_keyed_list(tmp_path, key_file):
    path = tmp_path / "list"
    write_keyed(path, PAGE, HOST, NUMBER)
    helper = Helper("--list", path, "--key-file", key_file)
    assert [helper.ask(question) for question, _ in QUESTIONS] == [wanted for _, wanted in QUESTIONS]
    assert helper.end() == (0, "")


def test_a_snapshot_under_a_key(tmp_path, key_file):
    path = tmp_path / "list"
    scopes = scopes_by_digest([PAGE, HOST, NUMBER], lambda expression: keyed_digest(KEY, expression))
    write_snapshot(path, Heading("national", 1, "2026-11-24T12:00:00Z", "hmac-sha256", "2026-11"), scopes)
    helper = Helper("--list", path, "--key-file", key_file)
    assert [helper.ask(question) for question, _ in QUESTIONS] == [wanted for _, wanted in QUESTIONS]
    assert helper.end() == (0, "")


def test_a_new_list_counts_at_once_and_a_bad_one_never(tmp_path, key_file):
    path = tmp_path / "list"
    write_keyed(path, PAGE)
    helper = Helper("--list", path, "--key-file", key_file)
    assert helper.ask("0 GET http://one.example/") == "0 ERR"
    write_keyed(path, PAGE, HOST)
    assert helper.ask("0 GET http://one.example/") == "0 OK"
    path.write_text("no list")
    assert helper.ask("0 GET http://one.example/") == "0 OK"
    path.unlink()
    assert helper.ask("0 GET http://one.example/") == "0 OK"
    write_keyed(path, PAGE)
    assert helper.ask("0 GET http://one.example/") == "0 ERR"
    code, complaints = helper.end()
    assert code == 0
    assert "line 1" in complaints
    assert "one.example" not in complaints


@pytest.mark.parametrize("with_epoch", [True, False])
def test_a_list_of_the_next_month_is_taken_up_with_its_key_and_never_without(tmp_path, key_file, with_epoch):
    """Under an old key nothing of a new list would be found: everything would be open, and nobody would see it."""
    path, next_key = tmp_path / "list", subscriber_key(b"secret", list_name="national", subscriber="a", epoch="2026-12")
    if with_epoch:
        key_file.write_text(f"2026-11 {KEY.hex()}\n")
    write_keyed(path, PAGE)
    helper = Helper("--list", path, "--key-file", key_file)
    assert helper.ask("0 GET http://shared.example/page.html") == "0 OK"
    write_keyed(path, PAGE, HOST, key=next_key, epoch="2026-12")
    assert helper.ask("0 GET http://shared.example/page.html") == "0 OK", "the old list under the old key"
    assert helper.ask("0 GET http://one.example/") == "0 ERR"
    fresh = tmp_path / "key.new"
    fresh.write_text(f"2026-11 {KEY.hex()}\n2026-12 {next_key.hex()}\n" if with_epoch else next_key.hex())
    fresh.replace(key_file)
    assert helper.ask("0 GET http://shared.example/page.html") == "0 OK"
    assert helper.ask("0 GET http://one.example/") == "0 OK"
    code, complaints = helper.end()
    assert (code, complaints.count("no key of 2026-12")) == (0, 1)


def test_a_keyed_list_without_a_key_ends_it(tmp_path, key_file):
    path = tmp_path / "list"
    write_keyed(path, PAGE)
    key_file.write_text(f"2026-10 {KEY.hex()}\n")
    for arguments in (("--list", path), ("--list", path, "--key-file", key_file)):
        code, complaints = Helper(*arguments).end()
        assert (code, "no key of 2026-11" in complaints) == (2, True)


def test_what_can_not_be_read_at_the_start_ends_it_with_one_line(tmp_path, key_file):
    path = tmp_path / "list"
    write_keyed(path, PAGE)
    bad_key = tmp_path / "bad"
    for content in ("zz", "00"):
        bad_key.write_text(content)
        code, complaints = Helper("--list", path, "--key-file", bad_key).end()
        assert code == 2
        assert complaints.startswith("leeward: ")
        assert complaints.count("\n") == 1
    assert Helper("--list", tmp_path / "none", "--key-file", key_file).end()[0] == 2
