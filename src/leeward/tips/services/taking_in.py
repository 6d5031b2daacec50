"""Tips are taken in: stored once, each version kept, some at a time, so that whatever stops it leaves whole tips only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.hashbank.queries import known_many
from leeward.hashbank.rules.kinds import Hash, read_hash
from leeward.hosting.queries import find_locations
from leeward.intake.rules import typed
from leeward.intake.rules.where import item_drafts
from leeward.jobs.services import schedule
from leeward.people.queries import portals_of
from leeward.people.services import authorize
from leeward.tips.models import BY_MAIL, CLOSED, FOLDED, HELD, OPENED, WAITING, TipRow, TipVersion
from leeward.tips.rules.becoming import place_of
from leeward.tips.rules.doubts import doubts_of, is_urgent
from leeward.tips.rules.folding import fold_of
from leeward.tips.rules.tip import MOST_NAME, Found, Label, Tip, digest_of, plain
from leeward.tips.services.folding import OPEN, first_of, firsts, let_next_go

AT_ONCE = 25  # of a transaction: a public report waits for no longer one
OPEN_URGENT, ADD = "tips.open_urgent", "tips.add"


@dataclass(frozen=True, slots=True)
class Coming:
    """What is known of a tip before it is taken in: whether it would be new, a version or nothing new, and what here
    knows its place or files."""

    found: Found
    effect: str  # new, version, same
    doubts: tuple[str, ...]
    is_urgent: bool
    has_case: bool
    is_known: bool
    folds: bool


@dataclass(slots=True)
class Taken:
    """What became of tips: how many are new, new versions and known already; of the new ones how many are urgent, held
    for a person, and folded."""

    new: int = 0
    versions: int = 0
    same: int = 0
    urgent: int = 0
    held: int = 0
    folded: int = 0


@dataclass(frozen=True, slots=True)
class _Bringing:
    """Who brings tips and how; `own` are the hotline's portals by country, `portal_id` takes what names none."""

    hotline_id: int
    portal_id: int
    own: Mapping[str, int]
    label: Label
    way: str
    by: int | None


def preview(found: Sequence[Found], *, hotline_id: int, actor: Actor, now: datetime | None = None) -> list[Coming]:
    """Return what taking these in would do; nothing is changed."""
    authorize(actor, "report.enter", hotline_id)
    now = now or datetime.now(UTC)
    own = {row.country for row in portals_of(hotline_id, with_records=False)}
    tips = [one.tip for one in found]
    held, digests = _held_here(tips)
    wanted = {fold_of(tip, arrived=now) for tip in tips} - {""}
    folds = set(firsts().filter(fold__in=wanted).values_list("fold", flat=True))
    places = [item_drafts(place_of(tip), {}) if place_of(tip) else () for tip in tips]
    there = find_locations({(item.kind, item.comparable) for items in places for item in items if item.comparable})
    known = known_many([hashes_of(tip) for tip in tips], radius=-1) if any(map(hashes_of, tips)) else [[] for _ in tips]
    coming = []
    for one, items, matches in zip(found, places, known, strict=True):
        tip, fold = one.tip, fold_of(one.tip, arrived=now)
        effect = "new"
        if tip.key in held:
            effect = "same" if (tip.key, digest_of(tip)) in digests else "version"
        held.setdefault(tip.key, 0)
        digests.add((tip.key, digest_of(tip)))
        doubts = doubts_of(tip, own_countries=own, by_mail=False, now=now)
        goes_on = effect == "new" and (is_urgent(tip) or not doubts)
        folds_here = goes_on and fold in folds and not is_urgent(tip)
        if goes_on and fold:
            folds.add(fold)
        coming.append(
            Coming(
                one,
                effect,
                doubts,
                is_urgent(tip),
                any((item.kind, item.comparable) in there for item in items),
                any(match.is_same_file and not match.is_harmless for match in matches),
                folds_here,
            )
        )
    return coming


def hashes_of(tip: Tip) -> list[Hash]:
    """Return the exact hashes of a tip's files."""
    return [read_hash(kind, value) for one in tip.files for kind, value in one.hashes if kind != "pdq"]


def take_in(
    found: Iterable[Found],
    *,
    hotline_id: int,
    portal_id: int,
    label: Label,
    way: str,
    actor: Actor,
    now: datetime | None = None,
) -> Taken:
    """Take tips in. A tip that is here already gains a version where it differs, and nothing where it doesn't, however
    often and by however many it is brought; so an interrupted run is run again. Urgent ones wait for nobody, even where
    something about them is doubtful; the others with a doubt are held for a person. `label` is what the sender calls
    them, for no form of tips has a field for it."""
    if way != "mail":
        authorize(actor, "report.enter", hotline_id)
    own = {row.country: row.id for row in portals_of(hotline_id, with_records=False)}
    bringing = _Bringing(hotline_id, portal_id, own, label, way, actor.id if actor.kind == "staff" else None)
    taken = Taken()
    for some in batched(found, AT_ONCE):
        with hotline_transaction():
            before = (taken.new, taken.versions)
            _keep(some, taken, bringing, now or datetime.now(UTC))
            if (taken.new, taken.versions) != before:
                record(
                    "tips.taken_in",
                    actor=actor,
                    hotline_id=hotline_id,
                    subject=f"hotline:{hotline_id}",
                    facts={"new": taken.new - before[0], "versions": taken.versions - before[1], "way": way},
                )
    return taken


