"""Pages that went to a member of staff, for whoever asks for their own data."""

from typing import Any

from leeward.oncall.models import PageMessage


def data_of_pages(account_id: int) -> list[dict[str, Any]]:
    """Return the messages of pages that went to somebody, and where to."""
    fields = ("way", "to", "created_at", "sent_at")
    return list(PageMessage.objects.filter(person_id=account_id).order_by("pk").values(*fields))
