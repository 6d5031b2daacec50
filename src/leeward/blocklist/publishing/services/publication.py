"""Publish a list: a draft is made and checked by the gates outside any transaction, and becomes visible in one.

A stopped addition never delays a removal: if a draft is stopped, its removals are published alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import queries, store
from leeward.blocklist.publishing.errors import ListChanged
from leeward.blocklist.publishing.gates import all_failures, canaries_of
from leeward.blocklist.publishing.keys import sign
from leeward.blocklist.publishing.models import Hold, Publication
from leeward.blocklist.publishing.queries import PublicationRow, SettingsRow
from leeward.blocklist.publishing.rules.statements import publication_text
from leeward.blocklist.publishing.rules.states import read_state, state_lines
from leeward.blocklist.publishing.rules.test_names import test_entries_of
from leeward.blocklist.queries import ListRow
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.gates import Failure
from leeward.blocklist.rules.serials import next_serial
from leeward.blocklist.snapshot import Heading
from leeward.foundation.actor import Actor
from leeward.jobs.services import publish_event, schedule
from leeward.people.services import authorize

PUBLISH, LOOK_AND_PUBLISH = "publishing.publish", "publishing.look_and_publish"
_TRIES = 3
_SNAPSHOTS_KEPT = 10
SIZES = ("size_jump", "emptied")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of publishing: the current publication (None: still nothing), and why the complete draft was stopped,
    if it was.
    """

    published: PublicationRow | None
    stopped: PublicationRow | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines that may become the next state, with those of the last one."""

    lines: list[str]
    before: list[str]
    newest: PublicationRow | None
    why: str
    back_to: int | None = None
    accepted: tuple[str, ...] = ()
    only_removals: bool = False
    hold: "NewHold | None" = None


@dataclass(frozen=True, slots=True)
class NewHold:
    """A list that is held from now on: the reason, and the name of its entries at that time."""

    reason: str
    then_sha256: str


def publish_soon(list_id: int, *, hotline_id: int, at: datetime | None = None) -> None:
    """Schedule the publication of a list, now or at a given time, in the caller's transaction."""
    schedule(PUBLISH, subject_id=list_id, hotline_id=hotline_id, due_at=at)


def publish(list_id: int, *, actor: Actor, why: str = "person", accept: Collection[str] = ()) -> Outcome:
    """Publish the current entries of a list; `accept` names the size gates that a person has reviewed.

    Raises NotAllowed, NotFound, and ListChanged if others keep publishing.
    """
    row = blocklist_queries.list_by_id(list_id)
    authorize(actor, "publication.make", row.hotline_id)
    for _ in range(_TRIES):
        try:
            return _publish_once(row, actor, why, tuple(sorted(set(accept) & set(SIZES))))
        except ListChanged:
            continue
    raise ListChanged


def _publish_once(row: ListRow, actor: Actor, why: str, accepted: tuple[str, ...]) -> Outcome:
    newest = queries.newest(row.id)
    before = store.state_text(newest.sha256) if newest else []
    lines = state_lines([*_wanted(row), *tests_of(row)])
    hold = queries.hold_of(row.id)
    if hold:
        lines = _without_what_went(before, store.state_text(hold.then_sha256), lines)
    draft = Draft(lines, before, newest, why, accepted=accepted)
    return settle(row, draft, actor)


def _wanted(row: ListRow) -> Iterable[ListEntry]:
    return (live.entry for live in blocklist_queries.live_entries(row.id))


def tests_of(row: ListRow) -> tuple[ListEntry, ...]:
    """Return the test entries of a list; none if no name was chosen for them."""
    chosen = queries.list_settings(row.hotline_id)
    return test_entries_of(row.name, chosen.test_domain, domains_only=row.kind == "worst_of")


def _without_what_went(held: list[str], then: list[str], now: list[str]) -> list[str]:
    """Return the lines of a held list: removals apply at once, and nothing is added."""
    gone = set(then) - set(now)
    return [line for line in held if line not in gone]


def settle(row: ListRow, draft: Draft, actor: Actor) -> Outcome:
    """Publish a draft if it passes the gates; otherwise record why not, and publish its removals alone if there are
    any.
    """
    wrong = _tried(row, draft)
    if not wrong:
        return Outcome(_commit(row, draft, actor))
    stopped = _stop(row, draft, wrong, actor)
    now = set(draft.lines)
    kept = [line for line in draft.before if line in now]
    less = replace(draft, lines=kept, only_removals=True, why="removal")
    if draft.newest is None or len(kept) == len(draft.before) or _tried(row, less):
        return Outcome(draft.newest, stopped)
    return Outcome(_commit(row, less, actor), stopped)


def _tried(row: ListRow, draft: Draft) -> list[Failure]:
    chosen = queries.list_settings(row.hotline_id)
    found = all_failures(
        list(read_state(draft.lines)),
        list(read_state(draft.before)),
        tests=tests_of(row),
        limits=blocklist_queries.limits_of(row.hotline_id),
        settings=chosen,
        canaries=canaries_by_subscriber(row, chosen),
    )
    return [failure for failure in found if failure.gate not in draft.accepted]


