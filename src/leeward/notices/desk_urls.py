"""URLs of the desk's pages about messages, contacts and referrals."""

from django.urls import path

from leeward.notices.views import (
    channels,
    contact_tables,
    contacts,
    desk,
    known,
    league,
    payments,
    redirects,
    referrals,
    untold,
    webhooks,
    wordings,
)

app_name = "notices_desk"
urlpatterns = [
    path("outbox", desk.outbox, name="show-outbox"),
    path("outbox/<int:number>", desk.settle_message, name="settle-message"),
    path("outbox/<int:number>/preview", desk.preview_message, name="preview-message"),
    path("outbox/work/<int:number>", desk.retry_job, name="retry-job"),
    path("outbox/mail/<int:number>", desk.read_mail, name="read-mail"),
    path("league", league.league, name="show-league"),
    path("contacts", contacts.contacts, name="list-contacts"),
    path("contacts/export", contact_tables.export, name="export-contacts"),
    path("contacts/import", contact_tables.take_in, name="import-contacts"),
    path("contacts/known", known.known, name="list-known"),
    path("contacts/<int:number>/confirm", known.confirm, name="confirm-contact"),
    path("contacts/redirects", redirects.redirects, name="list-redirects"),
    path("contacts/redirects/<int:number>", redirects.settle, name="settle-redirect"),
    path("contacts/new", contacts.contact, name="add-contact"),
    path("contacts/<int:number>", contacts.contact, name="change-contact"),
    path("contacts/<int:number>/key", contacts.key, name="change-key"),
    path("contacts/<int:number>/page", contacts.page, name="change-page"),
    path("contacts/<int:number>/channel", channels.channel, name="change-channel"),
    path("contacts/<int:number>/webhook", webhooks.webhook, name="change-webhook"),
    path("contacts/<int:number>/bounce", contacts.clear_bounce, name="clear-bounce"),
    path("payment-alerts", payments.alerts, name="list-payment-alerts"),
    path("wordings", wordings.wordings, name="list-wordings"),
    path("wordings/edit", wordings.edit, name="edit-wording"),
    path("wordings/versions", wordings.versions, name="show-versions"),
    path("wordings/shipped", wordings.ship_again, name="ship-wording"),
    path("wordings/<int:number>/restore", wordings.restore, name="restore-wording"),
    path("referrals", referrals.referrals, name="list-referrals"),
    path("referrals/untold/<int:number>", untold.untold, name="settle-untold"),
    path("referrals/<int:number>", referrals.referral, name="answer-referral"),
    path("referrals/<int:number>/release", referrals.release, name="release-referral"),
    path("referrals/<int:number>/confirm", referrals.confirm, name="confirm-referral"),
]
