"""Somebody who changes and publishes a list again and again, and a subscriber who checks each copy."""

import threading
from pathlib import Path

from leeward.demo.blocking import BASIS, LIST, SOURCE
from tests.chaos.house import House
from tests.chaos.record import Record

PAUSE_SECONDS = 25.0


class Publisher(threading.Thread):
    """Imports a longer list, publishes it, takes a signed copy and verifies it, until it is `over`."""

    def __init__(self, house: House, record: Record) -> None:
        super().__init__(name="publisher", daemon=True)
        self.over = threading.Event()
        self._house, self._record, self._turn = house, record, 0

    def run(self) -> None:
        """Publish."""
        while not self.over.wait(PAUSE_SECONDS):
            with self._house.commands:
                if self._house.is_open:
                    self._publish()

    def _publish(self) -> None:
        self._turn += 1
        names, copy = self._house.folder / "names.txt", self._house.folder / "copy.zone"
        names.write_text("".join(f"quiet-{number}.example\n" for number in range(5 + self._turn)), encoding="ascii")
        house = self._house
        basis = ["--source", SOURCE, "--basis", BASIS, "--form", "plain"]
        if house.command("blocklist", "import", str(names), "--list", LIST, *basis).returncode:
            return
        house.command("blocklist", "publish", "--list", LIST, "--accept-size")
        if house.command("blocklist", "export", "--list", LIST, "--format", "rpz", "--out", str(copy)).returncode:
            return
        done = house.command("blocklist", "verify", str(copy))
        if done.returncode == 1:
            self._record.wrong(f"a copy that was given out is not whole: {done.stdout}")
        self._record.lists_fetched += done.returncode == 0
        _forget(copy)


def _forget(copy: Path) -> None:
    for path in (copy, copy.with_name(copy.name + ".sig")):
        path.unlink(missing_ok=True)
