"""Pull from a source page by page. Each page and its checkpoint are one transaction, so an interrupted pull resumes
exactly there. What a complete list no longer names is withdrawn before, in pieces of a transaction each.

Of two concurrent pulls only one advances: a page is accepted only if the checkpoint is still the one from which it was
requested.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path

from django.db.models import F

from leeward.audit.services import record as audit
from leeward.backup.queries import require_free
from leeward.foundation.actor import Actor
from leeward.foundation.http import Client, Limits, Policy
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.lazy_text import storable
from leeward.hashbank.errors import CategoriesUnmapped
from leeward.hashbank.formats import Broken, Entry
from leeward.hashbank.lists.services.importing import MOST_PROBLEMS
from leeward.hashbank.lists.services.joining import Batch
from leeward.hashbank.lists.services.mapping import Mapper
from leeward.hashbank.models import Bank, Import, LiveSource
from leeward.hashbank.records.live import folder
from leeward.hashbank.records.services.banks import keep_bank
from leeward.hashbank.rules.categories import profile_with, unmapped
from leeward.hashbank.rules.sources import PROTOCOLS, may_be_asked, wait_after, withdraws_too_much
from leeward.hashbank.scene import bank_transaction, hotline_here, standing_changed
from leeward.hashbank.sources.errors import PullStopped, PullUnderWay, SourceIsOff, WithdrawsTooMuch
from leeward.hashbank.sources.protocols import PULLS, Feed, Line, Page
from leeward.hashbank.sources.protocols.line import PAGE_BYTES, PAGE_SECONDS
from leeward.hashbank.sources.queries import state_of_row
from leeward.hashbank.sources.sealing import unseal
from leeward.hashbank.sources.services.repeats import without_repeats
from leeward.hashbank.sources.services.replacing import count_votes, left_behind, withdraw_votes
from leeward.hosting.queries import resolve
from leeward.installation.queries import config_now
from leeward.people.services import authorize

_LOTS = random.SystemRandom()
MOST_PAGES = 5_000
MOST_PAGES_DRY = 20
BEHIND_AT_ONCE = 2_000
"""Votes withdrawn in one transaction, so that nobody else waits for long."""
OFF = {
    "removed": _("it was removed"),
    "no_agreement": _("no agreement is recorded"),
    "needs_second": _("a second person has to confirm its agreement"),
    "paused": _("it is paused"),
}


@dataclass(slots=True)
class Pulled:
    """What a pull did or would do. `has_more`: it reached its limit and continues next time; `why`: what stopped it;
    `held`: what it would have withdrawn, of how much.
    """

    name: str
    pages: int = 0
    rows: int = 0
    added: int = 0
    joined: int = 0
    withdrawn: int = 0
    broken: int = 0
    left_out: int = 0
    has_more: bool = False
    why: object = None
    held: dict[str, int] | None = None
    wait_seconds: int = 0
    categories: dict[str, dict[str, object]] = field(default_factory=dict)
    problems: list[tuple[int, object]] = field(default_factory=list)

    def note(self, broken: Broken) -> None:
        """Count an unusable entry; the first are kept with their place."""
        self.broken += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((broken.place, broken.why))

    def add(self, page: "Pulled") -> None:
        """Add the counts of a page that was written."""
        for name in ("pages", "rows", "added", "joined", "withdrawn", "broken", "left_out"):
            setattr(self, name, getattr(self, name) + getattr(page, name))
        self.problems += page.problems[: max(0, MOST_PROBLEMS - len(self.problems))]
        self.categories = _summed(self.categories, page.categories)


def pull(live_id: int, *, actor: Actor, most_seconds: float | None = None) -> Pulled:
    """Pull what is new from a source; raises SourceIsOff where it may not be asked, PullUnderWay where another pull is
    running.

    Whatever stops the pull is returned and shown on the source's page, and the wait before the next pull grows each
    time.
    """
    authorize(actor, "hash.exchange", hotline_here())
    row = LiveSource.objects.get(pk=live_id, hotline_id=hotline_here())
    _refuse_off(row)
    keep_bank(row.bank, actor=actor)
    done = Pulled(row.name)
    until = None if most_seconds is None else time.monotonic() + most_seconds
    try:
        with _pages(row, "pull") as pages:
            for page in pages:
                done.add(_take(row, page, actor, before=done.withdrawn))
                if done.pages >= MOST_PAGES or (until is not None and time.monotonic() > until):
                    done.has_more = not page.is_last
                    break
    except (PullStopped, CategoriesUnmapped) as error:
        done.why, done.wait_seconds = _why(error)
        if isinstance(error, WithdrawsTooMuch):
            done.held = {"withdraws": error.withdraws, "says": error.says}
    _finish(row, done, actor)
    return done


def preview_pull(live_id: int, *, actor: Actor) -> Pulled:
    """Query a source as a pull would and return what would change; nothing is written, and the checkpoint stays."""
    authorize(actor, "hash.exchange", hotline_here())
    row = LiveSource.objects.get(pk=live_id, hotline_id=hotline_here())
    _refuse_off(row)
    done = Pulled(row.name)
    try:
        with _pages(row, "preview") as pages:
            for page in pages:
                done.add(_counted(row, page))
                if done.pages >= MOST_PAGES_DRY:
                    done.has_more = not page.is_last
                    break
    except PullStopped as error:
        done.why, done.wait_seconds = _why(error)
    return done


def feed_of(row: LiveSource, purpose: str) -> Feed:
    """Return what a protocol needs to know about a source; raises PullStopped where the credentials can't be read."""
    secrets = unseal(row.sealed)
    if secrets is None:
        raise PullStopped(_("its secrets can’t be read with this installation’s secret; give them again"))
    return Feed(
        name=row.name,
        protocol=PROTOCOLS[row.protocol],
        url=row.url,
        part=row.part,
        own_name=row.own_name,
        public_key=row.public_key,
        reason=row.reason,
        spool=_spool(row, purpose),
        secrets=secrets,
    )


