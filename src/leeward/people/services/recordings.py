"""Keep, show and remove recordings of public pages. One that was kept is heard on the desk before visitors hear it; once the
portal was opened, showing and removing one takes two people.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation import sandbox
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.people.errors import ChangeWaits, FieldIsWrong
from leeward.people.models import Portal, PortalChange, Recording
from leeward.people.queries.portal_changes import about_same
from leeward.people.rules.reach import RECORDING
from leeward.people.rules.recordings import (
    FORMS,
    MOST_BYTES,
    MOST_SECONDS,
    PAGES,
    about,
    form_of,
    page_and_language,
)
from leeward.people.services.checking import authorize, demand_no_record
from leeward.people.services.portal_changes import ask_change, carries_out, is_in_use, is_one_of_two

ONLY_SOUND = "leeward.people.decoders.sound:only_sound"
LIMITS = sandbox.Limits(seconds=30, wait_seconds=10, memory_bytes=256 << 20)


def keep_recording(portal_id: int, page: str, language: str, body: bytes, *, actor: Actor) -> int:
    """Keep the sound of a file, in place of one of the same page and language that visitors don't hear yet; return its
    number. Raises FieldIsWrong, NotFound, ChangeWaits (it waits for a second person).
    """
    _check(_portal(portal_id, actor), page, language)
    form, found = _only_sound_of(body)
    with hotline_transaction(actor.hotline_id):
        portal = _portal(portal_id, actor, lock=True)
        _check(portal, page, language)
        _refuse_while_waiting(portal, page, language)
        digest = hashlib.sha256(found["body"]).hexdigest()
        row, _is_new = Recording.objects.update_or_create(
            portal=portal,
            page=page,
            language=language,
            is_shown=False,
            defaults={
                "media_type": FORMS[form].media_type,
                "sha256": digest,
                "seconds": max(1, round(found["seconds"])),
                "body": found["body"],
                "kept_by_id": actor.id,
                "kept_at": datetime.now(UTC),
            },
        )
        _record("recording.kept", row, actor)
        return row.pk


def show_recording(portal_id: int, number: int, *, actor: Actor) -> int | None:
    """Let visitors hear a recording, in place of an earlier one. For a portal in use a second person confirms it: the number
    of that change is returned. Raises NotFound.
    """
    with hotline_transaction(actor.hotline_id):
        portal = _portal(portal_id, actor, lock=True)
        row = _numbered(portal, number)
        return None if row.is_shown else _change(portal, row, row.sha256, actor)


def remove_recording(portal_id: int, number: int, *, actor: Actor) -> int | None:
    """Remove a recording; for a portal in use one that visitors hear stays until a second person confirms it, and the number
    of that change is returned. Raises NotFound, ChangeWaits.
    """
    with hotline_transaction(actor.hotline_id):
        portal = _portal(portal_id, actor, lock=True)
        row = _numbered(portal, number)
        if row.is_shown:
            return _change(portal, row, "", actor)
        _refuse_while_waiting(portal, row.page, row.language)
        _remove(row, actor)
        return None


def _only_sound_of(body: bytes) -> tuple[str, dict[str, Any]]:
    """Return the form of a file, and its sound as the child wrote it anew; raises FieldIsWrong."""
    form = form_of(body[:12])
    if len(body) > MOST_BYTES:
        raise _wrong(_("it has more than 4 MB."))
    if form is None:
        raise _wrong(_("it is not an MP3, M4A or Opus file."))
    found = sandbox.call(ONLY_SOUND, body, LIMITS, form=form, codec=FORMS[form].codec, most_seconds=MOST_SECONDS)
    if isinstance(found, sandbox.Finding):
        raise _wrong(f"{found.why}.")
    if found.get("why") == "too_long":
        raise _wrong(_("it is longer than 5 minutes."))
    if "body" not in found or len(found["body"]) > MOST_BYTES:
        raise _wrong(_("it is not an MP3, M4A or Opus file."))
    return form, found


def _wrong(why: str) -> FieldIsWrong:
    return FieldIsWrong(field=_("The file"), why=why)


def _check(portal: Portal, page: str, language: str) -> None:
    if page not in PAGES or language not in portal.languages:
        raise NotFound(what=_("page"))


def _change(portal: Portal, row: Recording, wanted: str, actor: Actor) -> int | None:
    """Make a change at once, or ask a second person where visitors of a portal in use would hear it."""
    name = about(row.page, row.language)
    if is_in_use(portal) and is_one_of_two(actor):
        now = Recording.objects.filter(portal=portal, page=row.page, language=row.language, is_shown=True).first()
        return ask_change(
            portal.pk, RECORDING, hotline_id=portal.hotline_id, before={RECORDING: now.sha256 if now else ""},
            wanted={RECORDING: wanted}, actor=actor, about=name,
        )  # fmt: skip
    _carry_out(portal, name, wanted, actor)
    return None


def _carry_out(portal: Portal, name: str, wanted: str, actor: Actor) -> None:
    """Show exactly the recording that was heard (its digest), or none; in the caller's transaction. Raises NotFound."""
    page, language = page_and_language(name)
    rows = Recording.objects.filter(portal=portal, page=page, language=language)
    fresh = rows.filter(is_shown=False, sha256=wanted).first() if wanted else None
    if wanted and fresh is None:
        raise NotFound(what=_("recording"))
    for row in rows.filter(is_shown=True):
        _remove(row, actor)
    if fresh is not None:
        fresh.is_shown = True
        fresh.save(update_fields=["is_shown"])
        _record("recording.shown", fresh, actor)


@carries_out(RECORDING)
def _as_agreed(portal: Portal, name: str, wanted: Mapping[str, Any], actor: Actor) -> None:
    _carry_out(portal, name, wanted[RECORDING], actor)


def _remove(row: Recording, actor: Actor) -> None:
    _record("recording.removed", row, actor)
    row.delete()


def _record(event: str, row: Recording, actor: Actor) -> None:
    facts = {"page": row.page, "language": row.language, "sha256": row.sha256, "seconds": row.seconds}
    hotline_id = row.portal.hotline_id
    record(event, actor=actor, hotline_id=hotline_id, subject=f"portal:{row.portal_id}", facts=facts)


def _refuse_while_waiting(portal: Portal, page: str, language: str) -> None:
    """Raise ChangeWaits while a second person is to confirm a change of this recording: they confirm what they heard."""
    waiting = about_same(portal.hotline_id, portal.pk, RECORDING, about(page, language)).filter(outcome="")
    change: PortalChange | None = waiting.first()
    if change is not None:
        raise ChangeWaits(number=change.pk)


def _portal(portal_id: int, actor: Actor, *, lock: bool = False) -> Portal:
    rows = Portal.objects.select_for_update() if lock else Portal.objects.all()
    rows = rows.filter(pk=portal_id)
    portal = (rows if not is_one_of_two(actor) else rows.filter(hotline_id=actor.hotline_id or 0)).first()
    if portal is None:
        raise NotFound(what=_("portal"))
    authorize(actor, "portal.edit", portal.hotline_id)
    demand_no_record(portal)
    return portal


def _numbered(portal: Portal, number: int) -> Recording:
    row = Recording.objects.filter(portal=portal, pk=number).first()
    if row is None:
        raise NotFound(what=_("recording"))
    return row
