"""The desk's pages about facilities and contacts."""

from django.urls import path

from leeward.capacity.facilities.views import directory, facilities

app_name = "facilities"
urlpatterns = [
    path("training/facilities", facilities.facilities, name="list-facilities"),
    path("training/facilities/add", facilities.add, name="add-facility"),
    path("training/facilities/<int:number>", facilities.facility, name="show-facility"),
    path("training/facilities/<int:number>/change", facilities.change, name="change-facility"),
    path("training/equipment/<int:number>/remove", facilities.remove_equipment, name="remove-equipment"),
    path("training/directory", directory.directory, name="show-directory"),
    path("training/directory/add", directory.contact, name="add-contact"),
    path("training/directory/contacts/<slug:code>", directory.contact, name="check-contact"),
]
