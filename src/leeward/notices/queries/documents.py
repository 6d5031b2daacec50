"""What programs read in mail."""

from dataclasses import dataclass

from leeward.notices.models import InboundMail


@dataclass(frozen=True, slots=True)
class MailDocuments:
    """What programs read in a mail: JSON, as text."""

    hotline_id: int
    documents: tuple[str, ...]


def documents_of_mail(mail_id: int) -> MailDocuments | None:
    """Return what programs read in a mail of this hotline, as long as nobody took it in; None if there is no such mail."""
    found = InboundMail.objects.filter(pk=mail_id).values_list("hotline_id", "documents").first()
    return MailDocuments(found[0], tuple(found[1])) if found else None
