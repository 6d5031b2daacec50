"""From the database to a resolver: an installation of its own, `leeward blocklist serve-dns` as a process, BIND 9 as the subscriber."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.demo.ports import free_port
from tests import commands
from tests.blocklist.servers.pages import blocks, filled
from tests.blocklist.servers.running import Resolver, process, program, until
from tests.tables import give_tables

pytestmark = [pytest.mark.servers, pytest.mark.slow]
SECRET = "a secret that only this test uses"
SETTINGS = (
    "--test-domain",
    "lists.hotline.example",
    "--canary-domain",
    "quiet.example",
    "--zone-suffix",
    "rpz.hotline.example",
)
STAGE = """
from leeward.site.start import start
start()
from leeward.foundation.actor import Actor
from leeward.people.services import open_hotline
open_hotline(slug="jm", name="Hotline", country="JM", email="desk@jm.example", actor=Actor(kind="command"))
"""


class House:
    """An installation with a data directory of its own, used by commands only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "LEEWARD_DATA": str(folder),
            "LEEWARD_DATABASE_URL": "",
            "LEEWARD_SECRET": SECRET,
        }
        give_tables(folder / "leeward.sqlite3")
        subprocess.run([sys.executable, "-c", STAGE], env=self.environment, check=True, timeout=180)

    def say(self, *arguments: str) -> str:
        done = commands.leeward("blocklist", *arguments, environment=self.environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def list_names(self, *names: str) -> None:
        file = self.folder / "names.txt"
        file.write_text("".join(f"{name}\n" for name in names))
        self.say("import", str(file), "--list", "partner", "--source", "A partner", "--basis", "Agreement, section 4")


def bind_config(folder: Path, made: dict[str, str], primary: int, port: int, everything: int) -> None:
    """The configuration of docs/how-to/bind9.md for the subscriber that was made."""
    page = blocks("bind9.md")
    zone, key = "partner.rpz.hotline.example", made["transfer_key_name"].rstrip(".")
    names = {"alpha.hotline.example": key}
    secret = {"bGVld2FyZC1leGFtcGxlLXNlY3JldC1ub3QtcmVhbCE=": made["transfer_key_secret"]}
    (folder / "leeward.key").write_text(filled(page["leeward.key"], names | secret))
    places = {"/etc/bind/": f"{folder}/", "192.0.2.53": "127.0.0.1", "port 53": f"port {primary}"}
    local = filled(page["named.conf.local"], {"rpz.hotline.example": zone} | names | places)
    (folder / f"{zone}.zone").write_text(page["rpz.hotline.example.zone"])
    options = filled(page["named.conf.options"], {"rpz.hotline.example": zone})
    (folder / "named.conf").write_text(
        f'options {{ directory "{folder}"; pid-file none; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};'
        f" forwarders port {everything} {{ 127.0.0.1; }}; forward only; dnssec-validation no;\n{options}\n}};\n"
        f"controls {{ }};\n{local}\n"
    )


def test_what_is_published_reaches_a_resolver_and_what_is_taken_off_is_open_again(tmp_path, everything):
    named = program("named", "bind9")
    house, port, primary = House(tmp_path / "data"), free_port(), free_port()
    house.say("settings", *SETTINGS)
    house.list_names("whole.example", "one.example")
    contract = ("--list", "partner", "--format", "rpz", "--notify", f"127.0.0.1:{port}", "--json")
    made = json.loads(house.say("add-subscriber", "alpha", *contract))
    house.say("publish", "--list", "partner")
    bind_config(tmp_path, made, primary, port, everything)
    serve = (sys.executable, "-m", "leeward", "--data", str(house.folder), "blocklist", "serve-dns", "--poll", "0.3")
    log = tmp_path / "serve.log"
    os.environ["LEEWARD_SECRET"], before = SECRET, os.environ.get("LEEWARD_SECRET")
    try:
        with process(*serve, "--listen", f"127.0.0.1:{primary}", log=log):
            until(lambda: "listening on" in log.read_text(), 60)
            with process(named, "-g", "-c", tmp_path / "named.conf", log=tmp_path / "named.log"):
                resolver = Resolver(port)
                until(lambda: resolver.blocks("whole.example"), 60, "the list is loaded")
                assert resolver.blocks("one.example")
                assert resolver.blocks("blocked-partner.lists.hotline.example"), "the test name"
                assert resolver.opens("neighbour.example")
                house.list_names("whole.example", "new.example")
                house.say("publish", "--list", "partner")
                until(lambda: resolver.blocks("new.example"), 60, "what was added is blocked")
                assert resolver.opens("one.example")
            until(lambda: json.loads(house.say("subscribers", "--json"))["serial"] == 2, 60, "what it holds is known")
    finally:
        if before is None:
            os.environ.pop("LEEWARD_SECRET")
        else:
            os.environ["LEEWARD_SECRET"] = before
