"""URLs of intake's desk pages, under /desk/."""

from django.urls import path

from leeward.intake.views import canned, desk, desk_kept_back

app_name = "intake-desk"
urlpatterns = [
    path("reports", desk.show_reports, name="show-reports"),
    path("reports/new", desk.enter_report, name="enter-report"),
    path("reports/call", desk.take_call, name="take-call"),
    path("reports/import", desk.import_reports, name="import-reports"),
    path("reports/kept-back", desk_kept_back.list_kept_back, name="list-kept-back"),
    path("reports/kept-back/<int:number>", desk_kept_back.show_kept_back, name="show-kept-back"),
    path("questions", canned.list_questions, name="list-questions"),
    path("questions/new", canned.new_question, name="new-question"),
    path("questions/<slug:code>", canned.edit_question, name="edit-question"),
    path("reports/<int:report_id>", desk.show_report, name="show-report"),
]
