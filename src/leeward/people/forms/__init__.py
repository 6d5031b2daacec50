"""The forms of this slice: accounts, the hotline and its portals, sign-in."""

from leeward.people.forms.accounts import (
    AccountForm,
    ChangeAccountForm,
    FirstPasswordForm,
    LostFactorForm,
    OwnAccountForm,
    WorkForm,
)
from leeward.people.forms.hotline import PortalForm

__all__ = [
    "AccountForm",
    "ChangeAccountForm",
    "FirstPasswordForm",
    "LostFactorForm",
    "OwnAccountForm",
    "PortalForm",
    "WorkForm",
]
