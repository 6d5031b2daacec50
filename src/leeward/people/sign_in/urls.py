"""URLs for sign-in and second factors under /desk/account/: only those of allauth's views that staff need."""

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from leeward.people.views import invitations, own, sign_in
from leeward.people.views.sign_in import own_password_first as first

urlpatterns = [
    path("login/", sign_in.SignIn.as_view(), name="account_login"),
    path("invited/<str:token>", invitations.accept, name="accept-invitation"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", sign_in.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("password/change/", sign_in.ChangePassword.as_view(), name="account_change_password"),
    path("2fa/", first(base.index), name="mfa_index"),
    path("2fa/authenticate/", sign_in.SecondStep.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", sign_in.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", first(sign_in.AddApp.as_view()), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", first(sign_in.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", first(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", first(sign_in.RenewCodes.as_view()), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", first(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", first(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", first(sign_in.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("2fa/webauthn/reauthenticate/", sign_in.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", first(sign_in.RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", first(sign_in.NamePasskey.as_view()), name="mfa_edit_webauthn"),
    path("2fa/webauthn/login/", sign_in.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    # allauth requires these names; nobody signs up, and an administrator handles forgotten passwords.
    path("help", own.ask_administrator, name="account_signup"),
    path("help", own.ask_administrator, name="account_reset_password"),
    path("help", own.ask_administrator, name="account_set_password"),
    path("help", own.ask_administrator, name="account_email"),
]
