"""Lists sent from the desk: stored in the spool, read for a preview, imported when a person confirms, then deleted. A
list that would do more than add what a registered source says waits for a second person (`../../rules/second_persons.py`).

Reading and importing are jobs that can be killed at any moment and restarted without loss. The import resumes at its
last batch, and a file is deleted only once its rows are written.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from leeward.audit.services import hotline_transaction
from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError, NotAllowed, NotFound
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.lazy_text import storable
from leeward.hashbank.errors import CategoriesUnmapped, ImportTakesTwo, PreviewOutdated, UploadMovedOn
from leeward.hashbank.lists.services.error_files import errors_of
from leeward.hashbank.lists.services.importing import Outcome, import_list, preview_import, refuse_own_name
from leeward.hashbank.lists.services.list_files import Progress
from leeward.hashbank.models import Import, Upload
from leeward.hashbank.records.services.voting import is_registered
from leeward.hashbank.rules.categories import profile_with
from leeward.hashbank.rules.second_persons import import_takes_two
from leeward.hashbank.scene import hotline_here
from leeward.hashbank.uploads.spool import Arrived, spool_folder, spooled
from leeward.jobs.services import publish_event, schedule
from leeward.people.access import staff_member
from leeward.people.rules.reading import mark_of
from leeward.people.services import authorize, demand_read, demand_second

READ, BRING_IN = "hashbank.read_upload", "hashbank.bring_in_upload"
KEPT_DAYS = 7
SHOWN_PROBLEMS = 200
_TELL_EVERY_SECONDS = 1.0
_WAITING = ("unsaid", "read", "stopped")
PROPOSED = "proposed"
LIST_WAITS = "list.waits"
"""An event about an upload: it waits for a second person."""


def keep_upload(file: Arrived, *, actor: Actor) -> int:
    """Record a file that is in the spool; return the id of the upload."""
    authorize(actor, "hash.exchange", hotline_here())
    with hotline_transaction():
        row = Upload.objects.create(
            hotline_id=hotline_here(),
            token=file.token,
            file_name=(file.name or "list")[:200],
            sha256=file.sha256,
            bytes=file.size or 0,
            by=actor.id or 0,
            at=datetime.now(UTC),
        )
        facts = {"bytes": row.bytes, "sha256": row.sha256}
        audit("list.uploaded", actor=actor, hotline_id=row.hotline_id, subject=f"upload:{row.pk}", facts=facts)
    return row.pk


def read_upload(
    upload_id: int,
    *,
    source: str,
    bank: str,
    harmless: bool = False,
    format_name: str = "",
    profile: str = "",
    mapping: Mapping[str, str] | None = None,
    actor: Actor,
) -> None:
    """Have a list read under the name of its source, for a preview of what it would change; may be repeated."""
    authorize(actor, "hash.exchange", hotline_here())
    refuse_own_name(source)
    meanings = dict(mapping or {})
    if profile or meanings:
        profile_with(profile or "own", meanings)
    with hotline_transaction():
        row = _locked(upload_id, *_WAITING)
        row.source, row.bank, row.harmless, row.format = source.strip()[:80], bank, harmless, format_name
        row.profile, row.mapping = profile, meanings
        row.state, row.problem, row.seen, row.done_bytes = "reading", "", {}, 0
        row.by, row.second_by, row.proposed_at = actor.id or 0, 0, None
        row.save()
        schedule(READ, subject_id=row.pk, hotline_id=row.hotline_id)


def bring_in_upload(upload_id: int, *, seen: str, actor: Actor) -> bool:
    """Import a list whose preview a person has seen; return whether that begins now. False where it takes a second
    person: then the list waits for one. `seen` is the mark of that preview.

    Raises NotFound, UploadMovedOn, PreviewOutdated, CategoriesUnmapped, and EnteredSince if it was read another way
    since.
    """
    authorize(actor, "hash.exchange", hotline_here())
    with hotline_transaction():
        row = _locked(upload_id, "read")
        if not is_complete(row.seen):
            raise PreviewOutdated
        demand_read(mark_of_preview(row), seen=seen)
        missing = [category for category, counted in row.seen["categories"].items() if not counted["means"]]
        if missing:
            raise CategoriesUnmapped(categories=", ".join(missing))
        row.by = actor.id or 0
        if takes_two(row):
            row.state, row.proposed_at = PROPOSED, datetime.now(UTC)
            row.save()
            publish_event(LIST_WAITS, subject_id=row.pk, hotline_id=row.hotline_id)
            audit("list.proposed", actor=actor, hotline_id=row.hotline_id, subject=f"upload:{row.pk}")
            return False
        _begin(row, actor)
    return True


def confirm_upload(upload_id: int, *, seen: str, actor: Actor) -> None:
    """Confirm, as the second person, that a list is imported. `seen` is the mark of the preview that they have read.

    Raises NotFound, UploadMovedOn, NotAllowed, NotSecondPerson, and EnteredSince if it was read another way since.
    """
    authorize(actor, "hash.settle", hotline_here())
    with hotline_transaction():
        row = _locked(upload_id, PROPOSED)
        if row.by == actor.id:
            raise NotAllowed(reason=_("it needs a second person"))
        demand_second(actor, {row.by}, act="hash.settle")
        demand_read(mark_of_preview(row), seen=seen)
        row.second_by = actor.id or 0
        _begin(row, actor)


def _begin(row: Upload, actor: Actor) -> None:
    row.state, row.done_bytes, row.confirmed_at = "importing", 0, datetime.now(UTC)
    row.save()
    schedule(BRING_IN, subject_id=row.pk, hotline_id=row.hotline_id)
    audit("list.confirmed", actor=actor, hotline_id=row.hotline_id, subject=f"upload:{row.pk}")


def takes_two(row: Upload) -> bool:
    """Return whether importing this list, as its preview shows it, takes a second person."""
    return import_takes_two(
        is_registered=is_registered(row.source), effects=row.seen["effects"], withdrawn=row.seen["withdrawn"]
    )


def mark_of_preview(row: Upload) -> str:
    """Return a mark of a preview: whose list it was read as, for which bank, and what that would change."""
    return mark_of(row.pk, row.source, row.bank, row.harmless, row.format, row.profile, row.mapping, row.seen)


def is_complete(seen: Mapping[str, Any]) -> bool:
    """Return whether a preview says what each category of the list means and what the list does to records.

    Previews of earlier versions don't, so nobody has agreed to that.
    """
    categories = seen.get("categories")
    return (
        isinstance(categories, dict)
        and all(isinstance(counted, dict) and "means" in counted for counted in categories.values())
        and isinstance(seen.get("effects"), dict)
    )


def drop_upload(upload_id: int, *, actor: Actor) -> int:
    """Discard a list that was not imported, and delete its file; a proposal is withdrawn or declined by that. Return its
    id.

    What an import added before it stopped stays, since one person may add it; the import ends there, so that the list
    can be sent again with other options.
    """
    authorize(actor, "hash.exchange", hotline_here())
    with hotline_transaction():
        row = _locked(upload_id, *_WAITING, PROPOSED)
        token = row.token
        begun = Import.objects.filter(sha256=row.sha256, source=row.source, bank__name=row.bank, finished_at=None)
        begun.filter(started_at__gte=row.at).update(finished_at=datetime.now(UTC))
        audit("list.dropped", actor=actor, hotline_id=row.hotline_id, subject=f"upload:{row.pk}")
        row.delete()
    spooled(hotline_here(), token).unlink(missing_ok=True)
    return upload_id


def carry_on_reading(upload_id: int) -> None:
    """Read a list and store what it would change; safe to run twice."""
    under_way = _under_way(upload_id, "reading")
    if under_way is None:
        return
    row, actor = under_way
    try:
        seen = preview_import(
            spooled(row.hotline_id, row.token),
            actor=actor,
            source=row.source,
            bank=row.bank,
            harmless=row.harmless,
            format_name=row.format,
            profile=row.profile,
            mapping=row.mapping,
            errors=errors_of(row.sha256),
            progress=_progress_of(upload_id),
        )
    except (LeewardError, OSError) as problem:
        _stop(row, problem)
        return
    _settle(upload_id, state="read", seen=_seen(seen), done_bytes=row.bytes)


def carry_on_importing(upload_id: int) -> None:
    """Import a list and delete its file; safe to run twice, and resumes where it was killed."""
    under_way = _under_way(upload_id, "importing")
    if under_way is None:
        return
    row, actor = under_way
    path = spooled(row.hotline_id, row.token)
    number = _done_before(row, actor)
    try:
        if not number:
            number = import_list(
                path,
                actor=actor,
                source=row.source,
                bank=row.bank,
                harmless=row.harmless,
                format_name=row.format,
                profile=row.profile,
                mapping=row.mapping,
                file_name=row.file_name,
                second_by=f"staff:{row.second_by}" if row.second_by else "",
                progress=_progress_of(upload_id),
            ).import_id
    except ImportTakesTwo:
        _read_again(row)
        return
    except (LeewardError, OSError) as problem:
        _stop(row, problem)
        return
    _settle(upload_id, state="done", import_id=number, done_bytes=row.bytes)
    path.unlink(missing_ok=True)


def _read_again(row: Upload) -> None:
    """Have a list read again: since its preview the bank has changed, and now it would do more than one person may."""
    with hotline_transaction():
        Upload.objects.filter(pk=row.pk).update(state="reading", done_bytes=0, seen={}, confirmed_at=None)
        schedule(READ, subject_id=row.pk, hotline_id=row.hotline_id)


def sweep_uploads(now: datetime) -> None:
    """Delete uploads older than a week, and files without an upload, which interrupted requests leave behind."""
    old = now - timedelta(days=KEPT_DAYS)
    with hotline_transaction():
        Upload.objects.filter(hotline_id=hotline_here(), at__lt=old).exclude(
            state__in=("reading", "importing")
        ).delete()
    kept = set(Upload.objects.exclude(state="done").values_list("token", flat=True))
    for path in spool_folder(hotline_here()).iterdir():
        if path.name not in kept and path.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            path.unlink(missing_ok=True)


def _under_way(upload_id: int, state: str) -> tuple[Upload, Actor] | None:
    """Return the upload in this state and who asked for it; None where it has moved on, or stop it where that person is
    no longer allowed.
    """
    row = Upload.objects.filter(pk=upload_id, state=state).first()
    if row is None:
        return None
    actor = staff_member(row.by, row.hotline_id)
    if actor is None:
        _stop(row, NotAllowed(reason=_("whoever asked for it is no longer allowed to")))
        return None
    return row, actor


def _locked(upload_id: int, *states: str) -> Upload:
    row = Upload.objects.select_for_update().filter(pk=upload_id).first()
    if row is None:
        raise NotFound(what=_("upload"))
    if row.state not in states:
        raise UploadMovedOn
    return row


def _settle(upload_id: int, **values: Any) -> None:
    with hotline_transaction():
        Upload.objects.filter(pk=upload_id).update(**values)


def _done_before(row: Upload, actor: Actor) -> int:
    """Return the import that was finished just before the worker was killed, or 0."""
    found = Import.objects.filter(
        sha256=row.sha256,
        source=row.source,
        bank__name=row.bank,
        by=actor.label,
        started_at__gte=row.confirmed_at,
        finished_at__isnull=False,
    )
    return found.order_by("-id").values_list("id", flat=True).first() or 0


def _progress_of(upload_id: int) -> Progress:
    """Return a callback that records, once a second, how far a file has been read."""
    last = time.monotonic()

    def tell(done: float, _whole: float) -> None:
        nonlocal last
        if time.monotonic() - last > _TELL_EVERY_SECONDS:
            last = time.monotonic()
            _settle(upload_id, done_bytes=int(done))

    return tell


def _seen(found: Outcome) -> dict[str, Any]:
    return {
        "format": found.format,
        "counts": found.counts,
        "rows": found.rows,
        "added": found.added,
        "joined": found.joined,
        "withdrawn": found.withdrawn,
        "broken": found.broken,
        "damaged": found.damaged,
        "left_out": found.left_out,
        "effects": dict(found.effects.counts.most_common()),
        "touched": dict(found.effects.records),
        "profile": found.profile,
        "categories": found.categories,
        "kinds": dict(found.kinds.most_common()),
        "problems": [[place, storable(why)] for place, why in found.problems[:SHOWN_PROBLEMS]],
        "is_whole": found.is_whole,
    }


def _stop(row: Upload, problem: Exception) -> None:
    """Stop an upload and let it wait for a person, with the problem."""
    text = problem.lazy_text if isinstance(problem, LeewardError) else type(problem).__name__
    _settle(row.pk, state="stopped", problem=str(text)[:400], seen=row.seen | {"problem": storable(text)})
