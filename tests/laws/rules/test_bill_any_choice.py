"""Whatever is chosen, of whatever kind the paper is: the references of a bill, its numbers and its definitions hold."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.files.packaged import packaged
from leeward.laws.rules.bill import Country, compose
from leeward.laws.rules.bill_clauses import Bill, Blank, Chosen, Clause, Kind, Reference
from leeward.laws.rules.bill_need import WANTED, Need, Principal
from leeward.laws.rules.bill_options import (
    CLAUSES,
    MODALS,
    OWN_IMAGES,
    PRIVILEGES,
    SILENCES,
    SOLICITATIONS,
    SPEEDS,
    TERMS,
    YES_OR_NO,
    parse_options,
)
from leeward.laws.rules.bill_styles import STYLES, style_for, styles_of

MODEL = packaged("bill.yaml")
ALL_STYLES = styles_of(packaged("bill_styles.yaml"))
PRINCIPAL = Principal("Electronic Crimes Act 2013", "2", "10")


def _bill(criteria: list[str], kind: Kind, options: dict[str, Any]) -> Bill:
    chosen = parse_options(options)
    need = Need(kind, tuple(criteria), (), (), (), PRINCIPAL)
    return compose(MODEL, chosen, need, style_for(ALL_STYLES, chosen.style, "LC"), Country("LC", "Saint Lucia"))


def _words(clause: Clause) -> str:
    return "".join(f"[{run.what}]" if isinstance(run, Blank) else run.text for run in clause.runs)


WORDS = {
    "clauses": CLAUSES,
    "modal": MODALS,
    "own_images": OWN_IMAGES,
    "privilege": PRIVILEGES,
    "silence": SILENCES,
    "solicitation": SOLICITATIONS,
    "speed": SPEEDS,
    "term": TERMS,
    "style": STYLES,
}
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.booleans() for name in YES_OR_NO},
        **{name: st.sampled_from(values) for name, values in WORDS.items()},
        "age_of_consent": st.integers(10, 18),
        "preservation_days": st.integers(1, 365),
        "title": st.text(alphabet="abc é<&>\"'", max_size=20),
        "reporting_entity": st.text(alphabet="abc é<&>\"'", max_size=20),
    },
)
KINDS = st.sampled_from(["act", "amending", "model", "instructions"])


@given(OPTIONS, st.sets(st.sampled_from(WANTED), min_size=1), KINDS)
def test_whatever_is_chosen_references_numbers_and_definitions_hold(
    options: dict[str, Any], criteria: set[str], kind: Kind
) -> None:
    wanted = [name for name in WANTED if name in criteria]
    bill = _bill(wanted, kind, options)
    clauses = list(bill.walk())
    assert len({clause.eid for clause in clauses}) == len(clauses)
    own = [clause.number for clause in clauses if clause.level == "section" and not clause.typed]
    assert own == [str(number) for number in range(1, len(own) + 1)]
    for clause in clauses:
        for run in clause.runs:
            if isinstance(run, Reference):
                assert run.number.endswith(bill.clause(run.to).number), run
            if isinstance(run, Chosen):
                assert run.text
        if clause.runs and not clause.children and not clause.quoted:
            assert _words(clause)[-1] in ".;" or _words(clause).endswith(("; or", "; and")), _words(clause)
    _assert_definitions_are_used(bill)


def _assert_definitions_are_used(bill: Bill) -> None:
    """Every defined word stands outside of its own definition."""
    rows = [clause for clause in bill.walk() if clause.id.startswith("def-") and clause.id != "def-term"]
    for row in rows:
        word = _words(row).split("“")[1].split("”")[0]
        stem = {"child": "child", "reporting entity": "reporting entit"}.get(word, word).lower()
        rest = " ".join(_words(clause) for clause in bill.walk() if clause is not row).lower()
        assert stem in rest, word
