"""Write records: add them and their hashes, cast votes, set what is known of victims and offenders."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.foundation.whole_text import whole
from leeward.hashbank.errors import NoHash
from leeward.hashbank.models import Bank, Membership, Record, RecordHash, RecordWindow
from leeward.hashbank.records.services.banks import GENERAL, LOOK_ALIKES, bank_row, keep_bank
from leeward.hashbank.records.services.own_votes import hold_back
from leeward.hashbank.records.services.same_file import same_file
from leeward.hashbank.records.services.settling import account_of, follow_votes, locked_record
from leeward.hashbank.records.services.voting import cast_vote, is_ours, our_source, source_named
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, LIKENESS, Hash, is_findable, key_of
from leeward.hashbank.rules.standing import CONFIRM, HARMLESS, MEDIA, OFFENDER_STATUSES, VERDICTS, VICTIM_STATUSES
from leeward.hashbank.scene import bank_transaction, hashes_changed, hotline_here, standing_changed
from leeward.laws.rules.facts import Facts, parse_facts
from leeward.people.services import authorize

_UNSAID = Facts().to_dict()


def _keep_windows(row: Record, codes: Iterable[bytes]) -> None:
    """Store the windows of a record that has none yet."""
    fresh = list(dict.fromkeys(codes))
    if fresh and not RecordWindow.objects.filter(record=row).exists():
        RecordWindow.objects.bulk_create(
            [RecordWindow(hotline_id=row.hotline_id, record=row, code=code) for code in fresh]
        )


def add_record(
    hashes: Iterable[Hash],
    *,
    actor: Actor,
    bank: str = GENERAL,
    media: str = "image",
    facts: Mapping[str, Any] | None = None,
    source: str = "",
    verdict: str = "",
    label: str = "",
    series: str = "",
    case_id: int = 0,
    at: datetime | None = None,
    windows: Iterable[bytes] = (),
    is_hashed_here: bool = False,
) -> int:
    """Add a known image, video or file, or add to the existing record of the same file; return the record's id.

    `source` (default: the hotline itself) casts the verdict; the default verdict depends on the bank: harmless in a
    bank of look-alikes, otherwise confirm. An existing record joins the bank too. Meaningless hashes are left out.
    `windows`: codes of parts of the picture, stored only in a bank that keeps them. `is_hashed_here`: the hashes were
    computed here from the file itself, so that no record with another digest is of this file.

    Raises NoHash, HashesDisagree, BadFacts, and BadInput for a confirming vote in a bank of look-alikes.
    """
    authorize(actor, "hash.add", hotline_here())
    given = list(hashes)
    if not any(map(is_findable, given)):
        raise NoHash
    stated_only(facts or {})
    keep_bank(bank, harmless=bank == LOOK_ALIKES, actor=actor)
    return enter_record(
        given,
        actor=actor,
        bank=bank,
        media=media,
        facts=facts,
        source=source,
        verdict=verdict,
        label=label,
        series=series,
        case_id=case_id,
        at=at,
        windows=windows,
        is_hashed_here=is_hashed_here,
    )


def enter_record(
    hashes: Iterable[Hash],
    *,
    actor: Actor,
    bank: str,
    media: str = "image",
    facts: Mapping[str, Any] | None = None,
    source: str = "",
    verdict: str = "",
    label: str = "",
    series: str = "",
    case_id: int = 0,
    at: datetime | None = None,
    windows: Iterable[bytes] = (),
    is_hashed_here: bool = False,
    via: str = "",
) -> int:
    """Add a record to an existing bank, for a caller that has checked that the actor may speak for the source.

    `via`: the source that passed the vote on, if it was not the source itself.
    """
    usable = list({(one.kind, one.value): one for one in hashes if is_findable(one)}.values())
    if not usable:
        raise NoHash
    stated = stated_only(facts or {})
    at = at or datetime.now(UTC)
    with bank_transaction() as revision:
        into = bank_row(bank)
        verdict = verdict_in(into, verdict)
        row = same_file(usable, revision=revision, is_hashed_here=is_hashed_here)
        is_new = row is None
        if row is None:
            row = Record(hotline_id=hotline_here(), media=media if media in MEDIA else "other", first_seen=at)
        row.series = row.series or series[:120]
        row.last_seen, row.revision = max(at, row.last_seen or at), revision
        row.save()
        added = _add_missing(row, usable)
        if _join_bank(row, into) and not is_new:
            added = likeness_of(row)
        if into.keeps_windows:
            _keep_windows(row, windows)
        source_id = source_named(source) if source.strip() else our_source()
        waits = source_id == our_source() and hold_back(
            row.pk, verdict, reason=label, actor=actor, label=label, facts=stated, case_id=case_id
        )
        if not waits:
            cast_vote(
                row.pk,
                source_id=source_id,
                via_id=source_named(via) if via else source_id,
                verdict=verdict,
                at=at,
                label=label,
                facts=stated,
                case_id=case_id,
                person=account_of(actor.label),
            )
        follow_votes([row.pk], revision=revision, now=row.last_seen)
        hashes_changed(added)
        event = "record.added" if is_new else "record.joined"
        logged = {"hashes": len(added), "verdict": verdict, "case": case_id}
        audit(event, actor=actor, hotline_id=hotline_here(), subject=f"record:{row.pk}", facts=logged)
    return row.pk


def verdict_in(bank: Bank, verdict: str) -> str:
    """Return the verdict for an addition to a bank; raises BadInput where the verdict contradicts the bank."""
    if verdict and verdict not in VERDICTS:
        raise BadInput(what=_("The verdict"), why=_("it is not one of %(known)s") % {"known": ", ".join(VERDICTS)})
    if bank.harmless and verdict == CONFIRM:
        raise BadInput(what=_("The bank"), why=_("it holds harmless look-alikes; give another one"))
    return verdict or (HARMLESS if bank.harmless else CONFIRM)


def _join_bank(row: Record, bank: Bank) -> bool:
    """Put a record into a bank; return whether it was not in it yet."""
    _membership, is_new = Membership.objects.get_or_create(
        bank=bank, record=row, defaults={"hotline_id": row.hotline_id}
    )
    return is_new


def likeness_of(row: Record) -> list[int]:
    """Return the ids of a record's picture hashes."""
    numbers = [KINDS[name].number for name in LIKENESS]
    return list(row.hashes.filter(kind__in=numbers).values_list("id", flat=True))


