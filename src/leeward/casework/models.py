"""The case, and an import of the tables of every room of the desk.

Tables are designed for a million cases: every list has its index, and foreign keys that no list starts from have none.
"""

from django.db import models
from django_scopes import ScopedManager

import leeward.casework.bulk.models  # noqa: F401 - the tables about several cases at once
from leeward.casework.acting.models import Part, PendingAction
from leeward.casework.appeals.models import Appeal, AppealReply
from leeward.casework.assessment.models import AlteredFile, Assessment, Draft, SampledAssessment
from leeward.casework.exposure.models import DeskDay, DeskLimits, View
from leeward.casework.merging.models import Merging
from leeward.casework.rules.blindness import SECOND, hides_first, is_barred, is_blind, is_disputed
from leeward.casework.rules.states import FIRST_STATE, PREPARING
from leeward.casework.timeline.models import Note
from leeward.people.foreign_keys import to_hotline
from leeward.people.rules.reading import mark_of
from leeward.sealing.fields import SealedText

__all__ = [
    "AlteredFile",
    "Appeal",
    "AppealReply",
    "Assessment",
    "Case",
    "CaseItem",
    "CaseSequence",
    "DeskDay",
    "DeskLimits",
    "Draft",
    "Merging",
    "Note",
    "Part",
    "PendingAction",
    "SampledAssessment",
    "View",
]


