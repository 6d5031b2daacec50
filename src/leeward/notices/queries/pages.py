"""Data for the pages behind our links."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from leeward.backup.queries import is_held
from leeward.foundation.errors import NotFound
from leeward.monitoring.queries import watches_of
from leeward.notices.going_on import has_beside, has_no_end, keeps_waiting, newest_of
from leeward.notices.models import (
    TO_POLICE,
    WITHDRAWN_AFTER_REVIEW,
    Notice,
    NoticeCase,
    NoticeItem,
    Referral,
    Reply,
)
from leeward.notices.police_for_hosts import police_for_hosts
from leeward.notices.queries.about import never_sent
from leeward.notices.queries.entered import PARTS, is_among_urgent, mark_of_waiting, waiting_parts
from leeward.notices.queries.hosts import Fate, OfHost, of_host
from leeward.notices.queries.labels import answer_word
from leeward.notices.queries.police_answers import note_parts_of
from leeward.notices.queries.unheard import reasons_given
from leeward.notices.rules.answers import MOST_REVIEWS
from leeward.notices.rules.at_risk import read
from leeward.notices.rules.claims import WITH_HASHES
from leeward.notices.rules.ladder import kinds_at
from leeward.notices.rules.name_acts import NAME_KINDS
from leeward.notices.rules.police_first import PROBLEMS
from leeward.notices.timing import rungs
from leeward.people import queries as people_queries
from leeward.web_security.paging import Page, page_of

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class PageItem:
    """One address as its contact sees it; `gone_at` is since when we have seen it gone, `stays` why a decision that
    they disagreed with was upheld, `is_asked_again` whether they gave new reasons after that, `is_reviewed_again`
    whether these are reviewed, too, `due_at` when the next notice about it is due."""

    id: int
    address: str
    reference: str
    answer: str
    answer_word: str
    answered_at: datetime | None
    detail: str
    gone_at: datetime | None
    is_withdrawn: bool = False
    stays: str = ""
    is_asked_again: bool = False
    is_reviewed_again: bool = False
    is_redirect: bool = False
    due_at: datetime | None = None
    hashes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice as its contact sees it."""

    id: int
    kind: str
    hotline: people_queries.HotlineRow
    items: tuple[PageItem, ...]
    page: Page[NoticeItem]
    police: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageNote:
    """Part of what was written about a referral: whether our staff entered it, and who."""

    text: str
    is_entered: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A referral as the police see it: without an address, since others may see the link."""

    id: int
    reference: str
    state: str
    portal: people_queries.PortalRow
    tells_host: bool
    sent_at: datetime | None
    answered_at: datetime | None
    fate: Fate
    tried_since: datetime | None
    goes_on_at: datetime | None
    held_since: datetime | None
    notes: tuple[PageNote, ...]
    host_told_at: datetime | None
    notice_case_id: int
    notice_case: NoticeCase
    host: OfHost
    kind: str
    is_urgent: bool
    acknowledged_at: datetime | None
    outcome: str
    outcome_at: datetime | None
    is_withdrawn: bool = False
    has_beside: bool = False
    keeps_waiting: bool = False
    is_untold: bool = False
    decides: bool = False
    release_frees: bool = False
    told_by: str = ""
    told_with: str = ""
    acknowledged_by: str = ""
    acknowledged_with: str = ""
    outcome_by: str = ""
    outcome_with: str = ""
    released_by: str = ""
    takes_two: bool = False
    waits_for_second: bool = False
    release_waits: bool = False
    mark: str = ""
    has_address: bool = False
    answer_by: datetime | None = None
    hashes: tuple[tuple[str, str], ...] = ()

    @property
    def is_final(self) -> bool:
        """Return whether no further answer is expected."""
        return self.state in ("released", "timed_out")

    @property
    def may_give_up(self) -> bool:
        """Return whether somebody may write down that no answer will come, for which a case with child protection waits."""
        return self.kind not in TO_POLICE and not self.outcome

    @property
    def may_acknowledge(self) -> bool:
        """Return whether the police have not confirmed receipt themselves."""
        return self.acknowledged_at is None or bool(self.acknowledged_by)

    @property
    def may_hold(self) -> bool:
        """Return whether there is a notice to hold, here or of another case about the address: one that was sent can't be recalled."""
        return (self.tells_host and not self.is_withdrawn and self.host_told_at is None) or self.has_beside

    @property
    def may_release(self) -> bool:
        """Return whether a notice waits for this letter, or reminders do and no time lets them go on, or a hold delays either: any letter
        ends a hold, also where nothing is sent any more and only the case, or another one about the same address, waits for its end."""
        goes_by_word = self.host_told_at is None or self.goes_on_at is None
        waits = self.tells_host and self.decides and not self.is_final and goes_by_word
        return self.state == "held" or (waits and not self.is_withdrawn) or self.keeps_waiting


