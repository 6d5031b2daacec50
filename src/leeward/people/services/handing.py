"""A portal goes on under another hotline, with its name and all that it says; what it was stays as a closed record."""

from collections.abc import Collection
from datetime import datetime

from leeward.foundation.actor import Actor
from leeward.people.models import ApiToken, Helpline, Portal, Recording
from leeward.people.rules.handing import KEY_SCOPES, name_of_record

# What says who runs it is not true of another hotline.
_OF_FORMER = ("run_by", "accountable_to", "reached_at")
_OWN = ("id", "hotline", "slug", "formerly", "handed_over_at", "police_words_by", "emergency_confirmed_by", *_OF_FORMER)


def succeed(portal_id: int, *, hotline_id: int, actor: Actor, now: datetime) -> int:
    """Make another hotline's portal that goes on with the name of this one, in the caller's transaction; return its
    number.

    This one keeps whatever belongs to it, under a name of its own, hidden and closed for good. `actor` is who of the
    other hotline has confirmed what the portal says.
    """
    former = Portal.objects.select_for_update().get(pk=portal_id)
    kept = {one.attname: getattr(former, one.attname) for one in Portal._meta.concrete_fields if one.name not in _OWN}
    slug = former.slug
    former.slug, former.handed_over_at = name_of_record(slug, former.pk), now
    former.is_open = former.takes_reports = former.was_opened = False
    former.save()
    made = Portal.objects.create(
        hotline_id=hotline_id,
        slug=slug,
        formerly=former,
        police_words_by_id=actor.id if former.police_words else None,
        emergency_confirmed_by_id=actor.id if former.emergency_confirmed_at else None,
        **kept,
    )
    for line in Helpline.objects.filter(portal=former).order_by("pk"):
        line.pk, line.portal = None, made
        line.confirmed_by_id = actor.id if line.confirmed_at else None
        line.save(force_insert=True)
    for recording in Recording.objects.filter(portal=former).order_by("pk"):
        recording.pk, recording.portal, recording.kept_by_id = None, made, actor.id
        recording.save(force_insert=True)
    return made.pk


def move_keys(key_ids: Collection[int], *, hotline_id: int, to_hotline_id: int) -> list[int]:
    """Let keys by which reports come in belong to another hotline, in the caller's transaction; return which. Nobody there
    has made them or vouched for them.
    """
    good = ApiToken.objects.filter(pk__in=key_ids, hotline_id=hotline_id, revoked_at=None)
    moved = sorted(row.pk for row in good if set(row.scopes) <= KEY_SCOPES)
    ApiToken.objects.filter(pk__in=moved).update(hotline_id=to_hotline_id, made_by=None, vouched_by=None)
    return moved
