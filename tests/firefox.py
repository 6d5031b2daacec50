"""A real Firefox for tests: Debian's, spoken to by Marionette, which it brings along. A pipe of lines of JSON; no driver is needed."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PATIENCE_SECONDS = 60
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver's name for a reference to an element
QUIET = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "media.autoplay.default": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


def find_firefox() -> str | None:
    """Where a Firefox is, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One Firefox with a profile of its own."""

    def __init__(self, path: str, profile: Path) -> None:
        profile.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in (QUIET | {"marionette.port": port}).items()
        ]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self.process = subprocess.Popen(
            [
                path,
                "--headless",
                "--marionette",
                "--no-remote",
                "-remote-allow-system-access",
                "--profile",
                str(profile),
            ],
            env=os.environ | {"HOME": str(profile)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.pipe = self._connect(port)
        self.number = 0
        self._read()
        self.ask("WebDriver:NewSession", strictFileInteractability=False)

    def _connect(self, port: int) -> socket.socket:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
            except ConnectionRefusedError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def _read(self) -> Any:
        size = b""
        while (letter := self._bytes(1)) != b":":
            size += letter
        return json.loads(self._bytes(int(size)))

    def _bytes(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.pipe.recv(count - len(data))
            assert more, "Firefox has gone"
            data += more
        return data

    def ask(self, command: str, **parameters: Any) -> Any:
        """Have it do something, and return what it answers."""
        self.number += 1
        line = json.dumps([0, self.number, command, parameters]).encode()
        self.pipe.sendall(b"%d:%s" % (len(line), line))
        _kind, number, error, answer = self._read()
        assert number == self.number
        assert error is None, f"{command}: {error}"
        return answer.get("value", answer) if isinstance(answer, dict) else answer

    def go(self, address: str) -> None:
        """Open an address."""
        self.ask("WebDriver:Navigate", url=address)

    def run(self, script: str, *given: Any) -> Any:
        """Run the body of a function on the page, whatever the page lets run itself."""
        return self.ask("WebDriver:ExecuteScript", script=script, args=list(given))

    def element(self, selector: str) -> str:
        """Return the reference to the first such element."""
        found: str = self.ask("WebDriver:FindElement", using="css selector", value=selector)[ELEMENT]
        return found

    def click(self, selector: str) -> None:
        """Press it."""
        self.ask("WebDriver:ElementClick", id=self.element(selector))

    def type(self, selector: str, text: str) -> None:
        """Type into it; into a place for files, their paths a line each."""
        self.ask("WebDriver:ElementSendKeys", id=self.element(selector), text=text)

    def text(self, selector: str) -> str:
        """Return the text of all such elements as it is seen."""
        found: str = self.run(
            "return [...document.querySelectorAll(arguments[0])].map(one => one.innerText).join('')", selector
        )
        return found

    def wait(self, condition: str) -> None:
        """Wait until an expression is true on the page."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not self.run(f"return Boolean({condition})"):
            assert time.monotonic() < end, condition
            time.sleep(0.05)

    def prefer(self, name: str, value: bool | None) -> None:
        """Set a preference; None takes it back."""
        self.ask("Marionette:SetContext", value="chrome")
        act = (
            "Services.prefs.clearUserPref(arguments[0])"
            if value is None
            else "Services.prefs.setBoolPref(...arguments)"
        )
        self.run(act, name, *([] if value is None else [value]))
        self.ask("Marionette:SetContext", value="content")

    def close(self) -> None:
        """End it."""
        self.pipe.close()
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """The browser, started once."""
    path = find_firefox()
    if path is None:
        pytest.skip("no Firefox: apt-get install firefox-esr")
    browser = Firefox(path, tmp_path_factory.mktemp("firefox") / "profile")
    yield browser
    browser.close()
