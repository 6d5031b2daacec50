"""The public pages of a portal; the language is stripped from the path before it is resolved here."""

from django.urls import path

from leeward.intake.views import appeal, arrived, leaving, own_picture, playing, police, receipt, report, talk

app_name = "intake"
urlpatterns = [
    path("<slug:portal>/", report.front, name="show-front"),
    path("<slug:portal>/report", report.report, name="send-report"),
    path("<slug:portal>/leave", leaving.leave, name="leave"),
    path("<slug:portal>/receipt", receipt.receipt, name="open-receipt"),
    path("<slug:portal>/receipt/<str:sealed>", arrived.arrived, name="show-receipt"),
    path("<slug:portal>/my-picture", own_picture.own_picture, name="send-own-picture"),
    path("<slug:portal>/police", police.police, name="show-police"),
    path("<slug:portal>/recording/<str:sha256>", playing.recording, name="play-recording"),
    path("<slug:portal>/talk", talk.talk, name="show-talk"),
    path("<slug:portal>/appeal", appeal.appeal, name="send-appeal"),
]
