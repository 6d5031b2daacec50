"""The desk's pages about the national response."""

from django.urls import path

from leeward.national.views import assessments, files, frameworks

app_name = "national"
urlpatterns = [
    path("national-response", assessments.list_all, name="list-assessments"),
    path("national-response/frameworks", frameworks.frameworks, name="list-frameworks"),
    path("national-response/frameworks/<slug:name>", frameworks.download, name="show-framework"),
    path("national-response/<int:number>", assessments.one, name="show-assessment"),
    path("national-response/<int:number>/close", assessments.close, name="close-assessment"),
    path("national-response/<int:number>/remove", assessments.remove, name="remove-assessment"),
    path("national-response/<int:number>/as/<str:kind>", files.download, name="export-assessment"),
    path("national-response/<int:number>/question/<slug:name>", assessments.answer, name="answer-question"),
]
