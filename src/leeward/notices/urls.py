"""URLs of the pages behind the links that we send."""

from django.urls import path

from leeward.notices.views import payments, public

app_name = "notices"
urlpatterns = [
    path("notice/<str:token>", public.notice, name="answer-notice"),
    path("notice/<str:token>/addresses.csv", public.notice_list, {"form": "csv"}, name="notice-csv"),
    path("notice/<str:token>/addresses.json", public.notice_list, {"form": "json"}, name="notice-json"),
    path("notices/<str:token>", public.overview, name="answer-overview"),
    path("notices/<str:token>/addresses.csv", public.overview_list, {"form": "csv"}, name="overview-csv"),
    path("notices/<str:token>/addresses.json", public.overview_list, {"form": "json"}, name="overview-json"),
    path("payment/<str:token>", payments.payment, name="answer-payment"),
    path("referral/<str:token>", public.referral, name="answer-referral"),
    path("referral/<str:token>/hashes.csv", public.referral_hashes, name="referral-hashes"),
]
