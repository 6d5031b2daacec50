"""URLs of the pages behind links in letters."""

from django.urls import path

from leeward.administration.views import public

app_name = "administration_public"
urlpatterns = [path("referral/test/<str:token>", public.confirm, name="confirm-referral-test")]
