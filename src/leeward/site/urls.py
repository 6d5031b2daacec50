"""All URLs: the desk and the fixed pages first, then the portals, whose names can't be one of ours."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from leeward.api.app import api
from leeward.site import views

urlpatterns: list[URLPattern | URLResolver] = [
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
    path("healthz", views.health, name="health"),
    path("health/ready", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("", include("leeward.hashbank.hma.urls")),
    path("", include("leeward.laws.urls")),
    path("", include("leeward.notices.urls")),
    path("", include("leeward.administration.urls")),
    path("", include("leeward.oncall.urls")),
    path("", include("leeward.exchange.urls")),
    path("", include("leeward.witnessing.urls")),
    path("", include("leeward.awareness.urls")),
    path("", include("leeward.indicators.urls")),
    path("", include("leeward.capacity.certificates.urls")),
    path("", include("leeward.web.urls")),
    path("", include("leeward.blocklist.publishing.urls")),
    path("", include("leeward.casework.quality.urls")),
    path("", include("leeward.providers.urls")),
    path("", include("leeward.intake.urls")),
]

handler400 = "leeward.web.views.bad_request"
handler403 = "leeward.web.views.refused"
handler404 = "leeward.web.views.not_found"
handler500 = "leeward.web.views.broken"
