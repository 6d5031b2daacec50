"""URLs of the on-call pages, under /desk/."""

from django.urls import path

from leeward.oncall.views import desk

app_name = "oncall_desk"
urlpatterns = [
    path("oncall", desk.show_on_call, name="show-on-call"),
    path("oncall/page/<int:page_id>", desk.acknowledge, name="acknowledge"),
    path("oncall/<int:portal_id>/people", desk.change_people, name="change-people"),
    path("oncall/<int:portal_id>/webhook", desk.change_webhook, name="change-webhook"),
    path("oncall/<int:portal_id>/test", desk.send_test, name="send-test"),
]
