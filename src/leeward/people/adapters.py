"""How allauth behaves here: no sign-up, no mail of its own, everything recorded."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest

from leeward.people.access import home_of
from leeward.people.models import User


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the part of the desk that the account's role works in."""
        return home_of(request.user) if isinstance(request.user, User) else "/desk/"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth's notifications are not sent: mail goes out through the outbox only."""


class NoDjangoMail(BaseEmailBackend):
    """Django's own mail is refused, so that nothing leaves except through the outbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Refuse."""
        raise RuntimeError("mail goes through leeward.notices")
