"""The desk: what staff use once they have signed in, and the figures about the installation itself."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from leeward.site import views
from leeward.site.urls import shared
from leeward.site.urls.shared import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

pages: list[URLPattern | URLResolver] = [
    path("desk", require_safe(RedirectView.as_view(url="/desk/")), name="desk"),  # as people type it
    path("desk/account/", include("leeward.people.sign_in.urls")),
    path("desk/", include("leeward.casework.urls")),
    path("desk/", include("leeward.casework.quality.desk_urls")),
    path("desk/", include("leeward.clocks.urls")),
    path("desk/", include("leeward.oncall.desk_urls")),
    path("desk/", include("leeward.exchange.desk_urls")),
    path("desk/", include("leeward.outputs.desk_urls")),
    path("desk/", include("leeward.tips.desk_urls")),
    path("desk/", include("leeward.providers.desk_urls")),
    path("desk/", include("leeward.indicators.desk_urls")),
    path("desk/", include("leeward.national.urls")),
    path("desk/", include("leeward.people.urls")),
    path("desk/", include("leeward.administration.desk_urls")),
    path("desk/", include("leeward.notices.desk_urls")),
    path("desk/", include("leeward.intake.desk_urls")),
    path("desk/", include("leeward.blocklist.desk_urls")),
    path("desk/", include("leeward.blocklist.publishing.desk_urls")),
    path("desk/", include("leeward.hashbank.desk_urls")),
    path("desk/", include("leeward.laws.desk_urls")),
    path("desk/", include("leeward.languages.urls")),
    path("desk/", include("leeward.awareness.desk_urls")),
    path("desk/", include("leeward.capacity.urls")),
    path("desk/", include("leeward.capacity.certificates.desk_urls")),
    path("desk/", include("leeward.capacity.care.urls")),
    path("desk/", include("leeward.capacity.facilities.urls")),
    path("desk/", include("leeward.hashbank.police.urls")),
    path("health/ready", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
]
urlpatterns = [*shared.urlpatterns, *pages]
