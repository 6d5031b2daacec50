"""`leeward serve`: run the installation."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from leeward.foundation.errors import BadInput


def serve(
    bind: Annotated[str | None, typer.Option(help="Where to listen, as address:port.")] = None,
    web: Annotated[bool, typer.Option(help="Run the web server.")] = True,
    worker: Annotated[bool, typer.Option(help="Run the worker.")] = True,
    stop_bind: Annotated[
        str | None, typer.Option(help="Where to answer every name with the stop page, as address:port.")
    ] = None,
    matcher: Annotated[
        Path | None,
        typer.Option(
            help="Only hash and search: answer on a socket from the signed list in this folder, without a database."
        ),
    ] = None,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Start although the log has rows of later times.")
    ] = False,
    socket: Annotated[Path | None, typer.Option(help="With --matcher: the path of its socket.")] = None,
    key: Annotated[
        str | None, typer.Option(help="With --matcher: the public key (base 64) that must have signed the list.")
    ] = None,
) -> None:
    """Run web server and worker as one process tree, until Ctrl-C; or with --matcher only hashing and search.

    Example: leeward serve --bind 127.0.0.1:8470 --stop-bind 127.0.0.1:8471
    """
    if matcher is not None:
        raise typer.Exit(_serve_matcher(matcher, socket, key))
    if socket is not None or key is not None:
        raise BadInput(what="The command", why="--socket and --key are for --matcher")
    from leeward.site.start import prepare_database, settle_keys, start

    start()
    from django.conf import settings

    from leeward.administration.services import take_up
    from leeward.backup.queries import last_restoration
    from leeward.people.queries import hotlines
    from leeward.site.ports import need_free, with_port
    from leeward.site.refusing import database_file, need_clock, need_whole
    from leeward.site.serve import Plan, become_tree

    config = settings.LEEWARD
    where = with_port(bind or config.bind)
    stop_page = config.stop_bind if stop_bind is None else stop_bind
    for address in (where, stop_page) if web else ():
        if address:
            need_free(address)
    now = datetime.now(UTC)
    if (file := database_file()) is not None:
        need_whole(file)
    prepare_database()
    settle_keys()
    if not clock_is_right:
        need_clock(now)
    take_up(datetime.now(UTC))
    if (taken := last_restoration()) is not None and taken.confirmed_at is None:
        what = "A hotline was moved here" if taken.moved else "This installation was restored from a backup"
        print(f"{what}: nothing goes out until somebody confirms it.", flush=True)
    print(f"Leeward listens on http://{where}/ · data in {config.data_dir} · Ctrl-C ends it", flush=True)
    if web:
        is_here = (urlsplit(config.base_url).hostname or "") in ("127.0.0.1", "localhost", "::1")
        print(f"Staff sign in on {f'http://{where}' if is_here else config.base_url}/desk/", flush=True)
    if web and stop_page:
        print(f"The stop page answers every name on http://{stop_page}/", flush=True)
    if not hotlines():
        print("There is no hotline yet: run leeward setup.", flush=True)
    plan = Plan(
        bind=where if web else "",
        stop_bind=stop_page if web else "",
        web_processes=config.web_processes,
        web_threads=config.web_threads,
        work_threads=config.work_threads if worker else 0,
    )
    become_tree(plan)


def _serve_matcher(folder: Path, socket: Path | None, key: str | None) -> int:
    from leeward.site.matcher_service import serve_matcher

    if socket is None:
        raise BadInput(what="The command", why="--matcher needs --socket")
    return serve_matcher(socket, folder, key)
