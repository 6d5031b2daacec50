"""Reports, the items that they name, and later messages.

What somebody wrote is sealed (`SealedText`), but for the field for addresses: the database can be asked only whether there is any.
Tables are designed for a million reports: every list has its index, and foreign keys that no list starts from have none.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from leeward.sealing.fields import SealedText


def _hotline() -> Any:
    return models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)


class Report(models.Model):
    """One report. Only a hash of its receipt is stored; a withdrawn or expired report has none, so it can't be opened."""

    hotline = _hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    under_18 = models.BooleanField(default=False)
    # The answer to whether somebody threatens to share a picture; why the report is urgent ("": it is not), and a text
    # if staff or a partner called it urgent.
    threat = models.CharField(max_length=10, blank=True, default="")
    urgency = models.CharField(max_length=10, blank=True, default="")
    marked_because = SealedText(blank=True, default="")
    language = models.CharField(max_length=20, default="en")
    where = models.TextField(blank=True, default="")
    text = SealedText(blank=True, default="")
    when_seen = models.CharField(max_length=10, default="unknown")
    contact = SealedText(blank=True, default="")
    # For how many days after closing the form said that the contact is kept.
    contact_days = models.PositiveIntegerField(null=True)
    needs_login = models.BooleanField(default=False)
    password = SealedText(blank=True, default="")
    referrer = SealedText(blank=True, default="")
    source = models.CharField(max_length=10, default="form")
    entered_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # When it went to another hotline with its portal: what is left has no words, as if it was withdrawn. And of one that
    # came so: its number there, where it was counted when it came in.
    handed_over_at = models.DateTimeField(null=True)
    formerly = models.BigIntegerField(null=True)
    # Of a person's own picture: what happened, what they want, and the fingerprints until they are in the list.
    happened = models.CharField(max_length=10, blank=True, default="")
    wish = models.CharField(max_length=10, blank=True, default="")
    fingerprints = SealedText(blank=True, default="")
    receipt_hash = models.CharField(max_length=64, null=True, unique=True)
    receipt_turn = models.PositiveSmallIntegerField(default=0)
    once_digest = models.CharField(max_length=64, null=True, unique=True)
    # By which the same form is known again where nothing can be opened (`sealing.rules.traces`).
    traces = models.JSONField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "-id"], name="report_newest"),
            models.Index(fields=["hotline", "source", "-id"], name="report_by_source"),
            models.Index(
                fields=["portal", "id"],
                condition=Q(closed_at__isnull=True, withdrawn_at__isnull=True),
                name="report_open",
            ),
            models.Index(fields=["hotline", "closed_at"], condition=~Q(contact=""), name="report_contact_due"),
            models.Index(
                fields=["hotline", "closed_at"],
                condition=Q(receipt_hash__isnull=False, closed_at__isnull=False),
                name="report_receipt_due",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Item(models.Model):
    """One item that a report names, and its coarse state as the reporter sees it."""

    hotline = _hotline()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20)
    typed = models.TextField(blank=True, default="")
    display = models.TextField(blank=True, default="")
    comparable = models.TextField(blank=True, default="")
    service = models.CharField(max_length=100, blank=True, default="")
    state = models.CharField(max_length=10, default="received")
    reason = models.CharField(max_length=40, blank=True, default="")
    state_changed_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"item {self.pk}"


class HandedItem(models.Model):
    """What another hotline had made of an item before it handed its portal over: the case there, and in `done` when it
    told whom. `log_row` is the row of its log that says so.
    """

    hotline = _hotline()
    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="handed")
    by = models.CharField(max_length=120)
    case_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=20, blank=True, default="")
    facts = models.JSONField(default=dict)
    done = models.JSONField(default=dict)
    log_row = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")
    # News of a case that ended there finds the case here.
    of_every_hotline = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="handed_item_case")]

    def __str__(self) -> str:
        return f"handed item {self.pk}"


