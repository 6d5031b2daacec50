"""What a contact answered about an address, where it answered again before anybody looked."""

from datetime import datetime

from leeward.jobs.queries import unheard
from leeward.notices.models import NoticeItem


def is_unheard(item_id: int) -> bool:
    """Return whether what was answered about an address has yet to be looked at."""
    return bool(unheard("notice.answered", [item_id]))


def news_of_answers(item_id: int) -> list[tuple[str, str]]:
    """Return what was answered about an address since somebody looked, oldest first, each with its words."""
    item = NoticeItem.objects.get(pk=item_id)
    before = [(one["answer"], one["note"]) for one in item.earlier if one.get("unheard")]
    return [*before, (item.answer, item.note)]


def reasons_of_dispute(item_id: int, *, since: datetime | None = None) -> str:
    """Return why the contact disagreed about an address, whatever it answered since; "" where there is no such address of a notice. With
    `since` only the reasons that it gave after that moment and never before."""
    item = NoticeItem.objects.filter(pk=item_id).first()
    return reasons_given(item, since=since) if item is not None else ""


def reasons_given(item: NoticeItem, *, since: datetime | None = None) -> str:
    """Return the same of an address that is at hand."""
    answers = [(one["answer"], one["note"], datetime.fromisoformat(one["at"])) for one in item.earlier]
    if item.answered_at is not None:
        answers.append((item.answer, item.note, item.answered_at))
    first = dict[str, datetime]()
    for answer, text, at in answers:
        if answer == "disputed":
            first.setdefault(text, at)
    return "\n\n".join(text for text, at in first.items() if since is None or at > since)
