"""`python -m leeward.demo.world`: the demonstration world in the foreground, for developers."""

import argparse
import json
import shlex
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from leeward.demo.world.world import PACE, World
from leeward.foundation.errors import LeewardError


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the world, print how to use it, stay until Ctrl-C or a TERM signal."""
    parser = argparse.ArgumentParser(prog="python -m leeward.demo.world", description=__doc__)
    parser.add_argument("--port", type=_port, default=0, help="the port of the web sites (default: any)")
    parser.add_argument("--mailbox", type=Path, help="the folder of the mailbox (default: one that goes away)")
    parser.add_argument(
        "--pace", type=float, default=PACE, help=f"how much faster waiting times run (default: {PACE:g})"
    )
    parser.add_argument("--json", action="store_true", help="print the variables as one JSON object")
    given = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with World(web_port=given.port, mailbox=given.mailbox, pace=given.pace) as world:
            _show(world, as_json=given.json)
            stop.wait()
    except LeewardError as error:
        print(f"{error.text} {error.hint}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The mailbox folder can't be used: {error}.", file=sys.stderr)
        return 2
    return 0


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


def _show(world: World, *, as_json: bool) -> None:
    """The environment on standard output (for `eval` or a program), the addresses on standard error (for people)."""
    environment = world.environment()
    if as_json:
        print(json.dumps(environment), flush=True)
    else:
        print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in environment.items()), flush=True)
    print(
        f"# gallery here: {world.gallery_url}",
        f"# gallery abroad: {world.far_gallery_url}",
        f"# to look: curl --connect-to ::{world.host.addresses[0]}: {world.gallery_url}",
        "# Ctrl-C ends the world.",
        sep="\n",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
