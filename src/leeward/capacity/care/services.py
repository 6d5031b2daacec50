"""All writes of care. The log says that a counsellor was appointed and that notes were read or deleted; of who wrote a note
or took a date it says nothing, nor that one was written: its time would lead to the person.
"""

from datetime import UTC, date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.capacity.care.errors import CounsellorInOtherHands, DateExists, DateTaken, NoCounsellor, NotTheCounsellor
from leeward.capacity.care.models import CareDate, CareNote, Counsellor
from leeward.capacity.care.queries import counsellor, dates_offered_by
from leeward.capacity.care.rules.notes import last_kept, may_counsel
from leeward.capacity.care.sealing import is_key, seal
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound, require
from leeward.people.queries import staff_of
from leeward.people.queries.second_person import dated_accounts
from leeward.people.rules.second_person import hands
from leeward.people.services import authorize, staff_id


def appoint(account_id: int, *, hotline_id: int, actor: Actor) -> None:
    """Appoint the counsellor; whoever was it before no longer is. Who is it already stays it, with key and dates. Raises
    NotFound, NotAllowed, and CounsellorInOtherHands for an account that its maker could use.
    """
    authorize(actor, "care.appoint", hotline_id)
    account = next((row for row in staff_of(hotline_id) if row.id == account_id), None)
    if account is None:
        raise NotFound(what=_("account"))
    require(may_counsel(account.roles, is_active=account.is_active))
    _need_own_hands(account_id)
    now = datetime.now(UTC)
    with hotline_transaction():
        if Counsellor.objects.filter(ended_at=None, person_id=account_id).exists():
            return
        Counsellor.objects.filter(ended_at=None).update(ended_at=now)
        row = Counsellor.objects.create(
            hotline_id=hotline_id, person_id=account_id, appointed_at=now, appointed_by_id=actor.id
        )
        _record("counsellor.appointed", row, actor, account=account_id)


def _need_own_hands(account_id: int) -> None:
    """Raise CounsellorInOtherHands if somebody else could sign in to an account: one administrator made it, or its means to sign in, and
    nobody has confirmed it since. They would read what colleagues confide."""
    if hands(account_id, dated_accounts([account_id]), datetime.now(UTC)) != {account_id}:
        raise CounsellorInOtherHands


def dismiss(*, hotline_id: int, actor: Actor) -> None:
    """End the counsellor's appointment: free dates are taken off the list; notes wait for nobody and are deleted in
    their time."""
    authorize(actor, "care.appoint", hotline_id)
    with hotline_transaction():
        row = Counsellor.objects.select_for_update().filter(ended_at=None).first()
        if row is not None:
            row.ended_at = datetime.now(UTC)
            row.save(update_fields=["ended_at"])
            _record("counsellor.dismissed", row, actor)


def set_key(public_key: str, *, actor: Actor) -> None:
    """Set the key that notes are encrypted to, as the counsellor. Raises NotTheCounsellor, BadInput, and CounsellorInOtherHands."""
    if not is_key(public_key):
        raise BadInput(what=_("The key"), why=_("a public key begins with age1 and is copied whole"))
    with hotline_transaction():
        row = own_post(actor)
        _need_own_hands(row.person_id)
        row.public_key, row.key_since = public_key, datetime.now(UTC)
        row.save(update_fields=["public_key", "key_since"])
        _record("counsellor_key.set", row, actor)


def offer(on: date, at: time, place: str, *, actor: Actor) -> None:
    """Offer a date, as the counsellor. Raises NotTheCounsellor, DateExists."""
    with hotline_transaction():
        row = own_post(actor)
        made = CareDate(hotline_id=row.hotline_id, counsellor=row, on=on, at=at, place=place)
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as error:
            raise DateExists from error
        _record("care_date.offered", row, actor, date=made.pk)


