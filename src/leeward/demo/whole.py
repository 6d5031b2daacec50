"""The whole demonstration: the world, the installation, the play, and an open site afterwards."""

import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from leeward.demo.abroad import neighbour, perform_abroad
from leeward.demo.exchanging.processes import Process
from leeward.demo.exchanging.run import made_tables
from leeward.demo.figures import perform_figures
from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.demo.staff import log_ins
from leeward.demo.steps import Play, StepFailed
from leeward.demo.urgent import perform_urgent
from leeward.demo.world import World
from leeward.demo.world.feeds import NcmecFeed

# As in earnest: visitors of the open site see "Undo" and how long it lasts.
UNDO_SECONDS = 10


def run(*, data: Path, port: int, fill: int, once: bool, as_json: bool) -> int:
    """Run it; returns 0 if every step was seen to happen, else 1."""
    data.mkdir(parents=True, exist_ok=True)
    with (
        World(mailbox=data / "mailbox", undo_seconds=UNDO_SECONDS) as world,
        NcmecFeed() as feed,
        tempfile.TemporaryDirectory(prefix="leeward-demo-") as beside,
    ):
        installation = Installation(data=data, port=port or free_port(), environment=world.environment())
        os.environ.update(
            {name: value for name, value in installation.environment.items() if name.startswith("LEEWARD_")}
        )
        hotline_id, tables = _prepare_both(data, Path(beside))
        _offer_source(hotline_id, feed)
        if fill:
            _fill(fill, hotline_id)
        with neighbour(Path(beside, "abroad"), tables, world) as abroad, installation:
            code = _play(installation, world, abroad, as_json=as_json)
            if not once:
                _stay_open(installation, world)
    return code


def prepare() -> int:
    """Create the database and the demonstration's hotline in the installation that the environment names; return the hotline's number."""
    prepare_tables()
    from leeward.demo.stage import set_stage

    return set_stage()


def prepare_tables() -> None:
    """Create the database in the installation that the environment names."""
    from leeward.site.start import prepare_database, start

    start()
    prepare_database()


def _prepare_both(data: Path, beside: Path) -> tuple[int, Path]:
    """Prepare; return the hotline's number, and a database with nothing but tables for the one of the other country."""
    prepare_tables()
    from leeward.demo.stage import leave_peers
    from leeward.people.queries import hotlines

    own, tables = data / "leeward.sqlite3", beside / "tables.sqlite3"
    if own.exists() and not hotlines():
        with closing(sqlite3.connect(own)) as database:
            database.execute("VACUUM INTO ?", [str(tables)])
    else:
        tables = made_tables(beside / "tables")
    hotline_id = prepare()
    leave_peers(hotline_id)
    return hotline_id, tables


def _offer_source(hotline_id: int, feed: NcmecFeed) -> None:
    from leeward.demo.exchange import fill_feed, offer_source

    fill_feed(feed)
    offer_source(hotline_id, feed)


def _fill(count: int, hotline_id: int) -> None:
    from leeward.demo.fill import fill

    fill(count, hotline_id)


def _play(installation: Installation, world: World, abroad: Process, *, as_json: bool) -> int:
    from leeward.demo.play import perform, verify_log

    play = Play(as_json=as_json)
    try:
        perform(play, installation, world)
        perform_abroad(play, installation, world, abroad)
        perform_urgent(play, installation, world)
        verify_log(play, installation)
        perform_figures(play, installation)
    except StepFailed:
        print(f"The installation's log is {installation.log}", file=sys.stderr)
    return play.finish()


def _stay_open(installation: Installation, world: World) -> None:
    print(
        f"\nThe site stays open until Ctrl-C.\n\n  reporters   {installation.url}/jm/\n  the desk    {installation.url}/desk/"
    )
    print(
        f"  to report   {world.more_url}\n  data        {installation.data}\n\n  log-ins, all with the password {log_ins()[0].password}:"
    )
    for person in log_ins():
        print(f"  {person.email:34} {', '.join(person.roles)}")
    print("\n  mail that was sent is shown here as it arrives:\n", flush=True)
    seen = len(world.mail.messages())
    try:
        while True:
            for message in world.mail.messages()[seen:]:
                print(
                    f"  {message.at:%H:%M:%S}  to {', '.join(message.recipients)}: {message.message['Subject']}",
                    flush=True,
                )
                links = [word for word in message.text.split() if word.startswith(installation.url)]
                print("".join(f"            {link}\n" for link in links), end="", flush=True)
                seen += 1
            time.sleep(0.5)
    except KeyboardInterrupt:
        print()
