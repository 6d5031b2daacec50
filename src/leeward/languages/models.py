"""Native speakers' corrections of machine translations. They belong to the whole installation: hotlines that use a
language share its texts."""

from django.db import models


class ReviewedText(models.Model):
    """One text as a person confirmed or changed it; it takes precedence over the catalogue."""

    language = models.CharField(max_length=16)
    key = models.CharField(max_length=32)
    forms = models.JSONField(default=list)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "key"], name="text_reviewed_once")]

    def __str__(self) -> str:
        return f"{self.language} {self.key[:8]}"


class LanguageReview(models.Model):
    """A person's statement that a language was reviewed completely."""

    language = models.CharField(max_length=16, db_index=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.language} by {self.by}"


class TextProposal(models.Model):
    """A proposed change of shared texts: what (`texts`, key -> forms, none for the catalogue's; or `reader`, who has
    reviewed a language), why, by whom of which hotline; and the decision by two people of the hotline that runs the
    installation."""

    language = models.CharField(max_length=16)
    kind = models.CharField(max_length=8, choices=[("texts", "texts"), ("reading", "reading")])
    texts = models.JSONField(default=dict)
    reader = models.CharField(max_length=120, blank=True, default="")
    why = models.CharField(max_length=500, blank=True, default="")
    proposed_in = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting", db_index=True)
    endorsed_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    endorsed_in = models.ForeignKey("people.Hotline", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True, default="")

    def __str__(self) -> str:
        return f"proposal {self.pk} for {self.language}"
