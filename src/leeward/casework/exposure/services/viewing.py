"""Viewing a picture: small, grey and blurred, a quarter first; each step needs a reason and is counted."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.casework.assessment.services import known_images
from leeward.casework.assessment.services.seeing import files_shown
from leeward.casework.errors import KnownImageNotShown, RevealTooMuch, WrongReason
from leeward.casework.exposure.rules.reveal import FIRST, Glimpse, may_show
from leeward.casework.exposure.services.budget import demand_open, note_work, weight_in
from leeward.casework.models import Case, View
from leeward.casework.steps import demand_holder, is_sampler, locked_case, note_act, now_utc
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.hosting import queries as hosting_queries
from leeward.hosting import services as hosting_services
from leeward.hosting.rules.page_view import PageView
from leeward.hosting.services import Preview
from leeward.people.services import authorize, staff_id

REASONS = ("age", "act", "same", "police", "appeal")
SHOWS_KNOWN = ("police", "appeal")
PAGE_WEIGHT = 1  # the text of a page counts as one blurred view
REMEMBERED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview as sent to the page; `used` is the day's total. `seen` is what this person recently saw of the file;
    `files_shown` is of how many files of the case something was shown to them in this cycle of the work.
    """

    made: Preview
    glimpse: Glimpse
    used: int
    seen: tuple[Glimpse, ...]
    files_shown: int


def preview_file(case_id: int, file_id: int, *, reason: str, actor: Actor, glimpse: Glimpse = FIRST) -> Shown:
    """Fetch a file again and return a small grey picture of it, or a page of a video's frames; the view is recorded
    before anything is shown.

    Uses the network: never call it inside a transaction. Raises WrongReason, NothingNewNow, PreviewImpossible of
    hosting if there is no picture, KnownImageNotShown if people decided about it before, RevealTooMuch if a smaller
    part comes first.
    """
    if reason not in REASONS:
        raise WrongReason
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.preview", case.hotline_id)
        is_blind = is_sampler(case, actor)
        if not is_blind:
            demand_holder(case, actor)
        known = hosting_queries.file_of(file_id)
        if known is None or known[1] != case.location_id:
            raise NotFound(what=_("file"))
        if not is_blind and reason not in SHOWS_KNOWN and known_images.settled_among(case, [known[0]]):
            raise KnownImageNotShown
        seen = _seen_lately(case, file_id, actor)
        if not may_show(glimpse, seen):
            raise RevealTooMuch
        weight = weight_in(case, blurred=glimpse.blurred, part=glimpse.part)
        demand_open(actor, weight=weight)
        view = _written_down(case, file_id, glimpse, reason=reason, weight=weight, actor=actor)
        used = note_work(actor, weight=weight)
        case.save(update_fields=["claimed_until"])
    made = hosting_services.preview(file_id, blurred=glimpse.blurred, part=glimpse.part / 100, page=glimpse.page)
    View.objects.filter(pk=view.pk).update(was_shown=True, changed=made.changed)
    return Shown(made, glimpse, used, (*seen, glimpse), files_shown(case, actor))


def view_page(case_id: int, *, actor: Actor) -> PageView:
    """Fetch a case's page again and return its text without its pictures, for the holder of the case or the person who
    has it for a blind assessment; it is recorded and counted as one blurred view before anything is fetched.

    Uses the network: never call it inside a transaction. Raises PageViewImpossible of hosting, NothingNewNow,
    CaseNotHeld.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.preview", case.hotline_id)
        if not is_sampler(case, actor):
            demand_holder(case, actor)
        demand_open(actor, weight=PAGE_WEIGHT)
        note_act("page.read", case, actor=actor, facts={})
        note_work(actor, weight=PAGE_WEIGHT)
        case.save(update_fields=["claimed_until"])
        location_id = case.location_id
    return hosting_services.view_page(location_id)


def _written_down(case: Case, file_id: int, glimpse: Glimpse, *, reason: str, weight: int, actor: Actor) -> View:
    facts = {"file": file_id, "reason": reason, "blurred": glimpse.blurred, "part": glimpse.part}
    if glimpse.page > 1:
        facts["page"] = glimpse.page
    note_act("preview.shown", case, actor=actor, facts=facts)
    return View.objects.create(
        hotline_id=case.hotline_id,
        case=case,
        file_id=file_id,
        by_id=staff_id(actor),
        reason=reason,
        blurred=glimpse.blurred,
        part=glimpse.part,
        page=glimpse.page,
        weight=weight,
        cycle=case.cycle,
        at=now_utc(),
    )


def _seen_lately(case: Case, file_id: int, actor: Actor) -> list[Glimpse]:
    """Return what this person saw of the file in the last hour; after that it starts with a blurred quarter again."""
    views = View.objects.filter(by_id=actor.id, at__gte=now_utc() - REMEMBERED, case_id=case.pk, file_id=file_id)
    return [Glimpse(*row) for row in views.values_list("part", "blurred", "page")]
