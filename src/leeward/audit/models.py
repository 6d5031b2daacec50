"""The log's tables. A chain is one hotline's log; chain 0 is the installation's own."""

from django.db import models


class AuditRow(models.Model):
    """One act. Rows are never changed or deleted: triggers refuse it (migration 0002)."""

    chain = models.BigIntegerField()
    number = models.BigIntegerField()
    at = models.CharField(max_length=40)
    event = models.CharField(max_length=80)
    actor = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    facts = models.TextField()
    facts_sha256 = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_row_once")]
        indexes = [models.Index(fields=["chain", "subject", "number"], name="audit_row_subject")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.number} {self.event}"


class AuditTip(models.Model):
    """The newest row of each chain, signed; appending locks it."""

    chain = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.CharField(max_length=40)
    signature = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"{self.chain}/{self.number}"


class AuditHead(models.Model):
    """The signed head of a day, shown publicly."""

    chain = models.BigIntegerField()
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.CharField(max_length=40)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_head_once")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.number}"


class KeyPrint(models.Model):
    """The fingerprint of a secret or key that this database was made with, by which a missing, damaged or different one
    is detected."""

    name = models.CharField(max_length=40, primary_key=True)
    print = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
