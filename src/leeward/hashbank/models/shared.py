"""How every row belongs to its hotline. Each index begins with the hotline, so the key needs none of its own."""

from typing import Any

from django.db import models


def to_hotline() -> Any:
    """The hotline that a row belongs to."""
    return models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
