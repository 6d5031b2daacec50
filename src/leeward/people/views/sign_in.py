"""allauth's views with our forms; each change of a second factor is recorded in the transaction that makes it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from leeward.audit.services import hotline_transaction
from leeward.people.access import PASSWORD_URL, has_second_factor
from leeward.people.errors import LastSecondFactor
from leeward.people.forms import sign_in as forms_sign_in
from leeward.people.models import User
from leeward.people.services.factors import keep_own_factor
from leeward.people.sign_in.attempts import may_open_page
from leeward.people.sign_in.recording import record_factor, record_failure

TOTP, WEBAUTHN, CODES = (
    Authenticator.Type.TOTP.value,
    Authenticator.Type.WEBAUTHN.value,
    Authenticator.Type.RECOVERY_CODES.value,
)


def own_password_first(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Restrict an account whose password somebody else knows to changing that password."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User) and request.user.must_change_password:
            return redirect(PASSWORD_URL)
        return view(request, *args, **kwargs)

    return guarded


class SignIn(account.LoginView):
    """Sign in with address and password."""

    form_class = forms_sign_in.SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show a page of ours if one address sends very many forms; the owner on a known device isn't affected."""
        if request.method == "POST" and not may_open_page(request):
            return render(request, "429.html", status=429)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class ConfirmByPassword(account.ReauthenticateView):
    """Ask for the password again."""

    form_class = forms_sign_in.ConfirmPasswordForm


class ChangePassword(account.PasswordChangeView):
    """Change one's password; the adapter records it."""

    form_class = forms_sign_in.NewPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Change password, log and session together or not at all."""
        with hotline_transaction(self.request.user.hotline_id):
            answer: HttpResponse = super().form_valid(form)
            return answer


class SecondStep(base.AuthenticateView):
    """The second step of signing in."""

    form_class = forms_sign_in.CodeForm
    webauthn_form_class = forms_sign_in.PasskeyStepForm

    def form_invalid(self, form: Any) -> HttpResponse:
        """Record a wrong code, except for attempts that the rate limit has refused."""
        if not form.has_error(next(iter(form.fields)), "too_many_login_attempts"):
            record_failure(self.stage.login.user, "second_factor")
        answer: HttpResponse = super().form_invalid(form)
        return answer


class ConfirmByCode(base.ReauthenticateView):
    """Ask for a code again."""

    form_class = forms_sign_in.ConfirmCodeForm


class SignInByPasskey(webauthn.LoginWebAuthnView):
    """Sign in with a passkey alone."""

    form_class = forms_sign_in.PasskeyLoginForm


class ConfirmByPasskey(webauthn.ReauthenticateWebAuthnView):
    """Ask for a passkey again."""

    form_class = forms_sign_in.ConfirmPasskeyForm


class AddApp(totp.ActivateTOTPView):
    """Set up an authenticator app."""

    form_class = forms_sign_in.AppForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Add and record."""
        with hotline_transaction(self.request.user.hotline_id):
            answer: HttpResponse = super().form_valid(form)
            _record_added(self.request, TOTP, with_codes=self.did_generate_recovery_codes)
        return answer


class RemoveApp(totp.DeactivateTOTPView):
    """Remove the app."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove and record."""
        with hotline_transaction(self.request.user.hotline_id):
            answer: HttpResponse = super().form_valid(form)
            _record_removed(self.request, TOTP)
        return answer


class RenewCodes(codes.GenerateRecoveryCodesView):
    """New recovery codes in place of the old ones."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Make and record."""
        with hotline_transaction(self.request.user.hotline_id):
            answer: HttpResponse = super().form_valid(form)
            record_factor("second_factor.renewed", self.request.user, CODES)
        return answer


class AddPasskey(webauthn.AddWebAuthnView):
    """Add a passkey."""

    form_class = forms_sign_in.PasskeyForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Add and record."""
        with hotline_transaction(self.request.user.hotline_id):
            answer: HttpResponse = super().form_valid(form)
            _record_added(self.request, WEBAUTHN, with_codes=self.did_generate_recovery_codes)
        return answer


class NamePasskey(webauthn.EditWebAuthnView):
    """Rename a passkey."""

    form_class = forms_sign_in.PasskeyNameForm


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """Remove a passkey, unless it is the only second factor."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the template whether the passkey may be removed."""
        may_remove = get_adapter().can_delete_authenticator(self.object)
        return {**super().get_context_data(**kwargs), "may_remove": may_remove}

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove and record."""
        with hotline_transaction(self.request.user.hotline_id):
            if not get_adapter().can_delete_authenticator(self.object):
                raise LastSecondFactor
            answer: HttpResponse = super().form_valid(form)
            _record_removed(self.request, WEBAUTHN)
        return answer


def _record_added(request: HttpRequest, kind: str, *, with_codes: bool) -> None:
    assert isinstance(request.user, User)
    keep_own_factor(request.user)
    record_factor("second_factor.added", request.user, kind)
    if with_codes:
        record_factor("second_factor.added", request.user, CODES)


def _record_removed(request: HttpRequest, kind: str) -> None:
    assert isinstance(request.user, User)
    record_factor("second_factor.removed", request.user, kind)
    if not has_second_factor(request.user):
        record_factor("second_factor.removed", request.user, CODES)  # allauth removes them with the last factor
