"""URLs of the pages about other hotlines, under /desk/."""

from django.urls import path

from leeward.exchange.views import desk, items

app_name = "exchange_desk"
urlpatterns = [
    path("exchange", items.items, name="items"),
    path("peers", desk.peers, name="peers"),
    path("peers/<int:peer_id>", desk.peer, name="peer"),
]
