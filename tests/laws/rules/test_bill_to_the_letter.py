"""Every word, number and mark of a small bill, of each kind: `small_bills.txt` says what is meant."""

from pathlib import Path
from typing import Any

import pytest

from leeward.laws.rules.bill import Country, compose
from leeward.laws.rules.bill_clauses import Kind
from leeward.laws.rules.bill_need import Need, Principal, Rewording
from leeward.laws.rules.bill_options import BillOptions
from tests.laws.rules.small_bill import MODEL, PRINCIPAL, STYLES, shown, small_bill

_TEXT = (Path(__file__).parent / "small_bills.txt").read_text(encoding="utf-8")
MEANT = {name: said.strip() for name, _, said in (block.partition("\n") for block in _TEXT.split("\n=== ")[1:])}
BILLS: dict[str, tuple[Kind, tuple[str, ...], dict[str, Any]]] = {
    "an Act as the model has it": ("act", ("c1",), {}),
    "an Act with other choices": (
        "act",
        ("c1",),
        {
            "style": "lettered",
            "modal": "shall",
            "title": "Honey Act",
            "knowingly": False,
            "attend": True,
            "abroad": True,
            "tools": True,
            "removal": True,
            "speed": "within_hours",
            "preservation_days": 9,
            "age_of_consent": 12,
            "reporting_entity": "bears",
        },
    ),
    "an Act on grooming alone": ("act", ("grooming",), {"hotline": False, "reporting": False}),
    "an Act on grooming with a hotline": ("act", ("grooming",), {"reporting": False}),
    "model provisions": ("model", ("c3", "c5", "grooming"), {}),
    "model provisions for all": ("model", ("c1",), {}),
    "instructions": ("instructions", ("c2",), {"style": "lettered"}),
    "an amendment of all": ("amending", ("c2", "c3", "c4", "c5", "grooming"), {}),
    "an amendment with other choices": ("amending", ("c1",), {"removal": True, "tools": True, "modal": "shall"}),
    "an amendment of an Act without numbers": (
        "amending",
        ("c3",),
        {"style": "lettered", "modal": "shall", "principal": Principal("Bees Act", "", "")},
    ),
    "an amendment in the order of the Act": (
        "amending",
        ("c2", "c4", "grooming"),
        {"principal": Principal("Bees Act", "90", "10", "9", defines="honey")},
    ),
    "an amendment of an Act that defines another word": (
        "amending",
        ("c2",),
        {"principal": Principal("Bees Act", "2", "10", defines="wax")},
    ),
    "an amendment of an Act of whose definitions nothing is recorded": (
        "amending",
        ("c2",),
        {"principal": Principal("Bees Act", "", "10")},
    ),
    "an amendment of words": (
        "amending",
        ("c4", "c5"),
        {
            "rewordings": (
                Rewording("c4", "9(1)(a)", "for {sale}", "for any {use}", "the Gazette"),
                Rewording("c4", "11A", "wild", "", "the Act"),
            ),
            "unworded": ("s 12", "ss 13-14"),
        },
    ),
    "an amendment of words in another style": (
        "amending",
        ("c4", "c5"),
        {"style": "lettered", "rewordings": (Rewording("c4", "9", "wild", "tame", "the Act"),), "unworded": ("s 12",)},
    ),
}


def test_each_bill_that_is_meant_is_made() -> None:
    assert set(MEANT) == set(BILLS)


@pytest.mark.parametrize("name", BILLS)
def test_a_small_bill_is_as_it_is_meant(name: str) -> None:
    kind, wanted, options = BILLS[name]
    assert shown(small_bill(kind, *wanted, **options)) == MEANT[name]


def test_a_bill_says_for_whom_it_is_and_what_it_was_made_of() -> None:
    bill = small_bill("amending", "c4")
    assert (bill.kind, bill.country, bill.country_name, bill.principal) == ("amending", "XX", "Exland", "Bees Act 1901")
    assert bill.options == BillOptions(term="honey")
    assert bill.style is STYLES["plain"]
    assert small_bill("act", "c4").principal == "", "an Act has none, though one is recorded"


def test_a_clause_is_found_by_its_name_also_where_it_was_merged_into_its_section() -> None:
    bill = small_bill("act", "c1")
    assert bill.clause("possession-wax").number == "(2)"
    for name in ("hotline", "hotline-hive", "hotline-open"):
        assert bill.clause(name).id == "hotline"
        assert bill.has(name)
    assert not bill.has("tools")
    assert not bill.has("tools-one")
    with pytest.raises(KeyError):
        bill.clause("tools")
    assert {clause.id for clause in bill.walk()} == set(bill.named)
    assert [section.id for section in bill.sections[:3]] == ["citation", "definitions", "material"]
    assert bill.traces == {"A.1", "A.2", "B.1", "B.2", "D.1"}


def test_the_term_is_todays_in_an_act_and_in_an_amendment_the_acts_own_or_the_older_one() -> None:
    unknown = Principal("Bees Act", "", "10")
    rows: tuple[tuple[Kind, Principal, str], ...] = (
        ("act", PRINCIPAL, "child sexual abuse material"),
        ("amending", PRINCIPAL, "honey"),
        ("amending", unknown, "child pornography"),
    )
    for kind, principal, term in rows:
        made = small_bill(kind, "c2", term="", principal=principal)
        assert f"Meaning of {term}" in shown(made)


def test_nothing_is_composed_where_nothing_is_needed() -> None:
    need = Need(None, (), (), (), (), PRINCIPAL)
    with pytest.raises(ValueError, match=r"^there is nothing to draft$"):
        compose(MODEL, BillOptions(), need, STYLES["plain"], Country("XX", "Exland"))
