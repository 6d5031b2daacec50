"""Reports by text message: one text in, what to write back out.

Nothing is trusted but the text: a gateway signs no sender. A number is kept only as a hash with the salt of the day,
unless its owner wishes to be reached. Every text that says something is in the report before it is answered, so that a
gateway that posts it again after a crash changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import batched

from django.db import IntegrityError, transaction
from django.db.models import Q
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.installation.queries import config_now
from leeward.intake import queries, sms_texts
from leeward.intake.errors import AlreadyWithdrawn, FormKeyMissing
from leeward.intake.models import OutsideAppeal, Report, SmsTalk, StoppedNumber
from leeward.intake.queries.wishes import asks_wish
from leeward.intake.receipts import SHOWN_MINUTES, find_receipt
from leeward.intake.rules import standing
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.receipt import NO_RECEIPT, read_receipt
from leeward.intake.rules.sms_shapes import Incoming
from leeward.intake.rules.sms_talk import ABOUT_WISH, DONE, KIND, MAY_WAIT, START, STOPPED, Turn, turn
from leeward.intake.rules.where import IN_WORDS, ItemDraft, read_pieces
from leeward.intake.services.receiving import REPORTER, SMS, Received, receive_text
from leeward.jobs.services import erased, schedule
from leeward.people.queries import PortalRow, former_portals, hotlines
from leeward.sealing.services import forget, unseal
from leeward.web_security.keys import key_digest, new_form_key
from leeward.web_security.salts import hashes_at
from leeward.web_security.services import allow

FORGET_STOPPED = "intake.forget_stopped"
KEPT = timedelta(hours=24)
TEXTS_PER_MINUTE, TEXTS_AT_ONCE = 0.5, 30  # of one number
GATEWAY_PER_MINUTE, GATEWAY_AT_ONCE = 120.0, 600  # of all numbers of a portal together
TRIES_PER_MINUTE, TRIES_AT_ONCE = 2.0, 10  # receipts that open nothing, of one number
ALL_TRIES_PER_MINUTE, ALL_TRIES_AT_ONCE = 30.0, 100  # the same of all, since a sender can be made up
REFUSALS_PER_MINUTE, REFUSALS_AT_ONCE = 5.0, 10  # answers of a portal to texts that it doesn't take
TO_URGENT = frozenset({"danger", "keep_messages"})  # sentences that answer only what is urgent
MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What to write back: the names of sentences and of which report they speak, or texts that name no report."""

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    report_id: int | None = None
    receipt: str = ""


def take_text(incoming: Incoming, portal: PortalRow, *, language: str, now: datetime | None = None) -> Answered:
    """Take one text message in, in the hotline's scope, and return what to write back (nothing, if nobody can read it
    or its sender wants none).

    A text about a child in danger is taken and answered whatever else this number or all others have sent.
    """
    now = now or datetime.now(UTC)
    is_blank = portal.takes_reports and not (incoming.text or incoming.has_picture)
    if not incoming.can_be_answered or is_blank:
        return Answered()
    if not portal.takes_reports:
        return _not_open(incoming, portal)
    keys = hashes_at(f"sms {portal.id}\n{incoming.sender}", now)
    talk = _talk_of(keys, now)
    step = talk.step if talk else START
    message_id = key_digest(incoming.message_id, "intake.sms") if incoming.message_id else ""
    if talk is not None and message_id and talk.last_id == message_id:
        return _again(talk, portal, language=language, now=now)
    if read_receipt(incoming.text) != NO_RECEIPT:
        return _if_room(_standing(incoming, portal), portal) if step != STOPPED else Answered()
    items = _items_in(incoming.text, portal, language)
    may_wish = step in ABOUT_WISH and asks_wish(portal)
    what = turn(step, incoming.text, names_place=bool(items), asks_wish=may_wish)
    if not may_wish:  # since it was asked, it was found that the portal can't promise it
        what = replace(what, wish="")
    put_off = _put_off(incoming, portal, step, what)
    if put_off is not None:
        return put_off
    talk = talk or _new_talk(keys, portal, now)
    if what.step == KIND and step != START:  # START begins again: what was wished for one report isn't for another
        _begin_anew(talk)
    answered = Answered(what.replies)
    if what.step == STOPPED and step != STOPPED:
        _stop(incoming.number, portal)
        answered = answered if step != START or _may_refuse(portal) else Answered()
    if what.keeps or what.step == DONE:
        answered = _keep(talk, what, items, incoming, portal, language=language, now=now)
    has_answer = not answered.names or _may_answer(portal, is_urgent=what.is_urgent)
    left: dict[str, object] = {"step": what.step, "replies": list(what.replies)}
    if not has_answer:  # what was asked last is asked again with the next text
        left = {"step": STOPPED if what.step == STOPPED else step, "replies": [], "unanswered_at": now}
    with hotline_transaction():
        SmsTalk.objects.filter(pk=talk.pk).update(last_id=message_id, at=now, **left, **_places(keys))
    return answered if has_answer else Answered()


