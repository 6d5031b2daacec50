"""While tests run, SQLite refuses the values that PostgreSQL refuses: each of these is one that only PostgreSQL would have refused."""

from typing import Any

import pytest
from django.db import DataError, models, transaction

from leeward.people.models import Hotline, Portal
from tests.personas import Cast
from tests.postgres_limits import check

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Hotline, {"country": "JAM"}),
        (Hotline, {"name": "Hotline of\0Jamaica"}),
        (Portal, {"languages": ["e\0n"]}),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, model: type[models.Model], values: dict[str, Any]) -> None:
    row = model._default_manager.get(pk=cast.hotline_id if model is Hotline else cast.portal_id)
    for name, value in values.items():
        setattr(row, name, value)
    for write in (row.save, lambda: model._default_manager.filter(pk=row.pk).update(**values)):
        with pytest.raises((DataError, ValueError)), transaction.atomic():
            write()


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (models.PositiveSmallIntegerField(), 32767, 32768),
        (models.IntegerField(), -(2**31), 2**31),
        (models.BigIntegerField(), 2**63 - 1, 2**63),
        (models.CharField(max_length=2), "éé", "ééé"),
        (models.TextField(), "x" * 100_000, "\0"),
    ],
)
def test_the_limit_itself_fits(field: "models.Field[Any, Any]", good: object, bad: object) -> None:
    check(field, good)
    with pytest.raises(DataError):
        check(field, bad)
