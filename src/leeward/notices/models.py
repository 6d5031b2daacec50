"""Contacts, what they were told and answered; the outbox and the mailbox."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.notices.rules.answers import ANSWERS, OUTCOMES, REFERRAL_STATES
from leeward.notices.rules.redirects import SETTLED
from leeward.notices.rules.wordings import KINDS as WORDING_KINDS
from leeward.people.foreign_keys import to_person

CONTACT_KINDS = ("police", "protection", "hotline", "host", "owner", "upstream", "registrar")
REFERRAL_KINDS = ("referral", "forward", "protection")
TO_POLICE = ("referral", "forward")
NOTICE_KINDS = ("host", "owner", "upstream", "registrar", "foreign_host", "foreign_police")
MESSAGE_KINDS = ("referral", "forward", "protect", "notice", "staff", "alert", "reply")
REPLIES = ("withdrawn", "kept", "recorded")
# Why a notice case is stopped: the decision was wrong, and everybody who was told is informed.
WITHDRAWN_AFTER_REVIEW = "withdrawn_after_review"
ALERTS = ("remind", "reassign", "page")
MESSAGE_STATES = ("waiting", "sending", "sent", "unsure", "failed", "dead", "stopped")
NOTICE_CASE_STATES = ("untold", "police", "person", "open", "stopped")
TOLD_HOW = ("mail", "answer", "person")
NOTICE_STATES = ("waiting", "sent", "dead", "stopped")


def _choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, code) for code in codes]


class Contact(models.Model):
    """Somebody outside to whom we can write."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=_choices(CONTACT_KINDS))
    country = models.CharField(max_length=2, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    email = models.EmailField()
    languages = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=40, blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    # Imported from the shipped tables and not confirmed by anybody yet: no case goes there. `origin` is where it was
    # found, and when.
    unconfirmed = models.BooleanField(default=False)
    origin = models.CharField(max_length=200, blank=True, default="")
    # Since when it counts as bad: nothing is sent there automatically. The counts restart with each sign of life.
    bounced_at = models.DateTimeField(null=True)
    bounces_hard = models.PositiveIntegerField(default=0)
    bounces_soft = models.PositiveIntegerField(default=0)
    # With a certificate, everything is encrypted to it; what can't be encrypted is not sent.
    certificate = models.TextField(blank=True, default="")
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    key_expires_at = models.DateTimeField(null=True)
    # How its most recent notices were answered (`services/measuring.py`).
    asked = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    median_minutes = models.PositiveIntegerField(null=True)
    retired = models.BooleanField(default=False)
    # The page with every open address: the serial number of its valid link (a renewed one has the next number), whether
    # the link works at all, and whether notices include it. The link itself is stored nowhere.
    page_serial = models.PositiveIntegerField(default=0)
    page_is_open = models.BooleanField(default=False)
    page_is_told = models.BooleanField(default=False)
    # The channel for notices by name (see `channels/registry.py`), "" for mail, and the answers from its part of the
    # contact's page.
    channel = models.CharField(max_length=20, blank=True, default="")
    channel_answers = models.JSONField(default=dict, blank=True)
    # For programs: an X-ARF report beside the text, and an address to which notices are posted instead of being mailed.
    # The signing secret is derived from the serial number (a renewed one has the next); the secret itself is stored
    # nowhere.
    wants_xarf = models.BooleanField(default=False)
    webhook_url = models.CharField(max_length=500, blank=True, default="")
    webhook_serial = models.PositiveIntegerField(default=0)
    webhook_renewed_at = models.DateTimeField(null=True)
    # Who was shown the newest secret: it is replaced when they leave.
    webhook_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = ScopedManager(hotline="hotline")
    # The link names the contact, not the hotline.
    of_every_hotline = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "kind", "country", "email"], name="contact_once")
        ]
        indexes: ClassVar = [models.Index(fields=["hotline", "email"], name="contact_email")]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class NoticeCase(models.Model):
    """Everything that people outside are told about one case: what to say, to whom, and how far the ladder has got."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+")
    case_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    brief = models.JSONField()
    # Who is to be told; whether they were is recorded in their rows.
    tells_police = models.BooleanField(default=False)
    tells_host = models.BooleanField(default=False)
    tells_abroad = models.BooleanField(default=False)
    abroad_asked = models.BooleanField(default=False)
    host_kind = models.CharField(max_length=14, default="host", choices=_choices(("host", "foreign_host")))
    # How far telling others may go (`rules/police_first.py`): nobody but the police is told while it is "untold"; in
    # "person" it waits for somebody to choose the recipient.
    state = models.CharField(max_length=8, choices=_choices(NOTICE_CASE_STATES), default="untold")
    step = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=30, blank=True, default="")
    stopped_why = models.CharField(max_length=30, blank=True, default="")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "case_id"], name="notice_case_once")]
        indexes: ClassVar = [
            models.Index(fields=["location_id", "state"], name="notice_case_location"),
            models.Index(fields=["hotline", "state", "problem"], name="notice_case_state"),
        ]

    def __str__(self) -> str:
        return f"notice case {self.pk}"


class Message(models.Model):
    """One message of the outbox. Its text is generated from `kind` and `subject_id` when it is sent, and never stored.

    `edition` changes with the data that the text is made from: a text of an older edition is not sent. `channel` is the
    one that the newest attempt used, "" before the first.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=_choices(MESSAGE_KINDS))
    subject_id = models.BigIntegerField()
    to = models.EmailField()
    urgent = models.BooleanField(default=False)  # sent before all others
    subject = models.CharField(max_length=200, blank=True, default="")
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=_choices(MESSAGE_STATES), default="waiting")
    channel = models.CharField(max_length=20, blank=True, default="")
    edition = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    first_try_at = models.DateTimeField(null=True)
    sending_since = models.DateTimeField(null=True)
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
        indexes: ClassVar = [models.Index(fields=["hotline", "state", "-id"], name="message_state")]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Referral(models.Model):
    """What our police, or a child-protection office, were told about a case, and what they answered.

    `kind` is referral if the case was assessed and forward if it was not. Urgent referrals within a minute of each
    other go in one message: `mail_of` is then the referral whose message carries it. `sent_at` is since when the
    recipient has it, and `told_how` is how we know: the mail server accepted it, they answered, or a person told them.
    Without a contact, a person told them and nothing was mailed.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    notice_case = models.ForeignKey(NoticeCase, on_delete=models.PROTECT, related_name="referrals")
    case_id = models.BigIntegerField()
    reference = models.CharField(max_length=40)
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=_choices(REFERRAL_STATES), default="waiting")
    told_how = models.CharField(max_length=6, blank=True, default="", choices=_choices(TOLD_HOW))
    wait_until = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    held_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=10, choices=_choices(REFERRAL_KINDS), default="referral")
    urgent = models.BooleanField(default=False)
    mail_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carried")
    acknowledged_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, blank=True, default="", choices=_choices(OUTCOMES))
    outcome_at = models.DateTimeField(null=True)
    # Who of our staff entered the police's answer, and the second person who confirmed it; both are empty if the police
    # answered themselves.
    told_by = to_person(
        null=True
    )  # who of our staff told them by other means than our message, or claims so while `told_how` is empty
    told_with = to_person(null=True)
    answered_by = to_person(null=True)
    acknowledged_by = to_person(null=True)
    acknowledged_with = to_person(null=True)
    outcome_by = to_person(null=True)
    outcome_with = to_person(null=True)
    released_by = to_person(null=True)
    released_with = to_person(null=True)

    objects = ScopedManager(hotline="hotline")
    # The link names the referral, not the hotline.
    of_every_hotline = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hotline", "case_id"], name="referral_case"),
            models.Index(fields=["hotline", "state", "-id"], name="referral_state"),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"


class Notice(models.Model):
    """One message to one contact, with every address that was waiting for them when it was sent."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=14, choices=_choices(NOTICE_KINDS))
    step = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=_choices(NOTICE_STATES), default="waiting")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")
    # The link names the notice, not the hotline.
    of_every_hotline = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contact", "state"], name="notice_contact")]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class NoticeItem(models.Model):
    """One address in a notice, and what the contact answered about it."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="items")
    notice_case = models.ForeignKey(NoticeCase, on_delete=models.PROTECT, related_name="items")
    case_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    address = models.TextField()
    step = models.PositiveIntegerField(default=1)
    answer = models.CharField(max_length=14, choices=_choices(ANSWERS), default="none")
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")
    moved_to = models.TextField(blank=True, default="")
    # Earlier answers, oldest first.
    earlier = models.JSONField(default=list, blank=True)
    checked_at = models.DateTimeField(null=True)
    instead_of = models.EmailField(blank=True, default="")
    # A person's decision about "somebody else is in charge"; empty until there is one.
    redirected = models.CharField(max_length=5, blank=True, default="", choices=_choices(SETTLED))

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "notice_case"], name="notice_item_once")]
        indexes: ClassVar = [models.Index(fields=["hotline", "case_id"], name="notice_item_case")]

    def __str__(self) -> str:
        return f"item {self.pk}"


class Reply(models.Model):
    """A follow-up to somebody who was told: that what we said no longer holds, that it stays although they disagreed,
    or what our staff entered as their answer.

    Either `item` is set (the address of their notice) or `referral` (what the police were told). `entered` is what was
    entered.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=9, choices=_choices(REPLIES))
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(NoticeItem, null=True, on_delete=models.CASCADE, related_name="replies")
    referral = models.ForeignKey(Referral, null=True, on_delete=models.CASCADE, related_name="replies")
    reasons = models.TextField(blank=True, default="")
    entered = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"reply {self.pk}"


