"""The vocabulary of acts: every code with its label, its levels and what it may stand for."""

from collections.abc import Iterator

import pytest

from leeward.laws.rules.acts import Act, Vocabulary, acts_vocabulary, give_vocabulary, vocabulary

WAVING = {
    "code": "waving", "label": "Waving", "copine": "1", "sap": "none", "uk": None, "exhibit": None, "baseline": "no",
    "unverified": ["uk", "sap"],
}  # fmt: skip
RUNNING = WAVING | {"code": "running", "label": "Running", "copine": "2", "sap": "1", "unverified": []}
COARSE = {"code": "sap_1", "label": "SAP level 1", "scale": "sap", "level": "1"}


@pytest.fixture
def small() -> Iterator[Vocabulary]:
    shipped = acts_vocabulary()
    yield vocabulary([WAVING, RUNNING], [COARSE], {"outdoors": ["waving", "running"]})
    give_vocabulary(shipped)


def test_every_code_has_its_label_and_stands_for_its_acts(small: Vocabulary) -> None:
    levels = {"copine": "1", "sap": "none", "uk": None, "exhibit": None, "baseline": "no"}
    both = frozenset({"waving", "running"})
    assert small == Vocabulary(
        acts={
            "waving": Act("waving", "Waving", levels, frozenset({"uk", "sap"})),
            "running": Act("running", "Running", levels | {"copine": "2", "sap": "1"}, frozenset()),
        },
        labels={
            "waving": "Waving",
            "running": "Running",
            "sap_1": "SAP level 1",
            "undetermined": "Not determined",
        },
        stands_for={
            "waving": frozenset({"waving"}),
            "running": frozenset({"running"}),
            "sap_1": frozenset({"running"}),
            "undetermined": both,
        },
        groups={"outdoors": both},
    )
    assert small.having("sap", "none") == {"waving"}


def test_the_rules_use_the_vocabulary_that_they_were_given(small: Vocabulary) -> None:
    give_vocabulary(small)
    assert acts_vocabulary() is small
