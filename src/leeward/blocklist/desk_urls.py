"""The desk's URLs for lists, under /desk/."""

from django.urls import path

from leeward.blocklist.views import entry, lists, queues

app_name = "blocklist"
urlpatterns = [
    path("blocking", lists.lists, name="list-lists"),
    path("blocking/approvals", queues.approvals, name="list-approvals"),
    path("blocking/reviews", queues.reviews, name="list-reviews"),
    path("blocking/appeals", queues.appeals, name="list-appeals"),
    path("blocking/appeals/<int:appeal_id>", queues.appeal, name="answer-appeal"),
    path("blocking/lists/<slug:name>", lists.one_list, name="show-list"),
    path("blocking/lists/<slug:name>/agreement", lists.agreement, name="record-agreement"),
    path("blocking/lists/<slug:name>/export", lists.export, name="export-list"),
    path("blocking/entries/<int:entry_id>", entry.show, name="show-entry"),
    path("blocking/entries/<int:entry_id>/approve", entry.approve, name="approve-entry"),
    path("blocking/entries/<int:entry_id>/refuse", entry.refuse, name="refuse-entry"),
    path("blocking/entries/<int:entry_id>/suspend", entry.suspend, name="suspend-entry"),
    path("blocking/entries/<int:entry_id>/resume", entry.resume, name="resume-entry"),
    path("blocking/entries/<int:entry_id>/withdraw", entry.withdraw, name="withdraw-entry"),
    path("blocking/entries/<int:entry_id>/review", entry.review, name="review-entry"),
]
