"""The words of a bill that its kind, its choices and its state decide: titles, headings and what stands for each mark."""

from collections.abc import Collection
from typing import Any

import pytest

from leeward.laws.rules.bill_clauses import Kind
from leeward.laws.rules.bill_options import BillOptions
from leeward.laws.rules.bill_styles import Style
from leeward.laws.rules.bill_words import Wording

STYLE = Style(
    id="x",
    name="X",
    part="Part",
    section="article",
    subsection="paragraph",
    paragraph="point",
    definitions="Words",
    lettered=False,
    citation="is called",
    penalty="a fine",
    statement="Reasons",
    insert="after {at}",
    add="in {at}",
    replace="for {at}",
    reword="for {words} {substitute}",
    omit="no {words}",
    countries=frozenset(),
)
NOTHING = dict.fromkeys(("offences", "duty", "solicitation", "hotline", "removal", "host", "blocking"), False)
TERM = "child sexual abuse material"


def _wording(
    kind: Kind = "act",
    *stands: str,
    term: str = TERM,
    principal: str = "Crimes Act 2013",
    names: Collection[str] = ("access",),
    **options: Any,
) -> Wording:
    holds = {**NOTHING, **dict.fromkeys(stands, True)}
    return Wording(BillOptions(**options), STYLE, kind, term, "Exland", principal, holds, names)


@pytest.mark.parametrize(
    ("kind", "stands", "names", "title"),
    [
        ("act", ("offences",), ("access",), "Child Sexual Abuse Material Act"),
        ("act", ("solicitation",), ("meeting",), "Solicitation of Children Act"),
        ("act", ("solicitation", "offences"), ("access", "meeting"), "Child Sexual Abuse Material Act"),
        ("act", ("solicitation", "duty"), ("duty", "meeting"), "Child Sexual Abuse Material Act"),
        ("act", ("solicitation",), (), "Child Sexual Abuse Material Act"),
        ("act", (), ("hotline",), "Child Sexual Abuse Material Act"),
        ("model", ("offences",), ("access",), "Model provisions on child sexual abuse material"),
        ("model", ("solicitation",), ("meeting",), "Model provisions on solicitation of children"),
        ("instructions", ("offences",), ("access",), "Drafting instructions on child sexual abuse material"),
        ("instructions", ("solicitation",), ("meeting",), "Drafting instructions on solicitation of children"),
        ("amending", ("solicitation",), ("meeting",), "Crimes (Amendment) Act"),
    ],
)
def test_the_title_says_what_the_paper_is(
    kind: Kind, stands: tuple[str, ...], names: tuple[str, ...], title: str
) -> None:
    assert _wording(kind, *stands, names=names).title == title
    for named in ("title", "short_title"):
        assert getattr(_wording(kind, *stands, names=names, title="Any Act 2027"), named) == "Any Act 2027"
    assert _wording(kind, *stands, names=names).short_title.endswith(" Act"), "no Act is cited as model provisions"


@pytest.mark.parametrize(
    ("principal", "title"),
    [
        ("Electronic Crimes Act, No. 10 of 2013", "Electronic Crimes (Amendment) Act"),
        ("The Penal Code (Cap 17)", "Penal Code (Amendment) Act"),
        ("Offences Act of 1861", "Offences (Amendment) Act"),
        ("Crimes Act 1961  ", "Crimes (Amendment) Act"),
        ("Crimes Act (2020 Revision)", "Crimes Act (2020 Revision) (Amendment) Act"),
        ("2013", " (Amendment) Act"),
    ],
)
def test_an_amending_act_is_named_after_the_act_without_its_year(principal: str, title: str) -> None:
    assert _wording("amending", principal=principal).title == title


