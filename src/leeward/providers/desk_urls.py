"""URLs of the desk's pages of providers, under /desk/."""

from django.urls import path

from leeward.providers.views import desk, lines

app_name = "providers-desk"
urlpatterns = [
    path("providers", desk.providers, name="list-providers"),
    path("providers/new", desk.add_provider, name="add-provider"),
    path("providers/entities", desk.entities, name="list-entities"),
    path("providers/lines", lines.lines, name="list-lines"),
    path("providers/lines/<int:number>", lines.line, name="show-line"),
    path("providers/batches/<int:number>", lines.batch, name="show-batch"),
    path("providers/<int:number>", desk.provider, name="show-provider"),
]
