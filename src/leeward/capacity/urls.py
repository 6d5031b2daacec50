"""The desk's pages about training."""

from django.urls import path

from leeward.capacity.views import courses, tables

app_name = "capacity"
urlpatterns = [
    path("training", courses.courses, name="list-courses"),
    path("training/add", courses.add, name="add-course"),
    path("training/needs", courses.needs, name="show-needs"),
    path("training/<int:number>", courses.course, name="show-course"),
    path("training/<int:number>/change", courses.change, name="change-course"),
    path("training/<int:number>/remove", courses.remove, name="remove-course"),
    path("training/<int:number>/session", courses.add_session, name="add-session"),
    path("training/<int:number>/person", courses.add_person, name="add-person"),
    path("training/<int:number>/import", tables.take_in, name="import-people"),
    path("training/<int:number>/export", tables.export, name="export-people"),
    path("training/sessions/<int:number>/remove", courses.remove_session, name="remove-session"),
    path("training/people/<int:number>/remove", courses.remove_person, name="remove-person"),
]
