"""Acting on a case: opens its notice case, tells police and others, stops."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hosting import queries as hosting_queries
from leeward.monitoring.queries import watch_of
from leeward.notices.errors import NoProtectionContact
from leeward.notices.going_on import TOLD, newest_referral
from leeward.notices.models import WITHDRAWN_AFTER_REVIEW, Contact, NoticeCase, NoticeItem, Referral
from leeward.notices.queries.hosts import UNSURE
from leeward.notices.queries.rows import police_standing
from leeward.notices.recipients import abroad, police_of, writes_to_host_directly
from leeward.notices.rules.at_risk import AtRisk
from leeward.notices.rules.briefs import CaseBrief, Plan, is_abroad, read, written
from leeward.notices.rules.police_first import PROBLEMS
from leeward.notices.services import ladder
from leeward.notices.services.police_first import follow_police, tell_abroad, tell_of
from leeward.notices.services.referring import refer, refer_to_protection
from leeward.notices.writing.kept_brief import keep
from leeward.people import queries as people_queries
from leeward.people.services import authorize

type More = Literal["", "later", "urgent"]


@dataclass(frozen=True, slots=True)
class Acted:
    """What `act_on` started; `problems` names what it could not do (`no_police_contact`, `no_contact_abroad`,
    `foreign_host_not_told`)."""

    notice_case_id: int
    referral_id: int | None
    problems: tuple[str, ...] = ()


def act_on(brief: CaseBrief, *, plan: Plan, actor: Actor, beside: Collection[int] = ()) -> Acted:
    """Tell the plan's recipients about a case: police first, those in charge abroad when our police have it, the host
    when the police agree or say nothing for long enough.

    Repeating this for an open notice case adds recipients that were not asked for before, and leaves a host that wasn't told yet to those in
    charge where it is found to be now; after a stop it begins again, from the police on. `beside` are cases acted on together with this one:
    until the police’s message about one of them is sent, this one is added to it.
    """
    authorize(actor, "case.act", brief.hotline_id)
    portal = people_queries.portal(brief.portal_id)
    hotline = people_queries.hotline(brief.hotline_id)
    away_from_home = is_abroad(brief, portal.country)
    there = abroad(brief.country) if away_from_home else None
    is_direct = not plan.police or writes_to_host_directly(hotline, is_foreign=away_from_home, known=there)
    now, problems = datetime.now(UTC), list[str]()
    with hotline_transaction():
        notice_case = _matter(brief, plan)
        facts = {"case": brief.case_id, "police": plan.police, "host": plan.host, "abroad": plan.foreign}
        record(
            "notice_case.opened",
            actor=actor,
            hotline_id=brief.hotline_id,
            subject=f"notice_case:{notice_case.pk}",
            facts=facts,
        )
        if plan.host and not is_direct:
            problems.append("foreign_host_not_told")
        notice_case.host_kind = "foreign_host" if away_from_home else "host"
        notice_case.tells_police = notice_case.tells_police or plan.police
        if not (plan.host or is_direct or _may_host_know(notice_case)):
            ladder.pull_back(notice_case)
            notice_case.tells_host = False
        notice_case.tells_host = notice_case.tells_host or (plan.host and is_direct)
        notice_case.tells_abroad = notice_case.abroad_asked or (plan.foreign and away_from_home)
        referral = (
            _refer(notice_case, brief, portal, problems=problems, beside=beside) if notice_case.tells_police else None
        )
        if plan.foreign and away_from_home and there is None:
            problems.append("no_contact_abroad")
            if not notice_case.problem:
                ladder.note_problem(notice_case, "no_contact_abroad")
        follow_police(notice_case, now)
    return Acted(notice_case.pk, referral.pk if referral else None, tuple(problems))


def _may_host_know(notice_case: NoticeCase) -> bool:
    """Return whether a host, or whoever the ladder tells, was told in this round, or may have been."""
    found = NoticeItem.objects.filter(TOLD | UNSURE, notice_case=notice_case, round=notice_case.round)
    return bool(found.exists())


def forward_to_police(brief: CaseBrief, *, actor: Actor = SYSTEM, more: More = "") -> Acted:
    """Pass a report on to the police, whether or not somebody assessed it; nobody else is told.

    If `more` came in about what was passed on, they are told again: at once if it is urgent, else at most once an hour.
    """
    authorize(actor, "case.act", brief.hotline_id)
    portal = people_queries.portal(brief.portal_id)
    problems: list[str] = []
    with hotline_transaction():
        notice_case = _matter(brief)
        facts = {"case": brief.case_id, "forwarded": True}
        record(
            "notice_case.opened",
            actor=actor,
            hotline_id=brief.hotline_id,
            subject=f"notice_case:{notice_case.pk}",
            facts=facts,
        )
        notice_case.tells_police = True
        referral = _refer(notice_case, brief, portal, problems=problems, more=more)
        follow_police(notice_case, datetime.now(UTC))
    return Acted(notice_case.pk, referral.pk if referral else None, tuple(problems))


def tell_child_protection(brief: CaseBrief, statement: AtRisk, *, office_id: int, actor: Actor) -> Referral:
    """Tell a child-protection office about a child who may be identified: what a person wrote for it, and nothing of the brief but
    its reference. Raises NoProtectionContact if there is no such office."""
    authorize(actor, "case.act", brief.hotline_id)
    contact = Contact.objects.filter(pk=office_id, kind="protection").first()
    if contact is None:
        raise NoProtectionContact
    with hotline_transaction():
        notice_case = _matter(brief)
        notice_case.save()
        referral = refer_to_protection(notice_case, brief, contact, statement)
        facts = {"case": brief.case_id, "contact": contact.pk}
        subject = f"notice_case:{notice_case.pk}"
        record("protection.told", actor=actor, hotline_id=brief.hotline_id, subject=subject, facts=facts)
    return referral


def try_again(notice_case_id: int) -> None:
    """Tell contacts that could not be told before, if the directory has one by now."""
    with hotline_transaction():
        notice_case = NoticeCase.objects.select_for_update().get(pk=notice_case_id)
        if notice_case.state == "stopped":
            return
        if notice_case.problem == "no_police_contact":
            refer_again(notice_case)
        elif notice_case.problem == "no_contact_abroad" and notice_case.state != "untold":
            tell_abroad(notice_case, datetime.now(UTC))


def refer_again(notice_case: NoticeCase) -> Referral | None:
    """Tell the police about a notice case that had no recipient, in the caller's transaction; None if there still isn't
    one."""
    brief = read(notice_case.brief)
    more: More = "urgent" if brief.urgent else ""
    referral = _refer(notice_case, brief, people_queries.portal(notice_case.portal_id), problems=[], more=more)
    follow_police(notice_case, datetime.now(UTC))
    return referral


def withdraw(case_id: int, *, actor: Actor = SYSTEM, reason: str = "withdrawn") -> bool:
    """Stop the ladder of a case: nothing that waits for others than the police is sent any more; False if nothing was in progress.
    Sent messages can still be answered. A letter to the police that waits goes, once (`referring.refer`): that a case is closed, merged
    or gone from its address takes back nothing that they should know. Only after a review it stops with the decision
    (`replying.withdraw_after_review`); otherwise a person may give it up. An urgent one stops for everybody but the police until they
    have it and its outcome is recorded, whatever the reason and whoever the actor."""
    with hotline_transaction():
        notice_case = NoticeCase.objects.select_for_update().filter(case_id=case_id).exclude(state="stopped").first()
        if notice_case is None:
            return False
        authorize(actor, "case.act", notice_case.hotline_id)
        _stop(notice_case, actor, reason)
    return True


def stop_for_location(location_id: int) -> int:
    """Stop asking because the material is gone. Return how many notice cases ended.

    If it is back by now, nothing ends: the event arrived late.
    """
    watch = watch_of(location_id)
    if watch is not None and watch.state != "removed":
        return 0
    ended = 0
    for notice_case_id in (
        NoticeCase.objects.filter(location_id=location_id).exclude(state="stopped").values_list("pk", flat=True)
    ):
        with hotline_transaction():
            notice_case = NoticeCase.objects.select_for_update().get(pk=notice_case_id)
            if notice_case.state != "stopped":
                _stop(notice_case, SYSTEM, "removed")
                ended += 1
    return ended


def end_if_settled(referral_id: int) -> None:
    """End the notice case of a referral if it was stopped for everybody but the police, and they no longer owe an
    answer. Idempotent."""
    with hotline_transaction():
        notice_case = NoticeCase.objects.select_for_update().get(referrals=referral_id)
        if notice_case.stopped_at is not None and not _police_are_owed(notice_case):
            notice_case.state, notice_case.problem = "stopped", ""
            notice_case.save(update_fields=["state", "problem"])


def _stop(notice_case: NoticeCase, actor: Actor, reason: str) -> None:
    """Stop a notice case: for everybody but the police if they are owed something, else entirely. What keeps them from
    being told stays for a person to settle, and a message to them that comes back is still an alarm."""
    is_owed = _police_are_owed(notice_case)
    ladder.pull_back(notice_case, also_abroad=is_owed, also_names=True)
    if is_owed:
        notice_case.tells_host = notice_case.tells_abroad = False
    else:
        notice_case.state, notice_case.problem = "stopped", ""
    if notice_case.stopped_at is None:
        notice_case.stopped_why, notice_case.stopped_at = reason[:30], datetime.now(UTC)
    notice_case.save()
    facts = {"case": notice_case.case_id, "why": notice_case.stopped_why, "step": notice_case.step}
    record(
        "notice_case.stopped",
        actor=actor,
        hotline_id=notice_case.hotline_id,
        subject=f"notice_case:{notice_case.pk}",
        facts=facts,
    )


def _police_are_owed(notice_case: NoticeCase) -> bool:
    """Return whether the police don't have something urgent, or have not confirmed it with an outcome: neither that it
    is gone from its address nor that it is found legal makes a child safe."""
    if not notice_case.tells_police:
        return False
    if notice_case.state == "untold" and read(notice_case.brief).urgent:
        return True
    standing = police_standing([notice_case.case_id])
    return standing.is_made and not standing.is_settled


def _matter(brief: CaseBrief, plan: Plan | None = None) -> NoticeCase:
    """Return a case's notice case with the newest brief. A stopped one begins again; one that was stopped for everybody
    but the police does if the `plan` names others, or the decision was withdrawn before."""
    now = datetime.now(UTC)
    notice_case, _ = NoticeCase.objects.select_for_update().get_or_create(
        hotline_id=brief.hotline_id,
        case_id=brief.case_id,
        defaults={
            "portal_id": brief.portal_id,
            "location_id": brief.location_id,
            "brief": written(brief),
            "started_at": now,
        },
    )
    keep(notice_case, brief)
    is_moved = (notice_case.portal_id, notice_case.location_id) != (brief.portal_id, brief.location_id)
    if is_moved or not notice_case.address_key:
        notice_case.portal_id, notice_case.location_id = brief.portal_id, brief.location_id
        notice_case.address_key = hosting_queries.address_key_of(brief.location_id)
        notice_case.save(update_fields=["portal", "location_id", "address_key"])
    is_stopped = notice_case.state == "stopped"
    if is_stopped or (notice_case.stopped_at is not None and plan is not None and _is_more(plan, notice_case)):
        notice_case.state, notice_case.step, notice_case.next_at, notice_case.started_at = "untold", 0, None, now
        notice_case.round += 1
        notice_case.stopped_why, notice_case.stopped_at, notice_case.problem = "", None, ""
        notice_case.tells_host = notice_case.tells_abroad = notice_case.abroad_asked = False
        notice_case.tells_police = notice_case.tells_police and not is_stopped
    return notice_case


def _is_more(plan: Plan, notice_case: NoticeCase) -> bool:
    return plan.host or plan.foreign or notice_case.stopped_why == WITHDRAWN_AFTER_REVIEW


def _refer(
    notice_case: NoticeCase,
    brief: CaseBrief,
    portal: people_queries.PortalRow,
    *,
    problems: list[str],
    more: More = "",
    beside: Collection[int] = (),
) -> Referral | None:
    """Tell our police, once per round unless more came in; None if there is no known recipient. What they are to be told beyond what they
    have waits for one then, as a letter that nobody has yet."""
    found, contact = police_of(portal), None
    if found is not None:
        name, email = found
        contact = ladder.contact_for(
            "police", email, hotline_id=notice_case.hotline_id, source="portal", country=portal.country, name=name
        )
    newest, referral = newest_referral(notice_case), None
    is_open = newest is not None and (newest.contact_id is not None or bool(newest.told_how))
    if is_open or contact is not None:
        referral = refer(notice_case, brief, contact, more=more, round_open=is_open, beside=beside)
    if contact is None:
        problems.append("no_police_contact")
        _note_no_contact(notice_case, referral or newest, is_urgent=brief.urgent)
        return None
    notice_case.problem = "" if notice_case.problem == "no_police_contact" else notice_case.problem
    return referral


def _note_no_contact(notice_case: NoticeCase, letter: Referral | None, *, is_urgent: bool) -> None:
    """Record that there is no recipient for what the police don't have, and inform whoever can settle it: once a letter, and once more
    when it becomes urgent. What became of a letter that had one stays."""
    if letter is not None and letter.sent_at is not None:
        return
    if letter is None or letter.contact_id is None or notice_case.problem not in PROBLEMS:
        ladder.note_problem(notice_case, "no_police_contact")
    of_letter = f":{letter.pk}" if letter is not None else ""
    urgent = ":urgent" if is_urgent else ""
    tell_of(notice_case, key=f"{notice_case.pk}:{notice_case.started_at.isoformat()}{of_letter}{urgent}")
