"""A drafter's choices: how each is read, what it is where nothing is said, and the words with which it is refused."""

from dataclasses import asdict
from typing import Any

import pytest

from leeward.laws.rules.bill_options import BadOptions, BillOptions, parse_options

# Each choice with what is taken where it is left out, and the other words that it may be.
WORDS: dict[str, tuple[str, ...]] = {
    "term": (
        "",
        "child sexual abuse material",
        "child pornography",
        "child sexual exploitation material",
        "child abuse material",
    ),
    "clauses": ("missing", "unknown", "all"),
    "style": ("", "uk", "caribbean", "pacific", "australia", "africa", "south_asia", "canada", "malta_cyprus", "civil"),
    "modal": ("must", "shall"),
    "own_images": ("own", "peers", "none"),
    "speed": ("immediately", "as_soon_as_practicable", "within_hours"),
    "privilege": ("legal_professional", "attorney_client", "none"),
    "silence": ("child_and_parent", "child", "none"),
    "solicitation": ("appendix_v", "extended", "none"),
}
TAKEN = ("knowingly", "simulated_images", "lawful_work", "reporting", "preservation", "secrecy", "hotline")
LEFT = (
    "substantial_risk",
    "proven_adult",
    "text_audio",
    "attend",
    "tools",
    "attempt",
    "reporters",
    "decoy",
    "proactive",
    "removal",
    "host",
    "blocking",
    "abroad",
    "forfeiture",
)


def _with(**changed: Any) -> dict[str, Any]:
    """Every choice as it is where nothing is said, but for those changed."""
    plain: dict[str, Any] = {name: words[0] for name, words in WORDS.items()}
    plain |= dict.fromkeys(TAKEN, True) | dict.fromkeys(LEFT, False)
    plain |= {"title": "", "reporting_entity": "", "preservation_days": None, "age_of_consent": None}
    return plain | changed


def test_what_is_left_out_is_as_the_model_has_it() -> None:
    assert asdict(parse_options({})) == asdict(BillOptions()) == _with()


@pytest.mark.parametrize("name", WORDS)
def test_a_choice_is_one_of_its_words(name: str) -> None:
    for word in WORDS[name]:
        assert asdict(parse_options({name: word})) == _with(**{name: word})
    with pytest.raises(BadOptions, match=f"^The options can't be used: {name} is 'other' and must be one of: "):
        parse_options({name: "other"})


@pytest.mark.parametrize("name", [*TAKEN, *LEFT])
def test_a_choice_of_yes_or_no_is_read_as_a_word_and_as_a_value(name: str) -> None:
    for given, read in ((True, True), ("yes", True), (False, False), ("no", False), ("", name in TAKEN)):
        assert asdict(parse_options({name: given})) == _with(**{name: read})
    with pytest.raises(
        BadOptions, match=f"^The options can't be used: {name} is 'maybe' and must be one of: yes, no.$"
    ):
        parse_options({name: "maybe"})


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("title", None, ""),
        ("title", "  The \t Act\n1 ", "The Act 1"),
        ("title", "x" * 200, "x" * 200),
        ("title", "x " * 199 + "xx", "title must be plain text of at most 200 characters"),
        ("title", "x" * 201, "title must be plain text of at most 200 characters"),
        ("title", "a\u200bb", "title must be plain text of at most 200 characters"),
        ("title", 5, "title must be text"),
        ("reporting_entity", " the  police", "the police"),
        ("reporting_entity", 5, "reporting_entity must be text"),
        ("age_of_consent", 10, 10),
        ("age_of_consent", "18", 18),
        ("age_of_consent", 9, "age_of_consent is 9 and must be an age from 10 to 18, or left out"),
        ("age_of_consent", 19, "age_of_consent is 19 and must be an age from 10 to 18, or left out"),
        ("age_of_consent", "old", "age_of_consent must be a number of years"),
        ("preservation_days", 1, 1),
        ("preservation_days", "3660", 3660),
        ("preservation_days", 0, "preservation_days is 0 and must be a number of days up to 3660"),
        ("preservation_days", 3661, "preservation_days is 3661 and must be a number of days up to 3660"),
        ("preservation_days", "few", "preservation_days must be a whole number"),
        ("colour", "red", "colour is not a fact that Leeward knows"),
    ],
)
def test_texts_and_numbers_have_their_bounds(name: str, given: object, read: object) -> None:
    if isinstance(read, str) and read.startswith(f"{name} "):
        with pytest.raises(BadOptions) as problem:
            parse_options({name: given})
        assert problem.value.text == f"The options can't be used: {read}."
    else:
        assert asdict(parse_options({name: given})) == _with(**{name: read})


def test_options_are_a_set_of_names() -> None:
    with pytest.raises(BadOptions, match=r"^The options can't be used: the whole must be a set of names and values\.$"):
        parse_options([])  # type: ignore[arg-type]


def test_each_choice_is_a_condition_of_clauses() -> None:
    """The model's clauses ask for these names; a choice of several words has one for each thing that depends on it."""
    plain = {name: _with()[name] for name in (*TAKEN, *LEFT)}
    chosen = {
        "privilege": True,
        "own_images": True,
        "peers": False,
        "silence": True,
        "silence_of_parents": True,
        "solicitation": True,
        "solicitation_extended": False,
    }
    assert BillOptions().conditions() == {**plain, **chosen}
    none = BillOptions(privilege="none", own_images="none", silence="none", solicitation="none", decoy=True)
    assert none.conditions() == {**plain, **dict.fromkeys(chosen, False), "decoy": True}
    other = BillOptions(own_images="peers", silence="child", solicitation="extended")
    more = {"peers": True, "silence_of_parents": False, "solicitation_extended": True}
    assert other.conditions() == {**plain, **chosen, **more}