class CaseSequence(models.Model):
    """The last number assigned to a case of a hotline in a year; whoever opens the next case locks it."""

    hotline = to_hotline()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "year"], name="case_sequence_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Case(models.Model):
    """The work on one canonical location; many reports can join it.

    `lane` and `priority` are derived from state, flags and clock; they are stored so that every view of the queue is
    one walk along one index. `cycle` counts how often the work began again; assessments of earlier cycles are kept, but
    no longer count.
    """

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=20)
    location = models.ForeignKey("hosting.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=20, default=FIRST_STATE)
    lane = models.CharField(max_length=12, default=PREPARING.name)
    priority = models.BigIntegerField()
    urgent = models.BooleanField(default=False)
    # When it became urgent, and when everything urgent was passed on to the police (or an act that can still be undone
    # did so).
    urgent_since = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    # Who has said that what a reporter called urgent is not urgent: a second person confirms it.
    not_urgent_by = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Which member of staff marked it as urgent: they alone can take that back, as long as nobody else calls it urgent.
    marked_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    known = models.BooleanField(default=False)
    appealed = models.BooleanField(default=False)
    returned = models.BooleanField(default=False)
    held_until = models.DateTimeField(null=True)
    news_at = models.DateTimeField(null=True)
    report_count = models.PositiveIntegerField(default=0)
    place = models.CharField(max_length=8, default="unknown")
    country = models.CharField(max_length=2, default="")
    language = models.CharField(max_length=12, default="")
    source = models.CharField(max_length=10, default="form")
    # The urgent case whose message to the police also names this one's address: this case has priority while that one
    # is urgent.
    named_with = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    claimed_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    claimed_until = models.DateTimeField(null=True)
    first_assessor = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cycle = models.PositiveSmallIntegerField(default=1)
    second_assessor = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    in_adjudication = models.BooleanField(default=False)
    acted_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    outcome = models.CharField(max_length=12, default="")
    close_reason = models.PositiveSmallIntegerField(null=True)
    close_comment = SealedText(default="", together=True)

    received_at = models.DateTimeField()
    first_assessed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    police_told_at = models.DateTimeField(null=True)
    host_told_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    @property
    def goes_first(self) -> bool:
        """Return whether it has priority over others: it is urgent, or an urgent report names it beside an urgent case."""
        return self.urgent or self.named_with_id is not None

    @property
    def mark(self) -> str:
        """Return a mark of what its page shows of the work on it: by an older page nobody decides over what colleagues did or what came in
        since."""
        return mark_of(
            self.holder_mark,
            (self.outcome, self.close_reason, self.decided_at, self.closed_at, self.merged_into_id),
            (self.urgent, self.urgent_since, self.passed_at, self.not_urgent_by_id, self.held_until),
            (self.police_told_at, self.host_told_at, self.removed_at, self.returned, self.appealed),
            (self.news_at, self.report_count),
        )

    @property
    def holder_mark(self) -> str:
        """Return a mark of who holds it in which state: what takes it away from somebody names by it whom the page showed."""
        return mark_of(self.pk, self.cycle, self.state, self.claimed_by_id)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hotline", "reference"], name="case_reference_once"),
            models.UniqueConstraint(fields=["hotline", "location"], name="case_location_once"),
        ]
        indexes = [
            models.Index(fields=["hotline", "lane", "priority", "id"], name="case_lane"),
            models.Index(fields=["named_with"], condition=models.Q(named_with__isnull=False), name="case_named"),
            models.Index(fields=["hotline", "state", "-id"], name="case_state"),
            models.Index(fields=["hotline", "-id"], name="case_newest"),
            models.Index(
                fields=["hotline", "claimed_by"], condition=models.Q(claimed_by__isnull=False), name="case_claims"
            ),
            models.Index(
                fields=["hotline", "held_until"], condition=models.Q(held_until__isnull=False), name="case_held"
            ),
            models.Index(fields=["hotline", "-news_at"], condition=models.Q(news_at__isnull=False), name="case_news"),
            models.Index(fields=["hotline", "received_at"], name="case_received"),
            # Every column that filters use: a filtered list is one walk along this index, and never a scan of the
            # table.
            models.Index(
                fields=[
                    "hotline",
                    "-id",
                    "state",
                    "country",
                    "place",
                    "source",
                    "urgent",
                    "known",
                    "appealed",
                    "returned",
                    "claimed_by",
                    "received_at",
                ],
                name="case_narrowed",
            ),
            models.Index(fields=["hotline", "country", "-id"], name="case_country"),
            models.Index(fields=["hotline", "source", "-id"], name="case_source"),
            *(
                models.Index(fields=["hotline", "-id"], condition=models.Q(**{flag: True}), name=f"case_{flag}")
                for flag in ("urgent", "known", "appealed", "returned")
            ),
            models.Index(
                fields=["hotline", "merged_into"], condition=models.Q(merged_into__isnull=False), name="case_parts"
            ),
            models.Index(
                fields=["hotline", "removed_at"], condition=models.Q(removed_at__isnull=False), name="case_removed"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def news(self) -> bool:
        """Return whether something unread has come in."""
        return self.news_at is not None

    @property
    def waits_for_second(self) -> bool:
        """Return whether it waits for a second assessment, or for a decision between two."""
        return self.state == SECOND

    @property
    def is_blind(self) -> bool:
        """Return whether the first findings are hidden from everybody but their author."""
        return is_blind(self.state, in_adjudication=self.in_adjudication)

    @property
    def is_disputed(self) -> bool:
        """Return whether two assessments differ and nobody has decided between them yet."""
        return is_disputed(self.state, in_adjudication=self.in_adjudication)

    def hides_first_from(self, person_id: int | None) -> bool:
        """Return whether the first assessor's findings and words are hidden from this person."""
        return hides_first(
            self.state,
            in_adjudication=self.in_adjudication,
            first_assessor_id=self.first_assessor_id,
            person_id=person_id,
        )

    def bars(self, person_id: int | None) -> bool:
        """Return whether this person, as one of its two assessors, can't take it again."""
        return is_barred(
            self.state, assessor_ids=(self.first_assessor_id, self.second_assessor_id), person_id=person_id
        )


class CaseItem(models.Model):
    """One reported item, joined to the case of its location."""

    hotline = to_hotline()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="items")
    item = models.OneToOneField("intake.Item", on_delete=models.CASCADE, related_name="+")

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"item {self.item_id} of case {self.case_id}"
