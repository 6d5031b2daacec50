"""Versioned time rules, the clocks that follow them, and the steps that were taken."""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline


class RuleVersion(models.Model):
    """One version of a portal's rule for one kind of clock. Never changed; a newer version replaces it."""

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=24)
    number = models.PositiveIntegerField()
    amount = models.FloatField()
    unit = models.CharField(max_length=12)
    pauses = models.JSONField(default=list)
    steps = models.JSONField(default=dict)
    by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "kind", "number"], name="clock_rule_once")]

    def __str__(self) -> str:
        return f"rule {self.number} of {self.kind}"


class Clock(models.Model):
    """One clock of a case. `run` counts how often it started; `not_before` is set if it had to start again for the same
    reason. `rule` is empty if the recommended rule applies; `law` names the law whose shorter time took precedence.
    """

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    case_id = models.BigIntegerField()
    reference = models.CharField(max_length=20)
    kind = models.CharField(max_length=24)
    about_id = models.BigIntegerField(default=0)
    run = models.PositiveIntegerField(default=1)
    rule_kind = models.CharField(max_length=24)
    rule = models.ForeignKey(RuleVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    law = models.TextField(default="")
    law_hours = models.FloatField(null=True)
    state = models.CharField(max_length=8, default="running")
    started_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=12, default="")
    pauses = models.JSONField(default=list)
    met_at = models.DateTimeField(null=True)
    holder_id = models.BigIntegerField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "kind", "about_id"], name="clock_once")]
        indexes = [
            models.Index(
                fields=["hotline", "kind", "due_at"], condition=models.Q(state="running"), name="clock_running"
            ),
            models.Index(
                fields=["hotline", "kind", "paused_at"], condition=models.Q(state="paused"), name="clock_paused"
            ),
            models.Index(
                fields=["portal", "rule_kind", "id"],
                condition=models.Q(state__in=("running", "paused")),
                name="clock_of_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.reference}"


class Escalation(models.Model):
    """One step taken for one run of a clock: each once, whatever happens in between."""

    hotline = to_hotline()
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="escalations")
    run = models.PositiveIntegerField()
    act = models.CharField(max_length=10)
    at = models.DateTimeField()
    to_id = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=12, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "run", "act"], name="escalation_once")]
        indexes = [models.Index(fields=["hotline", "-at"], name="escalation_newest")]

    def __str__(self) -> str:
        return f"{self.act} for clock {self.clock_id}"


class OnCall(models.Model):
    """Where a portal's pages go; without a row they go to its supervisors."""

    hotline = to_hotline()
    portal = models.OneToOneField("people.Portal", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"on call for portal {self.portal_id}"
