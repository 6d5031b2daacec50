"""How the rows of other slices belong to a hotline and to people.

No index of their own: each index of a table begins with the hotline, and nobody looks rows up by the person alone.
"""

from typing import Any

from django.db import models


def to_hotline() -> Any:
    """The hotline that a row belongs to."""
    return models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)


def to_person(**options: Any) -> Any:
    """An account that had a part in a row."""
    return models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False, **options)
