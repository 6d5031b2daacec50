"""The keys of places, and of the address that several of them have."""

import pytest

from leeward.casework.queue.services.apart import split_place
from leeward.hosting.rules.keys import WITHOUT_ADDRESS, address_key, key_of
from leeward.intake.rules.where import IN_WORDS

PAGE = "harbour.example/a b"


@pytest.mark.parametrize(
    ("kind", "comparable", "key"),
    [
        ("url", PAGE, key_of("url", PAGE)),
        ("onion", PAGE, key_of("url", PAGE)),
        ("url", f"{PAGE} {split_place(12)}", key_of("url", f"{PAGE} {split_place(12)}")),
        ("url", PAGE, key_of("url", f"portal:3:{PAGE}")),
        ("url", PAGE, key_of("url", "report:7:9")),
    ],
)
def test_places_of_one_address_have_one_key(kind: str, comparable: str, key: str) -> None:
    assert address_key(kind, comparable, key) == key_of("url", PAGE)


@pytest.mark.parametrize("other", ["harbour.example/a", f"{PAGE} split:", f"{PAGE} split:1 more", f"{PAGE}\n"])
def test_another_address_has_another(other: str) -> None:
    assert address_key("url", other, key_of("url", other)) != key_of("url", PAGE)


def test_words_are_no_address() -> None:
    assert set(WITHOUT_ADDRESS) == set(IN_WORDS)
    assert {address_key(kind, "at home", f"key of {kind}") for kind in IN_WORDS} == {
        f"key of {one}" for one in IN_WORDS
    }


def test_only_the_last_mark_sets_a_place_apart() -> None:
    """An address may end like one."""
    assert address_key("url", f"{PAGE} split:1 split:2", "") == key_of("url", f"{PAGE} split:1")
