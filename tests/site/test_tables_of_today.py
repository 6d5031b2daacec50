"""A start that finds the tables as they should be."""

import pytest

from leeward.site.start import prepare_database


@pytest.mark.django_db
def test_it_asks_what_was_migrated_and_builds_nothing(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4):
        prepare_database()