def cancel(number: int, *, actor: Actor) -> None:
    """Take a date off the list, as the counsellor; whoever has taken it reads that until they have seen it or
    the day is over. Raises NotTheCounsellor.
    """
    with hotline_transaction():
        row = own_post(actor)
        mine = CareDate.objects.filter(pk=number, counsellor__person_id=row.person_id, is_cancelled=False)
        if mine.filter(person=None).delete()[0] or mine.update(is_cancelled=True):
            _record("care_date.cancelled", row, actor, date=number)


def take(number: int, *, today: date, actor: Actor) -> None:
    """Take a date that the counsellor offers. Raises DateTaken."""
    person = staff_id(actor)
    with hotline_transaction():
        post = counsellor()
        if post is None:
            raise DateTaken
        coming = dates_offered_by(post.person_id, today).filter(pk=number)
        if not coming.filter(person=None).update(person_id=person) and not coming.filter(person_id=person).exists():
            raise DateTaken


def give_up(number: int, *, actor: Actor) -> None:
    """Give up a date that one has taken; one that was cancelled is then gone."""
    with hotline_transaction():
        mine = CareDate.objects.filter(pk=number, person_id=staff_id(actor))
        if not mine.filter(is_cancelled=True).delete()[0]:
            mine.update(person=None)


def write_note(text: str, *, hotline_id: int, actor: Actor) -> str:
    """Keep a note that only the counsellor and the holder of the returned code can read. Raises NoCounsellor."""
    authorize(actor, "care.own", hotline_id)
    row = counsellor()
    if row is None or not row.public_key:
        raise NoCounsellor
    sealed = seal(text, row.public_key)
    with hotline_transaction():
        CareNote.objects.create(
            finder=sealed.finder,
            hotline_id=hotline_id,
            counsellor_id=row.id,
            content=sealed.content,
            day=datetime.now(UTC).date(),
        )
    return sealed.code


def delete_own_note(finder: str) -> bool:
    """Delete a note that a code finds; return whether there was one. Within the hotline's scope."""
    with hotline_transaction():
        return bool(CareNote.objects.filter(finder=finder).delete()[0])


def note_read(finder: str, *, actor: Actor) -> bytes:
    """Return an encrypted note to the counsellor, and note the day. Raises NotTheCounsellor, NotFound."""
    with hotline_transaction():
        post, note = _own_note(finder, actor)
        if note.read_on is None:
            note.read_on = datetime.now(UTC).date()
            note.save(update_fields=["read_on"])
        _record("care_note.read", post, actor)
    return bytes(note.content)


def delete_note(finder: str, *, actor: Actor) -> None:
    """Delete a note, as the counsellor. Raises NotTheCounsellor, NotFound."""
    with hotline_transaction():
        post, note = _own_note(finder, actor)
        note.delete()
        _record("care_note.deleted", post, actor)


def forget_old(hotline_id: int, today: date) -> int:
    """Delete notes and dates whose time is over; return how many. Within the hotline's scope."""
    with hotline_transaction(hotline_id):
        last = last_kept(today)
        count = CareNote.objects.filter(day__lt=last).delete()[0] + CareDate.objects.filter(on__lt=last).delete()[0]
        if count:
            facts = {"rows": count}
            record("care.forgotten", actor=SYSTEM, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return count


def own_post(actor: Actor) -> Counsellor:
    """Return the appointment of the actor. Raises NotTheCounsellor, NotAllowed."""
    row = Counsellor.objects.filter(ended_at=None, person_id=staff_id(actor)).first()
    if row is None:
        raise NotTheCounsellor
    require(may_counsel(actor.roles, is_active=True))
    return row


def _own_note(finder: str, actor: Actor) -> tuple[Counsellor, CareNote]:
    post = own_post(actor)
    note = CareNote.objects.filter(finder=finder, counsellor__person_id=post.person_id).first()
    if note is None:
        raise NotFound(what=_("note"))
    return post, note


def _record(event: str, row: Counsellor, actor: Actor, **facts: object) -> None:
    record(event, actor=actor, hotline_id=row.hotline_id, subject=f"counsellor:{row.pk}", facts=facts)
