"""Rate limits for passwords and codes: guessing is slowed down, but the owner on a known device isn't.

Attempts from devices that the account doesn't know are counted by caller, by caller and account, and by account; those
from a known device are counted by that device alone. A passkey can't be guessed, so it is not counted at all.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from leeward.people.models import User
from leeward.people.sign_in.devices import known_device
from leeward.web_security.caller import caller_of
from leeward.web_security.services import allow, give_back

CODE_LIVES_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Limit:
    """How many attempts are allowed at once, and how many more per minute."""

    bucket: str
    burst: int
    per_minute: float


# Several people can share an address; few people use one account.
PAGE = Limit("sign-in page", 30, 30.0)
CALLER = Limit("sign-in caller", 10, 10.0)
PASSWORD = Limit("sign-in password", 5, 1.0)
ACCOUNT = Limit("sign-in account", 20, 4.0)
CODE = Limit("sign-in code", 5, 1.0)
DEVICE = Limit("sign-in device", 5, 1.0)


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt and what it was counted by; `is_refused` if there were too many, `is_known` if the device is known."""

    counted: tuple[tuple[Limit, str], ...]
    is_refused: bool
    is_known: bool

    def rollback(self) -> None:
        """Uncount a correct attempt. (The name is allauth's.)"""
        for limit, who in self.counted:
            give_back(limit.bucket, who, burst=limit.burst)


def may_open_page(request: HttpRequest) -> bool:
    """Return whether this sign-in form is processed at all: not if its address sends very many, unless the device is
    known."""
    if known_device(request, request.POST.get("login", "")[:320]):
        return True
    return allow(PAGE.bucket, caller_of(request), per_minute=PAGE.per_minute, burst=PAGE.burst)


def try_password(request: HttpRequest, email: str) -> Try:
    """Count one password attempt."""
    account, caller = email.strip().lower()[:320], caller_of(request)
    if device := known_device(request, account):
        return _count([(DEVICE, f"password {device}")], is_known=True)
    return _count([(CALLER, caller), (PASSWORD, f"{caller} {account}"), (ACCOUNT, account)], is_known=False)


def try_code(request: HttpRequest, user: User) -> Try:
    """Count one attempt at a code of a second factor; only somebody who knows the password gets this far."""
    if device := known_device(request, user.email):
        return _count([(DEVICE, f"code {device}")], is_known=True)
    return _count([(CALLER, f"code {caller_of(request)}"), (CODE, str(user.pk))], is_known=False)


def use_code(user: User, code: str) -> bool:
    """Return True the first time that an app's code is used, and False for as long as it could be reused; across
    processes."""
    return allow("sign-in used code", f"{user.pk} {code}", per_minute=60 / CODE_LIVES_SECONDS, burst=1)


def _count(wanted: list[tuple[Limit, str]], *, is_known: bool) -> Try:
    counted: list[tuple[Limit, str]] = []
    for limit, who in wanted:
        if not allow(limit.bucket, who, per_minute=limit.per_minute, burst=limit.burst):
            return Try(tuple(counted), is_refused=True, is_known=is_known)
        counted.append((limit, who))
    return Try(tuple(counted), is_refused=False, is_known=is_known)
