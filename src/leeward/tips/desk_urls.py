"""URLs of the desk's pages of tips, under /desk/."""

from django.urls import path

from leeward.tips.views import desk, taking

app_name = "tips"
urlpatterns = [
    path("tips", desk.tips, name="list-tips"),
    path("tips/take", taking.take, name="take-tips"),
    path("tips/feedback", desk.feedback, name="give-feedback"),
    path("tips/<int:number>", desk.tip, name="show-tip"),
]
