"""URLs of the pages behind a provider's link, and of the form by which one asks for it."""

from django.urls import path

from leeward.providers.views import own, public

app_name = "providers_own"
urlpatterns = [
    path("<slug:portal>/providers/register", public.register, name="register-provider"),
    path("provider/<str:token>", own.home, name="show-own"),
    path("provider/<str:token>/report", own.send, name="send-report"),
    path("provider/<str:token>/reports/<int:number>", own.report, name="show-own-report"),
    path("provider/<str:token>/receipts", own.batches, name="list-receipts"),
    path("provider/<str:token>/receipts/<int:number>", own.batch, name="show-receipt"),
    path("provider/<str:token>/receipts/<int:number>.json", own.receipt, name="get-receipt"),
    path("provider/<str:token>/preserved", own.preserved, name="list-preserved"),
]
