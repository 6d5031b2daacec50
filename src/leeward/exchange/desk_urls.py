"""URLs of the pages about other hotlines, under /desk/."""

from django.urls import path

from leeward.exchange.views import desk

app_name = "exchange_desk"
urlpatterns = [
    path("peers", desk.peers, name="peers"),
    path("peers/<int:peer_id>", desk.peer, name="peer"),
]
