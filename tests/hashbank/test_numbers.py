"""Numbers of rows and hotlines as large as they are after restorings."""

import pytest
from django_scopes import scope

from leeward.backup.rules.jumps import ROWS, ROWS_DRAWN
from leeward.foundation.actor import Actor
from leeward.hashbank.hma.queries import CONTENT_FROM
from leeward.hashbank.queries import known
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record
from leeward.people.models import Hotline
from tests.hashbank.conftest import bits_off, picture_code
from tests.personas import Cast


@pytest.mark.django_db
def test_the_bank_of_a_hotline_that_was_opened_after_restorings_answers(cast: Cast) -> None:
    hotline = Hotline.objects.get(pk=cast.hotline_id)
    hotline.pk, hotline.slug, hotline.name = 100 * ROWS_DRAWN, "later", "Hotline of later"
    hotline.save(force_insert=True)
    code = picture_code(1)
    with scope(hotline=hotline.pk):
        record = add_record([Hash("pdq", code, 90)], actor=Actor("command"))
        assert [row.record_id for row in known([Hash("pdq", bits_off(code, 3))])] == [record]


def test_records_and_contents_of_programs_stay_apart_for_a_hundred_restorings() -> None:
    assert 100 * (2 * ROWS + ROWS_DRAWN) < CONTENT_FROM
