"""The board on which a process writes what it is doing, where the disk for temporary files is full."""

import os
import subprocess
import sys
from pathlib import Path

from leeward.foundation.watch import FOLDER, SIZE, Board, read

WORKS = """
import sys, time
from pathlib import Path
from leeward.foundation import watch
from tests.foundation.full import full_disk
watch.AGAIN_SECONDS = 0.1
with full_disk():
    watch.open_board("web")
    with watch.timed(5.0):
        print("works", list(Path(sys.argv[1]).iterdir()))
until = time.monotonic() + 20
while not list(Path(sys.argv[1]).iterdir()) and time.monotonic() < until:
    time.sleep(0.05)
with watch.timed(5.0, 17):
    (board,) = Path(sys.argv[1]).iterdir()
    print([piece.job_id for piece in watch.read(board).pieces])
"""


def test_every_page_of_a_board_is_on_the_disk(tmp_path: Path) -> None:
    """One that isn't, on a disk that is full by then, ends the process without a word (SIGBUS), and each that takes its place."""
    board = Board(tmp_path / "web.1")
    with (tmp_path / "web.1").open("rb") as file:
        assert os.lseek(file.fileno(), 0, os.SEEK_HOLE) >= SIZE
    board.beat()
    assert read(tmp_path / "web.1").pulse > 0


def test_without_room_for_its_board_a_process_works_and_is_watched_once_there_is(tmp_path: Path) -> None:
    environment = os.environ | {FOLDER: str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", WORKS, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "works []\n[17]\n"), done.stderr
