"""Text from outside is matched in linear time: `re` is for modules that only ever see text of our own (`leeward/foundation/patterns.py`)."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from leeward.foundation.patterns import Pattern

SOURCE = Path(__file__).resolve().parents[2] / "src" / "leeward"
BACKTRACKING = {"re", "sre_compile", "regex", "fnmatch"}

# Who may, and why no text of others comes there.
ONLY_OUR_OWN = {
    "backup/rules/choosing.py": "matches our own short patterns with the names in the data directory",
    "demo/blocking.py": "reads keys out of pages that this installation made",
    "demo/figures.py": "reads pages that this installation made",
    "demo/own_picture.py": "reads pages that this installation made",
    "demo/paying.py": "reads mail that this installation made",
    "demo/play.py": "reads pages and mail that this installation made",
    "demo/providing.py": "reads keys out of pages that this installation made",
    "web/templating/loaders.py": "reads the templates that this installation came with",
    "laws/files/yaml_text.py": "hands PyYAML patterns without repetition within repetition; PyYAML takes no others",
}


def imported(tree: ast.AST) -> set[str]:
    """The modules that a module names, however it does."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    names |= {
        str(node.args[0].value)
        for node in calls
        if isinstance(node.args[0], ast.Constant)
        and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__")
    }
    return {name.partition(".")[0] for name in names}


def test_no_module_that_sees_text_from_outside_tries_again_and_again() -> None:
    users = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "/migrations/" not in str(path) and imported(ast.parse(path.read_text(encoding="utf-8"))) & BACKTRACKING
    }
    assert users == set(ONLY_OUR_OWN)


@pytest.mark.parametrize(
    "source", ["import re", "from re import sub", "import re as r", "import_module('re')", "import regex"]
)
def test_the_rule_sees_every_way_to_import(source: str) -> None:
    assert imported(ast.parse(source)) & BACKTRACKING


def test_patterns_of_forms_and_columns_repeat_nothing_without_end() -> None:
    """Django matches them with `re`."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (
                "RegexField",
                "RegexValidator",
            ):
                pattern = ast.literal_eval(node.args[0])
                assert not any(sign in pattern for sign in ("*", "+", ",}")), path


def test_every_pattern_is_one_although_it_is_compiled_when_it_is_first_used() -> None:
    modules = [path for path in SOURCE.rglob("*.py") if "patterns import Pattern" in path.read_text(encoding="utf-8")]
    tried = 0
    for path in modules:
        module = import_module(".".join(("leeward", *path.relative_to(SOURCE).with_suffix("").parts)))
        for value in vars(module).values():
            for pattern in (
                value if isinstance(value, tuple) else value.values() if isinstance(value, dict) else [value]
            ):
                if isinstance(pattern, Pattern):
                    tried += 1
                    pattern.search(b"" if isinstance(pattern._written, bytes) else "")
    assert len(modules) > 40
    assert tried > len(modules)


@pytest.mark.parametrize(
    "pattern",
    [r"\s", r"\S", r"\w", r"\W", r"\d", r"\D", r"[\s@]", r"[^\w.]", r"[\d,]", "\\u200b", r"[\u0300-\u036f]", r"a\Z"],
)
def test_a_pattern_means_what_it_means_elsewhere(pattern: str) -> None:
    letters = [chr(code) for code in (*range(0x3000), *range(0xFB00, 0xFF00)) if not 0xD800 <= code < 0xE000]
    made, other = Pattern(pattern), re.compile(pattern)
    assert [letter for letter in letters if made.fullmatch(letter)] == [
        letter for letter in letters if other.fullmatch(letter)
    ]


def test_half_a_letter_is_read_as_unknown() -> None:
    assert Pattern("a(.)b").sub(lambda found: found[1], "xa\ud800bx") == "x\ufffdx"
    assert Pattern("a.b").sub(r"\1", "aéb") == r"\1"