def canaries_by_subscriber(row: ListRow, chosen: SettingsRow) -> dict[str, tuple[str, ...]]:
    """Return the canaries of all current subscribers of a list, by name."""
    secret = settings.LEEWARD.secret_bytes
    return {
        one.name: canaries_of(secret, row.name, one, chosen.canary_domains)
        for one in queries.subscribers_of_list(row.id)
    }


def _commit(row: ListRow, draft: Draft, actor: Actor) -> PublicationRow:
    """Write the files, then make them visible in one transaction; raises ListChanged if another publication was faster."""
    at = datetime.now(UTC)
    sha256 = store.keep_state(draft.lines)
    serial = next_serial(draft.newest.serial or 0) if draft.newest else 1
    store.keep_snapshot(sha256, Heading(row.name, serial, at.isoformat()), read_state(draft.lines))
    text = publication_text(list_name=row.name, serial=serial, at=at, entries=len(draft.lines), sha256=sha256)
    added, removed = len(set(draft.lines) - set(draft.before)), len(set(draft.before) - set(draft.lines))
    with hotline_transaction(row.hotline_id):
        newest = queries.newest(row.id)
        if (newest and newest.id) != (draft.newest and draft.newest.id):
            raise ListChanged
        made = Publication.objects.create(
            hotline_id=row.hotline_id,
            list_id=row.id,
            state="published",
            serial=serial,
            at=at,
            why=draft.why,
            back_to_id=draft.back_to,
            only_removals=draft.only_removals,
            entries=len(draft.lines),
            by_scope=_by_scope(draft.lines),
            added=added,
            removed=removed,
            accepted=list(draft.accepted),
            sha256=sha256,
            signature=sign(text),
        )
        facts = {
            "list": row.id,
            "serial": serial,
            "entries": len(draft.lines),
            "added": added,
            "removed": removed,
            "why": draft.why,
            "sha256": sha256,
            "accepted": list(draft.accepted),
        }
        record("list.published", actor=actor, hotline_id=row.hotline_id, subject=f"publication:{made.pk}", facts=facts)
        if draft.hold:
            _hold(row, draft.hold, at, actor)
        publish_event("list.published", subject_id=row.id, hotline_id=row.hotline_id)
    return queries.publication_row(made)


def _hold(row: ListRow, new: NewHold, at: datetime, actor: Actor) -> None:
    values = {"hotline_id": row.hotline_id, "reason": new.reason, "then_sha256": new.then_sha256, "at": at}
    Hold.objects.update_or_create(list_id=row.id, defaults=values)
    record("list.held", actor=actor, hotline_id=row.hotline_id, subject=f"list:{row.id}", facts={})


def _stop(row: ListRow, draft: Draft, wrong: list[Failure], actor: Actor) -> PublicationRow:
    """Record that an attempt was stopped, and by which gates."""
    failures = [{**asdict(failure), "examples": list(failure.examples)} for failure in wrong]
    with hotline_transaction(row.hotline_id):
        made = Publication.objects.create(
            hotline_id=row.hotline_id,
            list_id=row.id,
            state="stopped",
            at=datetime.now(UTC),
            why=draft.why,
            back_to_id=draft.back_to,
            entries=len(draft.lines),
            by_scope=_by_scope(draft.lines),
            added=len(set(draft.lines) - set(draft.before)),
            removed=len(set(draft.before) - set(draft.lines)),
            failures=failures,
            accepted=list(draft.accepted),
        )
        gates = [failure.gate for failure in wrong]
        record(
            "publication.stopped",
            actor=actor,
            hotline_id=row.hotline_id,
            subject=f"publication:{made.pk}",
            facts={"list": row.id, "gates": gates},
        )
        publish_event("publication.stopped", subject_id=made.pk, hotline_id=row.hotline_id)
    return queries.publication_row(made)


def _by_scope(lines: list[str]) -> dict[str, int]:
    return dict(sorted(Counter(line.partition("\t")[0] for line in lines).items()))


def sweep(hotline_ids: Collection[int]) -> int:
    """Delete files that no publication needs any more: old copies and snapshots, and leftovers of crashes."""
    states: set[str] = set()
    snapshots: set[str] = set()
    newest: set[str] = set()
    for hotline_id in hotline_ids:
        with scope(hotline=hotline_id):
            for row in blocklist_queries.block_lists():
                found = list(
                    Publication.objects.filter(list_id=row.id, state="published")
                    .order_by("-id")
                    .values_list("sha256", "id")
                )
                hold = queries.hold_of(row.id)
                states |= {*(sha256 for sha256, _ in found), *([hold.then_sha256] if hold else [])}
                snapshots |= {sha256 for sha256, _ in found[:_SNAPSHOTS_KEPT]}
                newest |= {str(pk) for _, pk in found[:1]}
    return store.sweep(states=states, snapshots=snapshots, publications=newest)
