"""HMA's addresses, with and without a key in the path; each answers 404 unless the setting opens it."""

from django.urls import path

from leeward.hashbank.lists import hma

app_name = "hma"
ROUTES = {
    "h/hash": hma.hash_file,
    "m/lookup": hma.lookup,
    "m/raw_lookup": hma.raw_lookup,
    "m/compare": hma.compare,
    "m/index/status": hma.status,
}
urlpatterns = [path(prefix + route, view) for route, view in ROUTES.items() for prefix in ("hma/", "hma/<str:key>/")]
