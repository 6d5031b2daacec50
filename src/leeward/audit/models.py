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
    nonce = models.CharField(max_length=32, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_row_once")]
        indexes = [models.Index(fields=["chain", "subject", "number"], name="audit_row_subject")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.number} {self.event}"


class AuditTip(models.Model):
    """The newest row of each chain, and the tree over its rows; appending locks it.

    `peaks` are the tree's (`rules/merkle.py`), one after another; from `salt` come the nonces of rows that have none.
    `origin` is the tree's name, "" before its first checkpoint; `began_anew` counts how often it got another.
    `signature` is "" unless nothing was appended since web and worker signed tips themselves.
    """

    chain = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.CharField(max_length=40)
    signature = models.CharField(max_length=128)
    peaks = models.BinaryField(null=True)
    salt = models.CharField(max_length=64, null=True)
    origin = models.CharField(max_length=200, default="", db_default="")
    began_anew = models.IntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.chain}/{self.number}"


class AuditHead(models.Model):
    """The head of a day as the key of documents signed it, from before the signer signed the log; no new ones are made."""

    chain = models.BigIntegerField()
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.CharField(max_length=40)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_head_once")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.number}"


class AuditTile(models.Model):
    """256 neighbouring hashes of a chain's tree, once all are there, and the root over them (`rules/tiles.py`)."""

    chain = models.BigIntegerField()
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    root = models.BinaryField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "level", "number"], name="audit_tile_once")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.level}/{self.number}"


class AuditCheckpoint(models.Model):
    """What the signer signed: the tree of the chain's first `size` rows; never changed or deleted."""

    chain = models.BigIntegerField()
    size = models.BigIntegerField()
    at = models.DateTimeField()
    body = models.TextField()
    line = models.TextField()
    vkey = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "body"], name="audit_checkpoint_once")]
        indexes = [models.Index(fields=["chain", "size"], name="audit_checkpoint_size")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.size}"


class AuditCosignature(models.Model):
    """A witness's line below a checkpoint, checked as it came; never changed or deleted."""

    checkpoint = models.ForeignKey(AuditCheckpoint, on_delete=models.PROTECT, related_name="cosignatures")
    vkey = models.CharField(max_length=400)
    seen_at = models.BigIntegerField()
    line = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "vkey", "seen_at"], name="audit_cosignature_once")]

    def __str__(self) -> str:
        return f"{self.checkpoint_id}/{self.vkey}"


class KeyPrint(models.Model):
    """The fingerprint of a secret or key that this database was made with, by which a missing, damaged or different one
    is detected."""

    name = models.CharField(max_length=40, primary_key=True)
    print = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
