"""Import a partner's current list: new entries are added, entries that the partner dropped are removed; each records
its source.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist import labels
from leeward.blocklist.errors import NothingReadable, OtherSource
from leeward.blocklist.models import OPEN, BlockAppeal, BlockList, Entry, Import
from leeward.blocklist.queries.names import limits_of
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.gates import Fence
from leeward.blocklist.rules.partner_rpz import read_rpz
from leeward.blocklist.rules.partners import FileRefused, PartnerLine, PartnerList, read_csv, read_plain
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.services.adding import add_alike
from leeward.blocklist.services.proposing import COLUMNS, columns_of
from leeward.blocklist.services.steps import locked_entry, move, now_utc, tell_publisher
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.people.services import authorize

Form = Literal["csv", "rpz", "plain"]
READERS = {"csv": read_csv, "rpz": read_rpz, "plain": read_plain}
_MANY = 1_000
MOST_BASIS = 500
_HEADINGS = ("address", "url", "domain", "host")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not accepted: its number, its beginning, and the reason in the importer's language."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with `dry_run` would do.

    `bad` are the lines that were not accepted, each with its reason. `lifted` counts what our own people or an appeal
    removed: a partner's file does not bring it back.
    """

    list: str
    source: str
    form: str
    good: int
    repeated: int
    added: int
    kept: int
    removed: int
    lifted: int = 0
    bad: tuple[RefusedLine, ...] = field(default=())
    dry_run: bool = False


def form_of(content: bytes) -> Form:
    """Guess a file's format from its beginning."""
    head = content[:4000].decode("utf-8-sig", "replace")
    first = head.split("\n", 1)[0].lower()
    if any(mark in head.upper().split() for mark in ("SOA", "CNAME", "$TTL", "$ORIGIN")):
        return "rpz"
    cells = [cell.strip().strip('"') for sign in ",;\t" for cell in first.split(sign)]
    return "csv" if any(name in cells for name in _HEADINGS) else "plain"


