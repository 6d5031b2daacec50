"""What was exported of which case, with its verdict; who takes reports by a program; and each report on its way."""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person


class Export(models.Model):
    """One export: what was made of which case (or, for figures, of which quarter), and whether it was valid.

    `digest` is the SHA-256 of what was handed out; of a bundle, that of its list of files. It is empty where nothing was.
    """

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = models.CharField(max_length=20)
    format = models.CharField(max_length=16)
    is_valid = models.BooleanField()
    refusals = models.JSONField(default=list)
    validator = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, default="")
    bytes = models.PositiveIntegerField(default=0)
    is_sealed = models.BooleanField(default=False)
    by = to_person(null=True)
    by_label = models.CharField(max_length=40)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "subject", "-id"], name="export_of_subject")]

    def __str__(self) -> str:
        return f"{self.format} of {self.subject}"


class Receiver(models.Model):
    """An organisation that takes reports by a program, and the agreement or membership without which nothing is sent.

    `sealed`: the sealed credentials. `is_test`: the address is the one for tests.
    """

    hotline = to_hotline()
    service = models.CharField(max_length=16)
    url = models.CharField(max_length=300)
    sealed = models.TextField()
    is_test = models.BooleanField(default=False)
    terms = models.CharField(max_length=200)
    agreed_on = models.DateField()
    agreed_by = to_person()
    agreed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "service"], name="receiver_once")]

    def __str__(self) -> str:
        return self.service


class Submission(models.Model):
    """One report on its way to a receiver.

    `step` is the next one, or how it ended; `begun`: its request may have been sent already. `document` and `list` are what is sent, `facts`
    those of the decision that it reports (None in rows of an older version); all are deleted at the end. `receipt` is what the receiver answered
    at the end: without one nothing is sent.
    """

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="+", db_index=False)
    service = models.CharField(max_length=16)
    is_test = models.BooleanField()
    step = models.CharField(max_length=12)
    begun = models.BooleanField(default=False)
    document = models.TextField(default="")
    list = models.TextField(default="")
    facts = models.JSONField(null=True)
    remote_id = models.CharField(max_length=40, default="")
    part_id = models.CharField(max_length=80, default="")
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=80, default="")
    receipt = models.JSONField(null=True)
    by = to_person()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "service"],
                condition=~models.Q(step__in=("retracted", "refused")) & models.Q(is_test=False),
                name="submission_once",
            )
        ]
        indexes = [models.Index(fields=["hotline", "case", "-id"], name="submission_of_case")]

    def __str__(self) -> str:
        return f"{self.service} {self.pk}: {self.step}"


class FiuProfile(models.Model):
    """What the financial intelligence unit has said: our number with it, its codes, and its schema ("" if none is loaded)."""

    hotline = to_hotline()
    entity_id = models.CharField(max_length=20, default="")
    report_code = models.CharField(max_length=20, default="")
    currency = models.CharField(max_length=20, default="")
    live_streamed = models.CharField(max_length=20, default="")
    extortion = models.CharField(max_length=20, default="")
    schema = models.TextField(default="")
    schema_name = models.CharField(max_length=100, default="")
    digest = models.CharField(max_length=64, default="")
    by = to_person()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline"], name="fiu_profile_once")]

    def __str__(self) -> str:
        return self.schema_name or "no schema"
