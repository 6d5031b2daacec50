"""Import lists: a preview that changes nothing, and the import itself, batch by batch.

One person alone may add what a registered source says; whatever changes what records mean takes a second person, except
for whoever runs the server.

Each batch is one transaction, so the desk keeps working meanwhile, and an interrupted import resumes where it stopped
when given the same file, bank and source. Entries that already exist join their record, so importing twice changes
nothing.
"""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched, islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import storable
from leeward.hashbank.errors import BegunOtherwise, CategoriesUnmapped, ImportTakesTwo, VicsTableMissing
from leeward.hashbank.formats import Broken, Entry, Format, format_named, recognised
from leeward.hashbank.formats.entries import ListUnreadable
from leeward.hashbank.formats.vics import country_of
from leeward.hashbank.lists.services.bulk import many_rows
from leeward.hashbank.lists.services.effects import Effects
from leeward.hashbank.lists.services.error_files import ErrorFile, error_file, errors_of
from leeward.hashbank.lists.services.joining import Batch
from leeward.hashbank.lists.services.list_files import Progress, digest_of, opened
from leeward.hashbank.lists.services.mapping import Mapper
from leeward.hashbank.models import Bank, Import
from leeward.hashbank.records.services.banks import GENERAL, bank_row, keep_bank
from leeward.hashbank.records.services.recording import stated_only
from leeward.hashbank.records.services.voting import is_ours, is_registered, name_key, register_source
from leeward.hashbank.rules.categories import WITHOUT_TABLE, profile_with, unmapped
from leeward.hashbank.scene import bank_transaction, hotline_here
from leeward.people.services import authorize

BATCH = 40_000
MOST_PROBLEMS = 1_000


@dataclass(slots=True)
class Outcome:
    """What an import did or would do: entries read; records new, joined and withdrawn; errors and where they are.

    `effects`: what it would do to records that are there, counted by a preview only.
    """

    format: str
    counts: str = "entry"
    import_id: int = 0
    rows: int = 0
    added: int = 0
    joined: int = 0
    withdrawn: int = 0
    broken: int = 0
    damaged: int = 0
    left_out: int = 0
    profile: str = ""
    categories: dict[str, dict[str, Any]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[int, object]] = field(default_factory=list)
    is_whole: bool = True
    resumed_at: int = 0
    errors: ErrorFile | None = None
    effects: Effects = field(default_factory=Effects)

    @property
    def unmapped(self) -> list[str]:
        """The categories that nobody has mapped."""
        return [category for category, counted in self.categories.items() if not counted["means"]]

    def note(self, broken: Broken) -> None:
        """Count an unusable entry or hash; the first are kept with their place, all of them are in the error file."""
        if broken.is_part:
            self.damaged += 1
        else:
            self.broken += 1
        self.is_whole = self.is_whole and not broken.is_end
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((broken.place, broken.why))
        if self.errors is not None:
            self.errors.note(broken.place, broken.why)


