"""The page behind the link of a page."""

from django.urls import path

from leeward.oncall.views import public

app_name = "oncall"
urlpatterns = [path("page/<str:token>", public.acknowledge, name="acknowledge")]
