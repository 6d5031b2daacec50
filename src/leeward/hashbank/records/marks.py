"""Marks of what two people decide about a hash, kept in one row that another proposal overwrites."""

from leeward.hashbank.models import Quarantine
from leeward.people.rules.reading import mark_of


def mark_of_aside(row: Quarantine) -> str:
    """Return a mark of the proposal to set a hash aside."""
    return mark_of(row.pk, row.aside_by, row.aside_at, row.aside_why)


def mark_of_back(row: Quarantine) -> str:
    """Return a mark of the proposal to use a hash again."""
    return mark_of(row.pk, row.back_by, row.back_at, row.back_why)
