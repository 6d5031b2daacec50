"""Acts about the registered name of a case: a notice to its registrar, its registry, our police or ICANN, each with a clock of its
own."""

from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.jobs.services import publish_event, schedule
from leeward.notices.errors import NameActNotPossible
from leeward.notices.models import NameAct, NoticeCase, NoticeItem
from leeward.notices.queries.name_acts import proof_of, recipients_of, situation_of
from leeward.notices.rules.name_acts import ACTS, OPEN_ANSWERS, WITHOUT_ADDRESS, basis_of, hindrance, is_overdue
from leeward.notices.services import ladder
from leeward.notices.timing import short
from leeward.people.services import authorize

NAME_TIME = "notices.name_time"


def act_on_name(case_id: int, what: str, *, name: str, odd: tuple[str, ...] = (), actor: Actor) -> int:
    """Do one act about the name of a case and return its number. `odd` is what stands out in the registrant's data. Raises
    NameActNotPossible, which says why."""
    now = datetime.now(UTC)
    with hotline_transaction():
        notice_case = NoticeCase.objects.select_for_update().filter(case_id=case_id).first()
        if notice_case is None or what not in ACTS:
            raise NameActNotPossible.because("police_first")
        if not name:
            raise NameActNotPossible.because("no_name")
        authorize(actor, "case.act", notice_case.hotline_id)
        act, readers = ACTS[what], recipients_of(notice_case)
        if why := hindrance(act.what, situation_of(notice_case, name, readers, now, odd=odd), now):
            raise NameActNotPossible.because(why)
        reader = readers[act.reader]
        contact = ladder.contact_for(
            act.reader,
            reader.email,
            hotline_id=notice_case.hotline_id,
            source="network",
            country=reader.country,
            name=reader.name,
        )
        item = ladder.place(notice_case, contact, act.kind, step=1, now=now)
        if act.kind in WITHOUT_ADDRESS:
            NoticeItem.objects.filter(pk=item.pk).update(address=name)
        made = NameAct.objects.create(
            hotline_id=notice_case.hotline_id,
            notice_case=notice_case,
            round=notice_case.round,
            case_id=case_id,
            item=item,
            what=what,
            name=name,
            basis=basis_of(act.what, name),
            odd=sorted(odd) if what == "accuracy" else [],
            proof=proof_of(notice_case) if what == "icann" else None,
            due_at=now + short(act.time),
            by_id=actor.id,
            created_at=now,
        )
        facts = {"case": case_id, "what": what, "contact": contact.pk}
        subject = f"name_act:{made.pk}"
        record("name_act.made", actor=actor, hotline_id=notice_case.hotline_id, subject=subject, facts=facts)
    return made.pk


def start_clock(item_id: int, now: datetime) -> None:
    """Count the time to answer an act from when its letter is away; in the caller's transaction."""
    act = NameAct.objects.filter(item=item_id).first()
    if act is None:
        return
    act.due_at = now + short(ACTS[act.what].time)
    act.save(update_fields=["due_at"])
    schedule(NAME_TIME, subject_id=act.pk, hotline_id=act.hotline_id, due_at=act.due_at)


def note_overdue(act_id: int) -> datetime | None:
    """Let the desk know, once, that what was asked about a name has no answer in time; return when to look again if it isn't time
    yet."""
    now = datetime.now(UTC)
    with hotline_transaction():
        act = NameAct.objects.select_related("item__notice", "notice_case").filter(pk=act_id).first()
        if act is None or act.notice_case.state != "open" or act.item.answer not in OPEN_ANSWERS:
            return None
        if not is_overdue(act.item.answer, act.item.notice.sent_at, act.due_at, now):
            return act.due_at
        facts = {"case": act.case_id, "what": act.what}
        record("name_act.overdue", actor=SYSTEM, hotline_id=act.hotline_id, subject=f"name_act:{act.pk}", facts=facts)
        publish_event("name_act.overdue", subject_id=act.pk, hotline_id=act.hotline_id)
    return None
