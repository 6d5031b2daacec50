"""After an older backup was restored by mistake, the newer one can be restored yet, with its words."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.backup.models import Restoration
from leeward.sealing import services, store
from leeward.sealing.key_copy import DataKeyRow
from leeward.site.tasks import sweep_word_keys

pytestmark = pytest.mark.django_db


def test_keys_of_what_came_in_after_the_restored_backup_are_let_be() -> None:
    now = datetime.now(UTC)
    services.settle(now)
    services.sweep(is_certain=True)  # keys of tests before this one, however many
    today = store.today()
    store.put([DataKeyRow(bytes([day]) * 16, b"wrapped", "0" * 16, today - day) for day in (9, 6, 5, 3)])
    Restoration.objects.create(
        backup_at=now - timedelta(days=6), restored_at=now - timedelta(days=4), confirmed_at=now - timedelta(days=4)
    )
    sweep_word_keys()
    assert {today - row.day for row in store.every_row()} >= {6, 5}
    assert not {today - row.day for row in store.every_row()} & {9, 3}
    services.go_on_as_it_is()
    assert not {today - row.day for row in store.every_row()} & {6, 5}, "a person who has looked says that all is right"
