"""Quality's pages, under /desk/quality."""

from django.urls import path

from leeward.casework.quality.views import adjudications, changes, home, register, sampled, training

app_name = "quality"
urlpatterns = [
    path("quality", home.home, name="show-quality"),
    path("quality/people/<int:account_id>", home.person, name="show-person"),
    path("quality/rates", home.rates, name="edit-rates"),
    path("quality/sample", sampled.show, name="show-sample"),
    path("quality/sample/take", sampled.take, name="take-sample"),
    path("quality/sample/back", sampled.give_back, name="give-back-sample"),
    path("quality/sample/draft", sampled.draft, name="draft-sample"),
    path("quality/sample/state", sampled.state, name="state-sample"),
    path("quality/adjudications", adjudications.adjudications, name="list-adjudications"),
    path("quality/adjudications/<int:adjudication_id>", adjudications.adjudication, name="show-adjudication"),
    path("quality/adjudications/<int:adjudication_id>/draft", adjudications.draft, name="draft-proposal"),
    path("appeals/register", register.show, name="show-register"),
    path("appeals/register/csv", register.take, name="take-register"),
    path("quality/changed", changes.changes, name="list-changes"),
    path("quality/changed/<int:number>", changes.see, name="see-change"),
    path("quality/training", training.overview, name="show-training"),
    path("quality/training/start", training.start, name="start-training"),
    path("quality/training/pattern", training.pattern, name="answer-pattern"),
    path("quality/training/<int:run_id>/<int:item>", training.feedback, name="show-answer"),
    path("quality/training/<int:run_id>", training.result, name="show-training-result"),
]
