"""What can be asked about the name of a case, and what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from leeward.hosting import queries as hosting_queries
from leeward.monitoring.queries import watches_of
from leeward.notices.models import Contact, NameAct, NoticeCase, NoticeItem
from leeward.notices.queries.labels import answer_word
from leeward.notices.recipients import addresses_for, police_of
from leeward.notices.rules.name_acts import ACTS, Reader, Situation, hindrance, is_overdue, is_refuted
from leeward.people import queries as people_queries
from leeward.people.rules.reading import mark_of

OF_REGISTRAR = ("registrar", "name_registrar")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads an act."""

    email: str
    name: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act as the desk sees it: done, or open to be done unless there is a `hindrance`."""

    what: str
    hindrance: str = ""
    to: str = ""
    basis: str = ""
    sent_at: datetime | None = None
    due_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    note: str = ""
    is_overdue: bool = False
    is_refuted: bool = False
    is_reminder: bool = False
    has_failed: bool = False

    @property
    def mark(self) -> str:
        """Return a mark of what is offered: to whom it goes, and whether it is a reminder."""
        return mark_of(self.what, self.to, self.is_reminder)


@dataclass(frozen=True, slots=True)
class NameActs:
    """What was asked about a name, newest first, and everything else that could be."""

    done: list[ActRow]
    offered: list[ActRow]


def name_acts_of(case_id: int, name: str, *, odd: tuple[str, ...] = ()) -> NameActs:
    """Return the acts about the name of a case; at most fourteen queries."""
    now = datetime.now(UTC)
    rows = NameAct.objects.select_related("item__notice__contact").filter(case_id=case_id).order_by("-pk")[:100]
    seen = _seen_of(rows[0].item.location_id, name) if rows else Seen()
    done = [_done(one, seen, now) for one in rows]
    notice_case = NoticeCase.objects.filter(case_id=case_id).first()
    if notice_case is None or not name:
        return NameActs(done, [ActRow(what, "police_first") for what in ACTS])
    readers = recipients_of(notice_case)
    situation = situation_of(notice_case, name, readers, now, odd=odd)
    open_again = {row.what for row in done if row.is_overdue or row.is_refuted} - set(situation.already)
    offered = [
        ActRow(
            what,
            hindrance(act.what, situation, now),
            readers[act.reader].email if act.reader in readers else "",
            is_reminder=what in open_again,
        )
        for what, act in ACTS.items()
    ]
    return NameActs(done, [row for row in offered if row.hindrance not in ("already", "other_country", "not_icanns")])


@dataclass(frozen=True, slots=True)
class Seen:
    """When the registry last had a name free of any hold, if that is what it has now, and when the content was last seen."""

    free_at: datetime | None = None
    up_at: datetime | None = None

    def refutes(self, item: NoticeItem) -> bool:
        """Return whether an answer isn't so."""
        return is_refuted(item.answer, item.answered_at, free_at=self.free_at, up_at=self.up_at)


def _seen_of(location_id: int, name: str) -> Seen:
    newest = next(iter(hosting_queries.name_history(name)), None) if name else None
    watch = watches_of([location_id]).get(location_id)
    return Seen(
        newest.last_at if newest and not newest.is_suspended else None,
        watch.last_good_at if watch is not None and watch.state != "removed" else None,
    )


def _done(act: NameAct, seen: Seen, now: datetime) -> ActRow:
    item, notice = act.item, act.item.notice
    return ActRow(
        what=act.what,
        to=notice.contact.email,
        basis=act.basis,
        sent_at=notice.sent_at,
        due_at=act.due_at,
        answer=answer_word(item.answer) if item.answered_at else "",
        answered_at=item.answered_at,
        note=item.note,
        is_overdue=is_overdue(item.answer, notice.sent_at, act.due_at, now),
        is_refuted=seen.refutes(item),
        has_failed=notice.state == "dead",
    )


def recipients_of(notice_case: NoticeCase) -> dict[Reader, Recipient]:
    """Return who would read acts about the name of a case, as far as known and usable."""
    where = hosting_queries.whereabouts(notice_case.location_id)
    portal = people_queries.portal(notice_case.portal_id)
    found: dict[Reader, Recipient] = {}
    mailboxes = addresses_for("registrar", where)
    entries = list(Contact.objects.filter(email__in=mailboxes, kind="registrar"))
    bad = {one.email for one in entries if one.bounced_at or one.retired}
    usable = [one for one in mailboxes if one not in bad]
    if usable:
        found["registrar"] = Recipient(usable[0], where.registrar)
    directory = Contact.objects.filter(
        kind__in=("registry", "icann"), retired=False, unconfirmed=False, bounced_at=None
    )
    for contact in directory.filter(country__in=("", portal.country)).order_by("pk")[:100]:
        if contact.kind == "icann" or contact.country == portal.country:
            found.setdefault(
                "registry" if contact.kind == "registry" else "icann",
                Recipient(contact.email, contact.name, contact.country),
            )
    if police := police_of(portal):
        found["police"] = Recipient(police[1], police[0], portal.country)
    return found


def situation_of(
    notice_case: NoticeCase, name: str, readers: Mapping[Reader, Recipient], now: datetime, *, odd: tuple[str, ...]
) -> Situation:
    """Return what decides which acts are possible now."""
    asked = NameAct.objects.filter(case_id=notice_case.case_id, round=notice_case.round, name=name)
    newest = {act.what: act for act in asked.select_related("item__notice").order_by("pk")}
    seen = _seen_of(notice_case.location_id, name)
    already = {
        what
        for what, act in newest.items()
        if act.item.notice.state != "dead"
        and not is_overdue(act.item.answer, act.item.notice.sent_at, act.due_at, now)
        and not seen.refutes(act.item)
    }
    proof = proof_of(notice_case)
    if proof is not None and proof.answer in ("suspended", "removed") and not seen.refutes(proof):
        already.add("icann")  # the registrar acted: nothing to complain of
    return Situation(
        gate=notice_case.state,
        name=name,
        home=people_queries.portal(notice_case.portal_id).country,
        readers=frozenset(readers),
        odd=frozenset(odd),
        registrar_informed_at=proof.notice.sent_at if proof else None,
        already=frozenset(already),
    )


def proof_of(notice_case: NoticeCase) -> NoticeItem | None:
    """Return the first notice about a case to who is its registrar now that the mail server took and that didn't come back, or
    None."""
    where = hosting_queries.whereabouts(notice_case.location_id)
    found = NoticeItem.objects.select_related("notice__contact").filter(
        case_id=notice_case.case_id,
        notice__kind__in=OF_REGISTRAR,
        notice__state="sent",
        notice__sent_at__isnull=False,
        notice__contact__email__in=addresses_for("registrar", where),
    )
    return found.order_by("notice__sent_at", "pk").first()


def times_asked_before(act: NameAct) -> int:
    """Return how often the same reader was asked the same before in this round."""
    return NameAct.objects.filter(
        case_id=act.case_id,
        what=act.what,
        name=act.name,
        pk__lt=act.pk,
        round=act.notice_case.round,
        item__notice__contact_id=act.item.notice.contact_id,
        item__notice__sent_at__isnull=False,
    ).count()


@dataclass(frozen=True, slots=True)
class DueAct:
    """An act about a name, and until when there was time for an answer."""

    case_id: int
    what: str
    due_at: datetime


def name_act_due(act_id: int) -> DueAct | None:
    """Return the case, the act and its clock, or None."""
    found = NameAct.objects.filter(pk=act_id).values_list("case_id", "what", "due_at").first()
    return DueAct(*found) if found else None
