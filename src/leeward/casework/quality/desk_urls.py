"""Quality's pages, under /desk/quality."""

from django.urls import path

from leeward.casework.quality.views import home, sampled

app_name = "quality"
urlpatterns = [
    path("quality", home.home, name="show-quality"),
    path("quality/people/<int:account_id>", home.person, name="show-person"),
    path("quality/rates", home.rates, name="edit-rates"),
    path("quality/look", sampled.show, name="show-sample"),
    path("quality/look/take", sampled.take, name="take-sample"),
    path("quality/look/back", sampled.give_back, name="give-back-sample"),
    path("quality/look/state", sampled.state, name="state-sample"),
]
