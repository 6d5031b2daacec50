"""Lists, their entries, imports from partners, appeals, and names that must never be listed.

Each list on a page is a scan along one index; it must work with a million entries.
"""

# mypy: disable-error-code="django-manager-missing"

from typing import Any

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person
from leeward.sealing.fields import SealedText

KINDS = ("national", "worst_of", "partner")
STATES = ("proposed", "approved", "suspended", "removed", "refused")
OPEN = ("proposed", "approved", "suspended")
TRIED = ("", "notice", "exchange")
ENDINGS = ("", "gone", "withdrawn", "appeal", "asked", "nobody", "case", "partner", "expired")
NAME_KINDS = ("platforms", "popular", "government")


def no_names() -> list[Any]:
    """Return an empty list; within `Entry`, `list` is a column."""
    return []


class BlockList(models.Model):
    """A list that subscribers load. `source` names the partner, if the list is imported unchanged.

    `agreement`: what its operators agreed to block where no law applies, with its date; empty if there is none.
    """

    hotline = to_hotline()
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    country = models.CharField(max_length=2)
    source = models.CharField(max_length=80, blank=True, default="")
    agreement = models.CharField(max_length=300, blank=True, default="")
    review_days = models.PositiveSmallIntegerField(default=90)
    is_open = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "name"], name="block_list_once")]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """An imported file of a partner: its number of lines, and what they changed."""

    hotline = to_hotline()
    list = models.ForeignKey(BlockList, on_delete=models.CASCADE, related_name="imports")
    source = models.CharField(max_length=80)
    form = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    good = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    by = to_person(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"import {self.pk}"


class Entry(models.Model):
    """One line of a list, from its proposal to its end.

    `base` is its basis from `laws.rules.basis`, empty on a partner's list; `basis` is the wording. `digest` is that of
    its expression, used in look-ups. `case_id` is not a foreign key, because cases belong to a higher layer.
    `case_people` were involved in the case, so they must not decide the entry's appeal.
    """

    hotline = to_hotline()
    list = models.ForeignKey(BlockList, on_delete=models.PROTECT, related_name="entries", db_index=False)
    case_id = models.BigIntegerField(null=True)
    case_reference = models.CharField(max_length=20, blank=True, default="")
    case_people = models.JSONField(default=no_names)
    location = models.ForeignKey(
        "hosting.Location", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    scope = models.CharField(max_length=6)
    address = models.TextField(blank=True, default="")
    comparable = models.TextField()
    host = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True, default="")
    base = models.CharField(max_length=9, blank=True, default="")
    basis = models.CharField(max_length=500, blank=True, default="")
    basis_version = models.CharField(max_length=80, blank=True, default="")
    tried_by = models.CharField(max_length=10, blank=True, default="")
    tried_at = models.DateTimeField(null=True)
    confirmed_by = models.JSONField(default=no_names)

    source = models.CharField(max_length=80, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    imported = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES])
    state_at = models.DateTimeField()
    ending = models.CharField(max_length=10, blank=True, default="")
    ending_comment = SealedText(blank=True, default="", together=True)
    proposed_by = to_person(null=True)
    proposed_at = models.DateTimeField()
    approved_by = to_person(null=True)
    approved_at = models.DateTimeField(null=True)
    review_on = models.DateField()
    misses = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    check_outcome = models.CharField(max_length=12, blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list", "digest", "scope"], condition=models.Q(state__in=OPEN), name="entry_once"
            )
        ]
        indexes = [
            models.Index(fields=["hotline", "list", "state", "-id"], name="entry_by_state"),
            models.Index(fields=["list", "-id"], name="entry_newest"),
            models.Index(fields=["list", "scope", "-id"], name="entry_by_scope"),
            models.Index(fields=["hotline", "id"], condition=models.Q(state="proposed"), name="entry_queue"),
            models.Index(fields=["hotline", "host"], name="entry_host"),
            models.Index(fields=["hotline", "digest"], name="entry_digest"),
            models.Index(
                fields=["hotline", "case_id"], condition=models.Q(case_id__isnull=False), name="entry_of_case"
            ),
            models.Index(
                fields=["hotline", "location"], condition=models.Q(location__isnull=False), name="entry_of_location"
            ),
            models.Index(
                fields=["hotline", "review_on"],
                condition=models.Q(state="approved", source=""),
                name="entry_review_due",
            ),
            models.Index(
                fields=["list", "checked_at", "id"], condition=models.Q(state="approved"), name="entry_check_due"
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class BlockAppeal(models.Model):
    """A request from outside to lift an entry.

    `outside_id` is the requester's own request; `portal` is where it was made, whose time limit sets `due_at`.
    `is_stranded`: at the last check every supervisor was involved or away, so an administrator answers. `nobody_since`:
    since when no administrator could answer either; None if somebody can.
    """

    hotline = to_hotline()
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="appeals")
    outside_id = models.BigIntegerField()
    relation = models.CharField(max_length=10)
    text = SealedText(blank=True, default="")
    state = models.CharField(max_length=10, default="open")
    is_stranded = models.BooleanField(default=False)
    nobody_since = models.DateTimeField(null=True)
    portal = models.ForeignKey("people.Portal", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    decided_by = to_person(null=True)
    decided_at = models.DateTimeField(null=True)
    reasons = models.TextField(blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "outside_id"], name="block_appeal_once")]
        indexes = [models.Index(fields=["hotline", "state", "id"], name="block_appeal_open")]

    def __str__(self) -> str:
        return f"block appeal {self.pk}"


class NameList(models.Model):
    """A dated list of names that limit what may be listed: shared platforms, popular sites, the government's. The
    newest of each kind applies.
    """

    hotline = to_hotline()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in NAME_KINDS])
    as_of = models.DateField()
    source = models.CharField(max_length=200)
    content = models.TextField()
    names = models.PositiveIntegerField()
    by = to_person(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "kind", "-id"], name="name_list_newest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.as_of}"