def client() -> Client:
    """Return the guarded HTTP client: as for fetching, but only with TLS, except to this machine itself."""
    require_free()
    config = config_now()
    policy = Policy(allowed_networks=config.fetch_allowed_networks, proxy=config.fetch_proxy)
    return Client(resolve, policy, Limits(max_bytes=PAGE_BYTES, seconds=PAGE_SECONDS, max_redirects=0))


def _spool(row: LiveSource, purpose: str) -> Path:
    return folder(row.hotline_id) / "sources" / f"{row.pk}.{purpose}"


def _refuse_off(row: LiveSource) -> None:
    state = state_of_row(row)
    if not may_be_asked(state):
        raise SourceIsOff(name=row.name, why=OFF[state])


@contextmanager
def _pages(row: LiveSource, purpose: str) -> Iterator[Iterator[Page]]:
    feed = feed_of(row, purpose)
    try:
        with client() as way:
            yield PULLS[row.protocol](Line(way, feed), feed, row.checkpoint)
    finally:
        if purpose == "preview":
            feed.spool.unlink(missing_ok=True)


def _why(error: PullStopped | CategoriesUnmapped) -> tuple[object, int]:
    if isinstance(error, PullStopped):
        return error.why, error.wait_seconds
    return _("nobody has said what these categories mean: %(categories)s", **error.values), 0


def _mapper(row: LiveSource, *, is_harmless: bool) -> Mapper:
    rules = PROTOCOLS[row.protocol]
    return Mapper(profile_with(rules.profile, {**rules.means, **row.mapping}), is_harmless=is_harmless)


def _mapped(row: LiveSource, page: Page, done: Pulled, *, is_harmless: bool) -> tuple[list[Entry], Mapper]:
    """Return the entries of a page as they are to be imported; raises CategoriesUnmapped with their counts."""
    mapper = _mapper(row, is_harmless=is_harmless)
    counts = mapper.counted(page.entries)
    if missing := unmapped(counts, mapper.profile):
        raise CategoriesUnmapped(categories=", ".join(f"{one} ({counts[one]})" for one in missing[:20]))
    for broken in page.broken:
        done.note(broken)
    entries = list(mapper.entries(page.entries, done))
    done.categories = mapper.categories_with_meanings()
    done.pages, done.rows = 1, (0 if page.is_all else len(page.whole)) + len(page.gone) + len(page.broken)
    return entries, mapper


