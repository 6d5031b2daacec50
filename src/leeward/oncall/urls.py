"""URLs that need no sign-in: the web page behind a page's link, and calendars."""

from django.urls import path

from leeward.oncall.views import public, rota

app_name = "oncall"
urlpatterns = [
    path("page/reply", public.reply, name="reply"),
    path("page/<str:token>", public.acknowledge, name="acknowledge"),
    path("rota/<str:token>.ics", rota.calendar, name="calendar"),
]
