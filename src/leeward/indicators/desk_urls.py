"""The desk's pages of figures."""

from django.urls import path

from leeward.indicators.views import desk

app_name = "indicators_desk"
urlpatterns = [
    path("indicators", desk.year, name="show-year"),
    path("indicators/<slug:portal>", desk.typed, name="type-figures"),
]
