"""URLs of the desk's pages about languages."""

from django.urls import path

from leeward.languages import views, views_of_proposals

app_name = "languages"
urlpatterns = [
    path("languages", views.list_languages, name="list-languages"),
    path("languages/proposals", views_of_proposals.list_proposals, name="list-proposals"),
    path("languages/proposals/<int:number>", views_of_proposals.decide_proposal, name="decide-proposal"),
    path("languages/<str:language>", views.edit_texts, name="edit-texts"),
    path("languages/<str:language>/forget", views.forget_text, name="forget-text"),
    path("languages/<str:language>/review", views.review_language, name="review-language"),
    path("languages/<str:language>/po", views.download_po, name="download-po"),
    path("languages/<str:language>/bring", views.bring_po, name="bring-po"),
]
