"""The officer's pages on the desk."""

from django.urls import path

from leeward.hashbank.police import views as police_views

app_name = "police_desk"
urlpatterns = [path("known", police_views.ask_known, name="ask-known")]
