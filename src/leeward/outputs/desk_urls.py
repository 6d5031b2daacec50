"""URLs of the pages about exports, under /desk/."""

from django.urls import path

from leeward.outputs.views import exports, fiu, receivers

app_name = "outputs"
urlpatterns = [
    path("case/<reference:reference>/exports", exports.exports, name="exports"),
    path("case/<reference:reference>/exports/settle", exports.settle, name="settle"),
    path("receivers", receivers.receivers, name="receivers"),
    path("fiu", fiu.fiu, name="fiu"),
    path("figures", exports.figures, name="figures"),
]
