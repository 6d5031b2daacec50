"""URLs that logs and other witnesses use."""

from django.urls import path

from leeward.witnessing import views

app_name = "witnessing"
urlpatterns = [
    path("witness/add-checkpoint", views.add_checkpoint, name="add_checkpoint"),
    path("witness/<str:digest>/checkpoint", views.checkpoint, name="checkpoint"),
]
