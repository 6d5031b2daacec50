"""What people outside are told about a case and answer: referrals, notices, replies."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.notices.models.choices import choices
from leeward.notices.models.contacts import Contact
from leeward.notices.rules.answers import ANSWERS, OUTCOMES, REFERRAL_STATES
from leeward.notices.rules.name_acts import NAME_KINDS
from leeward.notices.rules.redirects import SETTLED
from leeward.people.foreign_keys import to_person
from leeward.sealing.fields import SealedText

REFERRAL_KINDS = ("referral", "forward", "protection")
TO_POLICE = ("referral", "forward")
NOTICE_KINDS = ("host", "owner", "upstream", "registrar", "foreign_host", "foreign_police", *NAME_KINDS)
REPLIES = ("withdrawn", "kept", "recorded")
# Why a notice case is stopped: the decision was wrong, and everybody who was told is informed.
WITHDRAWN_AFTER_REVIEW = "withdrawn_after_review"
NOTICE_CASE_STATES = ("untold", "police", "address", "person", "open", "stopped")
TOLD_HOW = ("mail", "answer", "person")
NOTICE_STATES = ("waiting", "sent", "dead", "stopped")


class NoticeCase(models.Model):
    """Everything that people outside are told about one case: what to say, to whom, and how far the ladder has got."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+")
    case_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    # Of its address, which several cases of a hotline can have although each has a location of its own (`hosting.rules.keys`).
    address_key = models.TextField(blank=True, default="")
    brief = models.JSONField()
    # What the police are told in the reporters’ own words, and all that each report said (`writing/kept_brief.py`), as JSON.
    reporter_texts = SealedText(blank=True, default="")
    # Who is to be told; whether they were is recorded in their rows.
    tells_police = models.BooleanField(default=False)
    tells_host = models.BooleanField(default=False)
    tells_abroad = models.BooleanField(default=False)
    abroad_asked = models.BooleanField(default=False)
    host_kind = models.CharField(max_length=14, default="host", choices=choices(("host", "foreign_host")))
    # How far telling others may go (`rules/police_first.py`): nobody but the police is told while it is "untold"; in
    # "address" it waits for the end of their hold on another case; in "person" for somebody to choose the recipient.
    state = models.CharField(max_length=8, choices=choices(NOTICE_CASE_STATES), default="untold")
    step = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=30, blank=True, default="")
    stopped_why = models.CharField(max_length=30, blank=True, default="")
    # How often it was begun. What belongs to a round has its number, and never a time: a clock that jumps gives no true order.
    round = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    # When it, or a letter about it, was put back from an older file, until a person lets it go on.
    put_back_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "case_id"], name="notice_case_once")]
        indexes: ClassVar = [
            models.Index(fields=["location_id", "state"], name="notice_case_location"),
            models.Index(fields=["address_key"], name="notice_case_address"),
            models.Index(fields=["hotline", "state", "problem"], name="notice_case_state"),
            models.Index(
                fields=["put_back_at"], condition=models.Q(put_back_at__isnull=False), name="notice_case_put_back"
            ),
        ]

    def __str__(self) -> str:
        return f"notice case {self.pk}"


class Referral(models.Model):
    """What our police, or a child-protection office, were told about a case, and what they answered.

    `kind` is referral if the case was assessed and forward if it was not. Urgent referrals within a minute of each
    other go in one message: `mail_of` is then the referral whose message carries it. `sent_at` is since when the
    recipient has it, and `told_how` is how we know: the mail server accepted it, they answered, or a person told them.
    Without a contact, a person told them and nothing was mailed. `answered_at` is when they last said anything by this
    letter, and `decided_at` when they last held or released the notice by it.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    notice_case = models.ForeignKey(NoticeCase, on_delete=models.PROTECT, related_name="referrals")
    round = models.PositiveIntegerField(default=1)
    case_id = models.BigIntegerField()
    reference = models.CharField(max_length=40)
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=choices(REFERRAL_STATES), default="waiting")
    told_how = models.CharField(max_length=6, blank=True, default="", choices=choices(TOLD_HOW))
    wait_until = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    held_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")
    # When each part of the note was written, by whom of our staff (null: by the police), and where it begins.
    note_parts = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=10, choices=choices(REFERRAL_KINDS), default="referral")
    # What a child-protection office is told (`rules/at_risk.py`); the police are told by the notice case's brief.
    statement = models.JSONField(default=dict, blank=True)
    urgent = models.BooleanField(default=False)
    mail_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carried")
    acknowledged_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, blank=True, default="", choices=choices(OUTCOMES))
    outcome_at = models.DateTimeField(null=True)
    # Who of our staff entered the police's answer, and the second person who confirmed it; both are empty if the police
    # answered themselves.
    told_by = to_person(
        null=True
    )  # who of our staff told them by other means than our message, or claims so while `told_how` is empty
    told_with = to_person(null=True)
    answered_by = to_person(null=True)
    decided_by = to_person(null=True)
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
            models.Index(
                fields=["hotline", "created_at"], condition=models.Q(kind="protection"), name="referral_protection"
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"


class Notice(models.Model):
    """One message to one contact, with every address that was waiting for them when it was sent."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=14, choices=choices(NOTICE_KINDS))
    step = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=choices(NOTICE_STATES), default="waiting")
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
    round = models.PositiveIntegerField(default=1)
    case_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    address = models.TextField()
    step = models.PositiveIntegerField(default=1)
    answer = models.CharField(max_length=14, choices=choices(ANSWERS), default="none")
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")
    moved_to = models.TextField(blank=True, default="")
    # Earlier answers, oldest first.
    earlier = models.JSONField(default=list, blank=True)
    checked_at = models.DateTimeField(null=True)
    instead_of = models.EmailField(blank=True, default="")
    # A person's decision about "somebody else is in charge"; empty until there is one.
    redirected = models.CharField(max_length=5, blank=True, default="", choices=choices(SETTLED))

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
    what = models.CharField(max_length=9, choices=choices(REPLIES))
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(NoticeItem, null=True, on_delete=models.CASCADE, related_name="replies")
    referral = models.ForeignKey(Referral, null=True, on_delete=models.CASCADE, related_name="replies")
    reasons = models.TextField(blank=True, default="")
    entered = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"reply {self.pk}"
