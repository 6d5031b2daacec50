"""Erasing a member of staff's name from shared texts and from who has read a language."""

from collections.abc import Collection

from django.db.models import Model

from leeward.languages.models import LanguageReview, ReviewedText, TextProposal
from leeward.languages.queries import named_in

_AT_ONCE = 500


def erase_name(account_id: int, names: Collection[str], hotline_id: int) -> int:
    """Put the number of somebody who left in place of their name, in the caller's transaction, which logs it; return in how many
    rows. `names` are those under which they were known here."""
    number, found = f"#{account_id}", named_in(account_id, names, hotline_id)
    gone = _update(TextProposal, found.readings_proposed, reader=number)
    gone += _update(TextProposal, found.proposals, by_name=number)
    gone += _update(LanguageReview, found.readings, by=number)
    return gone + _update(ReviewedText, found.texts, by=number)


def _update(model: type[Model], rows: Collection[Model], **values: str) -> int:
    numbers = [row.pk for row in rows]
    return sum(
        model._default_manager.filter(pk__in=numbers[start : start + _AT_ONCE]).update(**values)
        for start in range(0, len(numbers), _AT_ONCE)
    )