def import_list(
    list_id: int,
    content: bytes,
    *,
    source: str,
    actor: Actor,
    form: str = "",
    basis: str = "",
    mix: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Make the entries of `source` on a list match its file; the partner's decision and the importer stand behind them.

    `basis`: the law or contract under which the partner's entries are blocked here; empty uses that of the last import
    of this source. Without one nothing is listed.

    Bad lines are reported and don't affect others; but if there are any, nothing is removed, since an unreadable line
    may be the missing one. Raises OtherSource if the list is ours or contains another source and `mix` is not set, and
    NothingReadable. Everything happens in one transaction.
    """
    source = source.strip()
    found = _checked(list_id, source, actor)
    basis = basis.strip() or _basis_so_far(found.pk, source)
    if not dry_run:
        _need_basis(basis, source)
    kind = form or form_of(content)
    if kind not in READERS:
        raise BadInput(what=_("The format"), why=", ".join(READERS))
    partner = _read(kind, content)
    bad = _refused(partner, found)
    if not partner.good:
        raise NothingReadable(bad=len(bad))
    with hotline_transaction(found.hotline_id):
        _refuse_mixing(found, source, mix=mix)
        there = _there(found.pk, source)
        new, gone = _difference(partner, there, is_whole=not bad)
        lifted = _lifted(found.pk)
        added = [line for key, line in new.items() if key not in lifted]
        report = ImportReport(
            list=found.name,
            source=source,
            form=kind,
            good=len(partner.good),
            repeated=partner.repeated,
            added=len(added),
            kept=len(partner.good) - len(new),
            lifted=len(new) - len(added),
            removed=len(gone),
            bad=bad,
            dry_run=dry_run,
        )
        if not dry_run:
            _write(found, report, basis=basis, content=content, new=added, gone=gone, actor=actor)
    return report


def _checked(list_id: int, source: str, actor: Actor) -> BlockList:
    found = BlockList.objects.filter(pk=list_id, is_open=True).first()
    if found is None:
        raise NotFound(what=_("list"))
    authorize(actor, "list.edit", found.hotline_id)
    if actor.kind not in ("command", "system"):
        raise NotAllowed(reason=_("only the command imports a partner's list"))
    if not 0 < len(source) <= 80:
        raise BadInput(what=_("The source"), why=_("it is empty or longer than 80 characters"))
    return found


def _basis_so_far(list_id: int, source: str) -> str:
    known = Entry.objects.filter(list_id=list_id, source=source).exclude(basis="").order_by("-pk")
    return known.values_list("basis", flat=True).first() or ""


def _need_basis(basis: str, source: str) -> None:
    if not 0 < len(basis) <= MOST_BASIS:
        hint = _("Give it with --basis: the law or the contract, with its section. It is stored with each entry.")
        why = _("it must have 1 to 500 characters, and none is recorded for %(source)s") % {"source": source}
        raise BadInput(hint, what=_("The legal basis"), why=why)


def _read(kind: str, content: bytes) -> PartnerList:
    try:
        return READERS[kind](content)
    except FileRefused as error:
        raise BadInput(what=_("The list"), why=error.why) from error


def _refused(partner: PartnerList, found: BlockList) -> tuple[RefusedLine, ...]:
    """Return every line that is not accepted, with its reason; the limits on our own entries apply to a partner's too.

    Lines that this list can't take are removed from the partner's good ones.
    """
    fence = Fence(limits_of(found.hotline_id))
    good: list[PartnerLine] = []
    refused = [RefusedLine(line.line, line.text, str(line.why)) for line in partner.bad]
    for line in partner.good:
        why = "; ".join(str(labels.LIMITS[gate]) for gate in fence.stops(line.entry))
        if not why and found.kind == "worst_of" and line.entry.scope is not Scope.DOMAIN:
            why = str(labels.CRITERIA["domain"])
        if why:
            refused.append(RefusedLine(line.line, line.entry.comparable[:80], why))
        else:
            good.append(line)
    partner.good[:] = good
    return tuple(sorted(refused, key=lambda line: line.line))


def _refuse_mixing(found: BlockList, source: str, *, mix: bool) -> None:
    others = Entry.objects.filter(list_id=found.pk, state__in=OPEN).exclude(source=source)
    sources = set(others.values_list("source", flat=True).distinct()[:10])
    if found.kind != "partner":
        sources.add("")  # a list of ours is for our own entries, even while it is empty
    if sources and not mix:
        names = sorted(name or str(labels.OURSELVES) for name in sources)
        raise OtherSource(list=found.name, others=", ".join(names), source=source)


def _key(entry: ListEntry) -> Key:
    return digest(entry.expression).hex(), entry.scope.value


def _there(list_id: int, source: str) -> dict[Key, tuple[int, str]]:
    """Return the open entries of the list: key -> id and source."""
    rows = Entry.objects.filter(list_id=list_id, state__in=OPEN)
    return {
        (digest, scope): (number, "" if of == source else "other")
        for number, digest, scope, of in rows.values_list("id", "digest", "scope", "source").iterator(5_000)
    }


def _lifted(list_id: int) -> set[Key]:
    """Return what people here removed from this list, on their own or because of an appeal."""
    rows = Entry.objects.filter(list_id=list_id, state="removed", ending__in=("appeal", "withdrawn"))
    return set(rows.values_list("digest", "scope"))


def _difference(
    partner: PartnerList, there: dict[Key, tuple[int, str]], *, is_whole: bool
) -> tuple[dict[Key, PartnerLine], list[int]]:
    """Return the lines to add and the ids of the entries to remove: none if any line of the file was unreadable."""
    wanted: dict[Key, PartnerLine] = {}
    for line in partner.good:
        wanted.setdefault(_key(line.entry), line)
    new = {key: line for key, line in wanted.items() if key not in there}
    if not is_whole:
        return new, []
    return new, [number for key, (number, other) in there.items() if not other and key not in wanted]


def _write(
    found: BlockList,
    report: ImportReport,
    *,
    basis: str,
    content: bytes,
    new: Sequence[PartnerLine],
    gone: Sequence[int],
    actor: Actor,
) -> None:
    now = now_utc()
    made = Import.objects.create(
        hotline_id=found.hotline_id,
        list=found,
        source=report.source,
        form=report.form,
        sha256=hashlib.sha256(content).hexdigest(),
        good=report.good,
        bad=len(report.bad),
        added=report.added,
        removed=report.removed,
        by_id=actor.id,
        at=now,
    )
    alike = Entry(
        hotline_id=found.hotline_id,
        list=found,
        source=report.source,
        basis=basis,
        imported=made,
        state="approved",
        state_at=now,
        proposed_at=now,
        approved_at=now,
        review_on=now.date() + timedelta(days=found.review_days),
    )
    add_alike(alike, (*COLUMNS, "note"), ((*columns_of(line.entry).values(), line.note[:300]) for line in new))
    for numbers in (gone[start : start + _MANY] for start in range(0, len(gone), _MANY)):
        _take_off(numbers, now, actor)
    why = Counter(line.why for line in report.bad)
    facts = {"good": report.good, "bad": len(report.bad), "kinds_of_bad": len(why)}
    facts |= {"added": report.added, "removed": report.removed, "import": made.pk}
    subject = f"list:{found.pk}"
    record("list.imported", actor=actor, hotline_id=found.hotline_id, subject=subject, facts=facts)
    if report.added:
        tell_publisher(found.pk, found.hotline_id, grew=True)
    if report.removed:
        tell_publisher(found.pk, found.hotline_id, grew=False)


def _take_off(numbers: Sequence[int], now: datetime, actor: Actor) -> None:
    """Remove what the partner dropped; entries with an open request one by one, so that the requester gets an answer."""
    appealed = set(BlockAppeal.objects.filter(entry_id__in=numbers, state="open").values_list("entry_id", flat=True))
    for number in sorted(appealed):
        move(locked_entry(number, *OPEN), "entry.removed", "removed", actor=actor, ending="partner")
    others = set(numbers) - appealed
    Entry.objects.filter(pk__in=others).update(state="removed", state_at=now, ending="partner")
