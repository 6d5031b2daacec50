"""What was counted, when, and what a country typed in because no system knows it."""

from typing import Any, ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.indicators.rules.editions import MOST_NOTE
from leeward.indicators.rules.typed import MOST_SOURCE, SERIES
from leeward.indicators.rules.words import MOST_WORDS
from leeward.people.foreign_keys import to_hotline, to_person


def _to_portal() -> Any:
    return models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)


class Tally(models.Model):
    """How many of a portal's reports or cases of one month have one value in one series (`rules/marks.py`).

    Nobody changes a row by hand: each count replaces those of a month that differ.
    """

    hotline = to_hotline()
    portal = _to_portal()
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=20)
    value = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "year", "portal", "month", "series", "value"], name="tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02} {self.series}:{self.value}"


class Counted(models.Model):
    """When a hotline's reports and cases were last counted."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"counted at {self.at}"


class Publication(models.Model):
    """The figures of a portal and year as they were published: never changed, only followed by a further edition.

    `shown` are the cells as everybody sees them (null: hidden), `counted` what they were then, so that what is hidden can be
    checked against everything that was ever published of the year. `rounded`: which hidden ones everybody sees as which multiple of 5;
    null: the portal hides instead. `note` says what was corrected. `changed_at`: when it was said
    of this edition, without numbers, that some changed since, by too few for a further edition.
    """

    hotline = to_hotline()
    portal = _to_portal()
    year = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField()
    shown = models.JSONField()
    rounded = models.JSONField(null=True)
    counted = models.JSONField()
    medians = models.JSONField()
    typed = models.JSONField()
    note = models.CharField(max_length=MOST_NOTE, blank=True, default="")
    by = to_person(null=True)
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    changed_by = to_person(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "portal", "year", "edition"], name="publication_once")
        ]

    def __str__(self) -> str:
        return f"figures of {self.year}, edition {self.edition}"


class OwnWords(models.Model):
    """What a portal’s country says in its own words in the report of a year, in one language.

    One person writes them and another confirms exactly these: until then the report has those that were confirmed before.
    """

    hotline = to_hotline()
    portal = _to_portal()
    year = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=20)
    text = models.CharField(max_length=MOST_WORDS, blank=True)
    by = to_person(null=True)
    at = models.DateTimeField()
    is_confirmed = models.BooleanField(default=False)
    confirmed_by = to_person(null=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hotline", "portal", "year", "language", "is_confirmed"], name="own_words_once"
            )
        ]

    def __str__(self) -> str:
        return f"words of the report of {self.year} in {self.language}"


class HostedElsewhere(models.Model):
    """A number of a yearly series that others publish: how much was hosted in a country, as its source counts it."""

    hotline = to_hotline()
    source = models.CharField(max_length=MOST_SOURCE)
    source_date = models.DateField()
    year = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=10)
    number = models.PositiveBigIntegerField()
    by = to_person(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "source", "year", "country"], name="hosted_elsewhere_once")
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.year}, {self.country}"


class TypedFigure(models.Model):
    """A figure that somebody typed in with its source: of a year (`half` 0), or of its first or second half."""

    hotline = to_hotline()
    portal = _to_portal()
    series = models.CharField(max_length=30, choices=[(one, one) for one in SERIES])
    year = models.PositiveSmallIntegerField()
    half = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveBigIntegerField()
    source = models.CharField(max_length=MOST_SOURCE)
    source_date = models.DateField()
    by = to_person(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "portal", "series", "year", "half"], name="typed_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.series} of {self.year}"
