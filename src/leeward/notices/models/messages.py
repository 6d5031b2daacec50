"""The outbox and the mailbox: messages, alerts to staff, mail that comes in."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.notices.models.cases import Notice, Referral
from leeward.notices.models.choices import choices
from leeward.notices.models.payments import PaymentAlert
from leeward.sealing.fields import SealedText

MESSAGE_KINDS = ("referral", "forward", "protect", "notice", "staff", "alert", "reply", "payment")
ALERTS = ("remind", "reassign", "page")
MOST_SUBJECT = 200  # characters of a mail that came in
SET_ASIDE = "@set-aside.invalid>"  # ends the identity of one that could not be taken in, and lies in the mailbox
MESSAGE_STATES = ("waiting", "sending", "sent", "unsure", "failed", "dead", "stopped")


class Message(models.Model):
    """One message of the outbox. Its text is generated from `kind` and `subject_id` when it is sent, and never stored.

    `edition` changes with the data that the text is made from: a text of an older edition is not sent. `channel` is the
    one that the newest attempt used, "" before the first. `worded_at` is the moment that the text counts from, once a text may
    have arrived that is sent again: it must not change.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=choices(MESSAGE_KINDS))
    subject_id = models.BigIntegerField()
    to = models.EmailField()
    urgent = models.BooleanField(default=False)  # sent before all others
    subject = models.CharField(max_length=200, blank=True, default="")
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=choices(MESSAGE_STATES), default="waiting")
    channel = models.CharField(max_length=20, blank=True, default="")
    edition = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    first_try_at = models.DateTimeField(null=True)
    sending_since = models.DateTimeField(null=True)
    worded_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    code = models.PositiveIntegerField(null=True)
    problem = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")
    # All hotlines share one mailbox: an answer's message has to be found first.
    of_every_hotline = models.Manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "subject_id"], name="message_once")]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "state", "-id"], name="message_state"),
            models.Index(fields=["hotline", "to", "-id"], name="message_to"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Alert(models.Model):
    """One message to a member of staff about cases with deadlines, with everything that came up before it was sent."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=8, choices=choices(ALERTS))
    to = models.EmailField()
    languages = models.JSONField(default=list)
    created_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hotline", "to", "what", "-id"], name="alert_newest")]

    def __str__(self) -> str:
        return f"alert {self.pk}"


class AlertCase(models.Model):
    """One case in an alert: which clock, and when it is due."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="cases")
    reference = models.CharField(max_length=20)
    clock = models.CharField(max_length=24)
    due_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"{self.clock} of {self.reference}"


class InboundMail(models.Model):
    """One incoming e-mail, shortened and without attachments. `message_id` is its identity (`rules.incoming`): its Message-ID and a digest,
    for two mails can have one Message-ID; in rows from before, the Message-ID alone."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=250, unique=True)
    in_reply_to = models.CharField(max_length=250, blank=True, default="")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="mails")
    referral = models.ForeignKey(Referral, null=True, on_delete=models.SET_NULL, related_name="mails")
    payment_alert = models.ForeignKey(
        PaymentAlert, null=True, on_delete=models.SET_NULL, related_name="mails", db_index=False
    )
    sender = models.CharField(max_length=200, blank=True, default="")
    subject = models.CharField(max_length=MOST_SUBJECT, blank=True, default="")
    text = SealedText(blank=True, default="")  # it may quote our letter
    was_cut = models.BooleanField(default=False)
    dropped = models.PositiveIntegerField(default=0)
    is_bounce = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # Of mail from another hotline: its parts that programs read, without encoded data, until they were taken in.
    documents = models.JSONField(default=list)

    objects = ScopedManager(hotline="hotline")
    # A mail is taken in only once, whichever hotline it is for.
    of_every_hotline = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="mail_newest"),
            models.Index(fields=["hotline", "read_at"], name="mail_unread"),
            models.Index(fields=["hotline", "sender", "-id"], name="mail_sender"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class SentSince(models.Model):
    """A message of ours that left after the backup from which this installation was restored: the mail server's log, or its folder of
    sent mail, says so. It has no hotline: of most of them nothing is known here but this."""

    message_id = models.CharField(max_length=250, unique=True)
    to = models.CharField(max_length=254, blank=True, default="")
    fate = models.CharField(max_length=10)
    at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["to"], name="sent_since_to")]

    def __str__(self) -> str:
        return f"sent {self.pk}"


class SentSource(models.Model):
    """One log or folder that was read for that, and from when to when it goes."""

    what = models.CharField(max_length=10)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    read_at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"
