"""Messages in transmission format: MIME, 7-bit safe, CRLF; encrypted if the contact has a key."""

import email.policy
from datetime import UTC, datetime
from email.encoders import encode_7or8bit
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime

from django.utils.translation import gettext

from leeward.foundation.crypto import openpgp
from leeward.notices.models import Message, Notice, PaymentAlert, Referral, Reply
from leeward.notices.rules.plain_text import one_line
from leeward.notices.timing import replies, sender
from leeward.notices.writing.texts import Mail


def certificate_for(message: Message) -> str:
    """Return the OpenPGP certificate of a message's contact, or ""; one query."""
    if message.kind == "notice":
        found = Notice.objects.filter(pk=message.subject_id)
    elif message.kind in ("referral", "forward", "protect"):
        found = Referral.objects.filter(pk=message.subject_id)
    elif message.kind == "payment":
        found = PaymentAlert.objects.filter(pk=message.subject_id)
    elif message.kind == "reply":
        found = Reply.objects.filter(pk=message.subject_id)
    else:
        return ""
    return str(found.values_list("contact__certificate", flat=True).first() or "")


def as_bytes(message: Message, mail: Mail, *, sender_name: str, certificate: str = "") -> bytes:
    """Return the message in transmission format, with the Message-ID of its row. With a certificate all of it is
    encrypted, including subject and attachments; if that isn't possible, raises openpgp.CertificateUnusable and nothing
    is produced."""
    whole = _content(mail)
    if not certificate:
        _address(whole, message, mail.subject, sender_name)
        return whole.as_bytes(policy=email.policy.SMTP)
    whole["Subject"] = mail.subject
    whole.set_param("protected-headers", "v1")
    sealed = openpgp.encrypted(whole.as_bytes(policy=email.policy.SMTP), certificate, armored=True)
    outer = MIMEMultipart("encrypted", protocol="application/pgp-encrypted", policy=email.policy.SMTP)
    for content, kind in ((b"Version: 1\r\n", "pgp-encrypted"), (sealed, "octet-stream")):
        part = MIMEApplication(content, kind, encode_7or8bit, policy=email.policy.SMTP)
        outer.attach(part)
    mark = mail.subject[mail.subject.rfind("[") :] if mail.subject.endswith("]") else ""
    _address(outer, message, f"{gettext('Encrypted message')} {mark}".strip(), sender_name)
    return outer.as_bytes(policy=email.policy.SMTP)


def _address(built: EmailMessage | MIMEMultipart, message: Message, subject: str, sender_name: str) -> None:
    user, _, domain = sender().rpartition("@")
    built["From"] = str(Address(one_line(sender_name, 70), user, domain))
    built["To"] = message.to
    if replies() != sender():
        built["Reply-To"] = replies()
    built["Subject"] = subject
    built["Date"] = format_datetime(datetime.now(UTC))
    built["Message-ID"] = message.message_id
    built["Auto-Submitted"] = "auto-generated"


def _content(mail: Mail) -> EmailMessage | MIMEMultipart:
    """Return the text and its attachments."""
    if mail.feedback:
        return _report(mail)
    built = EmailMessage(policy=email.policy.SMTP)
    built.set_content(mail.body, cte="quoted-printable")
    for attachment in mail.attachments:
        main, _, sub = attachment.content_type.partition("/")
        built.add_attachment(
            attachment.text.encode(), maintype=main, subtype=sub, filename=attachment.name, cte="base64"
        )
    return built


def _report(mail: Mail) -> MIMEMultipart:
    """Return the three parts that RFC 5965 and X-ARF's convention require: a text for people, a description, and the
    report itself."""
    built = MIMEMultipart("report", report_type="feedback-report", policy=email.policy.SMTP)
    text, report = EmailMessage(policy=email.policy.SMTP), EmailMessage(policy=email.policy.SMTP)
    machine_part = MIMENonMultipart("message", "feedback-report", policy=email.policy.SMTP)
    text.set_content(mail.body, cte="quoted-printable")
    machine_part.set_payload(mail.feedback)
    attached = mail.attachments[-1]
    main, _, sub = attached.content_type.partition("/")
    report.set_content(attached.text.encode(), maintype=main, subtype=sub, filename=attached.name, cte="base64")
    for part in (text, machine_part, report):
        del part["MIME-Version"]
        built.attach(part)
    return built
