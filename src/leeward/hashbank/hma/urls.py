"""HMA's address. What stands behind it is found in the table of routes, so that doubled slashes and a key in the path are read alike."""

from django.urls import path

from leeward.hashbank.hma.views.dispatch import dispatch

app_name = "hma"
urlpatterns = [path("hma/", dispatch, name="root"), path("hma/<path:rest>", dispatch, name="route")]
