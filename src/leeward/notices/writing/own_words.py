"""Which text a message uses: the hotline's own if it has one, else the shipped text."""

from collections.abc import Iterable, Sequence

from django.conf import settings

from leeward.notices.models import Wording
from leeward.notices.rules.wordings import choose
from leeward.notices.writing.texts import MessageText

KIND_OF = {"foreign_host": "host", "foreign_police": "abroad", "referral": "police"}


def in_force() -> list[Wording]:
    """Return every own text of the hotline that is in force; one query, and few rows."""
    return list(Wording.objects.filter(is_current=True, is_shipped=False))


def wording_for(
    kind: str, *, country: str | None, languages: Iterable[str], known: Sequence[Wording] | None = None
) -> tuple[MessageText | None, str]:
    """Return the hotline's own text for a kind of message, if any, and the language of the rest of the message."""
    shipped = {tag for tag, _ in settings.LANGUAGES}
    own = in_force() if known is None else known
    found, tag = choose(own, kind=KIND_OF.get(kind, kind), country=country or "", languages=languages, shipped=shipped)
    language = next((one for one in (tag, tag.partition("-")[0]) if one in shipped), "en")
    return (MessageText(found.subject, found.body) if found else None), language
