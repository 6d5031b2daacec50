"""The regulation's pages: to whom a country's law says that it is reported, each with its dates and its source."""

from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.foundation.whole_text import whole
from leeward.people.errors import FieldIsWrong
from leeward.people.services import authorize
from leeward.people.services.checking import check_country
from leeward.providers.models import DesignatedEntity


def designate(
    *, country: str, name: str, for_whom: str, instrument: str, since: date, source: str, hotline_id: int, actor: Actor
) -> int:
    """Record an entity as a regulation designates it; return its number. Raises FieldIsWrong."""
    authorize(actor, "provider.edit", hotline_id)
    check_country(country)
    if not (name and for_whom and instrument and source):
        raise FieldIsWrong(
            field="instrument", why=_("Say who it is, for whom, by which instrument, and where that can be read.")
        )
    with hotline_transaction():
        row = DesignatedEntity.objects.create(
            hotline_id=hotline_id,
            country=country,
            name=whole(name, 200),
            for_whom=whole(for_whom, 200),
            instrument=whole(instrument, 200),
            since=since,
            source=whole(source, 300),
            added_at=datetime.now(UTC),
            added_by_id=actor.id if actor.kind == "staff" else None,
        )
        record(
            "entity.designated",
            actor=actor,
            hotline_id=hotline_id,
            subject=f"entity:{row.pk}",
            facts={"country": country},
        )
    return int(row.pk)


def end_designation(entity_id: int, until: date, *, actor: Actor) -> None:
    """Record the last day of a designation; the entry stays. One that ended isn't made longer by ending it again."""
    with hotline_transaction():
        row = DesignatedEntity.objects.select_for_update().filter(pk=entity_id).first()
        if row is None:
            raise NotFound(what=_("entity"))
        authorize(actor, "provider.edit", row.hotline_id)
        if until < row.since:
            raise FieldIsWrong(field="until", why=_("This is before its first day."))
        if row.until is not None and row.until <= until:
            return
        row.until = until
        row.save(update_fields=["until"])
        record("entity.ended", actor=actor, hotline_id=row.hotline_id, subject=f"entity:{row.pk}")
