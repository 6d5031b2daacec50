"""The text of a notice about a registered name."""

from datetime import UTC
from typing import Any

from django.template import loader
from django.utils.translation import gettext, override

from leeward.hosting.queries import Whereabouts
from leeward.notices.models import NameAct
from leeward.notices.queries.labels import ODD_DATA, name_basis_sentence
from leeward.notices.queries.name_acts import message_of
from leeward.notices.writing.blocks import Line, notice_values
from leeward.notices.writing.texts import Attachment, Mail, tidied, with_mark
from leeward.people.queries import HotlineRow


def name_mail(
    act: NameAct, line: Line, where: Whereabouts, *, hotline: HotlineRow, link: str, mark: str, language: str
) -> Mail:
    """Return the message of one act about a name."""
    with override(language):
        values = notice_values("registrar", [line], hotline=hotline, link=link, mark=mark, deadline=act.due_at)
        more: dict[str, Any] = {
            "what": act.what,
            "name": act.name,
            "registrar": where.registrar or gettext("not known"),
            "basis": name_basis_sentence(act.basis),
            "odd": [str(ODD_DATA[code]) for code in act.odd if code in ODD_DATA],
            "answer_by": f"{act.due_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        }
        body = tidied(loader.render_to_string("notices/mail/name.txt", values | more))
        subject = with_mark(_subject(act), mark)
    return Mail(subject, body, (_proof(act),) if act.proof is not None else ())


def _subject(act: NameAct) -> str:
    subjects = {
        "registrar": gettext("Illegal activity on %(name)s"),
        "registry": gettext("Illegal activity on %(name)s"),
        "police": gettext("For the registrar of %(name)s: a report by law enforcement"),
        "data": gettext("For the registrar of %(name)s: a request for the registrant’s data"),
        "accuracy": gettext("The registrant’s data of %(name)s"),
        "icann": gettext("Complaint: no action on a report of illegal activity on %(name)s"),
    }
    return subjects[act.what] % {"name": act.name}


def _proof(act: NameAct) -> Attachment:
    """Return what proves the earlier notice: when the mail server took it, for whom, under which identifier, and what was answered."""
    assert act.proof is not None
    earlier, message = act.proof, message_of(act.proof)
    at = earlier.notice.sent_at
    lines = [
        f"Domain name: {act.name}",
        f"To: {earlier.notice.contact.email}",
        f"Sent: {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else "",
        *([f"Message-ID: {message.message_id}", f"Subject: {message.subject}"] if message else []),
        f"Code of their mail server: {message.code}" if message and message.code else "",
        f"Answer: {earlier.answer}"
        + (f", {earlier.answered_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if earlier.answered_at else ""),
    ]
    return Attachment("earlier-notice.txt", "text/plain", "\n".join(line for line in lines if line) + "\n")
