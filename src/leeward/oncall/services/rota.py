"""Who is on call for a portal, and the webhooks to which pages are posted."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.notices.queries.labels import HOOK_FAULTS
from leeward.notices.rules.webhooks import address_fault, as_text, canonical
from leeward.oncall.errors import CantTakePages, LastOnCall, NotOnCall, PageWebhookUnusable
from leeward.oncall.models import CalendarFeed, OnCallPerson, PageMessage, PageWebhook, PortalRota
from leeward.oncall.queries.lists import can_be_paged
from leeward.oncall.rules.links import secret_of
from leeward.people.queries import is_overtaken, portal, portal_change, staff_of
from leeward.people.rules.reach import PAGE_WEBHOOK
from leeward.people.services import ask_change, authorize, takes_two

_SERIAL = "serial"  # which secret a pending webhook will have


def put_on_call(portal_id: int, person_id: int, *, actor: Actor) -> None:
    """Put somebody from the portal's hotline on call for it, switched on. Raises CantTakePages if their roles don't let
    them acknowledge pages.
    """
    hotline_id = _authorize_for(portal_id, actor)
    person = next((row for row in staff_of(hotline_id) if row.id == person_id and row.is_active), None)
    if person is None:
        raise NotFound(what=_("account"))
    if not can_be_paged(person):
        raise CantTakePages
    with hotline_transaction():
        _row, is_new = OnCallPerson.objects.get_or_create(
            portal_id=portal_id,
            person_id=person_id,
            defaults={"hotline_id": hotline_id, "changed_at": datetime.now(UTC)},
        )
        if is_new:
            _record("on_call.joined", hotline_id, portal_id, actor, person=person_id)


def take_off_call(portal_id: int, person_id: int, *, actor: Actor) -> None:
    """Take somebody off the list of a portal; not the last one while it takes reports, unless people take turns or
    pages are posted to a webhook.
    """
    hotline_id = _authorize_for(portal_id, actor)
    with hotline_transaction():
        listed = OnCallPerson.objects.select_for_update().filter(portal_id=portal_id)
        rotas = PortalRota.objects.filter(portal_id=portal_id).exclude(rotations=[])
        if listed.filter(person_id=person_id).exists():
            demand_others(portal_id, others=listed.exclude(person_id=person_id).exists() or rotas.exists())
        if listed.filter(person_id=person_id).delete()[0]:
            _record("on_call.left", hotline_id, portal_id, actor, person=person_id)


def demand_others(portal_id: int, *, others: bool) -> None:
    """Raise LastOnCall if a portal takes reports and without those who go nobody would be on call for it: there are no
    others, and its pages are posted to no webhook."""
    hooks = PageWebhook.objects.filter(portal_id=portal_id).exclude(url="")
    if not others and portal(portal_id).takes_reports and not hooks.exists():
        raise LastOnCall


def switch(portal_id: int, person_id: int, *, is_on: bool, actor: Actor) -> None:
    """Switch somebody's calls for a portal on or off: one's own, or anybody's for those who manage the list."""
    hotline_id = portal(portal_id).hotline_id
    act = "oncall.read" if actor.id == person_id else "oncall.edit"
    _authorize_for(portal_id, actor, act)
    with hotline_transaction():
        row = OnCallPerson.objects.select_for_update().filter(portal_id=portal_id, person_id=person_id).first()
        if row is None:
            raise NotOnCall
        if row.is_on != is_on:
            row.is_on, row.changed_at = is_on, datetime.now(UTC)
            row.save(update_fields=["is_on", "changed_at"])
            event = "on_call.switched_on" if is_on else "on_call.switched_off"
            _record(event, hotline_id, portal_id, actor, person=person_id)


def set_webhook(portal_id: int, url: str, *, person_id: int | None = None, actor: Actor) -> str:
    """Post pages of a portal, or one's own pages, to this address as well; return its secret, which is shown only now.

    For a portal in use this waits for a second person (see `change_waits`): until then pages go where they went before.
    """
    hotline_id = _authorize_for(portal_id, actor, "oncall.read" if person_id else "oncall.edit")
    _require_own(person_id, actor)
    typed = url.strip()
    fault = address_fault(typed, allow_http=settings.LEEWARD.webhook_allow_http)
    if fault:
        raise PageWebhookUnusable(why=HOOK_FAULTS[fault])
    with hotline_transaction():
        if change_waits(portal_id, person_id=person_id, actor=actor):
            return _ask_webhook(portal_id, canonical(typed), hotline_id, actor)
        row = _put_webhook(portal_id, person_id, canonical(typed), hotline_id, actor)
    return as_text(secret_of(settings.LEEWARD.secret_bytes, row.pk, row.serial))


def remove_webhook(portal_id: int, *, person_id: int | None = None, actor: Actor) -> None:
    """Stop posting pages there; for a portal in use once a second person has confirmed it."""
    hotline_id = _authorize_for(portal_id, actor, "oncall.read" if person_id else "oncall.edit")
    _require_own(person_id, actor)
    with hotline_transaction():
        if not change_waits(portal_id, person_id=person_id, actor=actor):
            _drop_webhook(portal_id, person_id, hotline_id, actor)
        elif (row := PageWebhook.objects.filter(portal_id=portal_id).exclude(url="").first()) is not None:
            _ask(portal_id, row.url, {PAGE_WEBHOOK: ""}, hotline_id, actor)


