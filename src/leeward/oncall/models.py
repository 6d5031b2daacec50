"""Who is on call for a portal, where pages are posted, and each page: its reports, its messages, who acknowledged."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person
from leeward.sealing.fields import SealedText

PAGE_KINDS = ("urgent", "test")
WAYS = ("mail", "webhook")
MESSAGE_STATES = ("waiting", "sending", "sent", "unsure", "dead", "stopped")
HOWS = ("link", "desk", "case", "not_urgent", "ended", "reply")


def _choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, code) for code in codes]


class OnCallPerson(models.Model):
    """Somebody who is on call for a portal, while the switch is on."""

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["portal", "person"], name="on_call_once")]

    def __str__(self) -> str:
        return f"on call {self.pk}"


class PortalRota(models.Model):
    """How people share being on call for a portal, besides the list of those who always have it.

    `rotations` and `overrides` are as `rules/kept.py` reads them. `partner` is the portal, perhaps of another hotline,
    whose people are paged too, and `helps` are those for which this one does so: it is in force while both agree on the
    hours.
    """

    hotline = to_hotline()
    portal = models.OneToOneField("people.Portal", on_delete=models.PROTECT, related_name="+")
    rotations = models.JSONField(default=list)
    overrides = models.JSONField(default=list)
    partner = models.ForeignKey("people.Portal", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner_hours = models.CharField(max_length=11, blank=True, default="")
    helps = models.JSONField(default=dict)
    # Whom people telephone if nobody else answers.
    police_number = models.CharField(max_length=40, blank=True, default="")

    objects = ScopedManager(hotline="hotline")
    # An agreement is between two portals, often of two hotlines.
    of_every_hotline = models.Manager()

    def __str__(self) -> str:
        return f"rota {self.pk}"


class HandOverNote(models.Model):
    """What somebody on call leaves for whoever comes next."""

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+")
    by = to_person()
    text = SealedText(together=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"hand-over note {self.pk}"


class CalendarFeed(models.Model):
    """The calendar of somebody's own shifts. Its address is derived from its number: a new one needs a new row."""

    hotline = to_hotline()
    person = models.OneToOneField("people.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")
    # A calendar's address identifies its row, not its hotline.
    of_every_hotline = models.Manager()

    def __str__(self) -> str:
        return f"calendar feed {self.pk}"


class PageWebhook(models.Model):
    """A server to which pages are posted: a portal's, or one person's. Its secret is derived from the serial number.

    A portal's row stays when nothing is posted any more (`url` is "" then), so that a secret once revealed is never
    reused.
    """

    hotline = to_hotline()
    portal = models.OneToOneField("people.Portal", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    serial = models.PositiveIntegerField(default=1)
    # The highest serial number whose secret was shown to anybody, including for an address that still waits for a
    # second person.
    told = models.PositiveIntegerField(default=0)
    # Who was shown the secret.
    set_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(portal__isnull=True, person__isnull=False) | Q(portal__isnull=False, person__isnull=True),
                name="page_webhook_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return f"page webhook {self.pk}"


class Page(models.Model):
    """One call to people of a portal about everything urgent that came in until somebody acknowledges."""

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=6, choices=_choices(PAGE_KINDS), default="urgent")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    rounds = models.PositiveIntegerField(default=0)
    round_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    how = models.CharField(max_length=10, blank=True, default="", choices=_choices(HOWS))
    # Until when somebody's word that they deal with it is enough; after that people are paged about what nobody took up.
    held_until = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["portal", "kind"], condition=Q(closed_at__isnull=True), name="one_open_page_per_portal"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="page_newest"),
            models.Index(fields=["hotline", "id"], condition=Q(closed_at__isnull=True), name="page_open"),
            models.Index(fields=["hotline", "id"], condition=Q(held_until__isnull=False), name="page_held"),
        ]

    def __str__(self) -> str:
        return f"page {self.pk}"


class PagedReport(models.Model):
    """One urgent report in a page: why it is urgent, and who took it up if that was before the page closed."""

    hotline = to_hotline()
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="reports")
    report = models.ForeignKey("intake.Report", on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=10)
    is_rehearsal = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    added_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # When somebody took up the case or stated what came of it, rather than only that they deal with it.
    settled_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"report {self.report_id} in page {self.page_id}"


class PageMessage(models.Model):
    """One message of one round to one person, or to a portal's own webhook or address. Its link is derived from its
    number.
    """

    hotline = to_hotline()
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="messages")
    round = models.PositiveIntegerField()
    way = models.CharField(max_length=7, choices=_choices(WAYS))
    person = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    webhook = models.ForeignKey(PageWebhook, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    to = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=_choices(MESSAGE_STATES), default="waiting")
    created_at = models.DateTimeField()
    sending_since = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    code = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True, default="")

    objects = ScopedManager(hotline="hotline")
    # A link identifies its message, not its hotline.
    of_every_hotline = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "round", "way", "to"], name="page_message_once")
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of page {self.page_id}"


class Acknowledgement(models.Model):
    """One person's acknowledgement of a page: the first one closes it, later ones are stored too."""

    hotline = to_hotline()
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="acknowledgements")
    message = models.ForeignKey(PageMessage, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    how = models.CharField(max_length=10, choices=_choices(HOWS))
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["page", "person"], name="acknowledged_once")]

    def __str__(self) -> str:
        return f"acknowledgement {self.pk}"