def _put_off(incoming: Incoming, portal: PortalRow, step: str, what: Turn) -> Answered | None:
    """Return what to write back instead of taking a text in: it came with a picture, or too many came. None for what has
    to be taken: what is urgent, and STOP."""
    if what.is_urgent or (what.step == STOPPED and step != STOPPED):
        return None
    if incoming.has_picture:
        return _refused(sms_texts.no_picture(), portal) if step != STOPPED else Answered()
    if step in MAY_WAIT and not _has_room(incoming, portal):
        return _slowed(incoming, portal, step)
    return None


def forget_talks(now: datetime) -> int:
    """Delete conversations whose day is over, and those that ended with a receipt some minutes ago; return how many."""
    over = Q(at__lt=now - KEPT) | Q(step=DONE, at__lt=now - timedelta(minutes=SHOWN_MINUTES))
    count = 0
    for hotline in hotlines():
        with scope(hotline=hotline.id), hotline_transaction():
            count += SmsTalk.objects.filter(over).delete()[0]
    return count


def forget_stopped(portal_id: int) -> None:
    """Erase the numbers that stopped from every report by text message of a portal that has one as its contact, of whatever day:
    their owners want nothing more from us. Raises WordsLocked.

    Contacts are sealed, so each is opened; however many stop meanwhile, once for all. Nothing that stands here could find them
    without, or whoever steals it would try all numbers there are.
    """
    waiting = list(StoppedNumber.objects.filter(portal_id=portal_id).order_by("pk"))
    if not waiting:
        return
    unseal(waiting)
    bare = {row.number.removeprefix("+") for row in waiting}  # gateways write it with and without
    rows = Report.objects.filter(portal_id=portal_id, source=SMS).exclude(contact="").only("contact").order_by("pk")
    theirs: list[int] = []
    for some in batched(rows.iterator(chunk_size=500), 500):
        unseal(some)
        theirs += [row.pk for row in some if row.contact.removeprefix("+") in bare]
    with hotline_transaction():
        for part in batched(theirs, 500):
            _erase_contacts(part)
        done = StoppedNumber.objects.filter(pk__in=[row.pk for row in waiting])
        forget(done, "number")
        done.delete()
        erased(StoppedNumber)
        if theirs:
            facts, subject = {"reports": len(theirs), "appeals": 0}, f"portal:{portal_id}"
            record("contacts.erased", actor=REPORTER, hotline_id=waiting[0].hotline_id, subject=subject, facts=facts)


def _erase_contacts(report_ids: Sequence[int]) -> None:
    rows = Report.objects.filter(pk__in=report_ids)
    forget(rows, "contact")
    rows.update(contact="", traces=None)
    erased(Report)


def _stop(number: str, portal: PortalRow) -> None:
    """Have a number erased from what came before."""
    if number:
        with hotline_transaction():
            StoppedNumber.objects.create(hotline_id=portal.hotline_id, portal_id=portal.id, number=number)
            schedule(FORGET_STOPPED, subject_id=portal.id, hotline_id=portal.hotline_id)


