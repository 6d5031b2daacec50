"""Every reader of text from outside takes time in proportion to its length (`tests/contracts/growth`)."""

import pytest

from tests.contracts.growth import MOST_RATIO, Reader, cost, fetched, letters, lists, ratio, typed

READERS = [*typed.READERS, *fetched.READERS, *letters.READERS, *lists.READERS]


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_reading_takes_time_in_proportion_to_length(reader: Reader) -> None:
    found = {
        name: ratio(reader.read, shape, least=reader.least, most=reader.most) for name, shape in reader.shapes.items()
    }
    assert not {name: times for name, times in found.items() if times > MOST_RATIO}


def test_the_measure_sees_what_tries_again_and_again() -> None:
    import re

    slow = re.compile(r"[ ]*\n")
    assert ratio(slow.search, lambda size: " " * size) > MOST_RATIO
    assert ratio(lambda text: text.strip(), lambda size: " " * size) <= MOST_RATIO
    assert cost(lambda text: 1 / 0, "") >= 0
