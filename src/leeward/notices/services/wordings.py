"""A hotline's own texts for its messages: each version is kept, the newest is in force."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.notices.errors import WordingFaulty
from leeward.notices.models import Wording
from leeward.notices.queries.labels import fault_sentence
from leeward.notices.rules.plain_text import clean, one_line
from leeward.notices.rules.wordings import KINDS, TO_POLICE, faults
from leeward.notices.writing.texts import MessageText, language_for, shipped_wording
from leeward.people.queries import is_overtaken, portal_change, portals_in_use
from leeward.people.rules.reach import POLICE_TEXT
from leeward.people.services import ask_change, authorize, hotline_takes_two, note_change


def save_wording(
    *, kind: str, language: str, country: str, subject: str, body: str, hotline_id: int, actor: Actor
) -> int:
    """Put a new text in force; return the number of the version. A text with a placeholder that can't be filled, or
    without what the reader needs, is refused. The text of referrals to the police waits for a second person once a
    portal is in use; then returns 0."""
    if kind not in KINDS:
        raise BadInput(what=_("kind"), why=_("it is not one of %(known)s") % {"known": ", ".join(KINDS)})
    subject, body = one_line(subject, 1000), clean(body)
    wrong = faults(kind, subject, body)
    if wrong:
        raise WordingFaulty(why=fault_sentence(wrong[0]))
    return _put(kind, language, country, subject, body, is_shipped=False, hotline_id=hotline_id, actor=actor)


def restore_wording(wording_id: int, *, actor: Actor) -> int:
    """Put the text of an earlier version in force again, as a new version; return its number, or 0 if it waits for a
    second person."""
    old = Wording.objects.filter(pk=wording_id).first()
    if old is None:
        raise NotFound(what=_("text"))
    authorize(actor, "wording.edit", old.hotline_id)
    return _put(
        old.kind,
        old.language,
        old.country,
        old.subject,
        old.body,
        is_shipped=old.is_shipped,
        hotline_id=old.hotline_id,
        actor=actor,
    )


def ship_again(*, kind: str, language: str, country: str, hotline_id: int, actor: Actor) -> int:
    """Put the shipped text (version 0) in force again, as a new version; return its number, or 0 if it waits for a
    second person."""
    return _put(kind, language, country, "", "", is_shipped=True, hotline_id=hotline_id, actor=actor)


def take_confirmed_text(change_id: int) -> None:
    """Apply a confirmed change of a text of the referrals to the police. Repeating it changes nothing. In the hotline's
    scope."""
    change = portal_change(change_id)
    if change is None or change.what != POLICE_TEXT or change.asked_by_id is None or is_overtaken(change):
        return
    kind, language, country = change.about.split("/")
    _put(
        kind,
        language,
        country,
        change.wanted["own_subject"],
        change.wanted["own_body"],
        is_shipped=change.wanted["is_shipped"],
        hotline_id=change.hotline_id,
        actor=Actor("system", hotline_id=change.hotline_id),
        person_id=change.asked_by_id,
    )


def _put(
    kind: str,
    language: str,
    country: str,
    subject: str,
    body: str,
    *,
    is_shipped: bool,
    hotline_id: int,
    actor: Actor,
    person_id: int | None = None,
) -> int:
    authorize(actor, "wording.edit", hotline_id)
    with hotline_transaction():
        same = Wording.objects.filter(kind=kind, language=language, country=country)
        newest = same.order_by("-version").first()
        if (
            newest
            and newest.is_current
            and (newest.is_shipped, newest.subject, newest.body) == (is_shipped, subject, body)
        ):
            return newest.version
        text, place = MessageText("", "") if is_shipped else MessageText(subject, body), f"{kind}/{language}/{country}"
        if kind in TO_POLICE and _waits(place, language, text, newest, hotline_id=hotline_id, actor=actor):
            return 0
        same.filter(is_current=True).update(is_current=False)
        made = Wording.objects.create(
            hotline_id=hotline_id,
            kind=kind,
            language=language,
            country=country,
            version=newest.version + 1 if newest else 1,
            is_shipped=is_shipped,
            subject=subject,
            body=body,
            person_id=person_id or (actor.id if actor.kind == "staff" else None),
            made_at=datetime.now(UTC),
        )
        facts = {"kind": kind, "language": language, "country": country, "version": made.version, "shipped": is_shipped}
        record("wording.changed", actor=actor, hotline_id=hotline_id, subject=f"wording:{made.pk}", facts=facts)
    return made.version


def _waits(
    place: str, language: str, text: MessageText, newest: Wording | None, *, hotline_id: int, actor: Actor
) -> bool:
    """Ask for a second person if this text would go to the police of a portal in use; return whether it waits. An empty
    subject means the shipped text."""
    kind = next(one for one in KINDS if one == place.partition("/")[0])
    shipped = shipped_wording(kind, language_for([language]))
    is_own = newest is not None and newest.is_current and not newest.is_shipped
    now = MessageText(newest.subject, newest.body) if newest is not None and is_own else shipped
    then = text if text.subject else shipped
    before = {"subject": now.subject, "body": now.body}
    wanted = {
        "subject": then.subject,
        "body": then.body,
        "own_subject": text.subject,
        "own_body": text.body,
        "is_shipped": not text.subject,
    }
    if hotline_takes_two(hotline_id, actor):
        ask_change(None, POLICE_TEXT, hotline_id=hotline_id, about=place, before=before, wanted=wanted, actor=actor)
        return True
    if actor.kind == "command" and portals_in_use(hotline_id):
        note_change(None, POLICE_TEXT, hotline_id=hotline_id, about=place, before=before, wanted=wanted)
    return False
