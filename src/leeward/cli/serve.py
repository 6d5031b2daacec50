"""`leeward serve`: run the installation."""

from typing import Annotated
from urllib.parse import urlsplit

import typer


def serve(
    bind: Annotated[str | None, typer.Option(help="Where to listen, as address:port.")] = None,
    web: Annotated[bool, typer.Option(help="Run the web server.")] = True,
    worker: Annotated[bool, typer.Option(help="Run the worker.")] = True,
    stop_bind: Annotated[
        str | None, typer.Option(help="Where to answer every name with the stop page, as address:port.")
    ] = None,
) -> None:
    """Run web server and worker as one process tree, until Ctrl-C.

    Example: leeward serve --bind 127.0.0.1:8470 --stop-bind 127.0.0.1:8471
    """
    from leeward.site.start import prepare_database, settle_keys, start

    start()
    from django.conf import settings

    from leeward.people.queries import hotlines
    from leeward.site.ports import need_free
    from leeward.site.serve import Plan, become_tree

    config = settings.LEEWARD
    where = bind or config.bind
    stop_page = config.stop_bind if stop_bind is None else stop_bind
    for address in (where, stop_page) if web else ():
        if address:
            need_free(address)
    prepare_database()
    settle_keys()
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
