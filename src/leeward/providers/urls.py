"""URLs of the public pages for providers."""

from django.urls import path

from leeward.providers.views import public

app_name = "providers"
urlpatterns = [
    path("<slug:portal>/providers", public.rules, name="show-rules"),
]
