"""Letters to our own staff: each kind can be kept, also by PostgreSQL, which refuses what is too long for its column."""

from leeward.notices.models import StaffNote
from leeward.notices.staff import WHATS


def test_every_kind_of_letter_fits_its_column() -> None:
    most = StaffNote._meta.get_field("what").max_length
    assert most is not None
    assert [kind for kind in WHATS if len(kind) > most] == []