def _take(row: LiveSource, page: Page, actor: Actor, *, before: int) -> Pulled:
    """Write a page and its checkpoint in one transaction; what a complete list no longer names goes before it.

    `before`: how many votes this pull has withdrawn. Raises WithdrawsTooMuch, and writes nothing.
    """
    done, page = Pulled(row.name), without_repeats(row.source, page)
    bank = Bank.objects.get(hotline_id=hotline_here(), name=row.bank)
    entries, mapper = _mapped(row, page, done, is_harmless=bank.harmless)
    gone = _withdraw_rest(row, page, bank, mapper, actor, before=before) if page.is_all else 0
    with bank_transaction() as revision:
        _advance(row, page.checkpoint)
        if done.rows and not page.is_all:
            run = _run(row, bank, mapper, actor)
            batch = Batch(
                source=row.source,
                bank_id=bank.pk,
                revision=revision,
                import_id=run.pk,
                facts={},
                verdict=mapper.verdict,
            )
            behind = _brought(row, page, entries, done, batch)
            _refuse_too_much(row, before + done.withdrawn, before + batch.withdrawn)
            withdraw_votes(behind, revision=revision)
            _count(row, run, done)
    row.refresh_from_db()
    done.withdrawn += gone
    return done


def _refuse_too_much(row: LiveSource, withdraws: int, withdrawn: int) -> None:
    """Raise WithdrawsTooMuch where a pull withdraws most of what its source said before it; of that it has `withdrawn`
    some already.
    """
    if withdraws_too_much(withdraws, 0, allowed=row.may_withdraw):  # it is many; counting takes a while
        says = withdrawn + count_votes(row.source)
        if withdraws_too_much(withdraws, says, allowed=row.may_withdraw):
            raise WithdrawsTooMuch(withdraws, says)


def _withdraw_rest(row: LiveSource, page: Page, bank: Bank, mapper: Mapper, actor: Actor, *, before: int) -> int:
    """Withdraw what a complete list no longer names; return how many votes. Raises WithdrawsTooMuch before the first.

    Each piece is counted in the transaction that withdraws it, so a pull that is killed goes on with the rest.
    """
    behind = sorted(left_behind(row.source, page, []).items())
    _refuse_too_much(row, before + len(behind), before)
    for some in batched(behind, BEHIND_AT_ONCE):
        with bank_transaction() as revision:
            _advance(row, row.checkpoint)
            run = _run(row, bank, mapper, actor)
            withdraw_votes(dict(some), revision=revision)
            _count(row, run, Pulled(row.name, withdrawn=len(some)))
            standing_changed()
        row.refresh_from_db()
    return len(behind)


def _advance(row: LiveSource, checkpoint: dict[str, object]) -> None:
    """Set the checkpoint if this pull is still the one that goes on; raises SourceIsOff, PullUnderWay."""
    mine = LiveSource.objects.filter(pk=row.pk, serial=row.serial, removed_at=None, paused_at=None)
    if not mine.exclude(second_at=None).update(serial=F("serial") + 1, checkpoint=checkpoint):
        row.refresh_from_db()
        _refuse_off(row)  # paused or removed meanwhile
        raise PullUnderWay(name=row.name)


def _brought(
    row: LiveSource, page: Page, entries: list[Entry], done: Pulled, batch: Batch
) -> dict[tuple[int, int], datetime]:
    """Import or count the entries, and return the votes to be withdrawn."""
    batch.take(entries)
    for broken in batch.refused:
        done.note(broken)
    numbers = {one.foreign_id for one in entries if not one.gone}
    done.added, done.joined = batch.added, max(0, len(numbers) - batch.added - len(batch.refused))
    behind = left_behind(row.source, page, entries)
    done.withdrawn = batch.withdrawn + len(behind)
    return behind


