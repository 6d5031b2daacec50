"""`leeward serve`: run the installation."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import typer

from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.site.config import Config
    from leeward.site.serve import Plan

Part = Literal["public", "desk", "api", "stop", "matcher", "worker"]


def serve(
    bind: Annotated[str | None, typer.Option(help="Where to listen, as address:port.")] = None,
    web: Annotated[bool, typer.Option(help="Run the web server.")] = True,
    worker: Annotated[bool, typer.Option(help="Run the worker.")] = True,
    face: Annotated[
        Part | None, typer.Option(help="Run this part alone, with --bind: for a user or a machine of its own.")
    ] = None,
    stop_bind: Annotated[
        str | None, typer.Option(help="Where to answer every name with the stop page, as address:port.")
    ] = None,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Start although the log has rows of later times.")
    ] = False,
) -> None:
    """Run web server and worker as one process tree, until Ctrl-C; or with --face one part of it.

    Example: leeward serve --bind 127.0.0.1:8470 --stop-bind 127.0.0.1:8471
    """
    if face == "matcher":
        raise typer.Exit(_serve_matcher())
    if face is not None:
        os.environ["LEEWARD_FACE"] = face if face in ("public", "desk", "api") else ""
    from leeward.site.start import need_database, need_keys, prepare_database, settle_keys, start

    start()
    from django.conf import settings

    from leeward.administration.services import take_up
    from leeward.backup.queries import last_restoration
    from leeward.people.queries import hotlines
    from leeward.site.ports import need_free
    from leeward.site.refusing import need_clock, take_clock_as_right
    from leeward.site.rights import need_no_more
    from leeward.site.serve import become_tree
    from leeward.spool.owner import tie

    config = settings.LEEWARD
    face = face or config.face or None
    plan = plan_of(config, face, bind=bind, stop_bind=stop_bind, web=web, worker=worker)
    for address in plan.addresses:
        need_free(address)
    now = datetime.now(UTC)
    _need_whole_files(config, plan, face)
    if face == "public":
        need_database()
        need_no_more()
        need_keys()
    else:
        prepare_database()
        tie()
        _ready_key_of_words(face)
        settle_keys()
    if face != "public":  # which may not read when the log was written
        (take_clock_as_right if clock_is_right else need_clock)(now)
    if face != "public":
        take_up(datetime.now(UTC))
        _ask_signer(now)
    if (taken := last_restoration()) is not None and taken.confirmed_at is None:
        what = "A hotline was moved here" if taken.moved else "This installation was restored from a backup"
        print(f"{what}: nothing goes out until somebody confirms it.", flush=True)
    if face != "public":
        _say_what_stays()
    _say_where(config, plan)
    if not hotlines():
        print("There is no hotline yet: run leeward setup.", flush=True)
    become_tree(replace(plan, files=_files(config, plan, face)))


def plan_of(
    config: "Config", face: Part | None, *, bind: str | None, stop_bind: str | None, web: bool, worker: bool
) -> "Plan":
    """Return what a command with these options runs; raises BadInput."""
    from leeward.site.faces import API, DESK, NAMES, PUBLIC
    from leeward.site.ports import need_apart, with_port
    from leeward.site.serve import Plan

    if bool(config.desk_bind) != bool(config.api_bind):
        raise BadInput(
            what="The configuration", why="LEEWARD_DESK_BIND and LEEWARD_API_BIND are set together or not at all"
        )
    where = bind or config.bind
    stop_page = config.stop_bind if stop_bind is None else stop_bind
    own = {PUBLIC: where, DESK: config.desk_bind, API: config.api_bind}
    faces = [(name, address) for name, address in own.items() if address] if config.desk_bind else [("", where)]
    matcher = matcher_settings(config) if web and face is None else {}
    if face is not None:
        faces = [(face, bind or own[face] or where)] if face in NAMES else []
        stop_page = bind or stop_page if face == "stop" else ""
        web, worker = face != "worker", face == "worker"
    if face == "stop" and not stop_page:
        raise BadInput(what="The command", why="--face stop needs --bind or LEEWARD_STOP_BIND")
    if web and not all(address for _name, address in faces):
        raise BadInput(what="LEEWARD_BIND", why="it is empty")
    plan = Plan(
        faces=[(name, with_port(address)) for name, address in faces] if web else [],
        stop_bind=stop_page if web else "",
        web_processes=config.web_processes,
        web_threads=config.web_threads,
        work_threads=config.work_threads if worker else 0,
        matcher=matcher,
    )
    need_apart(plan.addresses)
    return plan


def matcher_settings(config: "Config") -> dict[str, str]:
    """Return what a matcher is told of this installation, nothing where none runs; raises BadInput."""
    if bool(config.matcher_list) != bool(config.matcher_socket):
        raise BadInput(
            what="The configuration",
            why="LEEWARD_MATCHER_LIST and LEEWARD_MATCHER_SOCKET are set together or not at all",
        )
    own = ("matcher_list", "matcher_socket", "matcher_key") if config.matcher_list else ()
    return {f"LEEWARD_{name.upper()}": getattr(config, name) for name in own}


def _say_where(config: "Config", plan: "Plan") -> None:
    """Print where what listens; only the work of a tree without a web server has no address."""
    from leeward.site.doctor_backups import of_heads

    faces = dict(plan.faces)
    where = faces.get("") or faces.get("public") or next(iter(faces.values()), "") or plan.stop_bind
    says = f"Leeward listens on http://{where}/" if where else "Leeward works"
    print(f"{says} · data in {config.data_dir} · Ctrl-C ends it", flush=True)
    if desk := faces.get("") or faces.get("desk"):
        is_here = (urlsplit(config.base_url).hostname or "") in ("127.0.0.1", "localhost", "::1")
        print(f"Staff sign in on {f'http://{desk}' if is_here else config.base_url}/desk/", flush=True)
    if faces.get("api") not in (None, where):
        print(f"Programs and partners are answered on http://{faces['api']}/", flush=True)
    if plan.stop_bind:
        print(f"The stop page answers every name on http://{plan.stop_bind}/", flush=True)
    if plan.work_threads:
        for _number, sentence, _hint in of_heads(config):
            print(sentence, flush=True)
    if plan.matcher:
        print(f"The matcher answers on {plan.matcher['LEEWARD_MATCHER_SOCKET']}", flush=True)


def _say_what_stays() -> None:
    """Print that the database is behind the keys of words, as one is that was copied without its -wal, or that they are too many: it can't
    be told from one that was put back on purpose, so it starts, with an alarm."""
    from leeward.sealing.queries import unused_that_stay

    for stay in unused_that_stay():
        print(stay.text, stay.hint, sep="\n", flush=True)


def _ask_signer(now: datetime) -> None:
    """Compare the key of the log with the one from before, and say so where the signer doesn't answer."""
    from leeward.audit.tree.own_key import need_log_key

    if silent := need_log_key(now):
        print(silent, flush=True)