class ReporterMessage(models.Model):
    """A message after the report: the reporter's addition or answer, or a question of the hotline.

    `asked` is the text of a question, which isn't sealed: the page behind the receipt shows it, and holds no key. `code` names the
    canned question, or an answer that needs no text; `texts` keeps a hotline's own question as it was asked.
    """

    hotline = _hotline()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=15)
    form = models.CharField(max_length=10, default="words")
    text = SealedText(blank=True, default="")
    asked = models.TextField(blank=True, default="", db_default="")
    code = models.CharField(max_length=30, blank=True, default="")
    texts = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    asked_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answers = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="answer")
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"message {self.pk}"


class CannedQuestion(models.Model):
    """A question that a hotline wrote for its reporters, by language; or its setting for one of the shipped ones."""

    hotline = _hotline()
    code = models.CharField(max_length=30)
    form = models.CharField(max_length=10, default="words")
    texts = models.JSONField(default=dict, blank=True)
    is_off = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "code"], name="one_question_per_code")]

    def __str__(self) -> str:
        return self.code


class ReviewRequest(models.Model):
    """A reporter's request for review; somebody who was not involved looks again."""

    hotline = _hotline()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="reviews")
    text = SealedText(blank=True, default="")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    reasons = models.TextField(blank=True, default="")
    statement = SealedText(blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(settled_at__isnull=True), name="one_open_review")
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class SmsTalk(models.Model):
    """A conversation by text message, for a day at most. Its sender is kept only as a hash with the salt of the day, which
    is deleted at midnight; `next_key` is the same with tomorrow's, shortly before. `replies`: the names of the sentences
    that were last written back, for a gateway that posts the same message (`last_id`) again. `unanswered_at`: when a text
    got no answer because the portal had written as many as it may.
    """

    hotline = _hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=64, unique=True)
    next_key = models.CharField(max_length=64, blank=True, default="", db_index=True)
    once = models.CharField(max_length=64)
    step = models.CharField(max_length=12, blank=True, default="")
    last_id = models.CharField(max_length=64, blank=True, default="")
    replies = models.JSONField(default=list, blank=True)
    unanswered_at = models.DateTimeField(null=True, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"talk {self.pk}"


class StoppedNumber(models.Model):
    """A number whose owner wants nothing more from us (STOP), until it is erased from the reports of the portal. The process that
    takes in text messages can't open contacts to find them; the worker does.
    """

    hotline = _hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = SealedText()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["portal"], name="stopped_number_portal")]

    def __str__(self) -> str:
        return f"stopped number {self.pk}"


class OutsideAppeal(models.Model):
    """A request by a site's owner, a host or somebody else to review what was decided about an address. If it comes
    from the person depicted, it also has a `report`.
    """

    hotline = _hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    typed = models.TextField()
    display = models.TextField()
    comparable = models.TextField()
    service = models.CharField(max_length=100, blank=True, default="")
    relation = models.CharField(max_length=10)
    text = SealedText()
    contact = SealedText(blank=True, default="")
    contact_days = models.PositiveIntegerField(null=True)  # as for a report
    language = models.CharField(max_length=20, default="en")
    report = models.OneToOneField(Report, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="received")
    outcome = models.CharField(max_length=10, blank=True, default="")
    reasons = models.TextField(blank=True, default="")
    statement = SealedText(blank=True, default="")
    state_changed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    receipt_hash = models.CharField(max_length=64, null=True, unique=True)
    receipt_turn = models.PositiveSmallIntegerField(default=0)
    once_digest = models.CharField(max_length=64, null=True, unique=True)
    traces = models.JSONField(null=True)  # as for a report

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "state", "-id"], name="outside_appeal_by_state"),
            models.Index(
                fields=["hotline", "state_changed_at"], condition=Q(state="closed"), name="outside_appeal_done"
            ),
        ]

    def __str__(self) -> str:
        return f"outside appeal {self.pk}"
