"""The desk's URLs for publishing, under /desk/."""

from django.urls import path

from leeward.blocklist.publishing.views import commitments, publications, subscribers

app_name = "publishing_desk"
urlpatterns = [
    path("publishing", publications.publications, name="list-publications"),
    path("publishing/lists/<slug:name>", publications.one_list, name="show-publications"),
    path("publishing/lists/<slug:name>/publish", publications.publish, name="publish-list"),
    path("publishing/lists/<slug:name>/rollback", publications.roll_back, name="roll-back-list"),
    path("publishing/lists/<slug:name>/resume", publications.resume, name="resume-list"),
    path("publishing/subscribers", subscribers.subscribers, name="list-subscribers"),
    path("publishing/subscribers/new", subscribers.add, name="add-subscriber"),
    path("publishing/subscribers/<int:number>", subscribers.show, name="show-subscriber"),
    path("publishing/subscribers/<int:number>/change", subscribers.change, name="change-subscriber"),
    path("publishing/subscribers/<int:number>/act", subscribers.act, name="act-on-subscriber"),
    path("publishing/subscribers/<int:number>/test", subscribers.answer, name="answer-test"),
    path("publishing/settings", subscribers.settings, name="change-settings"),
    path("publishing/operators", commitments.desk_operators, name="list-operators"),
    path("publishing/operators/<int:number>", commitments.evidence, name="show-evidence"),
]