def change_waits(portal_id: int, *, person_id: int | None, actor: Actor) -> bool:
    """Return whether this actor needs a second person to change a webhook: for a portal's own, once it is in use."""
    return person_id is None and takes_two(portal_id, actor)


def take_confirmed_webhook(change_id: int) -> None:
    """Apply a change of a portal's webhook that two people agreed on: pages are now posted there, signed with the
    secret shown with this change. Idempotent, and a change overtaken by a newer one has no effect.
    """
    change = portal_change(change_id)
    if change is None or change.what != PAGE_WEBHOOK or change.portal_id is None:
        return
    url, system = change.wanted[PAGE_WEBHOOK], Actor("system", hotline_id=change.hotline_id)
    with hotline_transaction():
        if is_overtaken(change):
            return
        if not url:
            _drop_webhook(change.portal_id, None, change.hotline_id, system)
            return
        row = _row_of(change.portal_id, None, change.hotline_id)
        serial = int(change.wanted[_SERIAL])
        if (row.url, row.serial) != (url, serial):
            _post_to(row, url, serial, change.portal_id, system, set_by=change.asked_by_id)


def _ask_webhook(portal_id: int, url: str, hotline_id: int, actor: Actor) -> str:
    """Request a webhook; the returned secret is the one it will have, and is not shown again. Nothing is posted to a
    row without an address.
    """
    row = _row_of(portal_id, None, hotline_id)
    row.told = _next(row)
    row.save()
    _ask(portal_id, row.url, {PAGE_WEBHOOK: url, _SERIAL: str(row.told)}, hotline_id, actor)
    return as_text(secret_of(settings.LEEWARD.secret_bytes, row.pk, row.told))


def _ask(portal_id: int, before: str, wanted: dict[str, str], hotline_id: int, actor: Actor) -> None:
    ask_change(
        portal_id, PAGE_WEBHOOK, hotline_id=hotline_id, before={PAGE_WEBHOOK: before}, wanted=wanted, actor=actor
    )


def _row_of(portal_id: int, person_id: int | None, hotline_id: int) -> PageWebhook:
    whose = {"person_id": person_id} if person_id else {"portal_id": portal_id}
    found = PageWebhook.objects.select_for_update().filter(**whose).first()
    return found or PageWebhook(hotline_id=hotline_id, serial=0, url="", **whose)


def _next(row: PageWebhook) -> int:
    return max(row.serial, row.told) + 1


def _put_webhook(portal_id: int, person_id: int | None, url: str, hotline_id: int, actor: Actor) -> PageWebhook:
    row = _row_of(portal_id, person_id, hotline_id)
    _post_to(row, url, _next(row), portal_id, actor, set_by=actor.id)
    return row


def _post_to(row: PageWebhook, url: str, serial: int, portal_id: int, actor: Actor, *, set_by: int | None) -> None:
    row.url, row.serial, row.told, row.set_by_id = url, serial, max(serial, row.told), set_by
    row.save()
    _record("page_webhook.set", row.hotline_id, portal_id, actor, person=row.person_id, webhook=row.pk, serial=serial)


def _drop_webhook(portal_id: int, person_id: int | None, hotline_id: int, actor: Actor) -> None:
    if person_id:
        changed = PageWebhook.objects.filter(person_id=person_id).delete()[0]
    else:
        changed = PageWebhook.objects.filter(portal_id=portal_id).exclude(url="").update(url="", set_by=None)
    if changed:
        _record("page_webhook.removed", hotline_id, portal_id, actor, person=person_id)


def forget_person(account_id: int) -> None:
    """Remove somebody who left: they are on no list any more, and nothing is posted to their webhook. A portal's secret
    that they saw becomes worthless too: nothing is posted there until somebody sets it again.
    """
    with hotline_transaction():
        OnCallPerson.objects.filter(person_id=account_id).delete()
        CalendarFeed.objects.filter(person_id=account_id).delete()
        PageWebhook.objects.filter(person_id=account_id).delete()
        PageWebhook.objects.filter(set_by_id=account_id).update(url="", set_by=None)


def erase_address(account_id: int) -> int:
    """Take the address of somebody who left out of the pages that went to them, in the caller's transaction, which logs it."""
    nobody = f"erased-{account_id}@erased.invalid"  # not "": a page may have gone to several who are erased
    gone: int = PageMessage.objects.filter(person_id=account_id).update(to=nobody)
    return gone


def _require_own(person_id: int | None, actor: Actor) -> None:
    if person_id is not None and person_id != actor.id:
        raise NotAllowed(reason=_("it belongs to somebody else"))


def _authorize_for(portal_id: int, actor: Actor, act: str = "oncall.edit") -> int:
    hotline_id = portal(portal_id).hotline_id
    authorize(actor, act, hotline_id)
    return hotline_id


def _record(event: str, hotline_id: int, portal_id: int, actor: Actor, **facts: object) -> None:
    record(event, actor=actor, hotline_id=hotline_id, subject=f"portal:{portal_id}", facts=facts)
