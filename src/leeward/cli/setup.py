"""`leeward setup`: a new installation, by questions or by options."""

import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from leeward.ground.errors import BadInput


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
        Path | None, typer.Option(help="A file with their first password; made up without it.")
    ] = None,
    portal: Annotated[
        str | None, typer.Option(help="The portal's name in addresses; the country's code without it.")
    ] = None,
    emergency_number: Annotated[str, typer.Option(help="The emergency number shown to reporters.")] = "",
    police_email: Annotated[str, typer.Option(help="Where referrals to the police go.")] = "",
    time_zone: Annotated[str, typer.Option(help="The portal's time zone.")] = "UTC",
    open_now: Annotated[
        bool, typer.Option("--open", help="Take reports at once, without the checklist on the desk.")
    ] = False,
) -> int:
    """Make a new installation: its database, keys, first hotline, portal and administrator.

    Example: leeward setup --country JM --name "Hotline of Jamaica" --languages en --mode assess
    --admin-email a@hotline.example --admin-name Ada
    """
    from leeward.site.start import prepare_database, settle_keys, start

    start()
    prepare_database()
    settle_keys()
    answers: dict[str, Any] = {
        "country": (country or typer.prompt("Country (two letters)")).upper(),
        "name": name or typer.prompt("Name of the hotline"),
        "languages": (languages or typer.prompt("Languages, the first one first", default="en")).split(","),
        "mode": mode or typer.prompt("Mode (assess or post_box)", default="assess"),
        "admin_email": admin_email or typer.prompt("The first administrator's e-mail address"),
        "admin_name": admin_name or typer.prompt("The first administrator's name"),
    }
    password, made_up = _password(admin_password_file)
    slug = portal or answers["country"].lower()
    _make(
        answers,
        slug,
        password,
        {
            "emergency_number": emergency_number,
            "police_email": police_email,
            "time_zone": time_zone,
            "takes_reports": open_now,
        },
    )
    print(f"Made: hotline {answers['name']}, portal /{slug}/, administrator {answers['admin_email']}.")
    if made_up:
        print(f"First password, shown only now: {password}")
    if not open_now:
        print("The portal takes no reports yet: the desk has a checklist, at its end an administrator opens it.")
    print("Next: leeward doctor tells what is still missing; leeward serve starts it.")
    return 0


def _password(file: Path | None) -> tuple[str, bool]:
    if file is None:
        return secrets.token_urlsafe(12), True
    try:
        return file.read_text(encoding="utf-8").strip(), False
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(what=str(file), why=getattr(error, "strerror", None) or "it is not text") from error


def _make(answers: dict[str, Any], slug: str, password: str, extra: dict[str, str | bool]) -> None:
    from django.db import transaction
    from django_scopes import scope

    from leeward.blocklist.services import open_own_lists
    from leeward.ground.actor import Actor
    from leeward.oncall.services import put_on_call
    from leeward.people.services import add_account, open_hotline, open_portal

    actor = Actor(kind="command")
    with transaction.atomic():
        hotline_id = open_hotline(
            slug=slug, name=answers["name"], country=answers["country"], mode=answers["mode"], email="", actor=actor
        )
        languages = [language.strip() for language in answers["languages"] if language.strip()]
        portal_id = open_portal(
            hotline_id,
            slug=slug,
            actor=actor,
            name=answers["name"],
            country=answers["country"],
            languages=languages,
            **extra,
        )
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
