"""The hash bank on the desk, under /desk/."""

from django.urls import path

from leeward.hashbank.lists import views as lists_views
from leeward.hashbank.records import views as records_views
from leeward.hashbank.sources import views as sources_views
from leeward.hashbank.uploads import views as uploads_views

app_name = "hashbank"
urlpatterns = [
    path("bank", records_views.find, name="find-records"),
    path("bank/<int:record_id>", records_views.record, name="show-record"),
    path("bank/<int:record_id>/say", records_views.say, name="say-of-record"),
    path("bank/<int:record_id>/vote", records_views.answer_vote, name="answer-vote"),
    path("bank/<int:record_id>/status", records_views.set_statuses, name="set-statuses"),
    path("bank/<int:record_id>/settle", records_views.settle_record, name="settle-record"),
    path("bank/<int:record_id>/second", records_views.answer_ruling, name="answer-ruling"),
    path("bank/<int:record_id>/hashes/<int:hash_id>", records_views.return_hash, name="return-hash"),
    path("bank/unsettled", records_views.unsettled, name="list-unsettled"),
    path("bank/sources", records_views.sources, name="list-sources"),
    path("bank/sources/<int:source_id>", records_views.change_source, name="change-source"),
    path("bank/doubts", records_views.doubts, name="list-doubts"),
    path("bank/doubts/<int:quarantine_id>", records_views.settle, name="settle-doubt"),
    path("bank/imports", lists_views.imports, name="list-imports"),
    path("bank/imports/<int:import_id>", lists_views.show_import, name="show-import"),
    path("bank/imports/<int:import_id>/errors", lists_views.import_errors, name="import-errors"),
    path("bank/lists", lists_views.list_readers, name="list-readers"),
    path("bank/live-sources", sources_views.list_live_sources, name="list-live-sources"),
    path("bank/live-sources/<int:live_id>", sources_views.change_live_source, name="change-live-source"),
    path("bank/live-sources/<int:live_id>/feedback", sources_views.show_feedback, name="show-feedback"),
    path("bank/live-sources/<int:live_id>/feedback/change", sources_views.change_feedback, name="change-feedback"),
    path("bank/imports/upload", uploads_views.send, name="send-list"),
    path("bank/uploads/<int:upload_id>", uploads_views.show, name="show-upload"),
    path("bank/uploads/<int:upload_id>/take", uploads_views.take, name="take-upload"),
    path("bank/uploads/<int:upload_id>/confirm", uploads_views.answer, name="confirm-upload"),
    path("bank/uploads/<int:upload_id>/drop", uploads_views.drop, name="drop-upload"),
]
