"""Propose that something be blocked: what an entry needs before a second person reviews it."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.blocklist import labels
from leeward.blocklist.errors import (
    AlreadyListed,
    CaseNotDecided,
    CriteriaNotMet,
    ListTakesNoEntries,
    NoLegalBasis,
    NotListable,
    ReasonMissing,
    RemovalNotTried,
)
from leeward.blocklist.models import OPEN, BlockList, Entry
from leeward.blocklist.queries.names import limits_of
from leeward.blocklist.queries.resting import Resting, resting
from leeward.blocklist.rules.brief import BlockBrief
from leeward.blocklist.rules.choices import Choice, choice
from leeward.blocklist.rules.criteria import distinct, missing
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.gates import Fence
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.services.steps import note, now_utc, review_day
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.hosting.rules.urls import canonical_url, shortened
from leeward.laws.rules.facts import parse_facts
from leeward.people.services import authorize

MOST_REASON = 500


def propose_entry(
    brief: BlockBrief,
    *,
    list_id: int,
    scope: str,
    target: str,
    actor: Actor,
    reason: str = "",
    confirmed_by: Sequence[str] = (),
    review_on: date | None = None,
) -> int:
    """Propose to block the address of a decided case; return the entry's id. It is not listed until approved.

    Raises an error for what is missing: a decision, an attempt at removal, a law, the list's criteria, a reason for
    more than a page; and NotListable if the scope would block more than the case's own content.
    """
    authorize(actor, "entry.propose", brief.hotline_id)
    found = BlockList.objects.filter(pk=list_id, is_open=True).first()
    if found is None:
        raise NotFound(what=_("list"))
    _refuse_case(brief, found)
    entry = _entry_for(brief, scope, target)
    if entry.scope.is_wide and not reason.strip():
        raise ReasonMissing
    basis = _refuse_law(brief, found, entry, confirmed_by)
    with hotline_transaction(brief.hotline_id):
        row = _keep(
            Entry(
                hotline_id=brief.hotline_id,
                list=found,
                case_id=brief.case_id,
                case_reference=brief.reference,
                case_people=sorted(set(brief.people)),
                location_id=brief.location_id,
                reason=whole(reason, MOST_REASON),
                base=basis.base or "",
                basis=basis.text[:500],
                basis_version=basis.version[:80],
                tried_by=brief.tried_by,
                tried_at=brief.tried_at,
                confirmed_by=list(distinct(confirmed_by)),
                state="proposed",
                state_at=now_utc(),
                proposed_by_id=actor.id,
                proposed_at=now_utc(),
                review_on=review_day(review_on, found.review_days),
                **columns_of(entry),
            )
        )
        note("entry.proposed", row, actor=actor, facts={"from_case": brief.case_id, "tried": brief.tried_by})
    return row.pk


COLUMNS = ("scope", "address", "comparable", "host", "digest")


def columns_of(entry: ListEntry) -> dict[str, str]:
    """Return the columns that describe what an entry blocks, in the order of COLUMNS."""
    return {
        "scope": entry.scope.value,
        "address": entry.address,
        "comparable": entry.comparable,
        "host": entry.host[:255],
        "digest": digest(entry.expression).hex(),
    }


def _refuse_case(brief: BlockBrief, found: BlockList) -> None:
    if found.kind == "partner":
        raise ListTakesNoEntries(list=found.name)
    if not brief.is_decided:
        raise CaseNotDecided
    if brief.kind != "url":
        raise NotListable(address=shortened(brief.address), why=str(labels.NOT_WEB))
    if not brief.tried_by or brief.tried_at is None:
        raise RemovalNotTried


def _entry_for(brief: BlockBrief, scope: str, target: str) -> ListEntry:
    if scope not in set(Scope):
        raise BadInput(what=_("scope"), why=", ".join(Scope))
    fence = Fence(limits_of(brief.hotline_id))
    made = choice(Scope(scope), target or brief.address, canonical_url(brief.address), fence)
    if made.entry is None or made.stopped:
        raise NotListable(address=shortened(made.target), why=why_not(made))
    return made.entry


def why_not(made: Choice) -> str:
    """Return what prevents a choice, in the current language."""
    return labels.why_not(made.refused, made.stopped)


def _refuse_law(brief: BlockBrief, found: BlockList, entry: ListEntry, confirmed_by: Sequence[str]) -> Resting:
    """Return the basis of an entry; raises NoLegalBasis or CriteriaNotMet."""
    facts = parse_facts(brief.facts)
    lacking = missing(found.kind, facts, scope=entry.scope, confirmed_by=confirmed_by)
    if lacking:
        raise CriteriaNotMet(lacking)
    basis = resting(facts, found)
    if basis.lacks == ("law_says_no",):
        raise CriteriaNotMet(("law",))
    if basis.base is None:
        raise NoLegalBasis(found.country, basis.lacks)
    return basis


def _keep(row: Entry) -> Entry:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        same = Entry.objects.filter(list_id=row.list_id, digest=row.digest, scope=row.scope, state__in=OPEN)
        raise AlreadyListed(same.values_list("id", flat=True)[0]) from None
    return row
