"""Tips in mail of other hotlines: what a program can read of it is taken in like a file, and held for a person."""

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.people.queries import portals_of
from leeward.tips.rules.tip import Found
from leeward.tips.services.opening_files import read_if_able
from leeward.tips.services.taking_in import Taken, take_in


class NotReadToTheEnd(Exception):
    """The child that read a document came to no end: for want of memory or time on this machine, or because of the document."""


def take_mail(mail_id: int) -> Taken | None:
    """Take in the documents of a mail, and delete them there in the same transaction; idempotent. The mail itself stays
    where people read it. Nobody signs a mail, so its tips wait for a person, except urgent ones.

    Raises NotReadToTheEnd after it has taken in the others: then the documents stay, and are read again.
    """
    mail = notices_queries.documents_of_mail(mail_id)
    if mail is None or not mail.documents:
        return None
    read = [read_if_able(f"mail {mail_id}, {number}", text.encode()) for number, text in enumerate(mail.documents, 1)]
    found = [one for some in read if some is not None for one in some if isinstance(one, Found)]
    portals = portals_of(mail.hotline_id, with_records=False)
    if not portals:
        return None
    with hotline_transaction():
        taken = take_in(
            found,
            hotline_id=mail.hotline_id,
            portal_id=min(row.id for row in portals),
            label="unknown",
            way="mail",
            actor=SYSTEM,
        )
        if None not in read:
            notices_services.forget_documents(mail_id)
    if None in read:
        raise NotReadToTheEnd
    return taken
