"""Notes when a name joins the timeline of another: the same content or registrant was seen under both."""

from datetime import UTC, datetime

from django.db.models import Q

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.hosting.models import Location, NameHop, NameRecord
from leeward.hosting.name_history import hops_of, name_of_host
from leeward.jobs.services import publish_event

MOST_PAIRS = 200


def note_hop(location_id: int) -> int | None:
    """Keep that the name of a place joined another's timeline, the newest with the same content or registrant, and publish
    `name.hopped`; return the number, or None if there is no other name. A name that is in a timeline joins another one only by a
    registrant that it has got since. Idempotent."""
    place = Location.objects.filter(pk=location_id).first()
    return note_hop_of(place) if place else None


def note_hop_of(place: Location, *, saw_files: bool = True) -> int | None:
    """Do the same for a place that was visited just now. Where no file was seen (`saw_files`), the content tells nothing new: what
    was seen there before was compared then, and is with whatever is seen elsewhere since."""
    name = name_of_host(place.host) if place.kind == "url" and place.host else ""
    if not name:
        return None
    newest = NameRecord.objects.filter(name=name).order_by("-pk").first()
    if not saw_files and (newest is None or not newest.holder_key):
        return None
    pairs = list(NameHop.objects.filter(Q(name=name) | Q(other=name)).order_by("-pk")[:MOST_PAIRS])
    if pairs and (newest is None or not _has_another_holder(newest, since=max(pair.at for pair in pairs))):
        return None
    known = {one for pair in pairs for one in (pair.name, pair.other)}
    hops = [
        hop
        for hop in hops_of(place.pk, name, newest.holder_key if newest else "")
        if not pairs or ("registrant" in hop.by and hop.name not in known)
    ]
    if not hops:
        return None
    hop = hops[-1]
    with hotline_transaction():
        made, is_new = NameHop.objects.get_or_create(
            hotline_id=place.hotline_id,
            name=name,
            other=hop.name,
            defaults={"location": place, "by": list(hop.by), "at": datetime.now(UTC)},
        )
        if not is_new:
            return None
        facts = {"hop": made.pk, "location": place.pk, "by": list(hop.by)}
        record("name.hopped", actor=SYSTEM, hotline_id=place.hotline_id, subject=f"location:{place.pk}", facts=facts)
        publish_event("name.hopped", subject_id=made.pk, hotline_id=place.hotline_id)
    return made.pk


def _has_another_holder(newest: NameRecord, *, since: datetime) -> bool:
    """Return whether a name has another registrant than at a moment, as far as registrants are known."""
    if not newest.holder_key or newest.first_at <= since:
        return False
    then = NameRecord.objects.filter(name=newest.name, first_at__lte=since).order_by("-pk").first()
    return then is None or then.holder_key != newest.holder_key