def _talk_of(keys: list[str], now: datetime) -> SmsTalk | None:
    """Return the conversation with this sender, unless it ended with a receipt: then a new text is a new report."""
    talk = SmsTalk.objects.filter(Q(key=keys[0]) | Q(next_key=keys[0])).order_by("-at").first()
    if talk is None:
        return None
    is_over = talk.at < now - (timedelta(minutes=SHOWN_MINUTES) if talk.step == DONE else KEPT)
    if is_over:
        with hotline_transaction():
            SmsTalk.objects.filter(pk=talk.pk).delete()
        return None
    return talk


def _new_talk(keys: list[str], portal: PortalRow, now: datetime) -> SmsTalk:
    """Return a new conversation; if the same sender began one at this moment, that one."""
    with hotline_transaction():
        try:
            with transaction.atomic():
                return SmsTalk.objects.create(
                    hotline_id=portal.hotline_id, portal_id=portal.id, once=new_form_key(), at=now, **_places(keys)
                )
        except IntegrityError:
            return SmsTalk.objects.get(key=keys[0])


def _begin_anew(talk: SmsTalk) -> None:
    """Let what follows be another report."""
    talk.once = new_form_key()
    with hotline_transaction():
        SmsTalk.objects.filter(pk=talk.pk).update(once=talk.once)


def _places(keys: list[str]) -> dict[str, str]:
    return {"key": keys[0], "next_key": keys[1] if len(keys) > 1 else ""}


def _items_in(text: str, portal: PortalRow, language: str) -> tuple[ItemDraft, ...]:
    """Return the addresses and accounts that a text names."""
    pieces = read_pieces(text, {}, country=portal.country, language=language)
    return tuple(piece.item for piece in pieces if not piece.is_prose and piece.item.kind not in IN_WORDS)


def _keep(
    talk: SmsTalk,
    what: Turn,
    items: tuple[ItemDraft, ...],
    incoming: Incoming,
    portal: PortalRow,
    *,
    language: str,
    now: datetime,
) -> Answered:
    draft = ReportDraft(
        kind=what.kind or "else",
        items=items or (ItemDraft("words"),),
        where=incoming.text if items else "",
        text=what.text,
        threat=what.threat,
        contact=incoming.number if what.reach else "",
        wish=what.wish,
    )

    def store(once: str) -> Received:
        return receive_text(
            draft, hotline_id=portal.hotline_id, portal_id=portal.id, language=language, form_key=once, now=now
        )

    try:
        received = store(talk.once)
    except (AlreadyWithdrawn, FormKeyMissing):  # withdrawn with its receipt, or begun the day before: it begins anew
        _begin_anew(talk)
        received = store(talk.once)
    return Answered(what.replies, report_id=received.report_id, receipt=received.receipt)


def _again(talk: SmsTalk, portal: PortalRow, *, language: str, now: datetime) -> Answered:
    """Return what was written back to the same message before, from the same allowance as then."""
    answered = _as_before(talk, portal, language=language, now=now)
    if not answered.names or _may_answer(portal, is_urgent=not TO_URGENT.isdisjoint(answered.names)):
        return answered
    with hotline_transaction():
        SmsTalk.objects.filter(pk=talk.pk).update(unanswered_at=now)
    return Answered()


def _as_before(talk: SmsTalk, portal: PortalRow, *, language: str, now: datetime) -> Answered:
    """Return what was written back to the same message before."""
    if "receipt" not in talk.replies:
        return Answered(tuple(talk.replies))
    draft = ReportDraft(kind="else", items=(ItemDraft("words"),))  # nothing new
    try:
        received = receive_text(
            draft, hotline_id=portal.hotline_id, portal_id=portal.id, language=language, form_key=talk.once, now=now
        )
    except (AlreadyWithdrawn, FormKeyMissing):  # its receipt opens nothing any more
        return Answered()
    return Answered(tuple(talk.replies), report_id=received.report_id, receipt=received.receipt)


