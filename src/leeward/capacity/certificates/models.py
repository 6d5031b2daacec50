"""Certificates, and the keys that sign them."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.capacity.certificates.rules.standing import REASONS
from leeward.people.foreign_keys import to_hotline, to_person


class CertificateKey(models.Model):
    """A key of a hotline. A replaced one signs nothing more; it stays published, so that what it signed can still be
    verified, until it is withdrawn. `sealed`: the private key, encrypted with the installation's secret.
    """

    hotline = to_hotline()
    serial = models.PositiveIntegerField()
    public = models.JSONField()
    sealed = models.TextField()
    since = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "serial"], name="certificate_key_once")]

    def __str__(self) -> str:
        return f"certificate key {self.pk}"


class Certificate(models.Model):
    """What a certificate says stands in it, so that it stays as it was given. Its holder is in it as a salted hash of a
    name only; the name itself is in the record of who took part.
    """

    hotline = to_hotline()
    number = models.CharField(max_length=16, unique=True)
    course = models.ForeignKey("capacity.Course", on_delete=models.PROTECT, related_name="+", db_index=False)
    participation = models.ForeignKey("capacity.Participation", on_delete=models.SET_NULL, related_name="+", null=True)
    title = models.CharField(max_length=200)
    hours = models.PositiveSmallIntegerField(null=True)
    ended_on = models.DateField()
    given_at = models.DateTimeField()
    given_by = to_person(null=True)
    valid_until = models.DateField(null=True)
    salt = models.CharField(max_length=32)
    name_hash = models.CharField(max_length=64)
    list_number = models.PositiveIntegerField()
    list_index = models.PositiveIntegerField()
    # Revoked by two people: one asks, another confirms.
    reason = models.CharField(max_length=16, blank=True, default="", choices=[(one, one) for one in REASONS])
    asked_at = models.DateTimeField(null=True)
    asked_by = to_person(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = to_person(null=True)

    objects = ScopedManager(hotline="hotline")
    of_every_hotline = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "list_number", "list_index"], name="certificate_place_once"),
            models.UniqueConstraint(
                fields=["participation"], condition=models.Q(revoked_at=None), name="certificate_valid_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "id"], name="certificate_newest"),
            models.Index(fields=["hotline", "course"], name="certificate_course"),
            models.Index(
                fields=["hotline", "id"], condition=models.Q(asked_at__isnull=False, revoked_at=None),
                name="certificate_waiting",
            ),
            models.Index(
                fields=["hotline", "id"],
                condition=models.Q(revoked_at__isnull=False),
                name="certificate_revoked_last",
            ),
            models.Index(
                fields=["hotline", "list_number", "list_index"], condition=models.Q(revoked_at__isnull=False),
                name="certificate_revoked",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"certificate {self.pk}"
