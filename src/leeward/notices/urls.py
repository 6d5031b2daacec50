"""URLs of the pages behind the links that we send."""

from django.urls import path

from leeward.notices.views import public

app_name = "notices"
urlpatterns = [
    path("notice/<str:token>", public.notice, name="answer-notice"),
    path("notices/<str:token>", public.overview, name="answer-overview"),
    path("referral/<str:token>", public.referral, name="answer-referral"),
]
