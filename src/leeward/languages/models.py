"""What native speakers made of machine-made texts. Of the whole installation: hotlines that share a language share its texts."""

from django.db import models


class ReviewedText(models.Model):
    """One text as a person has confirmed or changed it; it goes before the catalogue's."""

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
    """A person said that a language's texts were read through."""

    language = models.CharField(max_length=16, db_index=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.language} by {self.by}"


class TextProposal(models.Model):
    """Shared texts as somebody wants them: what (`texts`, key -> forms, none for our catalogue's; or `reader`, who has read a language
    through), why, by whom of which hotline; and what two people of the hotline that runs the installation made of it."""

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
