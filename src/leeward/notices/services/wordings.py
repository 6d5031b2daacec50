"""A hotline's own words for its messages: each version is kept, the newest is in force."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.notices.errors import WordingFaulty
from leeward.notices.models import Wording
from leeward.notices.queries.labels import fault_sentence
from leeward.notices.rules.plain_text import clean, one_line
from leeward.notices.rules.wordings import KINDS, faults
from leeward.people.services import authorize


def save_wording(
    *, kind: str, language: str, country: str, subject: str, body: str, hotline_id: int, actor: Actor
) -> int:
    """Put new words in force; return the number of the version. Words with a place that can't be filled, or without what the
    reader needs, are refused."""
    if kind not in KINDS:
        raise BadInput(what=_("kind"), why=_("it is not one of %(known)s") % {"known": ", ".join(KINDS)})
    subject, body = one_line(subject, 1000), clean(body)
    wrong = faults(kind, subject, body)
    if wrong:
        raise WordingFaulty(why=fault_sentence(wrong[0]))
    return _put(kind, language, country, subject, body, is_shipped=False, hotline_id=hotline_id, actor=actor)


def restore_wording(wording_id: int, *, actor: Actor) -> int:
    """Put the words of an earlier version in force again, as a new version; return its number."""
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
    """Put the text that we bring along in force again (version 0), as a new version; return its number."""
    return _put(kind, language, country, "", "", is_shipped=True, hotline_id=hotline_id, actor=actor)


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
            person_id=actor.id if actor.kind == "staff" else None,
            made_at=datetime.now(UTC),
        )
        facts = {"kind": kind, "language": language, "country": country, "version": made.version, "shipped": is_shipped}
        record("wording.changed", actor=actor, hotline_id=hotline_id, subject=f"wording:{made.pk}", facts=facts)
    return made.version
