"""The pages behind the links that we send."""

from django.urls import path

from leeward.notices.views import public

app_name = "notices"
urlpatterns = [
    path("notice/<str:token>", public.notice, name="answer-notice"),
    path("referral/<str:token>", public.referral, name="answer-referral"),
]
