"""`leeward law` as it is typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from leeward.cli import main

pytestmark = pytest.mark.django_db
FACTS = {
    "real_person": "yes",
    "known_age": None,
    "apparent_age": [8, 9],
    "medium": "photograph",
    "sap_level": 4,
    "exploitative": "unknown",
}


@pytest.fixture(autouse=True)
def _only_this_noun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "NOUNS", {"law": main.NOUNS["law"]})
    monkeypatch.setattr(main, "VERBS", ())
    monkeypatch.setattr(main, "app", __import__("typer").Typer())


def _rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main.run(["law", *words, "--json"]) == 0
    out = capsys.readouterr()
    assert out.err == ""
    return [json.loads(line) for line in out.out.splitlines()]


def _complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.run(["law", *words]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.count("\n") == 1
    return out.err


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    return str(path)


def test_status(capsys: pytest.CaptureFixture[str]) -> None:
    rows = _rows(capsys, "status", "--edition", "7")
    assert len(rows) == 56
    assert {"iso2", "name", "band", "c1", "c2", "c3", "c4", "c5"} <= set(rows[0])
    assert len(_rows(capsys, "status", "--edition", "7", "--band", "1-3")) == 15


def test_provisions(capsys: pytest.CaptureFixture[str]) -> None:
    rows = _rows(capsys, "provisions", "lc", "--topic", "possession", "--on", "2018-07-05")
    columns = "jurisdiction instrument section topic value status commenced source source_url seen confidence reviewed"
    assert all(list(row) == columns.split() for row in rows)
    assert {row["status"] for row in rows if row["commenced"] == "2018-07-06"} == {"not_commenced"}
    assert "is not one of specific_law" in _complaint(capsys, "provisions", "LC", "--topic", "weather")


def test_gaps(capsys: pytest.CaptureFixture[str]) -> None:
    nauru, jamaica = _rows(capsys, "gaps", "NR", "jm")
    assert (nauru["fewest"], nauru["most"]) == (4, 4)
    assert (jamaica["fewest"], jamaica["most"], jamaica["grooming"]) == (0, 1, "listed")


def test_gaps_in_words_say_what_would_settle_them_and_are_no_scorecard(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["law", "gaps", "KE"]) == 0
    said = capsys.readouterr()
    assert "Kenya: edition 7 (2013) found 1 to 4 of criteria 1 to 4 not met" in said.out
    assert "would settle c1, c2, c3, c4, c5:" in said.out
    assert "not a scorecard" in said.err


def test_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(_rows(capsys, "figures")) == 44


def test_legality(capsys: pytest.CaptureFixture[str], facts: str) -> None:
    rows = _rows(capsys, "legality", "--facts", facts, "--jurisdiction", "JM", "--jurisdiction", "INTERPOL_BASELINE")
    assert [(row["jurisdiction"], row["opinion"]) for row in rows] == [
        ("JM", "likely"),
        ("INTERPOL_BASELINE", "undetermined"),  # how old somebody looks is not yet how old they are
    ]
    assert rows[0]["because"][0] == "Child Pornography (Prevention) Act 2009 s 2(1)(a)"


def test_legality_of_every_jurisdiction_is_one_of_three_words(capsys: pytest.CaptureFixture[str], facts: str) -> None:
    rows = _rows(capsys, "legality", "--facts", facts)
    assert len(rows) == 70
    assert {row["opinion"] for row in rows} <= {"likely", "unlikely", "undetermined"}
    assert all(bool(row["would_settle"]) == (row["opinion"] == "undetermined") for row in rows)


def test_jurisdictions_may_follow_each_other(capsys: pytest.CaptureFixture[str], facts: str) -> None:
    rows = _rows(capsys, "legality", "--facts", facts, "--jurisdiction", "GB", "CA", "nz,us")
    assert [row["jurisdiction"] for row in rows] == ["GB", "CA", "NZ", "US"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["gaps", "XX"], "no jurisdiction XX"),
        (["status", "--edition", "99"], "edition 99"),
        (["status", "--band", "7"], "--band"),
        (["legality", "--facts", "FACTS", "--on", "1500-01-01"], "before any law"),
        (["legality", "--facts", "FACTS", "--on", "yesterday"], "YYYY-MM-DD"),
        (["legality", "--facts", "FACTS", "--jurisdiction", "XX"], "no jurisdiction XX"),
        (["legality", "--facts", "no-such-file.json"], "no-such-file.json"),
    ],
)
def test_wrong_use_is_one_line(capsys: pytest.CaptureFixture[str], facts: str, words: list[str], sentence: str) -> None:
    assert sentence in _complaint(capsys, *(facts if word == "FACTS" else word for word in words))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"real_person": ', "line 1"),
        (
            '{"age_band": "adult",\n "medium": "photograph", "pubertal_stage": "infant"}',
            "age_band is adult and pubertal_stage is infant",
        ),
        ("[]", "names and values"),
        ('{"medium": "clay"}', "medium"),
    ],
)
def test_bad_facts_are_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")
    assert sentence in _complaint(capsys, "legality", "--facts", str(path))


# --- writing ---------------------------------------------------------------------------------------------------------

EDITION = "iso2,edition,c1,c2,c3,c4,c5,source\nNR,10,yes,yes,no,partial,no,icmec.example\nDE,10,yes,yes,yes,yes,no,icmec.example\n"


def test_load_and_export_give_the_same_bytes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from leeward.laws.files.packaged import packaged_jurisdictions

    assert len(_rows(capsys, "load")) == 70
    assert {row["outcome"] for row in _rows(capsys, "load")} == {"unchanged"}
    assert main.run(["law", "export", "--out", str(tmp_path)]) == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert written == packaged_jurisdictions()


def test_one_jurisdiction_is_exported_to_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    from leeward.laws.files.packaged import packaged_text

    assert main.run(["law", "export", "JM"]) == 0
    assert capsys.readouterr().out == packaged_text("JM.yaml")


def test_a_dry_load_changes_nothing_and_an_edit_is_not_lost(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from leeward.laws.files.packaged import packaged_text

    edited = packaged_text("JM.yaml").replace("below: 18", "below: 16")
    (tmp_path / "JM.yaml").write_text(edited, encoding="utf-8")
    assert {row["outcome"] for row in _rows(capsys, "load", str(tmp_path), "--dry-run")} == {"added"}
    assert main.run(["law", "export", "JM"]) == 0
    assert capsys.readouterr().out == packaged_text("JM.yaml")
    assert main.run(["law", "load"]) == 0
    assert main.run(["law", "load", str(tmp_path)]) == 0
    assert "JM\tchanged" in capsys.readouterr().out
    assert main.run(["law", "export", "JM"]) == 0
    assert capsys.readouterr().out == edited


def test_a_dry_run_changes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "ten.csv"
    path.write_text(EDITION, encoding="utf-8")
    changes = _rows(capsys, "import-edition", str(path), "--dry-run")
    assert {(row["iso2"], row["criterion"], row["before"], row["after"]) for row in changes} >= {
        ("NR", "c1", None, "yes")
    }
    assert main.run(["law", "status", "--edition", "10"]) == 2


def test_an_edition_is_imported_and_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "ten.csv"
    path.write_text(EDITION, encoding="utf-8")
    assert len(_rows(capsys, "import-edition", str(path))) == 10
    rows = {row["iso2"]: row for row in _rows(capsys, "status", "--edition", "10")}
    assert (rows["NR"]["band"], rows["NR"]["c4"], rows["JM"]["c4"]) == ("1-3", "partial", "unknown")
    assert _rows(capsys, "gaps", "NR")[0]["missing"] == ["c3", "c4", "c5"]
    assert _rows(capsys, "gaps", "DE")[0]["name"] == "Germany"
    by_default = {
        row["iso2"]: row for row in _rows(capsys, "status")
    }  # an edition of a few states is never the default
    assert (by_default["NR"]["band"], by_default["AG"]["c1"]) == ("0", "no")
    assert main.run(["law", "gaps", "NR"]) == 0
    assert "edition 10 (year not recorded) found" in capsys.readouterr().out
    assert _rows(capsys, "import-edition", str(path)) == []


def test_wrong_rows_are_named_by_line_and_nothing_is_imported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "ten.csv"
    path.write_text(EDITION + "ZZ,10,yes,yes,no,no,no,x\nJM,10,perhaps,yes,no,no,no,x\n", encoding="utf-8")
    assert main.run(["law", "import-edition", str(path)]) == 2
    complaint = capsys.readouterr().err
    assert "line 4: iso2 is 'ZZ'" in complaint
    assert "line 5: c1 is 'perhaps'" in complaint
    assert main.run(["law", "status", "--edition", "10"]) == 2


def test_a_bad_folder_loads_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from leeward.laws.files.packaged import packaged_text

    (tmp_path / "JM.yaml").write_text(packaged_text("JM.yaml"), encoding="utf-8")
    (tmp_path / "NR.yaml").write_text(packaged_text("NR.yaml").replace("c2: no", "c2: perhaps"), encoding="utf-8")
    complaint = _complaint(capsys, "load", str(tmp_path))
    assert "NR.yaml, line " in complaint
    assert "criteria.0.c2" in complaint
    assert main.run(["law", "export", "JM", "--out", str(tmp_path / "out.yaml")]) == 0


def test_duties_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    (sheet,) = _rows(capsys, "duties", "GB", "--on", "2026-03-20")
    assert sheet["duties"][0]["phase"] == "not yet"
    assert "SI 2026/268" in sheet["duties"][0]["citations"]


def test_solicitation_reads_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO('{"actor_age": 40, "child_age": 12, "child_is_real": "yes"}'))
    (row,) = _rows(capsys, "solicitation", "--facts", "-", "--jurisdiction", "GB")
    assert row["opinion"] == "undetermined"
    assert "sexual_purpose" in row["would_settle"]


@pytest.mark.parametrize("form", ["akn", "html", "md"])
def test_a_bill_is_written(capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str) -> None:
    options = tmp_path / "options.yaml"
    options.write_text("term: child pornography\nage_of_consent: 16\nknowingly: true\n", encoding="utf-8")
    out = tmp_path / "bill"
    assert main.run(["law", "draft", "ls", "--format", form, "--options", str(options), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "age of 16," in text or form != "md"
    assert "knowingly " in text
    assert "Lesotho" in text or form == "akn"


def test_nothing_is_drafted_where_nothing_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is nothing to draft for United States" in _complaint(capsys, "draft", "US")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["draft", "XX"], "no jurisdiction XX"),
        (["draft", "DM", "--format", "exe"], "--format"),
        (["draft", "DM", "--options", "OPTIONS"], "colour"),
    ],
)
def test_a_bill_that_can_not_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], sentence: str
) -> None:
    options = tmp_path / "options.json"
    options.write_text('{"colour": "red"}', encoding="utf-8")
    assert sentence in _complaint(capsys, *(str(options) if word == "OPTIONS" else word for word in words))


def test_a_countrys_spreadsheet_goes_out_and_comes_back(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "lc.csv"
    assert main.run(["law", "sheet", "lc", "--out", str(path)]) == 0
    assert _rows(capsys, "take-sheet", "LC", str(path)) == [{"added": 0, "changed": 0, "removed": 0}]
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    path.write_text("\n".join(lines[:-1]), encoding="utf-8")
    assert _rows(capsys, "take-sheet", "LC", str(path), "--dry-run") == [{"added": 0, "changed": 0, "removed": 1}]
    before = len(_rows(capsys, "provisions", "LC"))
    assert _rows(capsys, "take-sheet", "LC", str(path))[0]["removed"] == 1
    assert len(_rows(capsys, "provisions", "LC")) == before - 1
    path.write_text(text, encoding="utf-8")
    assert _rows(capsys, "take-sheet", "LC", str(path)) == [{"added": 0, "changed": 0, "removed": 0}], (
        "the older sheet brings back nothing, and takes out nothing"
    )
    path.write_text("\n".join(line.rpartition(",")[0] + "," for line in lines[:-2]), encoding="utf-8")
    assert main.run(["law", "take-sheet", "LC", str(path), "--dry-run"]) == 0
    said = capsys.readouterr().err
    assert "--remove takes it out.\nleeward: Stays: Criminal Code" in said
    assert "Changed" not in said
    assert _rows(capsys, "take-sheet", "LC", str(path), "--remove", "--dry-run")[0]["removed"] == 1
    unknown = "\n".join(line.rpartition(",")[0] + "," for line in lines).replace(
        "s 14,definition,partial", "s 14,definition,no"
    )
    path.write_text(unknown, encoding="utf-8")
    assert main.run(["law", "take-sheet", "LC", str(path), "--dry-run"]) == 0
    said = capsys.readouterr().err
    assert "leeward: Changed: Computer Misuse Act 2011 s 14 (definition), value: partial → no." in said
    path.write_text(text.replace(",yes,", ",perhaps,", 1), encoding="utf-8")
    assert main.run(["law", "take-sheet", "LC", str(path)]) == 2
    assert "lc.csv, line 2: value must be one of" in capsys.readouterr().err
    path.write_bytes(text.encode("utf-16"))
    assert main.run(["law", "take-sheet", "LC", str(path)]) == 2
    assert "lc.csv, line 1: it has a letter that is not UTF-8; save the sheet as “CSV UTF-8”" in capsys.readouterr().err
    assert main.run(["law", "take-sheet", "LC", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err
