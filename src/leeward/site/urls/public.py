"""The public face: what anybody may open, with no link, key or account. The portals come last: their names can't be one of ours."""

from django.urls import URLPattern, URLResolver, include, path

from leeward.site.urls import shared
from leeward.site.urls.shared import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

pages: list[URLPattern | URLResolver] = [
    path("", include("leeward.laws.urls")),
    path("", include("leeward.awareness.urls")),
    path("", include("leeward.indicators.urls")),
    path("", include("leeward.web.urls")),
    path("", include("leeward.blocklist.publishing.urls")),
    path("", include("leeward.casework.quality.urls")),
    path("", include("leeward.providers.urls")),
    path("", include("leeward.intake.urls")),
]
urlpatterns = [*shared.urlpatterns, *pages]
