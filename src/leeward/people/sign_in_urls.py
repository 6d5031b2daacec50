"""Sign-in and second factors: allauth's views, but only those that staff need."""

from allauth.account import views as account
from django.urls import include, path

from leeward.people import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    # allauth asks for these names; nobody signs up, and a forgotten password is a matter for an administrator.
    path("help", views.ask_administrator, name="account_signup"),
    path("help", views.ask_administrator, name="account_reset_password"),
    path("help", views.ask_administrator, name="account_set_password"),
    path("help", views.ask_administrator, name="account_email"),
]
