"""The desk's URLs for the law."""

from django.urls import path

from leeward.laws.desk_views import changing, editing

app_name = "laws_desk"
urlpatterns = [
    path("law", changing.register, name="list-law"),
    path("law/changes/<int:number>", changing.change, name="decide-law"),
    path("law/<str:code>", changing.file, name="edit-law"),
    path("law/<str:code>/reading", editing.reading, name="edit-reading"),
    path("law/<str:code>/sheet", editing.sheet, name="edit-sheet"),
    path("law/<str:code>/sheet.csv", editing.sheet_file, name="law-sheet"),
]
