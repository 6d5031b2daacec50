"""`leeward account`: for whoever runs the server, when nobody can get in by the desk."""

from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound

app = typer.Typer()
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The e-mail address that the account signs in with.")]
Seen = Annotated[str, typer.Option("--seen", help="The mark that was shown: only exactly that is confirmed.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
COLUMNS = ("id", "hotline_id", "email", "name", "roles", "is_active")


@app.command("list")
def list_accounts(as_json: AsJson = False) -> int:
    """List the accounts of every hotline.

    Example: leeward account list --json
    """
    _begin()
    from leeward.people.queries import hotlines, staff_of

    show([row for hotline in hotlines() for row in staff_of(hotline.id)], as_json=as_json, columns=COLUMNS)
    return 0


@app.command("password")
def give_password(email: Email) -> int:
    """Give an account a new first password and print it; it must be changed at the next sign-in. This is logged.

    Example: leeward account password ada@hotline.example
    """
    account_id = _account(email)
    from leeward.people.services import give_first_password
    from leeward.people.services.passwords import suggested_password

    password = suggested_password()
    give_first_password(account_id, password=password, actor=Actor(kind="command"))
    print(password)
    return 0


@app.command("approve-reset")
def approve_reset(email: Email) -> int:
    """Approve, as the second person, that a lost second factor is removed, as a colleague asked on the desk.

    For hotlines of two people. This is logged. Example: leeward account approve-reset ada@hotline.example
    """
    account_id = _account(email)
    from leeward.people.queries import reset_of
    from leeward.people.services import settle_second_factor_reset

    request_id = reset_of(account_id)
    if request_id is None:
        raise NotFound("A colleague asks on the desk: People, lost second factors.", what="open request for an account")
    settle_second_factor_reset(request_id, approve=True, actor=Actor(kind="command"))
    print(f"The second factor of {email} is removed; a new one is set up at the next sign-in.")
    return 0


@app.command("confirm")
def confirm(email: Email, seen: Seen = "") -> int:
    """Confirm an account that one administrator created alone, and its roles, so that it can be a second person at once.

    Without --seen it only shows what would be confirmed, with its mark, and exits with 1. Possible once its owner has set up a
    second factor; check with them that it was really them. Do this only for somebody you know. This is logged. Example:
    leeward account confirm ada@hotline.example
    """
    account_id = _account(email)
    from leeward.people.queries import own_factor_since
    from leeward.people.services import confirm_account, unconfirmed_of

    if not seen:
        waits = unconfirmed_of(account_id)
        print(
            f"Would be confirmed: the account of {email}; roles that nobody has confirmed: {', '.join(waits.roles) or '-'}."
        )
        print(f"To confirm exactly this: leeward account confirm {email} --seen {waits.mark}")
        return 1
    confirm_account(account_id, seen=seen, actor=Actor(kind="command"))
    print(f"The account of {email} and its roles are confirmed.")
    print(f"First signed in with a second factor of their own: {own_factor_since(account_id):%Y-%m-%d %H:%M} UTC.")
    print("If that was not them, give the account a new first password: this undoes the confirmation.")
    return 0


@app.command("reopen")
def reopen(email: Email) -> int:
    """Let a closed account sign in again, with its roles, its password and its second factors of before: look at them first, in
    leeward account list. This is logged.

    Example: leeward account reopen ada@hotline.example
    """
    account_id = _account(email)
    from leeward.people.services import reopen_account

    reopen_account(account_id, actor=Actor(kind="command"))
    print(f"The account of {email} is open. Give it a new first password if others may know its old one.")
    return 0


def _begin() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()


def _account(email: str) -> int:
    _begin()
    from leeward.people.queries import account_with_email

    account_id = account_with_email(email)
    if account_id is None:
        raise NotFound("See leeward account list.", what="account")
    return account_id
