"""The administrator's pages and one's own account, under /desk/."""

from django.urls import path

from leeward.people.views import (
    accounts,
    factors,
    hotline,
    invitations,
    new_portal,
    numbers,
    own,
    police_words,
    portal_changes,
    recordings,
    roles,
    tokens,
)

app_name = "people"
urlpatterns = [
    path("account/", own.own_account, name="own-account"),
    path("people", accounts.list_accounts, name="list-accounts"),
    path("people/new", accounts.add_account, name="add-account"),
    path("people/resets", factors.list_resets, name="list-resets"),
    path("people/resets/<int:request_id>", factors.settle_reset, name="settle-reset"),
    path("people/<int:account_id>", accounts.edit_account, name="edit-account"),
    path("people/<int:account_id>/work", accounts.edit_work, name="edit-work"),
    path("people/<int:account_id>/password", accounts.give_password, name="give-password"),
    path("people/<int:account_id>/reopen", accounts.reopen_account, name="reopen-account"),
    path("people/<int:account_id>/reset", factors.ask_reset, name="ask-reset"),
    path("people/invitations", invitations.list_invitations, name="list-invitations"),
    path("people/invitations/<int:invitation_id>/renew", invitations.renew_invitation, name="renew-invitation"),
    path(
        "people/invitations/<int:invitation_id>/withdraw", invitations.withdraw_invitation, name="withdraw-invitation"
    ),
    path("people/<int:account_id>/confirm", roles.confirm_account, name="confirm-account"),
    path("log/roles", roles.list_grants, name="list-grants"),
    path("keys", tokens.list_tokens, name="list-tokens"),
    path("keys/new", tokens.add_token, name="add-token"),
    path("keys/<int:token_id>/vouch", tokens.vouch_for_token, name="vouch-for-token"),
    path("keys/<int:token_id>/take-back", tokens.revoke_token, name="revoke-token"),
    path("portals", hotline.list_portals, name="list-portals"),
    path("portals/new", new_portal.open_portal, name="open-portal"),
    path("portals/changes/<int:change_id>", portal_changes.portal_change, name="portal-change"),
    path("portals/<int:portal_id>/police", police_words.edit_police_words, name="edit-police-words"),
    path("portals/<int:portal_id>/numbers", numbers.list_numbers, name="list-numbers"),
    path("portals/<int:portal_id>/numbers/helpline", numbers.edit_helpline, name="edit-helpline"),
    path("portals/<int:portal_id>/numbers/emergency", numbers.confirm_emergency, name="confirm-emergency"),
    path("portals/<int:portal_id>/numbers/remove", numbers.remove_helpline, name="remove-helpline"),
    path("portals/<int:portal_id>/recordings", recordings.list_recordings, name="list-recordings"),
    path("portals/<int:portal_id>/recordings/settle", recordings.settle_recording, name="settle-recording"),
    path("portals/<int:portal_id>/recordings/<str:sha256>", recordings.play_recording, name="play-recording"),
    path("portals/<int:portal_id>", hotline.edit_portal, name="edit-portal"),
]
