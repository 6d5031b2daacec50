"""On SQLite, what PostgreSQL would refuse of a value that is written: too long a text, one with a NUL, too large a number.

So every test tells whether its values fit, also those that run on SQLite only (`on_postgres.py`).
"""

from typing import Any

from django.db import DataError, models
from django.db.backends.base.operations import BaseDatabaseOperations


def refuse_what_postgres_does() -> None:
    """From now on no field writes what PostgreSQL would not take."""
    written = models.Field.get_db_prep_save

    def checked(field: "models.Field[Any, Any]", value: Any, connection: Any) -> Any:
        prepared = written(field, value, connection)
        if hasattr(field, "model"):  # a column's; a calculation's may be larger on its way
            check(field, prepared)
        return prepared

    models.Field.get_db_prep_save = checked


def check(field: "models.Field[Any, Any]", value: Any) -> None:
    """Raise DataError where a value does not fit into a field's column."""
    match value:
        case str():
            nul = "\\u0000" if isinstance(field, models.JSONField) else "\0"
            if nul in value:
                raise DataError(f"{field} with a NUL: {value[:100]!r}")
            if isinstance(field, models.CharField) and field.max_length is not None and len(value) > field.max_length:
                raise DataError(f"{field} of {len(value)} characters: {value[:100]!r}")
        case int() if limits := BaseDatabaseOperations.integer_field_ranges.get(field.get_internal_type()):
            if not limits[0] <= value <= limits[1]:
                raise DataError(f"{field} of {value}")
