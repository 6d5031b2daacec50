"""Record the last fetch of a subscriber: only time and serial, to show whether its list is fresh."""

from datetime import UTC, datetime

from leeward.blocklist.publishing.models import Fetch


def note_fetch(*, hotline_id: int, subscriber_id: int, list_id: int, form: str, serial: int) -> None:
    """Record that a subscriber now holds this serial. It is not an action of a person, so it is not in the audit log."""
    Fetch.objects.update_or_create(
        subscriber_id=subscriber_id,
        list_id=list_id,
        form=form,
        defaults={"hotline_id": hotline_id, "serial": serial, "at": datetime.now(UTC)},
    )


def note_poll(*, hotline_id: int, subscriber_id: int, list_id: int, form: str, serial: int) -> None:
    """Record that a subscriber asked for the newest serial and already holds it, so its list is fresh; otherwise do
    nothing.
    """
    held = Fetch.objects.filter(
        hotline_id=hotline_id, subscriber_id=subscriber_id, list_id=list_id, form=form, serial=serial
    )
    held.update(at=datetime.now(UTC))
