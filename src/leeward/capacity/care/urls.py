"""The desk's pages about care."""

from django.urls import path

from leeward.capacity.care.views import counselling, own

app_name = "care"
urlpatterns = [
    path("care", own.care, name="show-care"),
    path("care/write", own.write, name="write-note"),
    path("care/find", own.find, name="find-note"),
    path("care/dates/<int:number>", own.take, name="take-date"),
    path("care/appoint", counselling.appoint, name="appoint"),
    path("care/counselling", counselling.counselling, name="show-counselling"),
    path("care/counselling/dates/<int:number>/cancel", counselling.cancel, name="cancel-date"),
    path("care/counselling/notes/<str:sha256>", counselling.note, name="read-note"),
]