def notice_page(notice_id: int, number: str | None) -> NoticePage:
    """Return one page of a notice's addresses."""
    notice = Notice.objects.get(pk=notice_id)
    page = page_of(notice.items.select_related("notice_case", "notice").order_by("pk"), number, per_page=PER_PAGE)
    return NoticePage(
        notice.pk,
        notice.kind,
        people_queries.hotline(notice.hotline_id),
        page_items(page.rows),
        page,
        police_of_items(notice.kind, page.rows, hotline_id=notice.hotline_id),
    )


def police_of_items(kind: str, rows: Sequence[NoticeItem], *, hotline_id: int) -> tuple[str, ...]:
    """Return how the police for these addresses are reached; expects their notice cases to be loaded."""
    informed = [item.notice_case for item in rows if not item.notice_case.brief.get("is_quiet")]
    places = [(notice_case.portal_id, notice_case.brief["country"]) for notice_case in informed]
    return police_for_hosts(kind, places, hotline_id=hotline_id)


def page_items(rows: Sequence[NoticeItem]) -> tuple[PageItem, ...]:
    """Return addresses as their contact sees them; expects their notice cases to be loaded."""
    watches = watches_of(item.location_id for item in rows)
    disputed = [item.pk for item in rows if item.answer == "disputed"]
    kept = Reply.objects.filter(item__in=disputed, what="kept").order_by("pk") if disputed else []
    stays = {reply.item_id: reply for reply in kept}
    reviewed = Counter(reply.item_id for reply in kept)
    items, withdrawn, goes_out = [], _withdrawn_among(rows), not is_held()
    for item in rows:
        watch = watches.get(item.location_id)
        items.append(
            PageItem(
                id=item.pk,
                address=item.address,
                reference=item.notice_case.brief["reference"],
                answer=item.answer,
                answer_word=answer_word(item.answer),
                answered_at=item.answered_at,
                detail=item.moved_to or item.note,
                gone_at=watch.removed_at if watch and watch.state == "removed" else None,
                is_withdrawn=item.pk in withdrawn,
                stays=stays[item.pk].reasons if item.pk in stays else "",
                is_asked_again=item.pk in stays and bool(reasons_given(item, since=stays[item.pk].created_at)),
                is_reviewed_again=reviewed[item.pk] < MOST_REVIEWS,
                is_redirect=item.answer == "wrong_contact" and not item.redirected,
                due_at=item.notice_case.next_at if goes_out and _is_written_again(item) else None,
                hashes=_hashes(item.notice_case) if item.notice.kind in WITH_HASHES else (),
            )
        )
    return tuple(items)


def _withdrawn_among(rows: Sequence[NoticeItem]) -> set[int]:
    """Return the addresses of which what these notices say is withdrawn; also where the case was begun anew since, of which its contact may
    hear nothing yet."""
    before = {item.notice_case_id for item in rows if item.round < item.notice_case.round}
    newest = dict[int, datetime]()
    if before:
        replies = Reply.objects.exclude(never_sent()).filter(what="withdrawn", item__notice_case__in=before)
        last = replies.order_by().values_list("item__notice_case").annotate(last=Max("created_at"))
        newest = {number: at for number, at in last if number is not None}
    return {
        item.pk
        for item in rows
        if item.notice_case.stopped_why == WITHDRAWN_AFTER_REVIEW
        or ((at := newest.get(item.notice_case_id)) is not None and item.notice.created_at < at)
    }


def _is_written_again(item: NoticeItem) -> bool:
    """Return whether its contact gets the next notice about an address: no longer where somebody else is written to instead, and not where
    that step is the host's alone. Who stood in for the host, having been told at a step of the host's alone, does so again."""
    notice_case, kind = item.notice_case, item.notice.kind
    if notice_case.state != "open" or kind in NAME_KINDS or item.redirected == "moved":
        return False
    host: Any = notice_case.host_kind
    stood_in = item.step > 0 and kind not in kinds_at(item.step, rungs(), host=host)
    return stood_in or kind in kinds_at(notice_case.step + 1, rungs(), host=host)


def _is_withdrawn(referral: Referral) -> bool:
    """Return whether what a letter to the police says is withdrawn; also where its case was begun anew since, and they have another letter."""
    if referral.kind not in TO_POLICE:
        return False
    if referral.notice_case.stopped_why == WITHDRAWN_AFTER_REVIEW:
        return True
    if referral.round == referral.notice_case.round:
        return False
    since = Reply.objects.filter(what="withdrawn", created_at__gt=referral.created_at)
    since = since.filter(referral__notice_case=referral.notice_case_id)
    return bool(since.exclude(never_sent()).exists())


