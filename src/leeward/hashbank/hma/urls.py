"""HMA's URL. The route table resolves the rest of the path, so that doubled slashes and a key in the path are handled
alike.
"""

from django.urls import path

from leeward.hashbank.hma.views.dispatch import dispatch

app_name = "hma"
urlpatterns = [path("hma/", dispatch, name="root"), path("hma/<path:rest>", dispatch, name="route")]
