"""The desk's pages of intake, below /desk/."""

from django.urls import path

from leeward.intake.views import desk

app_name = "intake-desk"
urlpatterns = [
    path("reports", desk.show_reports, name="show-reports"),
    path("reports/new", desk.enter_report, name="enter-report"),
    path("reports/import", desk.import_reports, name="import-reports"),
    path("reports/<int:report_id>", desk.show_report, name="show-report"),
]
