"""What others say of our clock: few are enough where they agree, and one that lies is outvoted."""

import pytest

from leeward.hosting.rules.stated_times import AGREE_SECONDS, Ahead, ahead_by


@pytest.mark.parametrize(
    ("voices", "ahead"),
    [
        ([], None),
        ([(600.0, 601.0)], None),
        ([(600.0, 601.0), (-1.0, 0.0)], None),
        ([(600.0, 601.0), (630.0, 631.0)], 600.0),
        ([(-601.0, -600.0), (-631.0, -630.0)], -600.0),
        ([(300.0, 301.0), (301.0, 302.0), (-5.0, -4.0)], 300.0),
        ([(-1.0, 0.0), (0.0, 1.0), (7200.0, 7201.0)], 0.0),
        ([(600.0, 600.0), (600.0, 600.0), (0.0, 0.0), (1.0, 1.0)], None),
        ([(0.0, 0.0), (100.0, 100.0 + AGREE_SECONDS), (-100.0, -100.0)], None),
        ([(100.0, 100.0), (100.0 + AGREE_SECONDS, 200.0)], 100.0),
        ([(100.0, 100.0), (100.5 + AGREE_SECONDS, 200.0)], None),
        ([(-100.0, -100.0), (-200.0, -100.0 - AGREE_SECONDS)], -100.0),
        ([(-100.0, -100.0), (-200.0, -100.5 - AGREE_SECONDS)], None),
        ([(500.0, 600.0), (-30.0, 700.0)], 500.0),
    ],
)
def test_a_clock_is_off_by_what_most_say(voices: list[Ahead], ahead: float | None) -> None:
    assert ahead_by(voices) == ahead
