"""Adapters for allauth: no sign-up, no mail of its own, our wording, everything recorded."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.audit.services import hotline_transaction
from leeward.people.access import SETUP_URL, home_of, is_own_page, needs_second_factor
from leeward.people.models import User
from leeward.people.queries import SECOND_FACTORS
from leeward.people.services import change_own_password
from leeward.people.sign_in.attempts import try_password
from leeward.people.sign_in.devices import remember_device
from leeward.people.sign_in.recording import FACTORS, record_failure, record_signed_in, record_signed_out, used_ways
from leeward.people.sign_in.sealing import seal, unseal
from leeward.web_security.caller import caller_of
from leeward.web_security.salts import daily_hash

TOO_MANY = _("There were too many failed attempts. Wait five minutes, then try again.")
TOO_MANY_BY_OTHERS = _(
    "There were too many failed attempts for this account, perhaps by somebody else. Wait five minutes, "
    "sign in with a passkey, or use a device on which you have signed in before."
)
NOT_RIGHT = _("This code is not right. Codes change every 30 seconds and work once: wait for the next one.")


class StaffAccounts(DefaultAccountAdapter):
    """Accounts are created only by administrators."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask your administrator."),
        "email_password_mismatch": _(
            "The address and password don’t match. Check for typing mistakes, then try again."
        ),
        "enter_current_password": _("This is not the password that you have now."),
        "incorrect_code": NOT_RIGHT,
        "incorrect_password": _("This is not your password."),
        "invalid_login": _("The address and password don’t match. Check for typing mistakes, then try again."),
        "too_many_login_attempts": TOO_MANY_BY_OTHERS,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody can sign up."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the part of the desk that the account's role works in."""
        return home_of(request.user) if isinstance(request.user, User) else "/desk/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the page for setting up a second factor if there is none yet."""
        assert isinstance(request.user, User)
        return SETUP_URL if needs_second_factor(request, request.user) else home_of(request.user)

    def is_safe_url(self, url: str) -> bool:
        """Accept only pages of the desk, so that a link with `?next=` leads nowhere else."""
        return is_own_page(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return today's hash of the address instead of the address: it is used to count attempts and is stored nowhere
        else."""
        return daily_hash(f"staff sign-in\n{caller_of(request)}", timezone.now().date())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a password attempt by who makes it, so that strangers can't lock the owner out; a correct one is
        uncounted."""
        tried = try_password(request, str(credentials.get("email", "")))
        if tried.is_refused:
            raise self.validation_error("rate_limited" if tried.is_known else "too_many_login_attempts")
        self._login_failed_rl_usage = tried

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        """Remember this device if a second factor was used on it."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        if FACTORS & used_ways(request, user):
            remember_device(response, user)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in and record it."""
        with hotline_transaction(user.hotline_id):
            record_signed_in(request, user)
            super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out and record it."""
        with hotline_transaction(getattr(request.user, "hotline_id", None)):
            if isinstance(request.user, User):
                record_signed_out(request.user)
            super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong password for an account that exists."""
        record_failure(User.objects.filter(email=str(credentials.get("email", "")).lower()).first(), "password")

    def set_password(self, user: User, password: str) -> None:
        """Change one's own password."""
        change_own_password(user, password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Don't ask again within five minutes of signing in, so that setting up a second factor at once needs no second
        password."""
        steps = get_authentication_records(self.request, self.request.user)
        signed_in_at = max((step["at"] for step in steps), default=0.0)
        if timezone.now().timestamp() - signed_in_at < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return allauth's methods, in our words."""
        descriptions = {
            "reauthenticate": gettext("Use your password"),
            "mfa_reauthenticate": gettext("Use a code"),
            "mfa_reauthenticate:webauthn": gettext("Use a passkey"),
        }
        return [
            method | {"description": descriptions[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: mail goes out only through the outbox."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing here either."""


class StaffFactors(DefaultMFAAdapter):
    """Second factors: sealed at rest, compulsory, with a QR code that is readable on a dark page."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "This is your only second factor. Add another one first, then remove this one."
        ),
        "cannot_generate_recovery_codes": _("Recovery codes come with an app or a passkey. Set up one of them first."),
        "incorrect_code": NOT_RIGHT,
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Unseal a stored secret."""
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to delete the last second factor, except in the demonstration."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
        return settings.LEEWARD.demonstration or others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """Return the next number."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return what a browser shows as the site that a passkey is for."""
        return {"id": super().get_public_key_credential_rp_entity()["id"], "name": "Leeward"}

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code dark on white: phones read nothing else, and a dark page has no white background of its own."""
        drawn = BytesIO()
        segno.make_qr(url).save(drawn, kind="svg", border=3, scale=8, light="#fff", xmldecl=False)
        return drawn.getvalue().decode()


class NoDjangoMail(BaseEmailBackend):
    """A mail backend that refuses everything, so that mail leaves only through the outbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Refuse to send."""
        raise RuntimeError("mail goes through leeward.notices")
