"""Fetches what is at a place, stores fingerprints and discards the rest."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.hosting.errors import StillUnheard
from leeward.hosting.fetching.control import FILES_THAT_WAIT, PAGES_THAT_WAIT, pages_are_read, pictures_are_read
from leeward.hosting.fetching.in_memory import FetchedFile, FetchResult, fetch_files, fetch_page
from leeward.hosting.models import Fetch, Finding, FoundFile, Location
from leeward.hosting.queries import latest_fetch
from leeward.hosting.rows import FetchNow, FetchRow
from leeward.hosting.services.healing import UNHEARD, heal_soon, require_answers
from leeward.hosting.services.hopping import note_hop, note_hop_of
from leeward.hosting.services.locating import locate
from leeward.hosting.services.places import access_of, make_older
from leeward.jobs.services import publish_event, schedule
from leeward.payments import services as payments_services
from leeward.payments.rules.masking import address_without_card_numbers
from leeward.payments.rules.traces import Trace

FETCHABLE = ("url", "onion")
REST, FETCHED = "hosting.fetch_rest", "location.fetched"
OVER_BUDGET = "over_budget"
AGAIN, MOST_BETWEEN, GIVEN_UP = timedelta(minutes=1), timedelta(minutes=5), timedelta(days=14)
CODE_BYTES = 32
_NAMELESS = UNHEARD | {"no_such_name", "no_address"}


def fetch(location_id: int, *, on_behalf: str = "", windows: bool = False) -> FetchRow | None:
    """Fetch what is at a place now and store what was seen; a failure is stored as well. None for things that can't be
    fetched (shared files, accounts, numbers). No transaction is open during network access.

    `on_behalf` of a report, each host is asked only so often a minute: the rest is fetched gradually, and `waiting`
    says how much. With `windows`, codes of parts of the pictures are stored too, until `take_windows` or
    `forget_windows`.
    """
    seen = fetch_now(location_id, on_behalf=on_behalf, windows=windows)
    return latest_fetch(location_id) if seen else None


def fetch_now(location_id: int, *, on_behalf: str = "", windows: bool = False) -> FetchNow | None:
    """Do the same, and say how many files were seen there."""
    place = Location.objects.get(pk=location_id)
    if place.kind not in FETCHABLE:
        return None
    at = datetime.now(UTC)
    result = fetch_page(place.display, access_of(place), on_behalf=on_behalf, windows=windows)
    keep(place, result, at, on_behalf=on_behalf, windows=windows)
    note_hop_of(place, saw_files=bool(result.files))
    return FetchNow(place.pk, len(result.files))


def fetch_rest(fetch_id: int) -> datetime | None:
    """Fetch what a visit had to postpone, because of its host's budget or because nothing could be decoded; return when to continue,
    or None if nothing is left or there was a newer visit. While nothing can be decoded no host is asked."""
    row = Fetch.objects.select_related("location").filter(pk=fetch_id, waiting__gt=0).first()
    newest = Fetch.objects.filter(location=row.location_id).order_by("-at", "-pk").first() if row else None
    if row is None or newest is None or newest.pk != row.pk:
        return None
    if row.outcome == OVER_BUDGET or row.reason in PAGES_THAT_WAIT:
        return _page_again(row)
    left = list(row.files.filter(problem__in=(OVER_BUDGET, *FILES_THAT_WAIT)).order_by("position"))
    if any(file.problem in FILES_THAT_WAIT for file in left) and not pictures_are_read():
        return _later(row)
    named = [(file.url, file.media) for file in left]
    seen = fetch_files(named, page=row.final_url, on_behalf=row.on_behalf, windows=row.with_windows)
    with hotline_transaction():
        new = [
            (file, one) for file, one in zip(left, seen, strict=True) if one.problem not in (OVER_BUDGET, file.problem)
        ]
        had = [_update(file, one) for file, one in new]
        row.waiting = sum(map(_waits, seen))
        row.save(update_fields=["waiting"])
        if had:
            _record(row, len(had))
            publish_event("location.fetched_more", subject_id=row.location_id, hotline_id=row.hotline_id)
    note_hop(row.location_id)
    if any(one.problem in FILES_THAT_WAIT for one in seen):
        return _later(row)
    return datetime.now(UTC) + AGAIN if row.waiting else None


def _waits(seen: FetchedFile) -> bool:
    return seen.problem == OVER_BUDGET or seen.problem in FILES_THAT_WAIT


def _later(row: Fetch) -> datetime | None:
    """Return when to try again what could not be decoded: at first soon. After two weeks it stays as it is."""
    now = datetime.now(UTC)
    age = now - row.at
    if age > GIVEN_UP:
        Fetch.objects.filter(pk=row.pk).update(waiting=0)
        return None
    return now + min(max(age / 4, AGAIN), MOST_BETWEEN)


def heal_place(location_id: int) -> None:
    """Locate, fetch and place anew what an outage of name servers or registries left open. Raises StillUnheard as long as it
    lasts."""
    place = Location.objects.filter(pk=location_id).first()
    if place is None:
        return
    if place.kind == "url":
        require_answers(place)
        locate(place.pk, at_most_old=timedelta(minutes=1))  # what was answered just now
    row = Fetch.objects.filter(location=place).order_by("-at", "-pk").first()
    if row is not None and row.outcome in _NAMELESS:
        seen = fetch(place.pk, on_behalf=row.on_behalf, windows=row.with_windows)
        if seen is not None and seen.outcome in UNHEARD:
            raise StillUnheard
    _know_more(place)


def locate_anew(location_id: int) -> datetime | None:
    """Ask again what a registry wanted to be asked later, or what somebody says has changed. Return when a registry wants to be asked
    once more."""
    place = Location.objects.get(pk=location_id)
    before = _known(place)
    again_at = locate(place.pk, at_most_old=timedelta(0), asks_again=False)
    note_hop(place.pk)
    if _known(place) != before:
        _know_more(place)
    return again_at


def _known(place: Location) -> set[tuple[str, str]]:
    return set(Finding.objects.filter(location=place).exclude(kind="ask_later").values_list("kind", "value"))


def _know_more(place: Location) -> None:
    with hotline_transaction():
        publish_event("location.fetched_more", subject_id=place.pk, hotline_id=place.hotline_id)


def _page_again(row: Fetch) -> datetime | None:
    """Fetch the page itself, which was postponed, and delete the visit that saw nothing."""
    if row.outcome != OVER_BUDGET and not pages_are_read():
        return _later(row)
    place, at = row.location, datetime.now(UTC)
    result = fetch_page(place.display, access_of(place), on_behalf=row.on_behalf, windows=row.with_windows)
    if result.answer.outcome == OVER_BUDGET:
        return at + AGAIN
    if row.reason in PAGES_THAT_WAIT and result.reason in PAGES_THAT_WAIT:
        return _later(row)
    with hotline_transaction():
        keep(place, result, at, on_behalf=row.on_behalf, windows=row.with_windows)
        if row.outcome == OVER_BUDGET:
            Fetch.objects.filter(pk=row.pk).delete()
        else:
            Fetch.objects.filter(pk=row.pk).update(waiting=0)
        publish_event("location.fetched_more", subject_id=place.pk, hotline_id=place.hotline_id)
    return None


def keep(place: Location, result: FetchResult, at: datetime, *, on_behalf: str = "", windows: bool = False) -> int:
    """Store one fetch, and schedule what it had to postpone; return its number."""
    with hotline_transaction():
        make_older(Fetch.objects.filter(location=place), at)
        row = fetch_of(place, result, at, on_behalf=on_behalf, windows=windows)
        row.save(force_insert=True)
        FoundFile.objects.bulk_create(files_of(row, result.files), batch_size=200)
        note_rest(row, result.payments)
        _record(row, len(result.files))
    return row.pk


def fetch_of(place: Location, result: FetchResult, at: datetime, *, on_behalf: str, windows: bool) -> Fetch:
    """Return the row of one fetch (the caller stores it)."""
    answer = result.answer
    return Fetch(
        hotline_id=place.hotline_id,
        location=place,
        at=at,
        outcome=answer.outcome,
        reason=result.reason[:32],
        status=answer.status,
        final_url=address_without_card_numbers(answer.url)[:8000],
        content_type=answer.content_type,
        bytes=len(answer.body),
        sha256=result.sha256,
        text_print=result.text_print,
        files_named=result.files_named,
        tls_problem=answer.tls_problem[:120],
        duration_ms=answer.duration_ms,
        waiting=sum(map(_waits, result.files)) + (answer.outcome == OVER_BUDGET or result.reason in PAGES_THAT_WAIT),
        on_behalf=on_behalf[:40],
        with_windows=windows,
    )


def note_rest(row: Fetch, payments: Sequence[Trace]) -> None:
    """Plan what a fetch that was stored just now had to postpone, and keep what it says of payments; in the caller's transaction."""
    if row.waiting:
        schedule(REST, subject_id=row.pk, hotline_id=row.hotline_id, due_at=row.at + AGAIN)
    if row.outcome in UNHEARD:
        heal_soon(row.location, row.at)
    payments_services.note(payments, hotline_id=row.hotline_id, place="location", number=row.location_id, at=row.at)


