"""The administrator's pages, under /desk/."""

from django.urls import path

from leeward.administration.views import (
    handing,
    hotline,
    index,
    installation,
    leaving,
    opening,
    persons,
    restored,
    settings_file,
)

app_name = "administration"
urlpatterns = [
    path("administration", index.show_index, name="show-index"),
    path("hotline", hotline.edit_hotline, name="edit-hotline"),
    path("administration/installation", installation.list_groups, name="list-groups"),
    path("administration/installation/<slug:group>", installation.edit_group, name="edit-group"),
    path("administration/installation/<slug:group>/test", installation.test_group, name="test-group"),
    path("people/<int:account_id>/leave", leaving.leave, name="leave"),
    path("administration/restored", restored.show_restored, name="show-restored"),
    path("administration/restored/sent", restored.read_sent, name="read-sent"),
    path("administration/restored/confirm", restored.confirm, name="confirm-restored"),
    path("administration/file", settings_file.show_file, name="show-file"),
    path("administration/file/out", settings_file.take_out, name="take-out-file"),
    path("administration/file/in", settings_file.bring_in, name="bring-in-file"),
    path("administration/persons", persons.list_persons, name="list-persons"),
    path("administration/persons/<int:request_id>", persons.show_person_request, name="show-person-request"),
    path("administration/persons/<int:request_id>/copy", persons.take_copy, name="take-copy"),
    path("administration/persons/<slug:kind>/<str:token>", persons.show_person, name="show-person"),
    path("administration/portals/<int:portal_id>", opening.show_checklist, name="show-checklist"),
    path("administration/portals/<int:portal_id>/referral", opening.send_referral_test, name="send-referral-test"),
    path("administration/portals/<int:portal_id>/open", opening.open_portal, name="open-portal"),
    path("administration/portals/<int:portal_id>/close", opening.close_portal, name="close-portal"),
    path("administration/portals/<int:portal_id>/hand-over", handing.hand_over, name="hand-over"),
    path("administration/offers", handing.list_offers, name="list-offers"),
    path("administration/offers/<int:offer_id>", handing.answer_offer, name="answer-offer"),
]