def _standing(incoming: Incoming, portal: PortalRow) -> Answered:
    """Return where the report or request for review behind a receipt stands, also one that stayed when the portal was handed over,
    and nothing else of it; the same answer for all that open none."""
    for home in (portal, *former_portals(portal)):
        with scope(hotline=home.hotline_id):
            found = find_receipt(incoming.text)
            if found is not None:
                return Answered(texts=_states(found))
    mine = allow("intake.sms receipt", incoming.sender, per_minute=TRIES_PER_MINUTE, burst=TRIES_AT_ONCE)
    everybodys = allow("intake.sms receipt", "all", per_minute=ALL_TRIES_PER_MINUTE, burst=ALL_TRIES_AT_ONCE)
    if not (mine and everybodys):
        return _refused(sms_texts.wait(), portal)
    return Answered(texts=(sms_texts.opens_nothing(),))


def _states(found: Report | OutsideAppeal) -> tuple[str, ...]:
    """Return where a report stands, or a request for review with the report of the person shown that came with it."""
    if isinstance(found, Report):
        return (sms_texts.state_of(_overall(found)),)
    request = sms_texts.request_state(is_answered=found.state == "closed")
    return (request,) if found.report is None else (request, sms_texts.state_of(_overall(found.report)))


def _overall(report: Report) -> str:
    return standing.overall([item.state for item in queries.items_of(report.pk)])


def _has_room(incoming: Incoming, portal: PortalRow) -> bool:
    """Return whether this number, and all of them together, have sent no more than people do."""
    mine = allow(f"intake.sms {portal.id}", incoming.sender, per_minute=TEXTS_PER_MINUTE, burst=TEXTS_AT_ONCE)
    return mine and allow("intake.sms all", str(portal.id), per_minute=GATEWAY_PER_MINUTE, burst=GATEWAY_AT_ONCE)


def _not_open(incoming: Incoming, portal: PortalRow) -> Answered:
    text = sms_texts.not_open(portal)
    is_urgent = turn(START, incoming.text, names_place=False).is_urgent
    return _if_room(Answered(texts=(text,)), portal, is_urgent=True) if is_urgent else _refused(text, portal)


def _slowed(incoming: Incoming, portal: PortalRow, step: str) -> Answered:
    """Return the request to wait, to one number once an hour."""
    if step == STOPPED or not allow("intake.sms slowed", incoming.sender, per_minute=1 / 60, burst=1):
        return Answered()
    return _refused(sms_texts.slow_down(portal), portal)


def _refused(text: str, portal: PortalRow) -> Answered:
    """Return what to write back to a text that isn't taken, or nothing once a portal has written that often."""
    return _if_room(Answered(texts=(text,)), portal) if _may_refuse(portal) else Answered()


def _if_room(answered: Answered, portal: PortalRow, *, is_urgent: bool = False) -> Answered:
    """Return what to write back, or nothing where a portal has written as often as it may."""
    is_empty = not (answered.names or answered.texts)
    return answered if is_empty or _may_answer(portal, is_urgent=is_urgent) else Answered()


def _may_answer(portal: PortalRow, *, is_urgent: bool) -> bool:
    """Return whether a portal may write another answer this hour: half of them at once, the rest as the hour goes on.
    What says that a child is in danger has an allowance of its own, which a storm of other texts can't use up.
    """
    each = config_now().sms_answers_an_hour / 2
    name = "intake.sms urgent answers" if is_urgent else "intake.sms answers"
    return allow(name, str(portal.id), per_minute=each / MINUTES, burst=each)


def _may_refuse(portal: PortalRow) -> bool:
    """Return whether a portal still answers what it doesn't take: senders can be made up, and each answer costs the hotline
    money and goes to a stranger."""
    return allow("intake.sms refused", str(portal.id), per_minute=REFUSALS_PER_MINUTE, burst=REFUSALS_AT_ONCE)
