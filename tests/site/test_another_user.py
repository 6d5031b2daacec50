"""The public face as a user who may read nothing else: the pages are there, and the house is not."""

import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from leeward.demo.ports import free_port
from leeward.site.apart.file import open_file
from leeward.site.public_key import NAME
from tests.setting_up import SET_UP
from tests.site.test_serve import until
from tests.tables import give_beginnings

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
PREPARE = (
    "from leeward.site.start import prepare_database, settle_keys, start; start(); prepare_database(); settle_keys()"
)
AS_NOBODY = {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _may_be_nobody() -> bool:
    try:
        done = subprocess.run(
            [sys.executable, "-c", "import leeward.site.config"], check=False, capture_output=True, **AS_NOBODY
        )  # type: ignore[call-overload]
    except OSError:
        return False
    return bool(done.returncode == 0)


pytestmark = [
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(
        "not __import__('tests.site.test_another_user', fromlist=['x'])._may_be_nobody()",
        reason="only root can be another user, where that one may read the program",
    ),
]


@dataclass(frozen=True, slots=True)
class House:
    """The folders: the desk's, the one between, the face's."""

    place: Path

    def environment(self, side: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
        own |= {
            "LEEWARD_DATA": str(self.place / side),
            "LEEWARD_DNS_RESOLVERS": "127.0.0.1:1",
            "LEEWARD_WEB_PROCESSES": "1",
        }
        return own | {"LEEWARD_PUBLIC_DATABASE": str(self.place / "between" / "public.sqlite3")}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        made = House(Path(folder))
        made.place.chmod(0o755)
        for name, mode, owner, group in (
            ("desk", 0o700, 0, 0),
            ("between", 0o2750, 0, NOBODY),
            ("face", 0o700, NOBODY, NOBODY),
        ):
            (made.place / name).mkdir()
            os.chown(made.place / name, owner, group)
            (made.place / name).chmod(mode)
        give_beginnings(made.place / "desk")
        command = [sys.executable, "-m", "leeward", *SET_UP]
        subprocess.run(command, env=made.environment("desk"), check=True, capture_output=True, timeout=120)
        subprocess.run([sys.executable, "-c", PREPARE], env=made.environment("desk"), check=True, timeout=120)
        for name in (NAME, "words.pub"):
            copy = made.place / "face" / name
            copy.write_bytes((made.place / "desk" / name).read_bytes())
            os.chown(copy, NOBODY, NOBODY)
        yield made


def test_the_face_answers_and_its_user_reads_nothing_of_the_house(house: House) -> None:
    port = free_port()
    command = [sys.executable, "-m", "leeward", "serve", "--face", "public", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=house.environment("face"), stdout=subprocess.DEVNULL, **AS_NOBODY)  # type: ignore[call-overload]
    try:
        assert until(lambda: "/report" in _page(port, "/jm/"), seconds=120)
        assert "Report" in _page(port, "/jm/report")
    finally:
        process.terminate()
        process.wait(15)
    assert sorted(path.name for path in (house.place / "between").iterdir()) == [
        f"public.sqlite3{end}" for end in ("", "-owner", "-shm", "-wal")
    ]
    probe = "import os, sys; print([name for name in sys.argv[1:] if os.access(name, os.R_OK)])"
    inside = [str(path) for path in (house.place / "desk").rglob("*")]
    assert len(inside) > 5
    seen = subprocess.run(
        [sys.executable, "-c", probe, str(house.place / "desk"), *inside],
        check=True,
        capture_output=True,
        text=True,
        **AS_NOBODY,
    )  # type: ignore[call-overload]
    assert seen.stdout == "[]\n"
    makes = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
    made = subprocess.run(
        [sys.executable, "-c", makes, str(house.place / "between" / "public.sqlite3-journal")],
        check=False,
        capture_output=True,
        **AS_NOBODY,
    )  # type: ignore[call-overload]
    assert b"PermissionError" in made.stderr


# A visitor, and the process that answers: the face as its user runs it, with its settings and its file.
VISITS = """
import sys
from leeward.site.start import start_watching
start_watching()
from leeward.sealing.keys import hold_no_key
hold_no_key()
from tests.intake.walk import Walk, report
act, given = sys.argv[1:]
if act == "report":
    print(report(Walk(), where="http://a.example/x", text=given, mail="someone@mail.example"))
else:
    print(Walk().open("/jm/receipt").send("open", receipt=given).text)
"""
# The worker, for a moment.
FETCHES = """
from datetime import UTC, datetime
from leeward.site.start import start
start()
from django_scopes import scopes_disabled
from leeward.intake.models import Report
from leeward.jobs.registry import load
from leeward.spool.services import pull
load()
print(pull(datetime.now(UTC)))
with scopes_disabled():
    print(Report.objects.get().text)
from django.db import connections
connections.close_all()  # as a worker ends
"""
WORDS = "I found a page that nobody should see."


def _visit(house: House, act: str, given: str) -> str:
    environment = house.environment("face") | {"LEEWARD_FACE": "public", "LEEWARD_BASE_URL": "http://testserver"}
    command = [sys.executable, "-c", VISITS, act, given]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, cwd=ROOT, **AS_NOBODY)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout.strip())


def _bytes_between(house: House) -> bytes:
    return b"".join(path.read_bytes() for path in (house.place / "between").iterdir())


def test_a_report_goes_from_the_face_to_the_desk_and_is_gone_there(house: House) -> None:
    receipt = _visit(house, "report", WORDS)
    assert len(receipt) == 16
    with closing(open_file(house.place / "between" / "public.sqlite3")) as file:
        [(sealed,)] = file.execute("SELECT sealed FROM spool_arrival")
    assert "Received" in _visit(house, "open", receipt), "before anybody fetched it"
    assert WORDS.encode() not in _bytes_between(house)
    done = subprocess.run(
        [sys.executable, "-c", FETCHES], env=house.environment("desk"), check=False, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["1", WORDS], done.stderr
    assert "Received" in _visit(house, "open", receipt), "from the card"
    with closing(open_file(house.place / "between" / "public.sqlite3")) as file:
        assert list(file.execute("SELECT * FROM spool_arrival")) == []
    assert sealed[100:200].encode() not in _bytes_between(house), "not even sealed"


def _page(port: int, path: str) -> str:
    try:
        return str(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).read().decode())
    except OSError:
        return ""


@pytest.mark.parametrize(("lacks", "code"), [("between/public.sqlite3", 75), (f"face/{NAME}", 2)])
def test_a_face_that_lacks_its_file_or_key_says_so_in_one_sentence(house: House, lacks: str, code: int) -> None:
    path = house.place / lacks
    before = path.read_bytes()
    path.rename(path.with_name("away"))
    try:
        command = [sys.executable, "-m", "leeward", "serve", "--face", "public", "--bind", f"127.0.0.1:{free_port()}"]
        done = subprocess.run(
            command,
            env=house.environment("face"),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            **AS_NOBODY,
        )  # type: ignore[call-overload]
        assert done.returncode == code, done.stderr
        assert len(done.stderr.strip().splitlines()) <= 2
    finally:
        path.with_name("away").rename(path)
    assert path.read_bytes() == before
