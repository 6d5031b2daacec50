"""The face for programs and partners: the API, other hotlines, witnesses, and every page behind a link that somebody was sent."""

from django.urls import URLPattern, URLResolver, include, path

from leeward.api.app import api
from leeward.site.urls import shared
from leeward.site.urls.shared import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

pages: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("leeward.hashbank.hma.urls")),
    path("", include("leeward.notices.urls")),
    path("", include("leeward.administration.urls")),
    path("", include("leeward.oncall.urls")),
    path("", include("leeward.exchange.urls")),
    path("", include("leeward.witnessing.urls")),
    path("", include("leeward.capacity.certificates.urls")),
    path("", include("leeward.providers.own_urls")),
    path("", include("leeward.intake.own_urls")),
]
urlpatterns = [*shared.urlpatterns, *pages]