def facts_of(row: Fetch, files: int) -> dict[str, object]:
    """Return what the log says of a fetch."""
    return {"fetch": row.pk, "outcome": row.outcome, "status": row.status, "files": files, "waiting": row.waiting}


def _record(row: Fetch, files: int) -> None:
    subject = f"location:{row.location_id}"
    record(FETCHED, actor=SYSTEM, hotline_id=row.hotline_id, subject=subject, facts=facts_of(row, files))


def _update(file: FoundFile, seen: FetchedFile) -> FoundFile:
    """Store what was fetched of a file later, in its old row."""
    _take(file, seen)
    file.save()
    return file


def files_of(row: Fetch, seen: Sequence[FetchedFile]) -> list[FoundFile]:
    """Return the rows of the files that a fetch saw (the caller stores them)."""
    return [_file(row, number, one) for number, one in enumerate(seen, start=1)]


def _file(row: Fetch, number: int, seen: FetchedFile) -> FoundFile:
    found = FoundFile(hotline_id=row.hotline_id, fetch=row, position=number, url=address_without_card_numbers(seen.url))
    _take(found, seen)
    return found


def _take(found: FoundFile, seen: FetchedFile) -> None:
    made = seen.fingerprint
    found.media, found.problem, found.content_type = seen.kind, seen.problem[:32], seen.content_type[:100]
    if made is not None:
        found.bytes, found.width, found.height = made.bytes, made.width, made.height
        found.md5, found.sha1, found.sha256 = made.md5, made.sha1, made.sha256
        found.pdq, found.pdq_quality, found.pdq_nn512 = made.pdq, made.pdq_quality, made.pdq_nn512
        found.licensed = dict(made.licensed)
        found.variants = [dict(one) for one in made.variants]
        found.windows = b"".join(made.windows)


def take_windows(file_ids: Collection[int]) -> dict[int, list[bytes]]:
    """Return the windows of these files, by file, and delete them here: whoever takes them keeps them now."""
    rows = FoundFile.objects.filter(pk__in=list(file_ids)).exclude(windows=b"")
    taken = {number: _codes(bytes(windows)) for number, windows in rows.values_list("pk", "windows")}
    rows.update(windows=b"")
    return taken


def forget_windows(location_id: int) -> None:
    """Delete the windows of every file that was seen at a place."""
    FoundFile.objects.filter(fetch__location_id=location_id).exclude(windows=b"").update(windows=b"")


def _codes(windows: bytes) -> list[bytes]:
    return [windows[start : start + CODE_BYTES] for start in range(0, len(windows), CODE_BYTES)]
