"""Catalogues: what is missing or wrong is said, and compiling makes what Django reads."""

import gettext
import json
from pathlib import Path

import pytest

from leeward.web.messages import Gap, check_complete, compile_all, main, review_of

HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


def write(folder: Path, text: str, language: str = "xx") -> Path:
    path = folder / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ('msgid "a"\nmsgstr "b"\n', None),
        ('msgid "a"\nmsgstr ""\n', "missing"),
        ('#, fuzzy\nmsgid "a"\nmsgstr "b"\n', "fuzzy"),
        ('msgid "a %(x)s"\nmsgstr "b"\n', "format"),
        ('msgid "a %(x)s"\nmsgstr "b %(y)s"\n', "format"),
        ('msgid "a {x}"\nmsgstr "{x} b"\n', None),
        ('msgid "a <a href=\\"%(u)s\\">b</a>"\nmsgstr "<a href=\\"%(u)s\\">c</a>"\n', None),
        ('msgid "a <b>b</b>"\nmsgstr "a b"\n', "format"),
        ('msgid "a"\nmsgstr "<script>"\n', "format"),
        ('msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "one"\nmsgstr[1] "%(n)s x"\n', None),
        ('msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "one"\nmsgstr[1] ""\n', "missing"),
        ('msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "one"\nmsgstr[1] "more"\n', "format"),
        ('msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(m)s"\nmsgstr[1] "%(n)s"\n', "format"),
    ],
)
def test_each_kind_of_gap_is_found(tmp_path: Path, entry: str, what: str | None) -> None:
    write(tmp_path, entry)
    gaps = check_complete(tmp_path)
    assert [gap.what for gap in gaps] == ([what] if what else [])
    assert all(isinstance(gap, Gap) and gap.language == "xx" for gap in gaps)


def test_compiling_makes_what_gettext_reads_and_only_what_is_newer(tmp_path: Path) -> None:
    source = write(tmp_path, 'msgid "Report"\nmsgstr "Signaler"\n', "fr")
    assert compile_all(tmp_path) == [source.with_suffix(".mo")]
    catalogue = gettext.translation("django", str(tmp_path), ["fr"])
    assert catalogue.gettext("Report") == "Signaler"
    assert compile_all(tmp_path) == []
    assert [path.name for path in source.parent.iterdir() if path.suffix == ".new"] == []


def test_the_review_says_who_made_and_who_read_it(tmp_path: Path) -> None:
    (tmp_path / "ur").mkdir()
    (tmp_path / "ur" / "review.json").write_text(json.dumps({"made_by": "machine", "reviewed_by": None}))
    assert (review_of("ur", tmp_path).made_by, review_of("ur", tmp_path).reviewed_by) == ("machine", None)
    assert review_of("en", tmp_path).made_by == "people"


def test_wrong_use_is_an_exit_of_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly"]) == 2
    assert "usage:" in capsys.readouterr().err
