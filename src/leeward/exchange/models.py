"""Other hotlines that this one exchanges with, their keys, the invitations by which they become known, and what was
written about each item."""

from datetime import datetime
from typing import ClassVar, cast

from django.db import models
from django_scopes import ScopedManager

from leeward.exchange.rules.steps import Kind, Side, Step
from leeward.people.foreign_keys import to_hotline, to_person

PEER_STATES = ("unconfirmed", "active", "stopped")
# Of what we wrote: waiting to be sent, arrived (the peer signed a receipt), or waiting for a person here.
WAITING, SENT, HELD = "waiting", "sent", "held"
KEPT = "kept"  # of what we wrote about an item that came as a file: it goes nowhere by this line
RECEIVED = "received"  # of what the peer wrote
POLICE_FIRST = "police_first"  # why ours waits: they must have it, and let others be told
BASELESS = "decision_withdrawn"  # why ours is held for good: what it says was decided no longer is


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


class PeerRestoring(models.Model):
    """What a peer says of itself: it was restored, and of what happened between two moments it knows nothing. The newest are kept."""

    hotline = to_hotline()
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="restorings", db_index=False)
    backup_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    told_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["peer", "backup_at", "restored_at"], name="peer_restoring_once")
        ]

    def __str__(self) -> str:
        return f"restoring of peer {self.peer_id}"


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


class Exchange(models.Model):
    """What this hotline and a peer write to each other about one item; `side` is ours.

    The reporting side has the case that it is about, the hosting side the report that was made of it once somebody
    accepted it. `stage`, `grade` and `answered_at` (the hosting side's first word) follow from the messages; what the
    item is comes from the report, which may arrive after other messages.
    """

    hotline = to_hotline()
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="+", db_index=False)
    uid = models.CharField(max_length=36)
    side = models.CharField(max_length=9)
    item = models.CharField(max_length=36, blank=True, default="")
    path = models.JSONField(default=list)
    case_id = models.BigIntegerField(null=True)
    report_id = models.BigIntegerField(null=True)
    address = models.TextField(blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    is_urgent = models.BooleanField(default=False)
    # A hash that came with it is known here, so nobody looked before it was accepted.
    is_known = models.BooleanField(default=False)
    # It came in a list that somebody here imported: the peer’s server knows nothing of this exchange.
    is_imported = models.BooleanField(default=False)
    stage = models.CharField(max_length=12, blank=True, default="")
    grade = models.CharField(max_length=12, blank=True, default="")
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "uid"], name="exchange_once")]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="exchange_newest"),
            models.Index(
                fields=["hotline", "-is_urgent", "id"],
                condition=models.Q(side="hosting", stage="reported"),
                name="exchange_to_accept",
            ),
            models.Index(
                fields=["hotline", "case_id"], condition=models.Q(case_id__isnull=False), name="exchange_of_case"
            ),
            models.Index(
                fields=["hotline", "report_id"], condition=models.Q(report_id__isnull=False), name="exchange_of_report"
            ),
            models.Index(fields=["hotline", "item"], condition=models.Q(side="reporting"), name="exchange_own_item"),
        ]

    def __str__(self) -> str:
        return f"exchange {self.pk}"

    @property
    def ours(self) -> Side:
        """Return our side."""
        return cast("Side", self.side)


class ExchangeMessage(models.Model):
    """One message of an exchange, ours or the peer's. `details` are as they travel.

    Ours is sent until the peer has signed a `receipt` for it; `problem` says why it has none yet.
    """

    hotline = to_hotline()
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="messages", db_index=False)
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=9)
    number = models.PositiveSmallIntegerField()
    seen = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    what = models.CharField(max_length=12, blank=True, default="")
    about = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    details = models.JSONField(default=dict)
    stored_at = models.DateTimeField()
    # When somebody here last wanted it sent; in the future while it can still be undone, or is put off.
    waits_since = models.DateTimeField(null=True)
    by = to_person(null=True)  # empty: the peer, or a rule
    state = models.CharField(max_length=8)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=100, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    receipt = models.JSONField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exchange", "side", "number"], name="exchange_message_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["peer", "id"], condition=models.Q(state="waiting"), name="exchange_message_waits"),
            models.Index(fields=["hotline", "id"], condition=models.Q(state="held"), name="exchange_message_held"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of exchange {self.exchange_id}"

    @property
    def step(self) -> Step:
        """Return what the state of the exchange depends on."""
        return Step(cast("Side", self.side), self.number, self.seen, cast("Kind", self.kind), self.what, self.about)

    def is_untouched(self, now: datetime) -> bool:
        """Return whether it still waits for the first time, so that its author can undo it: whatever was tried or put off may have arrived."""
        is_first = self.state == WAITING and not self.tries and not self.problem
        return is_first and self.waits_since is not None and self.waits_since > now
