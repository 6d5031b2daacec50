"""URLs that logs and other witnesses use."""

from django.urls import path

from leeward.witnessing import views

app_name = "witnessing"
urlpatterns = [
    path("witness/add-checkpoint", views.add_checkpoint, name="add_checkpoint"),
    path("witness/restored", views.restored, name="restored"),
    path("proof/<int:chain>/checkpoint", views.own_checkpoint, name="own_checkpoint"),
    path("proof/<int:chain>/tile/<path:tile>", views.own_tile, name="own_tile"),
    path("witness/<str:digest>/checkpoint", views.checkpoint, name="checkpoint"),
]
