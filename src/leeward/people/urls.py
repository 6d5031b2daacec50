"""The administrator's pages, under /desk/."""

from django.urls import path

from leeward.people import views

app_name = "people"
urlpatterns = [
    path("people", views.accounts, name="list-accounts"),
    path("people/<int:account_id>", views.account, name="edit-account"),
    path("people/<int:account_id>/reset", views.ask_reset, name="ask-reset"),
    path("people/resets", views.resets, name="list-resets"),
    path("people/resets/<int:request_id>", views.settle_reset, name="settle-reset"),
    path("portals", views.portals, name="list-portals"),
    path("portals/new", views.portal, name="open-portal"),
    path("portals/<int:portal_id>", views.portal, name="edit-portal"),
]
