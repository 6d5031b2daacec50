"""The catalogue of a hotline: entries, their review, whether their address still answers; and partners' catalogues."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.awareness.rules.entries import MOST_ADDRESS, MOST_LICENCE, MOST_PUBLISHER, MOST_SOURCE, MOST_TITLE
from leeward.awareness.rules.partners import READINGS
from leeward.awareness.rules.standing import LINKS
from leeward.awareness.rules.vocabulary import FORMS
from leeward.people.foreign_keys import to_hotline, to_person


class Resource(models.Model):
    """One entry. `audiences`, `topics` and `languages` are words with a space before and after each.

    `verdict` and `answers` are those of the last review; a change of title or address takes it away. `sha256` is that of the
    key that makes two entries the same (`rules/entries.py`).
    """

    hotline = to_hotline()
    title = models.CharField(max_length=MOST_TITLE)
    publisher = models.CharField(max_length=MOST_PUBLISHER, blank=True, default="")
    address = models.CharField(max_length=MOST_ADDRESS)
    sha256 = models.CharField(max_length=64)
    audiences = models.CharField(max_length=80, default=" ")
    age_from = models.PositiveSmallIntegerField(null=True)
    age_to = models.PositiveSmallIntegerField(null=True)
    topics = models.CharField(max_length=100, default=" ")
    languages = models.CharField(max_length=300, default=" ")
    form = models.CharField(max_length=10, choices=[(one, one) for one in FORMS], default="page")
    licence = models.CharField(max_length=MOST_LICENCE, blank=True, default="")
    source = models.CharField(max_length=MOST_SOURCE, blank=True, default="")
    verdict = models.CharField(max_length=8, blank=True, default="")
    answers = models.JSONField(default=dict)
    note = models.CharField(max_length=400, blank=True, default="")
    reviewed_by = to_person(null=True)
    reviewed_at = models.DateTimeField(null=True)
    link = models.CharField(max_length=10, choices=[(one, one) for one in LINKS], default="unchecked")
    misses = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "sha256"], name="resource_once")]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "title", "id"], name="resource_title"),
            models.Index(fields=["hotline", "verdict", "title", "id"], name="resource_verdict"),
        ]

    def __str__(self) -> str:
        return f"resource {self.pk}"


class Partner(models.Model):
    """Another's catalogue that is read regularly. `offered` is a table (`rules/sheet.py`) of what ours did not have then;
    a person takes it in, or nobody does. `new` counts all that was new, `left_out` what can't be entries.
    """

    hotline = to_hotline()
    name = models.CharField(max_length=MOST_PUBLISHER)
    address = models.CharField(max_length=MOST_ADDRESS)
    is_oai = models.BooleanField(default=False)
    reading = models.CharField(max_length=12, choices=[(one, one) for one in READINGS], default="unread")
    read_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    offered = models.TextField(blank=True, default="")
    new = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "address"], name="partner_catalogue_once")]

    def __str__(self) -> str:
        return f"partner catalogue {self.pk}"
