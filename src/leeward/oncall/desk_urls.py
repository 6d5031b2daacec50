"""URLs of the on-call pages, under /desk/."""

from django.urls import path

from leeward.oncall.views import desk, rota

app_name = "oncall_desk"
urlpatterns = [
    path("oncall", desk.show_on_call, name="show-on-call"),
    path("oncall/page/<int:page_id>", desk.show_page, name="show-page"),
    path("oncall/page/<int:page_id>/outcome", desk.settle, name="settle"),
    path("oncall/<int:portal_id>/people", desk.change_people, name="change-people"),
    path("oncall/<int:portal_id>/webhook", desk.change_webhook, name="change-webhook"),
    path("oncall/<int:portal_id>/rota", rota.show_rota, name="show-rota"),
    path("oncall/<int:portal_id>/test", desk.send_test, name="send-test"),
]
