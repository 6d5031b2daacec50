"""The public pages about learning, of a portal and of none."""

from django.urls import path

from leeward.awareness.views import public, sharing

app_name = "awareness"
urlpatterns = [
    path("learn", public.learn, name="show-learning"),
    path("<slug:portal>/learn", public.learn, name="show-portal-learning"),
    path("<slug:portal>/learn/card/<str:size>", public.card, name="download-card"),
    path("<slug:portal>/learn/feed.json", sharing.json_feed, name="show-learning-feed"),
    path("<slug:portal>/learn/oai", sharing.repository, name="ask-learning-repository"),
    path("<slug:portal>/learn/school-pack", public.pack, name="download-school-pack"),
]