class Alert(models.Model):
    """One message to a member of staff about cases with deadlines, with everything that came up before it was sent."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=8, choices=_choices(ALERTS))
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
    """One incoming e-mail, shortened and without attachments."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=250, unique=True)
    in_reply_to = models.CharField(max_length=250, blank=True, default="")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="mails")
    referral = models.ForeignKey(Referral, null=True, on_delete=models.SET_NULL, related_name="mails")
    sender = models.CharField(max_length=200, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    was_cut = models.BooleanField(default=False)
    dropped = models.PositiveIntegerField(default=0)
    is_bounce = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")
    # A mail is taken in only once, whichever hotline it is for.
    of_every_hotline = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="mail_newest"),
            models.Index(fields=["hotline", "read_at"], name="mail_unread"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class Wording(models.Model):
    """One version of a hotline's own text for a kind of message in a language, for one country or all ("").

    Version 0 is the shipped text and has no row; a row with `is_shipped` says that the shipped text is in force again.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=_choices(WORDING_KINDS))
    country = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    is_shipped = models.BooleanField(default=False)
    subject = models.CharField(max_length=150, blank=True, default="")
    body = models.TextField(blank=True, default="")
    person = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hotline", "kind", "country", "language", "version"], name="wording_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"wording {self.pk}"


class StaffNote(models.Model):
    """One letter to a member of staff: its subject, and the desk page that shows it. `key` makes it unique."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "key", "person"], name="staff_note_once")]

    def __str__(self) -> str:
        return f"staff note {self.pk}"
