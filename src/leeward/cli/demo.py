"""`leeward demo`: the main job, played on real sockets."""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the play instead of keeping the site open.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a step.")] = False,
    port: Annotated[int, typer.Option(help="Where the site listens; a free port without it.", min=0, max=65535)] = 0,
    fill: Annotated[int, typer.Option(help="Make this many synthetic cases first.", min=0)] = 0,
) -> int:
    """Play the life of one report against a small world on loopback; exit with 1 if a step was not seen to happen.

    Example: leeward demo --once --json
    """
    from leeward.demo.whole import run

    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # everything below ends with us
    wanted = os.environ.get("LEEWARD_DATA")
    data = Path(wanted) if wanted else Path(tempfile.mkdtemp(prefix="leeward-demo-"))
    try:
        return run(data=data.resolve(), port=port, fill=fill, once=once, as_json=as_json)
    finally:
        if not wanted:
            shutil.rmtree(data, ignore_errors=True)
