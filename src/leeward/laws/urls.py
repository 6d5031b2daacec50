"""The public URLs of the law."""

from django.urls import URLPattern, path

from leeward.laws import views
from leeward.laws.drafting import views as drafting_views

urlpatterns: list[URLPattern] = [
    path("law", views.index, name="law"),
    path("law/compare", views.compare, name="law-compare"),
    path("law/what-if", views.what_if, name="law-what-if"),
    path("law/data.csv", views.data_csv, name="law-csv"),
    path("law/data.json", views.data_json, name="law-json"),
    path("law/provisions.csv", views.provisions_csv, name="law-provisions-csv"),
    path("law/datapackage.json", views.data_package, name="law-data-package"),
    path("law/changes.atom", views.changes_atom, name="law-changes"),
    path("law/<str:code>", views.one, name="law-country"),
    path("law/<str:code>/gap", views.gap, name="law-gap"),
    path("law/<str:code>/draft", drafting_views.drafting, name="law-draft"),
    path("law/<str:code>/draft.<str:kind>", drafting_views.download, name="law-draft-file"),
    path("law/<str:code>/handout.pdf", views.handout_pdf, name="law-handout"),
    path("law/<str:code>/data.json", views.one_json, name="law-country-json"),
]
