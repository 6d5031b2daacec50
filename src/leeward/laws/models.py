"""The register in the database: one text per jurisdiction, its history, and the version of the whole."""

from django.db import models


class LawRegister(models.Model):
    """The single row that names the version in force; locked by every change of the register."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.CharField(max_length=12)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="law_register_one_row")]

    def __str__(self) -> str:
        return self.version


class LawFile(models.Model):
    """A jurisdiction's file as it is in force, byte for byte; `shipped` is its text when it was last loaded."""

    code = models.CharField(max_length=20, unique=True)
    text = models.TextField()
    shipped = models.TextField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class LawRevision(models.Model):
    """One change of a file: loaded, imported, or proposed on the desk and accepted or refused.

    Two people of the hotline that runs the installation take responsibility: the proposer if they belong to it,
    otherwise `endorsed_by`; and `decided_by`. `proposed_in` is the proposer's hotline; `answer` is the reply to them.
    """

    class State(models.TextChoices):
        """The state of the change."""

        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    code = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    before = models.TextField()
    text = models.TextField()
    way = models.CharField(max_length=10)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State)
    by_label = models.CharField(max_length=40)
    by_user = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    proposed_in = models.ForeignKey("people.Hotline", null=True, on_delete=models.PROTECT, related_name="+")
    endorsed_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    endorsed_in = models.ForeignKey("people.Hotline", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=500, blank=True, default="")
    decided_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code", "number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="law_revision_once")]

    def __str__(self) -> str:
        return f"{self.code}/{self.number} {self.state}"
