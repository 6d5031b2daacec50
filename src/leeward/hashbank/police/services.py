"""Answer police queries about hashes for one of their cases. Every look-up is recorded, and agencies learn of each
other.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.hashbank.lists.services.bulk import insert_inquiry_matches, kept_moment
from leeward.hashbank.models import Inquiry, InquiryMatch, Investigation
from leeward.hashbank.numbers import among
from leeward.hashbank.queries import known_many
from leeward.hashbank.records.queries.altered import altered_known
from leeward.hashbank.records.rows import AlteredKnown, Known
from leeward.hashbank.records.services.investigating import add_investigation
from leeward.hashbank.records.windows import windows_here
from leeward.hashbank.rules.police import (
    MOST_ROWS,
    Asker,
    Call,
    PoliceAnswer,
    answer_for,
    is_same_agency,
    revealed_records,
    tidy_asker,
)
from leeward.hashbank.scene import hotline_here
from leeward.hashbank.uploads.queries import TooMuchAtOnce
from leeward.hashbank.uploads.services.checking import hashes_of, readable
from leeward.matching.index import Index
from leeward.matching.lists import Lookup
from leeward.people.queries import hotline
from leeward.people.services import authorize


@dataclass(frozen=True, slots=True)
class InquiryAnswer:
    """A look-up: the inquiry that records it, and one answer per row, in order."""

    inquiry_id: int
    answers: tuple[PoliceAnswer, ...]


def ask(rows: Sequence[Mapping[str, Any]], *, asker: Asker, actor: Actor) -> InquiryAnswer:
    """Look up at most 1,000 rows of hashes; the look-up is logged whatever it finds.

    Staff need the permission; a key with the scope `police` speaks for its agency. Raises BadInput, NotAllowed,
    TooMuchAtOnce.
    """
    if actor.kind != "token":
        authorize(actor, "hash.ask", hotline_here())
    elif "police" not in actor.roles:
        raise NotAllowed(reason=_("it needs a police key"))
    if len(rows) > MOST_ROWS:
        raise TooMuchAtOnce(why=_("more than %(most)s rows") % {"most": MOST_ROWS})
    asker = tidy_asker(asker)
    read = [readable(row) for row in rows]
    found = known_many([hashes_of(one) for one in read if isinstance(one, Lookup)])
    windows = windows_here() if not all(found) else None
    rows_of = iter(found)
    matched = [
        _matches_of(one, next(rows_of), windows) if isinstance(one, Lookup) else _RowMatches(one.note) for one in read
    ]
    with hotline_transaction():
        asker = _as_restricted_as_before(asker)
        answers = _answers(matched, asker)
        inquiry = _written(asker, answers, actor)
    return InquiryAnswer(inquiry.pk, answers)


@dataclass(frozen=True, slots=True)
class _RowMatches:
    """The matches of one row: records as they are, or the nearest one once an alteration is undone."""

    note: str | None
    rows: Sequence[Known] = ()
    altered: AlteredKnown | None = None


def _matches_of(lookup: Lookup, rows: Sequence[Known], windows: Index | None) -> _RowMatches:
    altered = [] if rows else altered_known(lookup.variants, codes=lookup.codes, windows=windows)
    return _RowMatches(lookup.note, [altered[0].known], altered[0]) if altered else _RowMatches(lookup.note, rows)


def _as_restricted_as_before(asker: Asker) -> Asker:
    """Add the written order named for this case before: forgetting it once must not reveal the inquiry to others."""
    if asker.is_restricted:
        return asker
    before = Inquiry.objects.filter(hotline_id=hotline_here(), reference=asker.reference).exclude(restriction="")
    orders = [row.restriction for row in before if is_same_agency(row.agency, asker.agency)]
    return replace(asker, restriction=orders[0]) if orders else asker


def _answers(matched: Sequence[_RowMatches], asker: Asker) -> tuple[PoliceAnswer, ...]:
    records = {row.record_id for one in matched for row in one.rows if not row.is_harmless}
    calls, also_asked = _calls(records, asker), _also_asked(records, asker)
    here = hotline(hotline_here())
    call = Call(here.name, "", here.email)
    return tuple(
        answer_for(one.rows, note=one.note, calls=calls, also_asked=also_asked, hotline=call, altered=one.altered)
        for one in matched
    )


def _calls(records: Collection[int], asker: Asker) -> dict[int, list[Call]]:
    """Return who investigates each record, except what another agency keeps under a restriction."""
    found: dict[int, list[Call]] = defaultdict(list)
    rows = Investigation.objects.filter(hotline_id=hotline_here())
    if records and rows.exists():
        for row in rows.filter(record_id__in=among(records)).order_by("-at", "-id"):
            if not row.restricted or is_same_agency(row.agency, asker.agency):
                found[row.record_id].append(Call(row.agency, row.reference, row.contact, row.outcome))
    return found


def _also_asked(records: Collection[int], asker: Asker) -> dict[int, list[Call]]:
    """Return which other agencies asked about each record, unless either side has a written restriction."""
    found: dict[int, list[Call]] = defaultdict(list)
    if asker.is_restricted:
        return found
    others = _others(asker)
    if records and others:
        rows = InquiryMatch.objects.filter(record_id__in=among(records)).order_by("at", "id")
        for record_id, inquiry_id in rows.values_list("record_id", "inquiry_id"):
            if inquiry_id in others:
                found[record_id].append(others[inquiry_id])
    return found


def _others(asker: Asker) -> dict[int, Call]:
    """Return the inquiries of other agencies that may be disclosed, by id."""
    rows = Inquiry.objects.filter(hotline_id=hotline_here(), restriction="", found__gt=0)
    columns = rows.values_list("id", "agency", "reference", "contact")
    return {number: Call(*call) for number, *call in columns if not is_same_agency(call[0], asker.agency)}


def _written(asker: Asker, answers: Sequence[PoliceAnswer], actor: Actor) -> Inquiry:
    """Record the look-up under the agency's case, with the records it matched."""
    now = datetime.now(UTC)
    revealed = revealed_records(answers)
    inquiry, _ = Inquiry.objects.get_or_create(
        hotline_id=hotline_here(),
        agency=asker.agency,
        reference=asker.reference,
        defaults={"by": actor.label, "at": now, "last_at": now},
    )
    inquiry.contact = asker.contact or inquiry.contact
    inquiry.restriction = asker.restriction
    inquiry.by, inquiry.last_at = actor.label, now
    inquiry.asked += len(answers)
    inquiry.found += sum(answer.record is not None and not answer.is_harmless for answer in answers)
    inquiry.save()
    at = kept_moment(now)
    insert_inquiry_matches(
        (hotline_here(), inquiry.pk, number, match, at) for number, match in sorted(revealed.items())
    )
    facts = {
        "asked": len(answers),
        "known": sum(match == "known" for match in revealed.values()),
        "near": sum(match == "near" for match in revealed.values()),
        "restricted": asker.is_restricted,
    }
    subject = f"inquiry:{inquiry.pk}"
    audit("inquiry.asked", actor=actor, hotline_id=hotline_here(), subject=subject, facts=facts)
    return inquiry


def investigate(record_id: int, *, asker: Asker, outcome: str, actor: Actor) -> int:
    """Record that the agency investigates a record, or the outcome; only for a record that an earlier answer told it
    of.

    Raises NotFound, BadInput.
    """
    asker = tidy_asker(asker)
    earlier = InquiryMatch.objects.filter(record_id=record_id).select_related("inquiry")
    if not any(is_same_agency(row.inquiry.agency, asker.agency) for row in earlier):
        raise NotFound(what=_("record that your agency asked about"))
    return add_investigation(
        record_id,
        agency=asker.agency,
        reference=asker.reference,
        contact=asker.contact,
        outcome=outcome,
        restricted=asker.is_restricted,
        actor=actor,
    )
