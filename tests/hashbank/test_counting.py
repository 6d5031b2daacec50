"""Counting hashes by kind: what was counted once is not counted again, and what came after it is."""

from typing import Any

from django.db import connection
from django_scopes import scope

from leeward.hashbank.models import HashCount, RecordHash
from leeward.hashbank.queries import records
from leeward.hashbank.records.services.counting import count_hashes, hashes_by_kind
from tests.hashbank.conftest import Desk, file_hashes
from tests.personas import Cast

KINDS = ("md5", "sha256", "pdq", "photodna")


def test_hashes_are_counted_once_and_those_of_another_hotline_never(
    bank: Desk, cast: Cast, django_assert_num_queries: Any
) -> None:
    from leeward.hashbank.services import add_record

    bank.add(1)
    with scope(hotline=cast.other_hotline_id):
        add_record(file_hashes("theirs"), actor=cast["dora"].actor)
    assert hashes_by_kind(KINDS) == {"md5": 1, "sha256": 1, "pdq": 1, "photodna": 0}
    count_hashes()
    stored = HashCount.objects.get()
    assert (stored.last, stored.counts["md5"]) == (RecordHash._base_manager.latest("id").pk, 1)
    HashCount.objects.update(counts=stored.counts | {"md5": 101})
    bank.add(2)
    with django_assert_num_queries(2):
        assert hashes_by_kind(KINDS) == {"md5": 102, "sha256": 2, "pdq": 2, "photodna": 0}
    count_hashes()
    count_hashes()
    assert hashes_by_kind(KINDS)["md5"] == 102, "what was counted before was not counted again"
    assert hashes_by_kind([]) == {}


def test_the_list_of_records_is_read_in_the_order_of_an_index(bank: Desk) -> None:
    if connection.vendor == "sqlite":
        for state in ("", "confirmed"):
            assert "TEMP B-TREE" not in records(state)[:50].explain()
