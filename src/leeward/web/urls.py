"""URLs of pages that belong to no slice: the list of countries, promises, proof, accessibility."""

from django.urls import path

from leeward.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("privacy", views.privacy, name="privacy"),
    path("proof", views.proof, name="proof"),
    path("<slug:portal>/accessibility", views.accessibility, name="portal_accessibility"),
    path("<slug:portal>/privacy", views.privacy, name="portal_privacy"),
    path("<slug:portal>/proof", views.proof, name="portal_proof"),
]
