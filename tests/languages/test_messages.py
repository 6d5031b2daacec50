"""Catalogues: what is missing or wrong is said, compiling makes what Django reads, and no page is left half in English."""

import ast
import gettext
import json
import re
from pathlib import Path

import pytest
from django.utils.translation import ngettext, override
from lxml import html

import leeward
from leeward.languages.messages import Gap, catalogues, check_complete, compile_all, main, review_of
from tests.intake.walk import Walk
from tests.personas import Cast

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


def test_gettext_goes_by_no_name_that_collecting_does_not_know() -> None:
    unknown = [
        f"{path.name}:{node.lineno} {alias.name} as {alias.asname}"
        for path in Path(leeward.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and alias.asname not in (None, "_")
    ]
    assert unknown == []


def test_nought_is_singular_in_french_and_plural_in_urdu() -> None:
    said = {}
    for language in ("fr", "ur"):
        with override(language):
            one, many = "%(count)s report was imported.", "%(count)s reports were imported."
            said[language] = [ngettext(one, many, count) for count in (0, 1, 2)]
    assert said["fr"][0] == said["fr"][1] != said["fr"][2]
    assert said["ur"][0] == said["ur"][2] != said["ur"][1]


@pytest.mark.parametrize("language", ["fr", "ur"])
def test_no_public_page_has_english_left(cast: Cast, language: str) -> None:
    """Every text of more than one word that stands on the English page is another one on the translated page."""
    names = {"Child helpline", "Leeward Jamaica"}
    english, other = _pages_of("en"), _pages_of(language)
    assert set(english) == set(other)
    for page, texts in other.items():
        assert len(texts) > 10, page
        assert [text for text in sorted(texts & english[page]) if text.strip(": ") not in names] == [], page


def _pages_of(language: str) -> dict[str, set[str]]:
    """What a visitor reads on the pages of the site, of a portal, and on the way through a report, an appeal and a receipt."""
    site = f"/lang/{language}" if language != "en" else ""
    portal = f"/jm/{language}" if language != "en" else "/jm"
    walk, read = Walk(), {}
    for page in ("/", "/privacy", "/proof", "/accessibility", "/nowhere"):
        read[f"site {page}"] = _texts(walk.open(site + page).page)
    for page in ("/", "/report", "/receipt", "/appeal", "/privacy", "/proof", "/accessibility", "/nowhere"):
        read[f"portal {page}"] = _texts(walk.open(portal + page).page)
    for kind in ("page", "contact", "me", "danger", "else"):
        walk.open(f"{portal}/report").send("report", press="go=stay", kind=kind, young="1")
        threat = {"threat": "unsure"} if kind == "me" else {}
        walk.send("report", press="look=1", where="https://a.example/\nstarfish99\nnobody@\n+44 20 7946 0123", **threat)
        read[f"look {kind}"] = _texts(walk.page)
        read[f"wrong {kind}"] = _texts(walk.send("report", press="go=send", mail="nobody@").page)
        read[f"sent {kind}"] = _texts(walk.send("report", press="go=send", mail="").page)
    receipt = walk.receipt
    read["wrong receipt"] = _texts(walk.open(f"{portal}/receipt").send("open", receipt="1234").page)
    read["status"] = _texts(walk.send("open", receipt=receipt).page)
    read["added"] = _texts(walk.send(act="add", text="https://b.example/").page)
    read["taken back"] = _texts(walk.send(act="withdraw").page)
    return read


def _texts(page: html.HtmlElement) -> set[str]:
    """The page's texts of two words or more, read out or shown, apart from what is marked as another language or as code."""
    aside = "@lang and not(self::html) or self::code or self::textarea or contains(@class, 'mono')"
    shown = page.xpath(f"//text()[not(ancestor::*[{aside}])]")
    spoken = page.xpath("//@aria-label | //@placeholder | //@title")
    lines = {" ".join(text.split()) for text in (*shown, *spoken)}
    return {line for line in lines if re.search(r"[^\W\d_]{2,}.* .*[^\W\d_]{2,}", line)}


def test_no_catalogue_keeps_what_a_text_was_before() -> None:
    """Half of such a remark, as a translator's tool leaves it, makes gettext refuse the whole catalogue."""
    kept = {language for language, path in catalogues().items() if "\n#|" in path.read_text(encoding="utf-8")}
    assert kept == set()
