"""The public pages about certificates, and what programs read."""

from django.urls import path

from leeward.capacity.certificates.views import public

app_name = "certificates_public"
urlpatterns = [
    path("certificate", public.ask, name="ask"),
    path("certificate/<str:number>.jwt", public.badge, name="download"),
    path("certificate/<str:number>", public.verify, name="verify"),
    path("certificate/status/<slug:name>/<int:chain>", public.status, name="status"),
    path("certificate/issuer/<slug:name>/did.json", public.issuer, name="issuer"),
]