def _held_here(tips: Sequence[Tip]) -> tuple[dict[tuple[str, str, str], int], set[tuple[tuple[str, str, str], str]]]:
    """Return the tips among these that are here, and the digests of all their versions."""
    rows = TipRow.objects.filter(number__in=[tip.number for tip in tips])
    held = {(row.system, row.sender_key, row.number): row.pk for row in rows}
    by_id = {pk: key for key, pk in held.items()}
    versions = TipVersion.objects.filter(tip_id__in=by_id).values_list("tip_id", "digest")
    return held, {(by_id[tip_id], digest) for tip_id, digest in versions}


def _keep(some: Sequence[Found], taken: Taken, bringing: _Bringing, now: datetime) -> None:
    held, digests = _held_here([one.tip for one in some])
    waiting = {False: False, True: False}
    for one in some:
        tip, digest = one.tip, digest_of(one.tip)
        key = _key_of(tip, digest, bringing.way)
        if (key, digest) in digests:
            taken.same += 1
            continue
        digests.add((key, digest))
        doubts: list[str] = list(doubts_of(tip, own_countries=bringing.own, by_mail=bringing.way == "mail", now=now))
        if key in held:
            row = TipRow.objects.select_for_update().get(pk=held[key])
            _add_version(row, tip, doubts, now)
            taken.versions += 1
        else:
            row = _new_row(tip, bringing, doubts, now)
            held[key] = row.pk
            taken.new += 1
            taken.urgent += row.is_urgent
            taken.held += row.state == HELD
            taken.folded += row.state == FOLDED
        TipVersion.objects.create(
            hotline_id=bringing.hotline_id,
            tip=row,
            number=row.versions,
            digest=digest,
            facts=plain(tip),
            name=typed.clean_line(one.name)[-MOST_NAME:],
            way=bringing.way,
            at=now,
            by_id=bringing.by,
        )
        waiting[row.is_urgent] |= row.state == WAITING
    for urgent, kind in ((False, OPEN), (True, OPEN_URGENT)):
        if waiting[urgent]:
            schedule(kind, subject_id=bringing.hotline_id, hotline_id=bringing.hotline_id, urgent=urgent)


def _key_of(tip: Tip, digest: str, way: str) -> tuple[str, str, str]:
    """Return by what a tip is known again. Anybody can write a mail: one with the number of a tip that is here is no version
    of that tip, or it could write into its case; each that differs is a tip of its own."""
    return tip.key if way != "mail" else (tip.key[0], f"{BY_MAIL}{digest}", tip.key[2])


def _new_row(
    tip: Tip,
    bringing: _Bringing,
    doubts: list[str],
    now: datetime,
) -> TipRow:
    key = _key_of(tip, digest_of(tip), bringing.way)
    urgent, fold = is_urgent(tip), fold_of(tip, arrived=now)
    state = WAITING if urgent or not doubts else HELD
    first = first_of(fold) if state == WAITING and not urgent else None
    row: TipRow = TipRow.objects.create(
        hotline_id=bringing.hotline_id,
        portal_id=next(
            (bringing.own[country] for country in tip.countries if country in bringing.own), bringing.portal_id
        ),
        system=key[0],
        sender_key=key[1],
        number=tip.number,
        sender=tip.sender,
        provider=tip.provider,
        label=bringing.label,
        incident=tip.incident[:200],
        place=place_of(tip)[:200],
        raised=list(tip.raised),
        is_urgent=urgent,
        state=state if first is None else FOLDED,
        doubts=doubts,
        fold=fold,
        bundle=first,
        arrived_at=now,
        changed_at=now,
    )
    return row


def _add_version(row: TipRow, tip: Tip, doubts: list[str], now: datetime) -> None:
    """A newer version holds: it may make a tip urgent, and never less so; what was decided about it a person sees again."""
    fold = fold_of(tip, arrived=row.arrived_at)
    row.versions += 1
    row.changed_at, row.forgotten_at = now, None
    row.provider, row.incident, row.place = tip.provider, tip.incident[:200], place_of(tip)[:200]
    is_raised_anew = not set(tip.raised) <= set(row.raised)
    row.raised = list(dict.fromkeys([*row.raised, *tip.raised]))
    row.is_urgent = row.is_urgent or is_urgent(tip)
    row.doubts = list(dict.fromkeys([*row.doubts, *doubts]))
    if row.state == OPENED:
        schedule(ADD, subject_id=row.pk, hotline_id=row.hotline_id, urgent=row.is_urgent)
    elif is_raised_anew:
        row.state = WAITING
    elif row.state == CLOSED:
        row.state, row.doubts = HELD, list(dict.fromkeys([*row.doubts, "came_again"]))
    elif row.state in (WAITING, FOLDED) and row.doubts and not row.is_urgent:
        row.state = HELD
    elif row.state == FOLDED and fold != row.fold:  # it names what the first of its bundle doesn't
        row.state, row.bundle = WAITING, None
    if row.state == HELD or (row.state == WAITING and fold != row.fold):
        let_next_go(row)
        row.fold = fold
    row.save()
