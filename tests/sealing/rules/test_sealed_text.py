"""A sealed text opens with its own key in its own place, and nowhere else."""

import base64

import pytest

from leeward.sealing.rules.sealed_text import (
    KEY_BYTES,
    NAME_BYTES,
    PREFIX,
    SALT_BYTES,
    STEP_BYTES,
    Unopened,
    is_sealed,
    names_in,
    open_text,
    own_names_in,
    seal_text,
)

KEY, NAME, PLACE = bytes(range(32)), bytes(range(16)), "intake_report.text"
KEYS = {NAME: KEY}


def sealed(text: str = "I found a bad page.") -> str:
    return seal_text(text, key=KEY, name=NAME, place=PLACE)


@pytest.mark.parametrize(
    "text", ["I found a bad page.", "é" * 1000, "\ud800 half a letter", "x" * 64, "\u202eright to left"]
)
def test_what_is_sealed_opens_as_it_was(text: str) -> None:
    assert open_text(sealed(text), keys=KEYS, place=PLACE) == text


def test_it_names_its_key_and_shows_no_word() -> None:
    assert is_sealed(sealed())
    assert names_in(sealed()) == [NAME]
    assert "bad" not in sealed()
    assert "=" not in sealed()


def test_plain_text_and_other_values_are_not_sealed() -> None:
    assert [is_sealed(value) for value in ("", "sealed", None, 1, b"sealed1.")] == [False] * 5


def test_the_form_is_the_one_that_is_in_databases() -> None:
    assert sealed("a page") == (
        "sealed1.AAECAwQFBgcICQoLDA0ODw.eZgyUMqDptETYVxhr0NOJ_ix8_XhrVtc7Pj8Eio1dVxyCAht0e48XZ2BWC"
        "RkDgA8m6D2Xt5dWc4NKkp_MZVazZqujoRtMJ-jU2zbmlQ0CNM"
    )
    assert (KEY_BYTES, NAME_BYTES, SALT_BYTES, STEP_BYTES, PREFIX) == (32, 16, 16, 64, "sealed1.")


@pytest.mark.parametrize(("letters", "body"), [(1, 64), (64, 64), (65, 128), (128, 128)])
def test_lengths_are_rounded_up(letters: int, body: int) -> None:
    raw = sealed("x" * letters).rpartition(".")[2]
    assert len(base64.urlsafe_b64decode(raw + "==")) == body + 16


@pytest.mark.parametrize(
    ("key", "place", "name"),
    [(bytes(32), PLACE, NAME), (KEY, "intake_report.contact", NAME), (KEY, PLACE, bytes(16)), (KEY[:31], PLACE, NAME)],
)
def test_another_key_another_place_and_another_name_do_not_open_it(key: bytes, place: str, name: bytes) -> None:
    moved = sealed().replace(sealed().split(".")[1], base64.urlsafe_b64encode(name).decode().rstrip("="))
    with pytest.raises(Unopened):
        open_text(moved, keys={name: key}, place=place)


@pytest.mark.parametrize(
    "damaged", ["sealed1.", "sealed1.x.y", "sealed1.AAECAwQFBgcICQoLDA0ODw", "sealed1.AAEC.AAEC", "sealed1.é.é"]
)
def test_what_is_no_sealed_text_names_no_key(damaged: str) -> None:
    with pytest.raises(Unopened):
        names_in(damaged)
    with pytest.raises(Unopened):
        open_text(damaged, keys=KEYS, place=PLACE)


def test_a_changed_letter_is_noticed() -> None:
    last = sealed()[-10]
    with pytest.raises(Unopened):
        open_text(sealed()[:-10] + ("A" if last != "A" else "B") + sealed()[-9:], keys=KEYS, place=PLACE)


def test_a_stray_letter_is_noticed_too() -> None:
    with pytest.raises(Unopened):
        open_text(sealed()[:-10] + "!!!!" + sealed()[-10:], keys=KEYS, place=PLACE)


def test_it_opens_whatever_letter_it_ends_with() -> None:
    ends = set()
    for number in range(400):
        text = f"{number}" * 40
        whole = sealed(text[:100])
        ends.add(whole[-1])
        assert open_text(whole, keys=KEYS, place=PLACE) == text[:100]
    assert len(ends) == 64


def test_what_is_added_stands_below_and_needs_its_own_key() -> None:
    other, name = bytes(32), bytes(16)
    more = seal_text("It is still there.", key=other, name=name, place=PLACE)
    whole = f"{sealed()} {more}"
    assert names_in(whole) == [NAME, name]
    both = {NAME: KEY, name: other}
    assert open_text(whole, keys=both, place=PLACE) == "I found a bad page.\n\nIt is still there."
    for held in (KEYS, {name: other}):
        with pytest.raises(Unopened):
            open_text(whole, keys=held, place=PLACE)
    with pytest.raises(Unopened):
        names_in(f"{whole} x")


def test_texts_with_a_key_together_open_with_it_each_in_a_form_of_its_own() -> None:
    salts = bytes(16), bytes(range(16, 32))
    one, other = (seal_text("A note.", key=KEY, name=NAME, place=PLACE, salt=salt) for salt in salts)
    assert one == (
        "sealed1.AAECAwQFBgcICQoLDA0ODw~AAAAAAAAAAAAAAAAAAAAAA.azvDA0blH14Sg-mV1mESoX_z9m3cZ5Yismfy"
        "m8Ua3tHO5OO2tKitKLrSnG0nJk6zbqUO06vWdGtbwkum5N-x5wW3xr6Ib58aHFnjaPIIAZI"
    )
    assert one.rpartition(".")[2] != other.rpartition(".")[2]
    for text in (one, other):
        assert names_in(text) == [NAME]
        assert own_names_in(text) == []
        assert open_text(text, keys=KEYS, place=PLACE) == "A note."
    assert own_names_in(sealed()) == [NAME]
    assert own_names_in(f"{one} {sealed()}") == [NAME]
    swapped = one.rpartition(".")[0] + "." + other.rpartition(".")[2]
    for damaged in (swapped, one.replace("~", "~AA"), one.replace("~AAAA", "~", 1), sealed().replace("Dw.", "Dw~.")):
        with pytest.raises(Unopened):
            open_text(damaged, keys=KEYS, place=PLACE)
    with pytest.raises(Unopened):
        own_names_in("sealed1.x.y")
