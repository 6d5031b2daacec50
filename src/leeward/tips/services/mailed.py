"""Tips in mail of other hotlines: what a program can read of it is taken in like a file, and held for a person."""

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.people.queries import portals_of
from leeward.tips.rules.tip import Found
from leeward.tips.services.opening_files import read_file
from leeward.tips.services.taking_in import Taken, take_in


def take_mail(mail_id: int) -> Taken | None:
    """Take in the documents of a mail, and delete them there in the same transaction; idempotent. The mail itself stays
    where people read it. Nobody signs a mail, so its tips wait for a person, except urgent ones."""
    mail = notices_queries.documents_of_mail(mail_id)
    if mail is None or not mail.documents:
        return None
    found = [
        one
        for number, text in enumerate(mail.documents, 1)
        for one in read_file(f"mail {mail_id}, {number}", text.encode())
        if isinstance(one, Found)
    ]
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
        notices_services.forget_documents(mail_id)
    return taken
