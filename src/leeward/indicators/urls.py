"""The public pages of figures, of all portals and of one."""

from django.urls import path

from leeward.indicators.views import public, sharing

app_name = "indicators"
urlpatterns = [
    path("figures", public.portals, name="show-figures"),
    path("<slug:portal>/figures", public.figures, name="show-portal-figures"),
    path("<slug:portal>/figures/feed.atom", sharing.feed, name="figures-feed"),
    path("<slug:portal>/figures/<int:year>/<slug:name>.svg", sharing.picture, name="show-picture"),
    path("<slug:portal>/figures/<int:year>/data.csv", public.data, name="download-figures"),
    path("<slug:portal>/figures/<int:year>/sdmx.csv", public.sdmx, name="download-sdmx"),
    path("<slug:portal>/figures/<int:year>/report.html", public.report, {"kind": "html"}, name="read-report"),
    path("<slug:portal>/figures/<int:year>/report.pdf", public.report, {"kind": "pdf"}, name="download-report"),
    path("<slug:portal>/figures/<int:year>/datapackage.json", public.package, name="download-package"),
]
