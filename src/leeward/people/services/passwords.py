"""Passwords: strength, suggestions, and changing one's own."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.people.errors import PasswordIsWeak
from leeward.people.models import User

# No characters that are easily confused when read aloud or copied from paper.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LETTERS = 4, 4


def suggested_password() -> str:
    """Return a random password of 80 bits that can be read out over the telephone."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def check_password(password: str, user: User) -> None:
    """Raise PasswordIsWeak for a password that is easy to guess."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordIsWeak(why=" ".join(error.messages)) from error


def change_own_password(user: User, password: str) -> None:
    """Set the password that the account's owner has chosen and end its other sessions. The form has validated it."""
    was_first = user.must_change_password
    actor = Actor("staff", user.pk, user.name, user.hotline_id, frozenset(user.roles))
    with hotline_transaction(user.hotline_id):
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        facts = {"first": was_first}
        record("password.changed", actor=actor, hotline_id=user.hotline_id, subject=f"account:{user.pk}", facts=facts)
