"""A running `leeward serve`, by real sockets: nothing that it writes holds what was told, and its public face opens and keeps nothing;
nor does its API open anything."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leeward.demo.browserless import Browser, Page
from leeward.demo.ports import free_port
from leeward.demo.world import World
from tests.setting_up import SET_UP
from tests.site.test_faces import status
from tests.site.test_serve import children, until
from tests.tables import give_beginnings

pytestmark = pytest.mark.xdist_group("serve")
MARK, SECRET = "marker-8c1f", "a passphrase of tests"


class House:
    """An installation whose faces run apart, and whose key has a passphrase."""

    def __init__(self, place: Path, world: World) -> None:
        self.data, self.temporary, self.log = place / "data", place / "tmp", place / "log"
        self.temporary.mkdir()
        self.ports = [free_port() for _face in range(3)]
        public, desk, api = (f"127.0.0.1:{port}" for port in self.ports)
        self.environment = os.environ | world.environment()
        self.environment |= {
            "LEEWARD_DATA": str(self.data), "LEEWARD_DATABASE_URL": "", "TMPDIR": str(self.temporary),
            "LEEWARD_BASE_URL": f"http://{public}", "LEEWARD_BIND": public, "LEEWARD_DESK_BIND": desk, "LEEWARD_API_BIND": api,
            "LEEWARD_WEB_PROCESSES": "1",
        }  # fmt: skip
        self.environment.pop("LEEWARD_SECRET", None)
        self.url = f"http://{public}"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command where nobody sits."""
        command = [sys.executable, "-m", "leeward", *words]
        return subprocess.run(
            command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
        )  # fmt: skip

    @contextmanager
    def typing(self, *words: str, answers: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command at a terminal, and type an answer whenever it asks."""
        ours, theirs = pty.openpty()
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "leeward", *words], env=self.environment, stdin=theirs, stdout=log, stderr=log, start_new_session=True
            )  # fmt: skip
        os.close(theirs)
        try:
            for number, answer in enumerate(answers):
                assert until(lambda number=number: self.asked() > number), self.said()
                os.write(ours, f"{answer}\n".encode())
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(20)
            os.close(ours)

    def asked(self) -> int:
        """How often somebody was asked for something."""
        return len(re.findall(r"(?:[Pp]assphrase[^\n:]*|Repeat for confirmation): ", self.said()))

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def face(self, tree: int, name: str) -> int:
        """The process that serves a face: what granian started."""
        port = f":{self.ports[('public', 'desk', 'api').index(name)]}"
        (server,) = [pid for pid, command in children(tree).items() if port in command.replace(" --port ", ":")]
        return next(iter(children(server)), server)

    def files(self) -> dict[Path, bytes]:
        """Every file that it wrote: data with write-ahead logs, temporary ones, its log."""
        found = [path for place in (self.data, self.temporary) for path in place.rglob("*") if path.is_file()]
        return {path: path.read_bytes() for path in (*found, self.log)}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with World(mailbox=tmp_path / "mailbox") as world:
        made = House(tmp_path, world)
        give_beginnings(made.data)
        done = made.run(*SET_UP)
        assert done.returncode == 0, done.stderr
        yield made


def memory(pid: int) -> bytes:
    """All that a process has in memory and could be in its core dump."""
    found = []
    with open(f"/proc/{pid}/mem", "rb", 0) as whole:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            area, rights = line.split()[:2]
            start, end = (int(part, 16) for part in area.split("-"))
            if rights.startswith("rw"):
                try:
                    whole.seek(start)
                    found.append(whole.read(end - start))
                except (OSError, ValueError):
                    continue  # a page of the kernel's
    return b"".join(found)


def copies_left(house: House, face: int) -> int:
    """How often the marker stands in the memory of a face that has answered others since."""
    assert Browser(house.url).open("/jm/report").is_good
    return memory(face).count(MARK.encode())


def told(house: House, words: str) -> Page:
    page = Browser(house.url).open("/jm/report").form(having="kind")
    return page.fill({"kind": "else", "text": words}).submit("go=send")


def test_what_was_told_is_in_no_file_and_the_key_is_neither_in_the_public_face_nor_in_the_api(house: House) -> None:
    key = (house.data / "words.key").read_bytes().split(b"\n")[1]
    assert key.startswith(b"AGE-SECRET-KEY-1")
    with house.typing("words", "passphrase", answers=(SECRET, SECRET)) as process:
        assert process.wait(60) == 0, house.said()
    assert key not in (house.data / "words.key").read_bytes()
    refused = house.run("serve")
    assert (refused.returncode, refused.stderr.count("words.key is sealed by a passphrase")) == (2, 1), refused.stderr
    assert len(refused.stderr.strip().splitlines()) <= 2
    house.log.unlink()
    with house.typing("serve", answers=("another", "still another", "the last")) as process:
        assert process.wait(60) == 2, house.said()
    assert "words.key is sealed by another passphrase" in " ".join(house.said().split()), house.said()
    assert "--key" not in house.said(), "nobody was asked for the key of a backup"
    house.log.unlink()
    with house.typing("serve", answers=("another", SECRET)) as tree:
        assert until(lambda: status(house.ports[0], "/healthz") == 200, seconds=120), house.said()
        assert "passphrase is wrong" in house.said()
        page = told(house, f"{MARK} form")
        receipt = "".join(page.texts("//*[contains(@class, 'words')]/span"))
        assert re.fullmatch(r"\d{16}", receipt), page.text
        asked = Browser(house.url).open("/jm/receipt").form(having="receipt").fill({"receipt": receipt}).submit()
        assert asked.form(action="", having="text").fill({"text": f"{MARK} added"}).submit().is_good
        public, desk = house.face(tree.pid, "public"), house.face(tree.pid, "desk")
        if os.geteuid() == 0:  # nobody else reads it
            for held in (memory(public), memory(house.face(tree.pid, "api"))):
                assert SECRET.encode() not in held
                assert key not in held
            assert SECRET.encode() in memory(desk), "or nothing is looked at here"
            in_buffers = 2  # of the web server's own, one a form, until it needs them again
            assert until(lambda: copies_left(house, public) <= in_buffers, seconds=30), copies_left(house, public)
        files = house.files()
    assert {"leeward.sqlite3-wal", "words.sqlite3-wal"} <= {path.name for path in files}
    assert [path for path, raw in files.items() if MARK.encode() in raw] == []
    assert [path for path, raw in files.items() if SECRET.encode() in raw] == []
