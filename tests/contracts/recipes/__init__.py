"""Following a recipe of CONTRIBUTING.md by script, in a copy of the source.

A recipe is what stands under its `### Title`. Its code blocks are its steps, carried out in order:

- ```` ```python src/leeward/x.py ```` (any language, then a path): a new file
- ```` ```diff src/leeward/x.py ````: a change. Lines that begin with a space are there already and say where, "-" goes, "+" comes;
  together they are found exactly once. `...` alone begins another place of the same file
- ```` ```sh ````: commands, run in the copy, each of which must succeed

A test copies what the recipe needs, follows it, and asserts what a contributor would see::

    def test_a_case_state(tmp_path: Path) -> None:
        copy = copied(tmp_path, "tests/casework")
        copy.follow("A case state")
        assert "parked" in copy.run(".venv/bin/leeward case states")
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.tables import give_tables, kept_tables

ROOT = Path(__file__).resolve().parents[3]
ALWAYS = ("src/leeward", "CONTRIBUTING.md", "Makefile", "pyproject.toml", "tools")
_BLOCK = re.compile(r"^( *)```(\w+)(?: (\S+))?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
# Tools are there already, and no step makes them.
_SHELL = 'make() { command make -s -o dev -o setup "$@"; }\n'


@dataclass(frozen=True, slots=True)
class Block:
    """One code block: its language, the path that it is about ("" for none), and its text."""

    language: str
    path: str
    text: str


def blocks_of(title: str, text: str) -> list[Block]:
    """The steps of a recipe."""
    parts = text.split(f"\n### {title}\n")
    assert len(parts) == 2, f"CONTRIBUTING.md has {len(parts) - 1} recipes called {title!r}"
    recipe = re.split(r"^##", parts[1], maxsplit=1, flags=re.MULTILINE)[0]
    found = [
        Block(language, path, re.sub(rf"^{indent}", "", inside, flags=re.MULTILINE))
        for indent, language, path, inside in _BLOCK.findall(recipe)
    ]
    assert found, f"the recipe {title!r} has no code block"
    return found


def changed(text: str, diff: str) -> str:
    """The text after a change; what the change stands beside must be there exactly once."""
    for place in re.split(r"^\.\.\.\n", diff, flags=re.MULTILINE):
        lines = [line or " " for line in place.splitlines()]
        assert all(line[0] in " +-" for line in lines), f"a line begins with neither space, + nor -:\n{place}"
        before = "".join(f"{line[1:]}\n" for line in lines if line[0] != "+")
        after = "".join(f"{line[1:]}\n" for line in lines if line[0] != "-")
        found = f"\n{text}".count(f"\n{before}")
        assert before, f"nothing says where this belongs:\n{place}"
        assert found == 1, f"found {found} times, not once:\n{before}"
        text = f"\n{text}".replace(f"\n{before}", f"\n{after}")[1:]
    return text


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the source in which recipes are followed."""

    root: Path

    def follow(self, *titles: str, **environment: str) -> list[str]:
        """Carry out every step of a recipe; return what each run of commands printed. Of several, one after the other, the last one's
        `make docs` is that of all: it takes as long as everything else."""
        text = (self.root / "CONTRIBUTING.md").read_text(encoding="utf-8")
        printed = []
        for title, block in [(recipe, step) for recipe in titles for step in blocks_of(recipe, text)]:
            if block.language == "sh":
                commands = block.text if title == titles[-1] else block.text.replace("make docs\n", "")
                printed.append(self.run(commands, **environment) if commands else "")
            elif block.language == "diff":
                there = self.root / block.path
                there.write_text(changed(there.read_text(encoding="utf-8"), block.text), encoding="utf-8")
            elif block.path:
                self.write(block.path, block.text)
        return printed

    def write(self, path: str, text: str) -> None:
        """A new file."""
        there = self.root / path
        assert not there.exists(), f"{path} is there already"
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(text, encoding="utf-8")

    def run(self, commands: str, *, fails: bool = False, **more: str) -> str:
        """Run commands in the copy, on its own data folder and with more in their environment; return what they printed. They must
        succeed, or fail where that is expected."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LEEWARD_", "PYTEST_"))},
            "PYTHONPATH": str(self.root / "src"),
            "LEEWARD_DATA": str(self.root / "var"),
            "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
            **more,
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", _SHELL + commands],
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode != 0) is fails, f"{commands}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        return done.stdout + done.stderr


def copied(to: Path, *more: str) -> Copy:
    """Copy the source, and of the rest only the paths that are named; compiled files come with it, so that little is compiled, and for
    its tests the database that has its tables."""
    if any(path.startswith("tests") for path in more):
        give_tables(to / kept_tables().relative_to(ROOT))
    for path in (*ALWAYS, *more):
        source, there = ROOT / path, to / path
        if source.is_dir():
            shutil.copytree(source, there, dirs_exist_ok=True)
        else:
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, there)
    (to / ".venv").symlink_to(Path(sys.executable).parents[1])
    return Copy(to)