@pytest.mark.parametrize(
    ("stands", "wanted", "long_title"),
    [
        ((), (), "An Act to amend the Crimes Act 2013"),
        ((), ("c2", "c1"), "An Act to amend the Crimes Act 2013 to prohibit the thing and define the thing"),
        ((), ("c2",), "An Act to amend the Crimes Act 2013 to define the thing"),
        (
            (),
            ("c4", "c3"),
            (
                "An Act to amend the Crimes Act 2013 to make access to the thing by technology an offence and make possession of "
                "the thing an offence"
            ),
        ),
        (("solicitation",), ("c5", "c2"), "An Act to amend the Crimes Act 2013 to define the thing"),
        (("duty",), ("c5", "grooming"), "An Act to amend the Crimes Act 2013 to require the reporting of the thing"),
        (
            ("duty", "solicitation"),
            ("grooming", "c5", "c2"),
            (
                "An Act to amend the Crimes Act 2013 to define the thing, require the reporting of the thing and make soliciting "
                "children an offence"
            ),
        ),
    ],
)
def test_the_long_title_of_an_amendment_names_what_it_closes(
    stands: tuple[str, ...], wanted: tuple[str, ...], long_title: str
) -> None:
    assert _wording("amending", *stands, term="the thing").long_title(wanted) == long_title


@pytest.mark.parametrize(
    ("kind", "stands", "long_title"),
    [
        ("act", (), "An Act to define the thing and for connected matters"),
        ("model", (), "Provisions to define the thing and for connected matters"),
        ("instructions", ("offences",), "Provisions to prohibit the thing and for connected matters"),
        ("act", ("duty",), "An Act to have the thing reported and for connected matters"),
        ("act", ("solicitation",), "An Act to make soliciting children an offence and for connected matters"),
        ("act", ("removal",), "An Act to provide for the removal of the thing and for connected matters"),
        ("act", ("blocking",), "An Act to provide for the blocking of the thing and for connected matters"),
        (
            "act",
            ("offences", "duty", "solicitation", "removal", "blocking"),
            (
                "An Act to prohibit the thing, to have the thing reported, to make soliciting children an offence, to provide for "
                "the removal and blocking of the thing and for connected matters"
            ),
        ),
    ],
)
def test_the_long_title_of_any_other_paper_says_what_it_does(
    kind: Kind, stands: tuple[str, ...], long_title: str
) -> None:
    assert _wording(kind, *stands, term="the thing").long_title(("c1",)) == long_title


@pytest.mark.parametrize(
    ("stands", "heading"),
    [
        ((), "General"),
        (("hotline",), "Hotline"),
        (("host",), "Hosts"),
        (("removal", "blocking"), "Removal and blocking"),
        (("blocking", "host", "removal", "hotline"), "Hotline, removal, hosts and blocking"),
    ],
)
def test_the_heading_names_what_the_part_holds(stands: tuple[str, ...], heading: str) -> None:
    assert _wording("act", *stands).removal_heading == heading


def test_each_word_of_a_title_but_small_ones_has_a_capital() -> None:
    assert _wording(term="tales of woe on land and sea").title == "Tales of Woe on Land and Sea Act"


def test_a_performance_is_named_like_the_material() -> None:
    assert _wording().performance == "child sexual abuse performance"
    assert _wording(term="child abuse material").performance == "child sexual abuse performance"
    assert _wording(term="child pornography").performance == "child pornographic performance"


MARKS: dict[str, str | None] = {
    "term": TERM,
    "Term": "Child sexual abuse material",
    "performance": "child sexual abuse performance",
    "must": "must",
    "citation": "is called",
    "definitions_heading": "Words",
    "knowingly_word": "knowingly ",
    "privilege_words": "legal professional privilege",
    "reporting_entity_words": "",
    "removal_heading": "Hotline",
    "state": "Exland",
    "section": "article",
    "speed_words": "immediately",
    "consent_words": None,
    "preservation_days": None,
    "other": None,
}


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ({}, {}),
        ({"modal": "shall"}, {"must": "shall"}),
        ({"knowingly": False}, {"knowingly_word": ""}),
        ({"privilege": "attorney_client"}, {"privilege_words": "attorney-client privilege"}),
        ({"privilege": "none"}, {"privilege_words": ""}),
        ({"reporting_entity": "the police"}, {"reporting_entity_words": "the police, and "}),
        ({"speed": "as_soon_as_practicable"}, {"speed_words": "as soon as practicable"}),
        ({"speed": "within_hours"}, {"speed_words": None}),
        ({"age_of_consent": 16}, {"consent_words": "16"}),
        ({"preservation_days": 21}, {"preservation_days": "21"}),
    ],
)
def test_each_mark_has_its_words_or_is_left_to_the_writer(
    options: dict[str, Any], changed: dict[str, str | None]
) -> None:
    wording = _wording("act", "hotline", **options)
    assert {name: wording.plain(name) for name in MARKS} == MARKS | changed