def _need_whole_files(config: "Config", plan: "Plan", face: str | None) -> None:
    """Look for damage in the SQLite files of this tree. Raises DamagedDatabase."""
    from leeward.site.refusing import need_whole

    for file in _files(config, plan, face):
        need_whole(Path(file))


def _files(config: "Config", plan: "Plan", face: str | None) -> list[str]:
    """Return the SQLite database, the keys of words beside it, and the public face's own file where that face runs in this tree."""
    from leeward.sealing.key_copy import FILE as WORDS
    from leeward.site.refusing import database_file

    own, public = database_file(), config.public_file
    files = [] if own is None else [own] if face == "public" else [own, config.data_dir / WORDS]
    if public is not None and public != own and any(name in ("", "public") for name, _bind in plan.faces):
        files.append(public)
    return [str(file) for file in files]


def _ready_key_of_words(face: str | None) -> None:
    """Ask for the passphrase of the words' key, for this process tree; a face that lets nobody sign in holds no
    such key, nor does the stop page."""
    from django.conf import settings

    from leeward.cli.words import ask_for_passphrase
    from leeward.sealing.keys import hold_no_key

    if face == "stop" or not settings.FACE.has_sign_in:
        hold_no_key()
    elif secret := ask_for_passphrase():
        os.environ["LEEWARD_WORDS_PASSPHRASE"] = secret


def _serve_matcher() -> int:
    from leeward.site.config import read_config
    from leeward.site.matcher_service import serve_matcher

    config = read_config()
    if not matcher_settings(config):
        raise BadInput(what="The command", why="--face matcher needs LEEWARD_MATCHER_LIST and LEEWARD_MATCHER_SOCKET")
    return serve_matcher(Path(config.matcher_socket), Path(config.matcher_list), config.matcher_key or None)
