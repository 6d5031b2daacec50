"""The desk's pages about learning material."""

from django.urls import path

from leeward.awareness.views import cards, desk, importing, partners

app_name = "awareness_desk"
urlpatterns = [
    path("learning", desk.catalogue, name="list-entries"),
    path("learning/add", desk.add, name="add-entry"),
    path("learning/import", importing.take_in, name="import-entries"),
    path("learning/export", importing.export, name="export-entries"),
    path("learning/shipped", importing.take_shipped, name="take-shipped"),
    path("learning/partners", partners.partners, name="list-partners"),
    path("learning/partners/<int:number>", partners.offer, name="show-offer"),
    path("learning/partners/<int:number>/take", partners.take, name="take-offer"),
    path("learning/partners/<int:number>/read", partners.read, name="read-partner"),
    path("learning/partners/<int:number>/remove", partners.remove, name="remove-partner"),
    path("learning/cards", cards.cards, name="make-cards"),
    path("learning/<int:number>", desk.entry, name="show-entry"),
    path("learning/<int:number>/review", desk.review, name="review-entry"),
    path("learning/<int:number>/check", desk.check, name="check-entry"),
    path("learning/<int:number>/remove", desk.remove, name="remove-entry"),
]
