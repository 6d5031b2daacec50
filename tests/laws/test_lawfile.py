"""The shipped files are whole and canonical; a bad one is refused in one sentence with file, line and field."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.errors import BadLawFile
from leeward.laws.files.lawfile import read_law_file
from leeward.laws.files.packaged import packaged_jurisdictions
from leeward.laws.files.yaml_text import read_yaml, write_yaml
from leeward.laws.register import packaged_register, register_of

FILES = packaged_jurisdictions()
JAMAICA = FILES["JM.yaml"]


def test_all_members_the_contrast_and_the_baseline_are_there() -> None:
    files = packaged_register().files
    assert sum(content["commonwealth"] for content in files.values()) == 56
    assert {"US", "EU", "INTERPOL_BASELINE", "GB-EAW", "AU-NSW", "AU-WA"} <= set(files)
    kinds = Counter(content["kind"] for content in files.values())
    assert kinds == {"state": 59, "part": 9, "union": 1, "standard": 1}


def test_the_twelve_are_unreviewed_and_keep_their_sources_and_cautions() -> None:
    for code in ("GB", "CA", "AU", "NZ", "IN", "ZA", "KE", "JM", "SG", "MT", "US", "EU"):
        content = packaged_register().files[code]
        assert content["review"] == "unreviewed"
        assert content["sources"]
        assert content["caution"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_shipped_files_are_canonical(name: str) -> None:
    assert write_yaml(read_yaml(FILES[name], name=name)) == FILES[name]


def test_no_and_norway_are_words_and_dates_are_texts() -> None:
    content = read_yaml("a: no\nb: NO\nc: 2009-10-21\nd: '7'\ne: 7\n", name="x")
    assert content == {"a": "no", "b": "NO", "c": "2009-10-21", "d": "7", "e": 7}


def _line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("c1: unknown", "c1: maybe", "criteria.0.c1", "must be one of"),
        ("band: 4-5", "band: 4-6", "bands.0.band", "must be one of"),
        ("code: JM", "code: JX", "code", "JM.yaml"),
        ("name: Jamaica\n", "", "", "'name' is missing"),
        ("person: any", "person: some", "legality.limbs.0.person", "must be one of"),
        ("work: cppa", "work: other", "provisions.0.work", "no work other"),
        ("        - s2-a\n", "        - s9\n", "legality.limbs.0.provisions.0", "no provision s9"),
        ("          - sexual_act", "          - dancing", "legality.limbs.0.acts.in.0", "dancing"),
        ("until: null", "until: '2001'", "legality.limbs.0.until", "before it begins"),
        ("date: 2009-10-21", "date: 21 October 2009", "works.0.expressions.0.date", "not written"),
        ("date: 2009-10-21", "date: 2009-02-30", "works.0.expressions.0.date", "not written"),
        ("made: '2009'", "made: '0000'", "works.0.made", "not written"),
        ("name: Jamaica", 'name: "Jam\\x01aica"', "name", '"Jam\\u0001aica" is not written'),
        ("below: 18", "below: eighteen", "legality.limbs.0.age.below", "eighteen"),
        ("reviewer: null", "reviewer: null\n    colour: red", "criteria.0", "no such field"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(old: str, new: str, field: str, words: str) -> None:
    with pytest.raises(BadLawFile) as problem:
        read_law_file(JAMAICA.replace(old, new, 1), name="JM.yaml")
    assert problem.value.field == field
    assert words in problem.value.text
    assert problem.value.text.startswith("JM.yaml, line ")
    assert "\n" not in problem.value.text
    if field and "colour" not in new:
        assert problem.value.line == _line_of(JAMAICA.replace(old, new, 1), new.strip())


@pytest.mark.parametrize(
    ("expressions", "words"),
    [
        ([("revoked", "2008"), ("made", "2009")], "before it was made"),
        ([("made", "2009"), ("commenced", "2008")], "after the later"),
        ([("commenced", "2008-01-01"), ("made", "2009")], "before it was made"),
    ],
)
def test_dates_in_the_wrong_order_are_refused(expressions: list[tuple[str, str]], words: str) -> None:
    content = read_yaml(JAMAICA, name="JM.yaml")
    content["works"][0]["expressions"] = [{"event": event, "date": day, "note": None} for event, day in expressions]
    with pytest.raises(BadLawFile, match=words):
        read_law_file(write_yaml(content), name="JM.yaml")


def test_revoked_before_the_work_was_made_is_refused() -> None:
    content = read_yaml(JAMAICA, name="JM.yaml")
    content["works"][0]["expressions"] = [{"event": "revoked", "date": "2008-05-01", "note": None}]
    with pytest.raises(BadLawFile, match="revoked on 2008-05-01, before it was made on 2009"):
        read_law_file(write_yaml(content), name="JM.yaml")


def test_only_a_bill_lapses_and_then_nothing_follows() -> None:
    content = read_yaml(JAMAICA, name="JM.yaml")
    lapsed = {"event": "lapsed", "date": "2010-01-01", "note": None}
    content["works"].append(
        {"id": "b", "title": "B", "short": "B", "kind": "bill", "made": "2009", "expressions": [lapsed]}
    )
    assert read_law_file(write_yaml(content), name="JM.yaml")["works"][-1]["expressions"] == [lapsed]
    content["works"][-1]["expressions"].append({"event": "amended", "date": "2011-01-01", "note": None})
    with pytest.raises(BadLawFile, match="only a bill lapses"):
        read_law_file(write_yaml(content), name="JM.yaml")
    content["works"][-1] |= {"kind": "act", "expressions": [lapsed]}
    with pytest.raises(BadLawFile, match="only a bill lapses"):
        read_law_file(write_yaml(content), name="JM.yaml")


def test_made_revoked_and_remade_is_in_order() -> None:
    works = {work["id"]: work for work in packaged_register().files["GB"]["works"]}
    assert [row["event"] for row in works["si-2025-368"]["expressions"]] == ["made", "revoked"]
    assert [row["event"] for row in works["si-2026-268"]["expressions"]] == ["remade", "commenced"]


@pytest.mark.parametrize("text", ["", "[1, 2]", "code: [", "code: !!python/object:os.system {}", "a: b: c", "\t- x"])
def test_malformed_yaml_is_one_sentence_with_a_line(text: str) -> None:
    with pytest.raises(BadLawFile) as problem:
        read_law_file(text, name="XX.yaml")
    assert re.match(r"^XX\.yaml, line \d+", problem.value.text)
    assert "\n" not in problem.value.text


@given(st.integers(0, len(JAMAICA) - 1), st.integers(0, 60), st.text(max_size=6))
def test_a_damaged_file_is_read_or_refused(start: int, length: int, instead: str) -> None:
    text = JAMAICA[:start] + instead + JAMAICA[start + length :]
    try:
        content = read_law_file(text, name="JM.yaml")
    except BadLawFile:
        return
    assert content["code"] == "JM"


def test_a_file_that_refers_to_itself_is_refused_before_it_grows() -> None:
    lines = ["name: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40))]
    with pytest.raises(BadLawFile, match=r"JM\.yaml.*line 2.*reference to another part"):
        read_yaml("\n".join(lines), name="JM.yaml")
    assert read_yaml("name: '*a'\nwhy: \"a * b\"", name="JM.yaml") == {"name": "*a", "why": "a * b"}


def test_a_changed_file_is_read_and_the_others_are_not_read_again() -> None:
    changed = FILES | {"JM.yaml": JAMAICA.replace("Jamaica", "Jamaika", 1)}
    first, second = register_of(FILES), register_of(changed)
    assert second.written["FJ"] is first.written["FJ"]
    assert (first.written["JM"]["name"], second.written["JM"]["name"]) == ("Jamaica", "Jamaika")
