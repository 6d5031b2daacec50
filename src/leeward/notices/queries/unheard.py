"""What a contact answered about an address, where it answered again before anybody looked."""

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


def reasons_of_dispute(item_id: int) -> str:
    """Return why the contact disagreed about an address, whatever it answered since; "" where there is no such address of a notice."""
    item = NoticeItem.objects.filter(pk=item_id).first()
    if item is None:
        return ""
    answers = [*((one["answer"], one["note"]) for one in item.earlier), (item.answer, item.note)]
    return "\n\n".join(dict.fromkeys(text for answer, text in answers if answer == "disputed"))
