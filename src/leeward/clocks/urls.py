"""URLs of the pages about time, under /desk/."""

from django.urls import path

from leeward.clocks.views import rules, running

app_name = "clocks"
urlpatterns = [
    path("clocks", rules.list_rules, name="list-rules"),
    path("clocks/running", running.list_clocks, name="list-clocks"),
    path("clocks/<int:portal_id>/calendar", rules.edit_calendar, name="edit-calendar"),
    path("clocks/<int:portal_id>/<slug:kind>", rules.edit_rule, name="edit-rule"),
]
