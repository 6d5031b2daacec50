"""Fail where a word is used that this project has retired: in names of the code, in template tags, in English texts.

The words stand in retired_words.toml beside this file, with what stands in their place. Usage: retired.py [FOLDER]
"""

import ast
import io
import re
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src" / "leeward"
TAG = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)
QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
NAME = re.compile(r"[A-Za-z_]\w*")
BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
TRANSLATED = re.compile(r"""(?:\{%\s*trans(?:late)?\s+|_\()("[^"]*"|'[^']*')""")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


@dataclass(frozen=True, slots=True)
class Word:
    """Retired words of one idea, where they are retired, and what to write instead."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    only: tuple[str, ...]
    but: tuple[str, ...]
    keep: tuple[str, ...]
    code: bool
    instead: str

    def is_retired_in(self, name: str) -> bool:
        """Whether it is retired in this file (a path below src/leeward)."""
        if self.code and not name.endswith(".py"):
            return False
        here = not self.only or any(name == one or name.startswith(f"{one}/") for one in self.only)
        return here and name not in self.but


def read_words(path: Path) -> list[Word]:
    """The list of retired words."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["word"]
    keys = ("names", "texts", "only", "not", "keep")
    return [
        Word(*(tuple(one.get(key, ())) for key in keys), code=one.get("code", False), instead=one["instead"])
        for one in listed
    ]


def names_in(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Every name in code or in a template's tags, with its line."""
    if path.suffix == ".py":
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                yield token.start[0], token.string
        return
    for tag in TAG.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        for part in QUOTED.split(tag.group(0))[::2]:
            for name in NAME.findall(part):
                yield line, name


def texts_in(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Every English text that a person sees, with its line."""
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.lineno, argument.value
        return
    for found in (*BLOCK.finditer(text), *TRANSLATED.finditer(text)):
        yield text.count("\n", 0, found.start()) + 1, found.group(1)


def problems_of(name: str, text: str, words: list[Word]) -> list[str]:
    """What is retired in one file, a line each."""
    path, found = Path(name), []
    here = [word for word in words if word.is_retired_in(name)]
    retired = {one: word for word in here for one in word.names if "*" not in one}
    parts = [(one, word) for word in here for one in word.names if "*" in one]
    known: dict[str, Word | None] = {}
    for line, used in names_in(path, text):
        if used not in known:
            known[used] = retired.get(used) or next(
                (word for one, word in parts if fnmatchcase(used, one) and used not in word.keep), None
            )
        if hit := known[used]:
            found.append(f"{name}:{line}: {used} (write {hit.instead})")
    for line, english in texts_in(path, text):
        for word in here:
            found += [f"{name}:{line}: “{one}” (write {word.instead})" for one in word.texts if one in english.lower()]
    return found


def main() -> int:
    """Look through the sources; return 1 if something is retired."""
    words = read_words(HERE / "retired_words.toml")
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else SOURCE
    found = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix in {".py", ".html", ".txt"} and "/migrations/0" not in name:
            found += problems_of(name, path.read_text(encoding="utf-8"), words)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
