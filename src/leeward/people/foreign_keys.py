"""Foreign keys with which other slices refer to hotlines and people.

They have no index of their own: every index of a table begins with the hotline, and nobody looks up rows by person
alone.
"""

from typing import Any

from django.db import models


def to_hotline() -> Any:
    """Return a foreign key to the hotline that owns the row."""
    return models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)


def to_person(**options: Any) -> Any:
    """Return a foreign key to an account that had a part in the row."""
    return models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False, **options)
