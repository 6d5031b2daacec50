"""What other slices ask of the law."""

from datetime import date

import pytest

from leeward.laws.queries import duty_of_everybody, law_cited, law_version, opinions_for
from leeward.laws.rules.facts import parse_facts

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
FACTS = parse_facts({"real_person": "yes", "age_band": "7-10", "medium": "photograph", "act": "act_with_adult"})


def test_one_opinion_a_country_in_the_order_asked() -> None:
    rows = opinions_for(FACTS, ["jm", "NR", "INTERPOL_BASELINE", "ZZ"], TODAY)
    assert [(row.country, row.verdict) for row in rows] == [
        ("JM", "likely"),
        ("NR", "no_law_recorded"),
        ("INTERPOL_BASELINE", "likely"),
        ("ZZ", "no_law_recorded"),
    ]
    jamaica = rows[0]
    assert jamaica.jurisdiction == "Jamaica"
    assert "Child Pornography (Prevention) Act 2009 s 2(1)(a)" in jamaica.because
    assert jamaica.law_version == law_version()
    assert "left blank for counsel" in jamaica.caution
    assert not jamaica.reviewed


def test_what_would_settle_it_is_in_words() -> None:
    seventeen = parse_facts(
        {"real_person": "yes", "known_age": 17, "medium": "photograph", "sap_level": 4, "apparent_age": 17}
    )
    singapore, new_zealand = opinions_for(seventeen, ["SG", "NZ"], TODAY)
    assert singapore.settle_words == ("whether the relationship or context is exploitative",)
    assert new_zealand.settle_words == ("no age is fixed",)


def test_what_may_be_cited_of_a_country_is_a_citation_or_nothing() -> None:
    jamaica = law_cited(" jm ", TODAY)
    assert jamaica.is_known
    assert (jamaica.code, jamaica.country) == ("JM", "Jamaica")
    assert not law_cited("TV", TODAY).is_known
    assert not law_cited("ZZ", TODAY).is_known


def test_a_duty_of_everybody_is_told_from_one_of_providers_and_from_nothing_on_record() -> None:
    assert duty_of_everybody("in", TODAY)
    assert duty_of_everybody("CA", TODAY) is None
    assert duty_of_everybody("ZZ", TODAY) is None