def add_hashes(record_id: int, hashes: Iterable[Hash], *, actor: Actor) -> int:
    """Add hashes of the same file or picture to a record; return how many were new."""
    authorize(actor, "hash.add", hotline_here())
    usable = [one for one in hashes if is_findable(one)]
    with bank_transaction() as revision:
        row = locked_record(record_id)
        row.revision = revision
        row.save(update_fields=["revision"])
        added = _add_missing(row, usable)
        hashes_changed(added)
        audit(
            "record.hashes_added",
            actor=actor,
            hotline_id=hotline_here(),
            subject=f"record:{row.pk}",
            facts={"hashes": len(added)},
        )
    return len(added)


def say_of_source(record_id: int, verdict: str, *, source: str, actor: Actor, case_id: int = 0) -> str:
    """Cast the vote of a source other than this hotline on a record; return the resulting state."""
    authorize(actor, "hash.settle", hotline_here())
    if verdict not in VERDICTS:
        raise BadInput(what=_("The verdict"), why=_("it is not one of %(known)s") % {"known": ", ".join(VERDICTS)})
    if is_ours(source):
        raise BadInput(what=_("The source"), why=_("it is this hotline itself"))
    with bank_transaction() as revision:
        row = locked_record(record_id)
        source_id = source_named(source)
        cast_vote(
            row.pk,
            source_id=source_id,
            via_id=source_id,
            verdict=verdict,
            at=datetime.now(UTC),
            case_id=case_id,
            person=account_of(actor.label),
        )
        follow_votes([row.pk], revision=revision)
        row.refresh_from_db()
        standing_changed()  # even where no hash changes: whether the record may decide can change
        audit(
            "record.said",
            actor=actor,
            hotline_id=hotline_here(),
            subject=f"record:{row.pk}",
            facts={"verdict": verdict, "state": row.state, "case": case_id},
        )
    return row.state


def set_statuses(
    record_id: int, *, actor: Actor, victim: str | None = None, offender: str | None = None, series: str | None = None
) -> None:
    """Set whether victim and offender are identified, and the series; never a name."""
    authorize(actor, "hash.add", hotline_here())
    if (victim or "unknown") not in VICTIM_STATUSES or (offender or "unknown") not in OFFENDER_STATUSES:
        raise BadInput(
            what=_("The status"),
            why=_("it is not one of %(known)s") % {"known": ", ".join((*VICTIM_STATUSES, *OFFENDER_STATUSES[2:]))},
        )
    with bank_transaction() as revision:
        row = locked_record(record_id)
        row.revision = revision
        row.victim_status = row.victim_status if victim is None else victim
        row.offender_status = row.offender_status if offender is None else offender
        row.series = row.series if series is None else whole(series, 120)
        row.save()
        facts = {"victim": row.victim_status, "offender": row.offender_status}
        audit("record.status_set", actor=actor, hotline_id=hotline_here(), subject=f"record:{row.pk}", facts=facts)


def stated_only(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return only the facts that are stated, as a record stores them; raises BadFacts."""
    stated = parse_facts(facts).to_dict()
    return {name: value for name, value in stated.items() if value != _UNSAID[name]}


def _add_missing(row: Record, hashes: Iterable[Hash]) -> list[int]:
    """Add the hashes that a record lacks. They may be passed on, even if others kept them to themselves."""
    columns = row.hashes.values_list("kind", "value", "id", "kept_here")
    there = {(kind, bytes(value)): (number, is_kept) for kind, value, number, is_kept in columns}
    given = {(KINDS[one.kind].number, one.value): one for one in hashes}
    shared = [there[key][0] for key in given if key in there and there[key][1]]
    if shared:
        RecordHash.objects.filter(id__in=shared).update(kept_here=False)
    fresh = [one for key, one in given.items() if key not in there]
    made = [
        RecordHash.objects.create(
            hotline_id=row.hotline_id,
            record=row,
            kind=KINDS[one.kind].number,
            key=key_of(one.value),
            value=one.value,
            quality=one.quality,
            second=one.second,
        )
        for one in fresh
    ]
    return [one.pk for one in made if KIND_NAMES[one.kind] in LIKENESS]
