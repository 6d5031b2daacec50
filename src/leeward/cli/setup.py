"""`leeward setup`: a new installation, by questions or by options."""

import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from leeward.foundation.errors import BadInput

# The environment of the Debian package, whose unit starts the service where systemd runs, as its own user.
PACKAGED, SYSTEMD = "/usr/lib/leeward", Path("/run/systemd/system")


def setup(
    country: Annotated[str | None, typer.Option(help="The country, as two letters: JM.")] = None,
    name: Annotated[str | None, typer.Option(help="The hotline's name.")] = None,
    languages: Annotated[str | None, typer.Option(help="The portal's languages, the first one first: en,fr.")] = None,
    mode: Annotated[
        str | None, typer.Option(help="assess (analysts decide) or post_box (passes on to the police).")
    ] = None,
    admin_email: Annotated[str | None, typer.Option(help="The first administrator's e-mail address.")] = None,
    admin_name: Annotated[str | None, typer.Option(help="The first administrator's name.")] = None,
    admin_password_file: Annotated[
        Path | None, typer.Option(help="A file with their first password; generated without it.")
    ] = None,
    portal: Annotated[
        str | None, typer.Option(help="The portal's name in addresses; the country's code without it.")
    ] = None,
    portal_name: Annotated[str | None, typer.Option(help="The portal's name as visitors see it.")] = None,
    emergency_number: Annotated[
        str | None, typer.Option(help="The emergency number shown to reporters. The police say it is right.")
    ] = None,
    helpline_name: Annotated[str | None, typer.Option(help="The child helpline's name.")] = None,
    helpline_number: Annotated[
        str | None, typer.Option(help="The child helpline's number. You have called it.")
    ] = None,
    police_name: Annotated[str | None, typer.Option(help="The police unit's name.")] = None,
    police_email: Annotated[str | None, typer.Option(help="Where referrals to the police go.")] = None,
    exit_url: Annotated[str | None, typer.Option(help="Where “Leave this page” leads.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="The portal's time zone; the country's without it.")] = None,
    working_days: Annotated[str | None, typer.Option(help="The working days, 1 is Monday: 1,2,3,4,5.")] = None,
    open_now: Annotated[
        bool, typer.Option("--open", help="Take reports at once, without the checklist on the desk.")
    ] = False,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Do nothing where there is a hotline already, as make run does.")
    ] = False,
) -> int:
    """Create a new installation: its database, keys, first hotline, portal and administrator.

    Asks for what no option gives, checks each answer, and continues where it was interrupted.

    Example: leeward setup --country JM --name "Hotline of Jamaica" --languages en --mode assess
    --admin-email a@hotline.example --admin-name Ada
    """
    given = {key: value for key, value in locals().items() if isinstance(value, str)}
    from leeward.site.start import fold_in, prepare_database, settle_keys, start

    start()
    prepare_database()
    settle_keys()
    from django.conf import settings

    from leeward.cli.setup_questions import answers_for, forget

    if not _goes_on(if_needed=if_needed, is_interactive=not given):
        return 0
    password, made_up = _password(admin_password_file)
    place = settings.LEEWARD.data_dir
    answers = answers_for(given, place)
    _make(answers, password, open_now=open_now)
    forget(place)
    fold_in()
    print(f"Made: hotline {answers['name']}, portal /{answers['portal']}/, administrator {answers['admin_email']}.")
    if made_up:
        print(f"First password, shown only now: {password}")
    print(f"The desk, once it runs: {settings.LEEWARD.base_url}/desk/")
    if not open_now:
        print("The portal takes no reports yet: the desk has a checklist, at its end an administrator opens it.")
    print(f"Next: leeward doctor tells what is still missing; {_starter()} starts it.")
    return 0


def _starter() -> str:
    return "systemctl enable --now leeward" if sys.prefix == PACKAGED and SYSTEMD.is_dir() else "leeward serve"


def _goes_on(*, if_needed: bool, is_interactive: bool) -> bool:
    """Whether there is something to make. A hotline that is there already is named, and another one is made only on request."""
    from leeward.people.queries import hotlines, portals_of

    known = hotlines()
    if not known:
        return True
    if if_needed:
        return False
    for row in known:
        portals = ", ".join(f"/{portal.slug}/" for portal in portals_of(row.id)) or "no portal"
        print(f"There is already: hotline {row.name} ({portals}).")
    if not is_interactive:
        return True
    print(f"Nothing more is needed: {_starter()} starts it, leeward doctor tells what is missing.")
    return sys.stdin.isatty() and typer.confirm("Set up another hotline beside it?", default=False)


def _password(file: Path | None) -> tuple[str, bool]:
    if file is None:
        return secrets.token_urlsafe(12), True
    try:
        return file.read_text(encoding="utf-8").strip(), False
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(what=str(file), why=getattr(error, "strerror", None) or "it is not text") from error


def _make(answers: dict[str, str], password: str, *, open_now: bool) -> None:
    from django.db import transaction
    from django_scopes import scope

    from leeward.administration.services import begin_numbers
    from leeward.blocklist.services import open_own_lists
    from leeward.foundation.actor import Actor
    from leeward.oncall.services import put_on_call
    from leeward.people.services import (
        add_account,
        confirm_emergency_number,
        open_hotline,
        open_portal,
        save_helpline,
    )

    actor, slug, country = Actor(kind="command"), answers["portal"], answers["country"]
    of_portal = ("emergency_number", "police_name", "police_email")
    with transaction.atomic():
        hotline_id = open_hotline(slug=slug, name=answers["name"], country=country, email="", actor=actor)
        begin_numbers(hotline_id, datetime.now(UTC))
        portal_id = open_portal(
            hotline_id,
            slug=slug,
            actor=actor,
            name=answers["portal_name"],
            country=country,
            mode=answers["mode"],
            languages=answers["languages"].split(","),
            working_days=[int(day) for day in answers["working_days"].split(",")],
            exit_url=answers["exit_url"],
            time_zone=answers["time_zone"],
            takes_reports=open_now,
            **{name: answers[name] for name in of_portal},
        )
        if number := answers["emergency_number"]:
            confirm_emergency_number(portal_id, number, actor=actor)
        if number := answers["helpline_number"]:
            line = {"whom": "child", "name": answers["helpline_name"] or number, "number": number}
            save_helpline(portal_id, "", values=line, is_confirmed=True, actor=actor)
        account_id = add_account(
            hotline_id,
            email=answers["admin_email"],
            name=answers["admin_name"],
            roles=["administrator"],
            password=password,
            actor=actor,
        )
        with scope(hotline=hotline_id):
            put_on_call(portal_id, account_id, actor=actor)
            open_own_lists(hotline_id, actor=actor)