def _counted(row: LiveSource, page: Page) -> Pulled:
    """Return what a page would change."""
    done, page = Pulled(row.name), without_repeats(row.source, page)
    bank = Bank.objects.filter(hotline_id=hotline_here(), name=row.bank).first()
    mapper = _mapper(row, is_harmless=bool(bank and bank.harmless))
    for broken in page.broken:
        done.note(broken)
    entries = list(mapper.entries(page.entries, done))
    done.categories = mapper.categories_with_meanings()
    done.pages, done.rows = 1, (0 if page.is_all else len(page.whole)) + len(page.gone) + len(page.broken)
    batch = Batch(source=row.source, bank_id=0, revision=0, import_id=0, facts={}, verdict=mapper.verdict, is_dry=True)
    _brought(row, page, entries, done, batch)
    return done


def _run(row: LiveSource, bank: Bank, mapper: Mapper, actor: Actor) -> Import:
    """Return the import that records this pull's rows; an unfinished one is continued."""
    found = Import.objects.filter(pk=row.import_id, finished_at=None).first()
    if found is not None:
        return found
    run = Import.objects.create(
        hotline_id=hotline_here(),
        source=row.source,
        format=row.protocol,
        profile=mapper.profile.name,
        file_name=row.name,
        sha256="",
        bank=bank,
        by=actor.label,
        started_at=datetime.now(UTC),
    )
    LiveSource.objects.filter(pk=row.pk).update(import_id=run.pk)
    facts = {"format": row.protocol, "bank": bank.pk, "live_source": row.pk}
    audit("import.begun", actor=actor, hotline_id=hotline_here(), subject=f"import:{run.pk}", facts=facts)
    return run


def _count(row: LiveSource, run: Import, done: Pulled) -> None:
    names = ("rows", "added", "joined", "withdrawn", "broken")
    for name in names:
        setattr(run, name, getattr(run, name) + getattr(done, name))
    room = max(0, MOST_PROBLEMS - len(run.problems))
    run.problems += [[place, storable(why)] for place, why in done.problems[:room]]
    run.categories = _summed(run.categories, done.categories)
    run.save()
    LiveSource.objects.filter(pk=row.pk).update(**{name: F(name) + getattr(done, name) for name in names})


def _summed(before: dict[str, dict[str, object]], more: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    counts = Counter({name: int(str(counted["count"])) for name, counted in before.items()})
    counts.update({name: int(str(counted["count"])) for name, counted in more.items()})
    means = {name: counted["means"] for name, counted in (before | more).items()}
    return {name: {"count": count, "means": means[name]} for name, count in sorted(counts.items())}


def _finish(row: LiveSource, done: Pulled, actor: Actor) -> None:
    """Record how a pull ended and when the next one is due."""
    now = datetime.now(UTC)
    with bank_transaction():
        row = LiveSource.objects.select_for_update().get(pk=row.pk)
        row.last_at = now
        if done.why is None:
            row.failures, row.problem, row.held = 0, None, None
            row.may_withdraw = row.may_withdraw if done.has_more else 0
            row.good_at = now if not done.has_more else row.good_at
            row.next_at = now if done.has_more else now + timedelta(minutes=row.every_minutes)
        else:
            row.failures, row.problem = row.failures + 1, storable(done.why)
            row.held = done.held or row.held
            row.next_at = now + wait_after(row.failures, done.wait_seconds, _LOTS.random())
        if row.paused_at is not None or row.removed_at is not None or row.second_at is None:
            row.next_at = None
        run = Import.objects.filter(pk=row.import_id, finished_at=None).first() if row.import_id else None
        if run is not None and not done.has_more:
            run.finished_at = now
            run.save(update_fields=["finished_at"])
            row.import_id = 0
            facts = {name: getattr(run, name) for name in ("rows", "added", "joined", "withdrawn", "broken")}
            facts |= {"left_out": done.left_out, "whole": done.why is None}
            audit("import.finished", actor=actor, hotline_id=hotline_here(), subject=f"import:{run.pk}", facts=facts)
        row.save(
            update_fields=[
                "last_at", "failures", "problem", "held", "may_withdraw", "good_at", "next_at", "import_id",
            ]
        )  # fmt: skip
        if done.added or done.joined or done.withdrawn:
            standing_changed()
