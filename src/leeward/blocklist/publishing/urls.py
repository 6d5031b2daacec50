"""The public URLs: the stop page, and the mobile operators' commitments."""

from django.urls import path

from leeward.blocklist.publishing.views import commitments, stop

app_name = "publishing"
urlpatterns = [
    path("stop", stop.stop, name="show-stop"),
    path("<slug:portal>/stop", stop.stop, name="show-portal-stop"),
    path("<slug:portal>/operators", commitments.operators, name="show-operators"),
]
