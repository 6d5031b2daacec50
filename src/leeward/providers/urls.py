"""URLs of the public pages for providers, and of those behind a provider's link."""

from django.urls import path

from leeward.providers.views import own, public

app_name = "providers"
urlpatterns = [
    path("provider/<str:token>", own.home, name="show-own"),
    path("provider/<str:token>/report", own.send, name="send-report"),
    path("provider/<str:token>/reports/<int:number>", own.report, name="show-own-report"),
    path("provider/<str:token>/receipts", own.batches, name="list-receipts"),
    path("provider/<str:token>/receipts/<int:number>", own.batch, name="show-receipt"),
    path("provider/<str:token>/receipts/<int:number>.json", own.receipt, name="get-receipt"),
    path("provider/<str:token>/preserved", own.preserved, name="list-preserved"),
    path("<slug:portal>/providers", public.rules, name="show-rules"),
    path("<slug:portal>/providers/register", public.register, name="register-provider"),
]
