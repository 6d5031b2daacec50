"""URL of the web page behind a page's link."""

from django.urls import path

from leeward.oncall.views import public

app_name = "oncall"
urlpatterns = [path("page/<str:token>", public.acknowledge, name="acknowledge")]
