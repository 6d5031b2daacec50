"""While tests run, nothing writes the name or the address of a member of the cast into a field from which erasing would not take it.

So every test of an act tells whether a name is kept by it, also where nobody thought of erasing: who did something is kept by number.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db import models

from leeward.administration.processing import record
from tests.personas import ROLES

NAMES = frozenset(name.capitalize() for name in (*ROLES, "dora"))
OTHERS = ("trainee",)  # people of their own kind, erased as such: a test may call one as it likes
ADDRESS = re.compile(r"@staff\.example\b")


def refuse_names_that_stay() -> None:
    """From now on no field takes one that the record does not name with what erases it."""
    written = models.Field.get_db_prep_save
    allowed = record.erasers().keys() | {path for path, kind in record.texts().items() if kind in OTHERS}

    def checked(field: "models.Field[Any, Any]", value: Any, connection: Any) -> Any:
        if isinstance(value, (str, list, dict)) and hasattr(field, "model") and names_staff(value):
            path = f"{field.model._meta.label}.{field.name}"
            assert path in allowed, f"{path}: erasing a member of staff would leave {value!r:.100}"
        return written(field, value, connection)

    models.Field.get_db_prep_save = checked


def names_staff(value: Any) -> bool:
    """Whether a value is a name of the cast, or has one as a value of its own, or an address of theirs."""
    if isinstance(value, str):
        return value in NAMES or bool(ADDRESS.search(value))
    return any(names_staff(one) for one in _parts(value))


def _parts(value: Any) -> Iterable[Any]:
    return (*value, *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
