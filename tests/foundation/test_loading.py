"""The collector rests while code is loaded, and is as it was afterwards."""

import gc

from leeward.foundation.loading import loading


def test_it_rests_within_and_afterwards_only_where_it_did_before() -> None:
    before = gc.get_freeze_count()
    try:
        with loading():
            with loading():
                assert not gc.isenabled()
            assert not gc.isenabled(), "the outer one has not ended"
        assert gc.isenabled()
        assert gc.get_freeze_count() > before
    finally:
        gc.enable()
