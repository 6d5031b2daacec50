"""The desk's pages about certificates."""

from django.urls import path

from leeward.capacity.certificates.views import desk

app_name = "certificates"
urlpatterns = [
    path("training/certificates", desk.certificates, name="list-certificates"),
    path("training/certificates/key", desk.replace_key, name="replace-key"),
    path("training/certificates/<int:number>", desk.certificate, name="show-certificate"),
    path("training/certificates/<int:number>/revoke", desk.revoke, name="revoke-certificate"),
    path("training/certificates/<int:number>/badge", desk.download, name="download-certificate"),
    path("training/people/<int:number>/certificate", desk.give, name="give-certificate"),
    path("training/<int:number>/certificates", desk.give_all, name="give-certificates"),
]
