"""The desk's pages of figures."""

from django.urls import path

from leeward.indicators.views import desk, drift, report

app_name = "indicators_desk"
urlpatterns = [
    path("indicators", desk.year, name="show-year"),
    path("hosting-and-law", drift.hosting, name="show-hosting"),
    path("indicators/<slug:portal>", desk.typed, name="type-figures"),
    path("indicators/<slug:portal>/<int:year>/report", report.words, name="write-words"),
    path("indicators/<slug:portal>/<int:year>/publish", desk.publish, name="publish-year"),
]
