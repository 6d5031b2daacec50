"""Erasing a person: what says who they were goes, what was decided stays under their number."""

import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from leeward.jobs.services import erased
from leeward.people.models import Invitation, PortalChange, User
from leeward.people.queries.persons import changes_of_entry, invitations_of


def erase_account(account_id: int) -> int:
    """Take name, address, password and second factors out of a closed account, in the caller's transaction, which logs it.

    The account stays with its number, since decisions, roles and the log refer to it; nobody can sign in to it again.
    """
    user = User.objects.filter(pk=account_id, is_active=False).first()
    if user is None:
        return 0
    invitations_of(user).update(name="", email="erased@erased.invalid")
    EmailAddress.objects.filter(user_id=account_id).delete()
    Authenticator.objects.filter(user_id=account_id).delete()
    user.name, user.email = f"#{account_id}", f"erased-{account_id}@erased.invalid"
    user.password = make_password(secrets.token_urlsafe(48))
    user.languages, user.countries, user.last_login = [], [], None
    user.save(update_fields=["name", "email", "password", "languages", "countries", "last_login"])
    erased(User, Invitation, EmailAddress, Authenticator)
    return 1


def erase_from_changes(
    hotline_id: int,
    what: str,
    names: Collection[str],
    *,
    but_not: Collection[str],
    name: str,
    erased_fields: Mapping[str, object],
) -> int:
    """Take what is about a person out of the changes of a thing, under these names and those that it had before, in the caller's
    transaction, which logs it; return how many. They are about `name` then. What still waits is refused. Those of other things,
    which `but_not` names, stay."""
    gone = changes_of_entry(PortalChange.objects.select_for_update(), hotline_id, what, names, but_not=but_not)
    for row in gone:
        row.about = name
        row.before, row.wanted = (
            {field: erased_fields.get(field, value) for field, value in fields.items()}
            for fields in (row.before, row.wanted)
        )
        if not row.outcome:
            row.outcome, row.settled_at = "refused", datetime.now(UTC)
        row.save(update_fields=["about", "before", "wanted", "outcome", "settled_at"])
    erased(PortalChange)
    return len(gone)
