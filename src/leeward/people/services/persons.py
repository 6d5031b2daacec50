"""Erasing a former member of staff: what says who they were goes, what they decided stays under their number."""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from leeward.jobs.services import erased
from leeward.people.models import Invitation, User


def erase_account(account_id: int) -> int:
    """Take name, address, password and second factors out of a closed account, in the caller's transaction, which logs it.

    The account stays with its number, since decisions, roles and the log refer to it; nobody can sign in to it again.
    """
    user = User.objects.filter(pk=account_id, is_active=False).first()
    if user is None:
        return 0
    mine = Invitation.objects.filter(hotline_id=user.hotline_id)  # another hotline may have invited the same person
    mine.filter(Q(account=user) | Q(email__iexact=user.email)).update(name="", email="erased@erased.invalid")
    EmailAddress.objects.filter(user_id=account_id).delete()
    Authenticator.objects.filter(user_id=account_id).delete()
    user.name, user.email = f"#{account_id}", f"erased-{account_id}@erased.invalid"
    user.password = make_password(secrets.token_urlsafe(48))
    user.languages, user.countries, user.last_login = [], [], None
    user.save(update_fields=["name", "email", "password", "languages", "countries", "last_login"])
    erased(User, Invitation, EmailAddress, Authenticator)
    return 1
