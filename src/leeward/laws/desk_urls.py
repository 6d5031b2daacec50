"""The desk's pages of the law."""

from django.urls import path

from leeward.laws import desk_views

app_name = "laws_desk"
urlpatterns = [
    path("law", desk_views.register, name="list-law"),
    path("law/changes/<int:number>", desk_views.change, name="decide-law"),
    path("law/<str:code>", desk_views.file, name="edit-law"),
]
