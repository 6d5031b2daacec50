"""Other hotlines that this one exchanges with, their keys, and the invitations by which they become known."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person

PEER_STATES = ("unconfirmed", "active", "stopped")


class OwnCard(models.Model):
    """What a hotline says of itself to peers beside what its portals say; `serial` is the number of its newest key."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.PROTECT, related_name="+")
    competences = models.JSONField(default=list)
    serial = models.PositiveIntegerField(default=1)
    # When a key was last replaced; the one before is accepted for some time after that.
    rotated_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"card {self.pk}"


class Peer(models.Model):
    """Another hotline. Nothing is exchanged with it until two people here compared its key words by telephone.

    `our_serial` is the number of our key that it knows; `is_fallback` is what we decided: it takes items of countries
    that have no hotline.
    """

    hotline = to_hotline()
    identifier = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=300)
    countries = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    competences = models.JSONField(default=list)
    is_fallback = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="unconfirmed", choices=[(one, one) for one in PEER_STATES])
    our_serial = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "identifier"], name="peer_once")]

    def __str__(self) -> str:
        return f"peer {self.pk}"


class PeerKey(models.Model):
    """A public key of a peer, accepted until `until` if it was replaced."""

    hotline = to_hotline()
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=32)
    public = models.BinaryField(max_length=32)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "name"], name="peer_key_once")]

    def __str__(self) -> str:
        return f"key {self.pk} of peer {self.peer_id}"


class PeerInvitation(models.Model):
    """A link by which another hotline and this one learn each other's keys; it works for one hotline and some days."""

    hotline = to_hotline()
    made_by = to_person(null=True)  # empty: whoever runs the server
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    peer = models.ForeignKey(Peer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")
    # A link identifies its invitation, not its hotline.
    of_every_hotline = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hotline", "-id"], name="peer_invitation_newest")]

    def __str__(self) -> str:
        return f"peer invitation {self.pk}"
