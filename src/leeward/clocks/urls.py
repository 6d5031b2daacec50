"""URLs of the pages about time, under /desk/."""

from django.urls import path

from leeward.clocks.views import rules, running

app_name = "clocks"
urlpatterns = [
    path("time-limits", rules.list_rules, name="list-rules"),
    path("clocks", running.list_clocks, name="list-clocks"),
    path("time-limits/<int:portal_id>/calendar", rules.edit_calendar, name="edit-calendar"),
    path("time-limits/<int:portal_id>/<slug:kind>", rules.edit_rule, name="edit-rule"),
]
