"""The letters about registered names, and the proof that a complaint has attached."""

from datetime import UTC, datetime

from django.template import loader
from django.utils.translation import gettext, override

from leeward.notices.models import Message, NameAct
from leeward.notices.queries.labels import ODD_DATA, name_basis_sentence
from leeward.notices.writing.blocks import NOT_YET, Line, notice_values
from leeward.notices.writing.texts import (
    Attachment,
    Mail,
    MessageText,
    in_own_wording,
    marked,
    name_subject,
    text_holds_for,
    tidied,
    with_signs,
)
from leeward.people.queries import HotlineRow


def name_mail(
    act: NameAct,
    line: Line,
    *,
    registrar: str,
    hotline: HotlineRow,
    link: str,
    mark: str,
    answer_by: datetime | None,
    language: str = "en",
    own: MessageText | None = None,
    times: int = 1,
) -> Mail:
    """Return the letter of one act about a name, in the hotline's own text if it has one that is true of this case; a complaint to
    ICANN has the proof of the earlier notice attached. `times` is how often its reader is asked now, 1 for the first."""
    with override(language):
        values = notice_values("registrar", [line], hotline=hotline, link=link, mark=mark, deadline=answer_by)
        values |= _values(act, registrar=registrar, answer_by=answer_by)
        if own and text_holds_for(own, "finding", [line.known]):
            subject, body = in_own_wording(own, values, urgent=False, step=times)
        else:
            subject = with_signs(name_subject(act.what, act.name), urgent=False, step=times)
            body = tidied(loader.render_to_string("notices/mail/name.txt", {**values, "what": act.what}))
    proof = _proof(act)
    attached = (Attachment("earlier-notice.txt", "text/plain", proof),) if proof else ()
    return marked(Mail(subject, body, attached), mark)


def _values(act: NameAct, *, registrar: str, answer_by: datetime | None) -> dict[str, str]:
    """Return what a letter about a name says beside what every notice does. `answer_by` is by when an answer is asked for, None
    before it goes out."""
    return {
        "name": act.name,
        "registrar": registrar or gettext("not known"),
        "basis": name_basis_sentence(act.basis),
        "odd": "\n".join(f"- {ODD_DATA[code]}" for code in act.odd if code in ODD_DATA),
        "answer_by": _in_utc(answer_by) if answer_by else NOT_YET,
    }


def _proof(act: NameAct) -> str:
    """Return what proves the earlier notice: when the mail server took it, for whom, under which identifier, and what was answered;
    "" if the letter needs no proof."""
    if act.proof is None:
        return ""
    earlier = act.proof
    message = Message.objects.filter(kind="notice", subject_id=earlier.notice_id).first()
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
    return "\n".join(line for line in lines if line) + "\n"


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
