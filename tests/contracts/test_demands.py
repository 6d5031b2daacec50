"""Whatever a form with a mark of what its page showed (`seen`) is sent to, demands that mark: read in the code, for every template.

A view demands it where it, or a function of a view's module that it uses, takes `seen` out of what was sent or calls what does so for it.
`test_marks.py` tries those forms that a walk through the desk comes by.
"""

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from inspect import getsource, isfunction, ismodule, unwrap
from pathlib import Path
from types import FunctionType

from django.urls import URLResolver, get_resolver

from tests.contracts.test_forms import _FORM, _MARK, SOURCE

DEMANDS = frozenset({"demand_as_shown", "once_as_shown", "demand_each_as_shown"})
MARKS = frozenset({"seen", "seen_account"})
_ACTION = re.compile(r"""\baction="\{% url ["']([\w:-]+)["']""")
_PLACE = re.compile(r"""\{% url ["']([\w:-]+)["'][^%]* as \w+ %\}""")


@cache
def views() -> dict[str, FunctionType]:
    """Every view of ours by the name that templates have for its address."""
    return dict(_views(get_resolver(), ""))


def _views(resolver: URLResolver, spaces: str) -> Iterator[tuple[str, FunctionType]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces)
        elif pattern.name and isfunction(view := unwrap(pattern.callback)) and view.__module__.startswith("leeward."):
            yield spaces + pattern.name, view


@cache
def used_by(view: FunctionType) -> frozenset[FunctionType]:
    """A view and the functions of modules of views that it uses, whatever their depth."""
    waiting, known = [view], {view}
    while waiting:
        one = waiting.pop()
        for named in named_in(one):
            for found in named.values() if isinstance(named, dict) else (named,):
                used = unwrap(found) if callable(found) else None
                if isfunction(used) and used not in known and "view" in used.__module__ and used.__name__ != "<lambda>":
                    known.add(used)
                    waiting.append(used)
    return frozenset(known)


def named_in(one: FunctionType) -> Iterator[object]:
    """What a function names of its module, and of modules that it names."""
    for node in ast.walk(parsed(one)):
        if isinstance(node, ast.Name):
            yield one.__globals__.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = one.__globals__.get(node.value.id)
            yield getattr(module, node.attr, None) if ismodule(module) else None


@cache
def source_of(one: FunctionType) -> str:
    return getsource(one)


@cache
def parsed(one: FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(source_of(one)))


@cache
def demands(view: FunctionType) -> bool:
    """Whether a view takes the mark out of what was sent, or calls what does."""
    return any(_takes(node) for one in used_by(view) for node in ast.walk(parsed(one)))


def _takes(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0] if node.args else None
        is_mark = isinstance(first, ast.Constant) and first.value in MARKS
        return name in DEMANDS or (name in ("get", "getlist") and is_mark)
    is_read = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
    return is_read and isinstance(node.slice, ast.Constant) and node.slice.value in MARKS


def templates() -> dict[str, str]:
    found = sorted(SOURCE.rglob("templates/**/*.html"))
    return {str(path).rpartition("/templates/")[2]: Path(path).read_text(encoding="utf-8") for path in found}


def receivers(name: str, form: str, texts: dict[str, str], known: dict[str, FunctionType]) -> dict[str, FunctionType]:
    """The views that a form may be sent to: of the address in it, or else those that show it and those that its place may name."""
    if named := _ACTION.findall(form):
        return {one: known[one] for one in named}
    shown, places = {name}, set(_PLACE.findall(texts[name]))
    for _level in range(4):
        for other, text in texts.items():
            if any(f'{{% include "{one}"' in text for one in shown):
                shown.add(other)
                places |= set(_PLACE.findall(text))
    return {
        one: view
        for one, view in known.items()
        if one in places or any(f'"{template}"' in source_of(used) for used in used_by(view) for template in shown)
    }


def test_whatever_a_form_with_a_mark_is_sent_to_demands_it() -> None:
    texts, known, wrong, count = templates(), views(), [], 0
    for name, text in texts.items():
        for form in _FORM.findall(text):
            if not _MARK.search(form):
                continue
            count += 1
            may = receivers(name, form, texts, known)
            named = bool(_ACTION.search(form))
            if not may or not (all if named else any)(demands(view) for view in may.values()):
                wrong.append(f"{name}: {sorted(may)}")
    assert wrong == [], "\n".join(wrong)
    assert count > 100


def test_the_check_tells_views_that_demand_from_those_that_do_not() -> None:
    known = views()
    assert demands(known["hashbank:say-of-record"])
    assert not demands(known["hashbank:list-sources"]), "it only has a mark in what it shows"
