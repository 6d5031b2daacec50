"""What every face answers, for whoever watches it; and the pages that say what is wrong with a request."""

from django.urls import path

from leeward.site import views

urlpatterns = [path("healthz", views.health, name="health")]

handler400 = "leeward.web.views.bad_request"
handler403 = "leeward.web.views.refused"
handler404 = "leeward.web.views.not_found"
handler500 = "leeward.web.views.broken"
