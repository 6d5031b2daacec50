"""The recipes of CONTRIBUTING.md are true: each is followed by script in a copy of the source, then what it names is run."""

from pathlib import Path

import polib
import pytest

from tests.contracts.recipes import blocks_of, changed, copied

RECIPE = """
### Something new
1. Write it.
   ```python src/leeward/new.py
   ANSWER = 42
   ```
2. Run it.
   ```sh
   true
   ```

### Something else
"""


def test_the_steps_of_a_recipe_are_its_code_blocks() -> None:
    file, commands = blocks_of("Something new", RECIPE)
    assert (file.language, file.path, file.text) == ("python", "src/leeward/new.py", "ANSWER = 42\n")
    assert (commands.language, commands.path, commands.text) == ("sh", "", "true\n")


@pytest.mark.parametrize("title", ["Something else", "Nothing"])
def test_a_recipe_without_steps_is_a_fault(title: str) -> None:
    with pytest.raises(AssertionError):
        blocks_of(title, RECIPE)


def test_a_change_says_where_it_belongs() -> None:
    assert changed("a\nb\nc\n", " a\n+x\n b\n...\n-c\n") == "a\nx\nb\n"
    for elsewhere in (" z\n+x\n", "+x\n", " a\n+x\nb\n"):
        with pytest.raises(AssertionError):
            changed("a\nb\n", elsewhere)
    with pytest.raises(AssertionError, match="found 2 times"):
        changed("a\nb\na\n", " a\n+x\n")


def test_a_copy_runs_its_own_source(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    assert str(tmp_path) in copy.run(".venv/bin/python -c 'import leeward; print(leeward.__file__)'")
    with pytest.raises(AssertionError, match="no such thing"):
        copy.run("echo no such thing; false; echo 'but on'")


@pytest.mark.slow
def test_a_notice_channel(tmp_path: Path) -> None:
    passed, *_ = copied(tmp_path, "tests").follow("A notice channel")
    assert "1 passed" in passed


@pytest.mark.slow
def test_a_language(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    (tmp_path / "locale").mkdir()
    copy.follow("A language")
    check = ".venv/bin/python tools/run_checks.py messages"
    assert "ta: missing: " in copy.run(check, fails=True)
    catalogue = polib.pofile(str(tmp_path / "locale/ta/LC_MESSAGES/django.po"))
    for entry in catalogue:
        entry.msgstr = entry.msgid
        if entry.msgid_plural:
            entry.msgstr, entry.msgstr_plural = "", {0: entry.msgid, 1: entry.msgid_plural}
    catalogue.save()
    assert "1 checks good" in copy.run(check)


def test_a_country(tmp_path: Path) -> None:
    (gaps,) = copied(tmp_path).follow("A country's law")
    assert "NU  Niue" in gaps


def test_a_format_of_blocking_lists(tmp_path: Path) -> None:
    (printed,) = copied(tmp_path, "tests").follow("A format of blocking lists")
    assert "1 passed" in printed
