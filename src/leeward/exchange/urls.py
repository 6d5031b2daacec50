"""URLs that other hotlines use."""

from django.urls import path

from leeward.exchange.views import public

app_name = "exchange"
urlpatterns = [
    path("exchange/invitation/<str:token>", public.invitation, name="invitation"),
    path("exchange/<str:identifier>/keys", public.keys, name="keys"),
    path("exchange/<str:identifier>/restored", public.restored, name="restored"),
    path("exchange/<str:identifier>/messages", public.messages, name="messages"),
]
