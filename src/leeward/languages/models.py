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
