"""allauth's forms in our words, with two checks that it lacks: no code works twice, and a new password must differ from
the old."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.voice import give_voice
from leeward.people.rules.names import tidy_name
from leeward.people.sign_in.attempts import try_code, use_code

NAME_LETTERS = 40
PASSKEY_WRONG = _("This passkey was not accepted. Try again, or use another way.")
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr", "class": "mono"}


def _code_field(form: forms.BaseForm, label: Any, help_text: Any) -> None:
    give_voice(form)
    field = form.fields["code"]
    field.label, field.help_text = label, help_text
    field.widget.attrs |= CODE | {"maxlength": "20"}


class SignInForm(LoginForm):
    """Sign in with address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_voice(self)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "dir": "ltr"}
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""


class ConfirmPasswordForm(PasswordForm):
    """Ask for the password again before a sensitive action."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_voice(self)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""


class NewPasswordForm(ChangePasswordForm):
    """The current password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_voice(self)
        labels = {
            "oldpassword": (_("The password you have now"), ""),
            "password1": (
                _("A new password"),
                _("At least 12 characters. A few words that don’t belong together are best."),
            ),
            "password2": (_("The new password again"), ""),
        }
        for name, (label, help_text) in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text

    def clean(self) -> dict[str, Any]:
        """Do allauth's checks in our words, and require that the new password differs from the old one."""
        values: dict[str, Any] = forms.Form.clean(self) or self.cleaned_data
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two are not the same. Type the new password again."))
        if first and first == values.get("oldpassword"):
            self.add_error("password1", _("This is the password you have now. Choose another."))
        return values


class _OnceCode:
    """Accept each code of an authenticator app only once while it is valid; attempts are counted by who makes them."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        tried = try_code(context.request, self.user)
        if tried.is_refused:
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]  # of the form that this is part of
        if self.authenticator.type == Authenticator.Type.TOTP and not use_code(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        tried.rollback()
        return code


class CodeForm(_OnceCode, AuthenticateForm):
    """The code that is the second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"), _("Six digits from your app, or one of your recovery codes."))


class ConfirmCodeForm(_OnceCode, ReauthenticateForm):
    """Ask for a code again before a sensitive action."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"), _("Six digits from your app, or one of your recovery codes."))


class AppForm(ActivateTOTPForm):
    """The first code of an app that is being set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"), _("The six digits that the app shows now."))


class _Passkey:
    """Show any problem with what a device sent as a message about passkeys."""

    def clean_credential(self) -> Authenticator:
        with _about_passkeys():
            found: Authenticator = super().clean_credential()  # type: ignore[misc]  # of the form that this is part of
        return found


class PasskeyLoginForm(_Passkey, LoginWebAuthnForm):
    """Sign in with a passkey alone."""


class PasskeyStepForm(_Passkey, AuthenticateWebAuthnForm):
    """Use a passkey as the second step of signing in."""


class ConfirmPasskeyForm(_Passkey, ReauthenticateWebAuthnForm):
    """Ask for a passkey again before a sensitive action."""


class PasskeyForm(AddWebAuthnForm):
    """Add a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_voice(self)
        self.fields["name"] = _name_field(required=False)
        self.fields["passwordless"].label = _("Sign in with this passkey alone")
        self.fields["passwordless"].help_text = _(
            "Without a password. The device then asks for its PIN, your finger or your face."
        )
        self.order_fields(["name", "passwordless", "credential"])

    def clean(self) -> dict[str, Any]:
        """Check that what the device sent answers our challenge."""
        with _about_passkeys():
            values: dict[str, Any] = super().clean()
        return values

    def clean_name(self) -> str:
        """Make up a name if none was given, since the device has created the passkey by now."""
        self.cleaned_data["name"] = tidy_name(self.cleaned_data["name"])
        return str(super().clean_name())


class PasskeyNameForm(EditWebAuthnForm):
    """Rename a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field(required=True)
        give_voice(self)

    def clean_name(self) -> str:
        """Return the name on one line."""
        name = tidy_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("This contains no letter. Type a name."), code="required")
        return name


@contextmanager
def _about_passkeys() -> Iterator[None]:
    """Replace allauth's message, which is shared by codes and passkeys, and catch malformed answers that it lets through."""
    try:
        yield
    except forms.ValidationError as error:
        if error.code != "incorrect_code":
            raise
        raise forms.ValidationError(PASSKEY_WRONG, code="incorrect_code") from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise forms.ValidationError(PASSKEY_WRONG, code="incorrect_code") from error


def _name_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Name of the passkey"),
        max_length=NAME_LETTERS,
        required=required,
        help_text=_("So that you can tell it from others, for example “phone”."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
