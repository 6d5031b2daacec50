"""The public page of a portal's procedure."""

from django.urls import path

from leeward.casework.quality.views import procedure

app_name = "quality_public"
urlpatterns = [path("<slug:portal>/procedure", procedure.procedure, name="show-procedure")]
