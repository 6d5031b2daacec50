"""What other lists' labels state, and nothing more."""

import pytest

from leeward.hashbank.rules.labels import facts_of_label


@pytest.mark.parametrize(
    ("scheme", "label", "facts"),
    [
        ("industry", "A1", {"pubertal_stage": "prepubescent"}),
        ("industry", " b2\n", {"pubertal_stage": "pubescent", "act": "explicit_posing"}),
        ("industry", "A2", {"pubertal_stage": "prepubescent", "act": "explicit_posing"}),
        ("uk", "a", {"act": "uk_a"}),
        ("uk", "B", {"act": "uk_b"}),
        ("uk", " C ", {"act": "uk_c"}),
        *(("sap", level, {"act": f"sap_{level}"}) for level in "12345"),
        ("industry", "", {}),
        ("industry", "A", {}),
        ("industry", "A12", {}),
        ("industry", "A3", {}),
        ("industry", "AX", {}),
        ("industry", "C1", {}),
        ("uk", "A1", {}),
        ("uk", "D", {}),
        ("sap", "6", {}),
        ("sap", "A", {}),
        ("copine", "A", {}),
        ("copine", "1", {}),
        ("copine", "A1", {}),
    ],
)
def test_a_label_states_this(scheme: str, label: str, facts: dict[str, str]) -> None:
    assert facts_of_label(scheme, label) == facts
