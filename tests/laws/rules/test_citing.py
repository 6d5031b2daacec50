"""What may be cited of a country's law: only what somebody read and what is in force."""

from dataclasses import replace
from datetime import date

import pytest

from leeward.laws.labels import basis_sentence, law_sentence
from leeward.laws.register import packaged_register
from leeward.laws.rules.basis import NO_LAW, Grounds, Law
from leeward.laws.rules.citing import CitedLaw, cited_law
from leeward.laws.rules.jurisdiction import Limb, Provision

TODAY = date(2026, 11, 27)
APPENDIX_I = "AG DM GD GH GY KI LS MV MZ NA NR PK LC WS SB SZ TV".split()


def _cited(code: str, on: date = TODAY) -> CitedLaw:
    laws = packaged_register()
    return cited_law(laws.jurisdiction(code), laws.files[code], on)


def test_what_the_engine_judges_by_comes_first_and_only_once_it_is_in_force() -> None:
    jamaica = _cited("JM")
    assert (jamaica.is_judged, jamaica.citation.split(";")[0]) == (
        True,
        "Child Pornography (Prevention) Act 2009 s 2(1)(a)",
    )
    assert _cited("JM", date(2009, 10, 20)).citation == ""


def test_what_somebody_read_is_cited_where_nothing_is_judged() -> None:
    ghana = _cited("GH")
    assert (ghana.is_judged, ghana.is_known) == (False, True)
    assert ghana.citation.startswith("Cybersecurity Act 2020 s 62")
    assert len(ghana.citation.split("; ")) <= 3
    assert (
        ghana.law("no_law_recorded") == ghana.law("likely") == Law(ghana.citation, "no_law_recorded", by_account=False)
    )


def test_the_text_of_a_law_is_cited_before_what_somebody_else_says_of_one() -> None:
    """A host must not be told that a person read a section of which only a summary was seen."""
    kiribati = _cited("KI")
    assert (kiribati.by_account, kiribati.citation) == (True, "Cybercrime Act 2021 s 14")
    assert "Cybercrime Act 2021 s 14 (Somebody else’s account of the law)" in law_sentence(kiribati, "no_law_recorded")
    assert "as read by a person" not in law_sentence(kiribati, "no_law_recorded")
    assert kiribati.law("likely") == Law(kiribati.citation, "no_law_recorded", by_account=True)
    assert not _cited("GH").by_account
    assert not _cited("JM").by_account


def test_a_heading_a_memory_and_a_bill_are_never_cited() -> None:
    for code in ("AG", "TV", "TO", "LS"):
        assert not _cited(code).is_known, code
        assert _cited(code).law("likely") == NO_LAW


def test_most_of_the_seventeen_can_cite_something_now() -> None:
    assert sum(_cited(code).is_known for code in APPENDIX_I) >= 11
    states = [code for code, file in packaged_register().files.items() if file["commonwealth"]]
    assert sum(_cited(code).is_known for code in states) >= 42


@pytest.mark.parametrize(
    ("verdict", "is_judged", "is_reviewed", "by_account", "words"),
    [
        ("likely", True, False, False, "this material is likely illegal under Act s 1"),
        ("undetermined", True, False, False, "The law of Palmland on such material: Act s 1."),
        ("likely", False, True, False, "The law of Palmland on such material: Act s 1."),
        ("likely", False, False, False, "as read by a person who is not a lawyer there"),
        ("likely", False, False, True, "such material: Act s 1 (Somebody else’s account of the law)."),
    ],
)
def test_what_is_said_of_a_law_is_what_is_known_of_it(
    verdict: str, is_judged: bool, is_reviewed: bool, by_account: bool, words: str
) -> None:
    law = CitedLaw("PL", "Palmland", "Act s 1", is_judged=is_judged, is_reviewed=is_reviewed, by_account=by_account)
    assert words in law_sentence(law, verdict)
    assert ("is likely illegal under" in law_sentence(law, verdict)) is (is_judged and verdict == "likely")


def test_each_basis_has_its_own_sentence() -> None:
    own, host = (
        CitedLaw(code, name, f"{name} Act", is_judged=True, is_reviewed=False, by_account=False)
        for code, name in (("PL", "Palmland"), ("RL", "Reefland"))
    )
    grounds = Grounds(
        own=Law("Palmland Act", "likely", by_account=False),
        host=Law("Reefland Act", "undetermined", by_account=False),
        is_hosted_here=False,
        is_baseline=True,
        agreement="agreement of 3 May 2026.",
    )
    said = {
        base: basis_sentence(base, grounds, own=own, host=host)
        for base in ("own_law", "host_law", "terms", "baseline", "operators")
    }
    assert len(set(said.values())) == 5
    assert "In Palmland this material is likely illegal under Palmland Act" in said["own_law"]
    assert "The law of Reefland on such material: Reefland Act" in said["host_law"]
    assert "agreement of 3 May 2026." in said["operators"]
    assert "a real child before puberty" in said["baseline"]
    assert "terms of service" in said["terms"]


def _limb(at: str, *, settled: bool = True, media: tuple[str, ...] = ("photograph",)) -> Limb:
    return replace(
        packaged_register().jurisdiction("JM").limbs[0],
        settled=settled,
        media=frozenset(media),
        provisions=(Provision("p", at, "it says so"),),
    )


@pytest.mark.parametrize(
    ("limbs", "citation"),
    [
        ((_limb("a"), _limb("b")), "a"),
        ((_limb("a", settled=False), _limb("b")), "b"),
        ((_limb("a", settled=False), _limb("b", settled=False)), "a"),
        ((_limb("a", media=("drawing",)), _limb("b", settled=False)), "b"),
        ((_limb("a", media=("drawing",)),), ""),
    ],
)
def test_a_settled_limb_on_photographs_is_cited_first(limbs: tuple[Limb, ...], citation: str) -> None:
    law = replace(packaged_register().jurisdiction("JM"), limbs=limbs, reviewed=True)
    found = cited_law(law, {"code": "JM", "review": "reviewed"}, TODAY)
    assert found == CitedLaw("JM", "Jamaica", citation, is_judged=bool(citation), is_reviewed=True, by_account=False)
    assert found.law("undetermined") == (Law(citation, "undetermined", by_account=False) if citation else NO_LAW)
