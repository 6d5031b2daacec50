"""What a subscriber took last: the time and the serial, nothing else, for the page that says whether its list is fresh."""

from datetime import UTC, datetime

from leeward.blocklist.publishing.models import Fetch


def note_fetch(*, hotline_id: int, subscriber_id: int, list_id: int, form: str, serial: int) -> None:
    """Remember that a subscriber holds this serial now. Not an act of anybody, so not in the log."""
    Fetch.objects.update_or_create(
        subscriber_id=subscriber_id,
        list_id=list_id,
        form=form,
        defaults={"hotline_id": hotline_id, "serial": serial, "at": datetime.now(UTC)},
    )


def note_poll(*, hotline_id: int, subscriber_id: int, list_id: int, form: str, serial: int) -> None:
    """Remember that a subscriber asked for the newest serial and was told the one it holds: its list is fresh. Else nothing."""
    held = Fetch.objects.filter(
        hotline_id=hotline_id, subscriber_id=subscriber_id, list_id=list_id, form=form, serial=serial
    )
    held.update(at=datetime.now(UTC))
