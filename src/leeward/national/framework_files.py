"""Frameworks as files: the shipped one, and the check of any other against `data/schema.json`; one sentence for what is wrong."""

import json
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from yaml.nodes import MappingNode, Node, SequenceNode

from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.laws.errors import BadLawFile
from leeward.laws.files.yaml_text import line_of, read_yaml
from leeward.national.errors import FrameworkUnusable
from leeward.national.rules.framework import MOST_BYTES, Framework, framework_of, problem_of
from leeward.national.rules.measures import MEASURES

_TOO_MUCH = _("%(name)s is too long or too large: at most %(wanted)s")
_TOO_LITTLE = _("%(name)s is too short or too small: at least %(wanted)s")
_NOT_AS_REQUIRED = _("%(name)s may hold only small letters, digits, _ and -")
_SENTENCES = {
    "required": _("%(name)s is missing"),
    "additionalProperties": _("there is no field %(name)s"),
    "type": _("%(name)s has the wrong type; expected: %(wanted)s"),
    "const": _("%(name)s must be %(wanted)s"),
    **dict.fromkeys(("maxLength", "maxItems", "maximum"), _TOO_MUCH),
    **dict.fromkeys(("minLength", "minItems", "minimum"), _TOO_LITTLE),
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DATA = files("leeward.national") / "data"


@cache
def shipped_text() -> str:
    """Return the text of the shipped framework, also an example of the format."""
    return (_DATA / "toolkit.yaml").read_text(encoding="utf-8")


@cache
def schema_text() -> str:
    """Return the schema that a framework's file must follow."""
    return (_DATA / "schema.json").read_text(encoding="utf-8")


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text()))


def decoded(content: bytes) -> str:
    """Return the text of an uploaded file. Raises FrameworkUnusable."""
    if len(content) > MOST_BYTES:
        raise FrameworkUnusable(line=1, why=_("the file is larger than %(most)s kB", most=MOST_BYTES // 1000))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FrameworkUnusable(line=line, why=_("the file is not in UTF-8")) from None


@lru_cache(maxsize=16)
def read_framework(text: str) -> Framework:
    """Return the framework of a text. Raises FrameworkUnusable with the line of the first problem and one sentence."""
    try:
        return _read(text)
    except RecursionError as problem:  # far more levels than a framework has
        raise FrameworkUnusable(line=1, why=_("it can't be read as YAML (%(problem)s)", problem=problem)) from None


def _read(text: str) -> Framework:
    try:
        content = read_yaml(text, name="")
    except BadLawFile as error:
        raise FrameworkUnusable(line=error.line, why=error.values["why"]) from None
    if twice := _twice(yaml.compose(text, Loader=_LOADER)):
        name, line = twice
        raise FrameworkUnusable(line=line, why=_("%(name)s stands there twice", name=name))
    problem = best_match(_validator().iter_errors(content))
    if problem is not None:
        path: tuple[str | int, ...] = tuple(problem.absolute_path)
        raise FrameworkUnusable(line=line_of(text, path), why=_in_words(problem))
    found = problem_of(content, MEASURES)
    if found is not None:
        raise FrameworkUnusable(line=line_of(text, found[0]), why=found[1])
    return framework_of(content)


def _twice(node: Node | None) -> tuple[str, int] | None:
    """Return the first name that a part of the file has twice, with its line."""
    names = set[str]()
    for key, below in node.value if isinstance(node, MappingNode) else ():
        if key.value in names:
            return str(key.value), key.start_mark.line + 1
        names.add(key.value)
        if found := _twice(below):
            return found
    each = (_twice(below) for below in (node.value if isinstance(node, SequenceNode) else ()))
    return next((found for found in each if found), None)


def _in_words(error: ValidationError) -> object:
    rule, wanted = str(error.validator), cast("Any", error.validator_value)
    schema, found = cast("Any", error.schema), cast("Any", error.instance)
    name: Any = str(error.absolute_path[-1]) if error.absolute_path else "–"
    if rule == "required":
        name = next(one for one in wanted if one not in found)
    elif rule == "additionalProperties":
        name = next(str(one) for one in found if one not in schema["properties"])[:40]
    sentence = _SENTENCES.get(rule, _NOT_AS_REQUIRED)
    return LazyText(sentence.message, name=name, wanted=wanted)
