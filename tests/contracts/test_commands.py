"""Every command says what it needs of the database: its tables as this version has them, tables that it brings up to date itself, or none."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typer

from leeward.cli.main import app, build

CLI = Path(__file__).parents[2] / "src" / "leeward" / "cli"
# Commands that load settings and slices and read no table, each with what it works on instead.
WITHOUT_TABLES = {
    "address proxies": "a list in the data directory, or the shipped one",
    "bank verify": "a file or a folder, and the key that it names",
    "contact known": "the shipped contacts",
    "indicators list": "definitions in the code",
}
# What begins with one way and goes on with another, or chooses.
BOTH = {
    "audit verify": "a file that was exported, or the database",
}
type Function = tuple[str, str]


@cache
def called_by_each() -> dict[Function, frozenset[Function]]:
    """Each function of the commands with what it calls, by module and name."""
    found: dict[Function, frozenset[Function]] = {}
    for path in sorted(CLI.glob("*.py")):
        tree, module = ast.parse(path.read_text(encoding="utf-8")), f"leeward.cli.{path.stem}"
        imports = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            names = {
                node.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            found[module, function.name] = frozenset(imports.get(name, (module, name)) for name in names)
    return found


def reached(function: Function) -> set[str]:
    """The functions of `site.start` that a command calls, itself or by others of the commands."""
    seen, left = {function}, [function]
    while left:
        for one in called_by_each().get(left.pop(), frozenset()):
            if one not in seen:
                seen.add(one)
                left.append(one)
    return {name for module, name in seen if module == "leeward.site.start"}


def commands(of: typer.Typer, before: str = "") -> Iterator[tuple[str, Function]]:
    """Every command by its words, with the function that carries it out."""
    for command in of.registered_commands:
        assert command.callback
        function = inspect.unwrap(command.callback)
        name = command.name or function.__name__.replace("_", "-")
        yield f"{before}{name}", (function.__module__, function.__name__)
    for group in of.registered_groups:
        assert group.typer_instance
        yield from commands(group.typer_instance, f"{before}{group.name} ")


def test_every_command_says_whether_it_works_on_the_tables_as_they_are() -> None:
    every = dict(commands(build()))
    starts = {name: reached(function) for name, function in every.items()}
    assert app.registered_groups
    assert len(every) > 100
    ready = {"start_on_tables", "prepare_database", "need_database"}
    plain = {name for name, called in starts.items() if "start" in called and not called & ready}
    assert plain == set(WITHOUT_TABLES), "start_on_tables() refuses a database of a newer version"
    both = {name for name, called in starts.items() if {"start", "start_on_tables"} <= called}
    assert both == set(BOTH)
