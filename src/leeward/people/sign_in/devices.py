"""Devices on which an account has signed in with a second factor, recognised by a cookie (OWASP's device cookies).

The cookie reveals nothing to a thief and lets nobody in: it only separates the owner's attempts from those of
strangers. It becomes invalid once the account's sessions are ended (`session_epoch`).
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from leeward.people.models import User

COOKIE = "leeward_device"
PATH = "/desk/account"
KNOWN_FOR = timedelta(days=180)
_SALT = "leeward.people.device"
_LONGEST = 300


def remember_device(response: HttpResponseBase, user: User) -> None:
    """Give the browser a new cookie that names this account."""
    value = signing.dumps([user.pk, user.session_epoch, secrets.token_urlsafe(12)], salt=_SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=int(KNOWN_FOR.total_seconds()),
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def known_device(request: HttpRequest, email: str) -> str:
    """Return the device's name if this account signed in on it with a second factor, else ""."""
    value = request.COOKIES.get(COOKIE, "")
    if not value or len(value) > _LONGEST:
        return ""
    try:
        account_id, epoch, nonce = signing.loads(value, salt=_SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, TypeError, ValueError):
        return ""
    owner = User.objects.filter(pk=account_id, session_epoch=epoch, email=email.strip().lower(), is_active=True)
    return f"{account_id} {nonce}" if owner.exists() else ""