def preview_import(
    path: Path,
    *,
    actor: Actor,
    source: str,
    bank: str = GENERAL,
    harmless: bool = False,
    format_name: str = "",
    profile: str = "",
    mapping: Mapping[str, str] | None = None,
    errors: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Read a whole list and report what importing it would do; only the error file is written."""
    authorize(actor, "hash.exchange", hotline_here())
    refuse_own_name(source)
    with opened(path, progress) as stream, error_file(errors) as noted:
        form, mapper = _mapper(
            stream, format_name, profile, mapping or {}, is_harmless=_is_harmless(bank, harmless=harmless)
        )
        outcome = Outcome(form.name, form.counts, profile=mapper.profile.name, errors=noted)
        batch = Batch(source=source, bank_id=0, revision=0, import_id=0, facts={}, verdict=mapper.verdict, is_dry=True)
        with _without_collector():
            for entries in batched(mapper.entries(_good(form.read(stream), outcome), outcome), BATCH):
                _count(batch.take(entries), entries, outcome)
    outcome.categories = mapper.categories_with_meanings()
    return outcome


def import_list(
    path: Path,
    *,
    actor: Actor,
    source: str,
    bank: str = GENERAL,
    harmless: bool = False,
    radius: int = 31,
    format_name: str = "",
    profile: str = "",
    mapping: Mapping[str, str] | None = None,
    facts: dict[str, Any] | None = None,
    file_name: str = "",
    second_by: str = "",
    errors: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Import a list under the name of its source into a bank, which is created if needed.

    `facts` apply to every entry that states none. Broken entries are left out and reported, all of them in an error
    file (default: beside the bank's index). `second_by`: who confirmed the import as the second person; without one,
    only whoever runs the server may do more than add what a registered source says.

    Raises ListUnreadable where the file is not a list in this format, CategoriesUnmapped where a category has no
    mapping, BegunOtherwise where an interrupted import of the file used other options, BadInput where `harmless` and
    the bank contradict each other, ImportTakesTwo where it takes a second person.
    """
    authorize(actor, "hash.exchange", hotline_here())
    refuse_own_name(source)
    is_free = bool(second_by) or actor.kind == "command"
    if not is_free and not is_registered(source):
        raise ImportTakesTwo
    stated, digest = stated_only(facts or {}), digest_of(path)
    is_harmless = _is_harmless(bank, harmless=harmless)
    with opened(path, progress) as stream:
        form, mapper = _mapper(stream, format_name, profile, mapping or {}, is_harmless=is_harmless)
        _refuse_unmapped(path, form, mapper)
        outcome = Outcome(form.name, form.counts, profile=mapper.profile.name)
        with error_file(errors or errors_of(digest)) as noted:
            outcome.errors = noted
            entries = mapper.entries(_good(_uncut(form.read(stream)), outcome), outcome)
            first = list(islice(entries, 1))  # so that a file that is no list at all leaves nothing behind
            keep_bank(bank, radius=radius, harmless=harmless, actor=actor)
            options = _options(form, mapper, mapping or {}, stated)
            row = _begun(
                source, bank, options, digest=digest, name=file_name or path.name, by=actor, second_by=second_by
            )
            if is_free:
                _register(source, second_by or actor.label)
            outcome.import_id, outcome.resumed_at = row.pk, row.rows
            entries = islice(_chained(first, entries), row.rows, None)
            with _without_collector(), many_rows():
                for some in batched(entries, BATCH):
                    _bring_in(row, some, outcome, stated, mapper.verdict, is_strict=not is_free)
    outcome.categories = mapper.categories_with_meanings()
    _finish(row, outcome, actor)
    return outcome


def _is_harmless(bank: str, *, harmless: bool) -> bool:
    """Return whether the content of this bank is harmless; raises BadInput where an existing bank is of the other sort."""
    row = Bank.objects.filter(hotline_id=hotline_here(), name=bank).first()
    if row is None:
        return harmless
    if harmless and not row.harmless:
        raise BadInput(what=_("The bank"), why=_("it holds illegal material; import look-alikes into a separate bank"))
    return row.harmless


def _mapper(
    stream: IO[bytes], format_name: str, profile: str, mapping: Mapping[str, str], *, is_harmless: bool
) -> tuple[Format, Mapper]:
    """Return the format of a list and the mapper for its categories."""
    start = stream.read(4096)
    stream.seek(0)
    form = format_named(format_name) if format_name else recognised(start)
    return form, Mapper(profile_with(profile or form.profile_of(start), mapping), is_harmless=is_harmless)


def _refuse_unmapped(path: Path, form: Format, mapper: Mapper) -> None:
    """Raise CategoriesUnmapped (VicsTableMissing where that is why) before anything is written; reads the list only if
    its format has categories.
    """
    if mapper.profile.name == "own":
        return
    with opened(path, None) as stream, _without_collector():
        country = country_of(stream.read(4096)) if mapper.profile.name == WITHOUT_TABLE else ""
        stream.seek(0)
        counts = mapper.counted(form.read(stream))
    missing = unmapped(counts, mapper.profile)
    if missing:
        named = ", ".join(f"{category} ({counts[category]})" for category in missing[:20])
        if country:
            raise VicsTableMissing(country=country, categories=named)
        raise CategoriesUnmapped(categories=named)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Disable the garbage collector: list rows form no cycles, and searching hundreds of thousands of them costs a
    fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def refuse_own_name(source: str) -> None:
    """Raise BadInput for a source that has no name, or this hotline's name."""
    if not name_key(source) or is_ours(source):
        raise BadInput(what=_("The source"), why=_("it is the name of whoever made the list, not of this hotline"))


def _good(found: Iterable[Entry | Broken], outcome: Outcome) -> Iterator[Entry]:
    for one in found:
        if isinstance(one, Broken):
            outcome.note(one)
        else:
            outcome.rows += 1
            yield one


def _uncut(found: Iterable[Entry | Broken]) -> Iterator[Entry | Broken]:
    """Yield what is in a list. Raises ListUnreadable where its reader came to no end, so that the import isn't over, and goes on
    when it is begun again."""
    for one in found:
        yield one
        if isinstance(one, Broken) and one.is_cut:
            raise ListUnreadable(one.why)


def _chained(first: list[Entry], rest: Iterator[Entry]) -> Iterator[Entry]:
    yield from first
    yield from rest


def _options(form: Format, mapper: Mapper, mapping: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with which a list is read; a resumed import must have the same ones."""
    return {
        "format": form.name,
        "profile": mapper.profile.name,
        "category": dict(sorted(mapping.items())),
        "fact": dict(sorted(facts.items())),
        "verdict": mapper.verdict,
    }


def _register(source: str, by: str) -> None:
    with bank_transaction():
        register_source(source, by=by)


def _begun(
    source: str, bank: str, options: dict[str, Any], *, digest: str, name: str, by: Actor, second_by: str
) -> Import:
    """Return the unfinished import of this file, or a new one.

    Raises BegunOtherwise where the options differ; an import whose options were not recorded is started again.
    """
    with bank_transaction():
        row = bank_row(bank)
        same = Import.objects.filter(
            hotline_id=hotline_here(),
            sha256=digest,
            source=source[:80],
            bank=row,
            options__isnull=False,
            finished_at__isnull=True,
        )
        begun = same.order_by("-id").first()
        if begun is not None:
            differences = _differences(begun.options or {}, options)
            if differences:
                raise BegunOtherwise(differences="; ".join(differences))
            if second_by:
                Import.objects.filter(pk=begun.pk).update(second_by=second_by)
            return begun
        begun = Import.objects.create(
            hotline_id=hotline_here(),
            source=source[:80],
            format=options["format"],
            profile=options["profile"],
            options=options,
            file_name=name[:200],
            sha256=digest,
            bank=row,
            by=by.label,
            second_by=second_by,
            started_at=datetime.now(UTC),
        )
        facts = {"format": options["format"], "bank": row.pk, "sha256": digest, "second": second_by}
        audit("import.begun", actor=by, hotline_id=hotline_here(), subject=f"import:{begun.pk}", facts=facts)
    return begun


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Describe how the options of two imports differ, each as `name: before, now`."""
    one, other = _flat(before), _flat(now)
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    return [f"{name}: {one.get(name, '-')}, {other.get(name, '-')}" for name in names]


def _flat(options: Mapping[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in options.items():
        if isinstance(value, Mapping):
            flat |= {f"{name} {inner}": str(one) for inner, one in value.items()}
        else:
            flat[name] = str(value)
    return flat


def _bring_in(
    row: Import,
    entries: tuple[Entry, ...],
    outcome: Outcome,
    facts: dict[str, Any],
    verdict: str,
    *,
    is_strict: bool,
) -> None:
    with bank_transaction() as revision:
        batch = Batch(
            source=row.source,
            bank_id=row.bank_id,
            revision=revision,
            import_id=row.pk,
            facts=facts,
            verdict=verdict,
            is_strict=is_strict,
        )
        _count(batch.take(entries), entries, outcome)
        row.rows += len(entries)
        row.added, row.joined, row.withdrawn = (
            row.added + batch.added,
            row.joined + batch.joined,
            row.withdrawn + batch.withdrawn,
        )
        row.save(update_fields=["rows", "added", "joined", "withdrawn"])


def _count(batch: Batch, entries: Iterable[Entry], outcome: Outcome) -> None:
    outcome.added += batch.added
    outcome.joined += batch.joined
    outcome.withdrawn += batch.withdrawn
    outcome.effects.add(batch.effects)
    for broken in batch.refused:
        outcome.note(broken)
    outcome.kinds.update(one.kind for entry in entries for one in entry.hashes)


def _finish(row: Import, outcome: Outcome, actor: Actor) -> None:
    with bank_transaction():
        row.broken, row.problems = outcome.broken, [[place, storable(why)] for place, why in outcome.problems]
        row.categories, row.finished_at = outcome.categories, datetime.now(UTC)
        row.save()
        facts = {
            "rows": row.rows,
            "added": row.added,
            "joined": row.joined,
            "withdrawn": row.withdrawn,
            "broken": row.broken,
            "left_out": outcome.left_out,
            "whole": outcome.is_whole,
        }
        audit("import.finished", actor=actor, hotline_id=hotline_here(), subject=f"import:{row.pk}", facts=facts)