def referral_page(referral_id: int) -> ReferralPage:
    """Return a referral with what the police need to decide. Raises NotFound."""
    people_too = (f"{part}_{who}" for part in PARTS for who in ("by", "with"))
    referral = Referral.objects.select_related("notice_case", *people_too).filter(pk=referral_id).first()
    if referral is None:
        raise NotFound(what=_("referral"))
    notice_case = referral.notice_case
    letters = list(Referral.objects.filter(case_id=referral.case_id, kind__in=TO_POLICE).order_by("pk"))
    newest = newest_of(notice_case, letters)
    decides = newest is not None and newest.pk == referral.pk
    host = of_host(notice_case, letters, datetime.now(UTC), decides=decides)
    takes_second = referral.kind in TO_POLICE and is_among_urgent(referral, letters)
    waiting = waiting_parts(referral) if takes_second else []
    tells_none = notice_case.state == "stopped" or not notice_case.tells_host
    is_withdrawn = _is_withdrawn(referral)
    return ReferralPage(
        id=referral.pk,
        reference=referral.reference,
        state=referral.state,
        portal=people_queries.portal(referral.portal_id),
        tells_host=_tells_host(referral, host.told_at),
        sent_at=referral.sent_at,
        answered_at=referral.answered_at,
        fate=host.fate,
        tried_since=host.tried_since,
        goes_on_at=host.goes_on_at,
        held_since=None if referral.held_since and has_no_end(notice_case) else referral.held_since,
        notes=_notes(referral),
        host_told_at=host.told_at,
        notice_case_id=referral.notice_case_id,
        notice_case=notice_case,
        host=host,
        decides=decides,
        release_frees=_release_frees(referral, newest)
        and not (host.is_nobody_known or host.is_held_beside or host.is_nothing_sent),
        kind=referral.kind,
        is_urgent=referral.urgent,
        acknowledged_at=referral.acknowledged_at,
        outcome=referral.outcome,
        outcome_at=referral.outcome_at,
        is_withdrawn=is_withdrawn,
        keeps_waiting=(tells_none or notice_case.state == "untold" or newest is None) and keeps_waiting(referral),
        has_beside=tells_none and notice_case.state != "stopped" and has_beside(referral),
        is_untold=referral.notice_case.state == "untold" and referral.notice_case.problem in PROBLEMS,
        told_by=_name(referral.told_by),
        told_with=_name(referral.told_with),
        acknowledged_by=_name(referral.acknowledged_by),
        acknowledged_with=_name(referral.acknowledged_with),
        outcome_by=_name(referral.outcome_by),
        outcome_with=_name(referral.outcome_with),
        released_by=_name(referral.released_by),
        takes_two=takes_second,
        waits_for_second=bool(waiting),
        release_waits="released" in waiting,
        mark=mark_of_waiting(referral),
        has_address=referral.contact_id is not None,
        hashes=() if is_withdrawn or referral.kind not in TO_POLICE else _hashes(referral.notice_case),
        answer_by=read(referral.statement).answer_by,
    )


def _notes(referral: Referral) -> tuple[PageNote, ...]:
    old_note, parts = note_parts_of(referral)
    names = people_queries.staff_names(referral.hotline_id) if any(part.by for part in parts) else {}
    notes = [PageNote(part.text, part.by is not None, names.get(part.by or 0, "")) for part in parts]
    return (*([PageNote(old_note)] if old_note else []), *notes)


def _tells_host(referral: Referral, told_at: datetime | None) -> bool:
    notice_case = referral.notice_case
    is_over = notice_case.state == "stopped" and told_at is None
    return notice_case.tells_host and referral.kind in TO_POLICE and not is_over


def _release_frees(referral: Referral, newest: Referral | None) -> bool:
    """Return whether a release by this letter lets the host be told, or reminded, now."""
    if referral.notice_case.state == "stopped" or not referral.notice_case.tells_host:
        return False
    if newest is None:  # begun anew without asking them
        return not referral.notice_case.tells_police
    return newest is not None and (newest.pk == referral.pk or newest.sent_at is not None)


def _hashes(notice_case: NoticeCase) -> tuple[tuple[str, str], ...]:
    return tuple((kind, value) for kind, value in notice_case.brief["file_hashes"])


def _name(person: Any) -> str:
    return str(person.name) if person is not None else ""
