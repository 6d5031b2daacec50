"""Read and write the register's YAML: one canonical form, words stay text, and every problem has a line number."""

import re
from collections.abc import Sequence
from typing import Any

import yaml
from django.utils.translation import gettext as _
from yaml.nodes import MappingNode, Node, SequenceNode

from leeward.laws.errors import BadLawFile

try:
    _BASE: type[Any] = yaml.CSafeLoader
except AttributeError:  # PyYAML without libyaml
    _BASE = yaml.SafeLoader

LINE_WIDTH = 118


class _Words:
    """Resolves only null, true, false and numbers: `no` stays text (it can be Norway), and so does a date."""


class _Reader(_Words, _BASE):  # type: ignore[misc]  # which of two is known as it runs
    yaml_implicit_resolvers: dict[str, Any] = {}


class _Writer(_Words, yaml.SafeDumper):
    yaml_implicit_resolvers: dict[str, Any] = {}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001 - as the base has it
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _side in (_Reader, _Writer):
    _side.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
    _side.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
    _side.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
    _side.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))


def read_yaml(text: str, *, name: str) -> Any:
    """Return the content of a YAML text; raises BadLawFile naming file and line where it is malformed."""
    try:
        _refuse_references(text, name)
        return yaml.load(text, Loader=_Reader)  # noqa: S506  a safe loader with fewer kinds of value
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        why = _("it is not well-formed YAML (%(problem)s)") % {"problem": problem.problem or "—"}
        raise BadLawFile(file=name, line=mark.line + 1 if mark else 1, field="", why=why) from None
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise BadLawFile(
            file=name, line=1, field="", why=_("it can't be read as YAML (%(problem)s)") % {"problem": problem}
        ) from None


def _refuse_references(text: str, name: str) -> None:
    """Refuse aliases: a few lines that refer to each other can expand beyond any memory, and a law needs none."""
    if "*" not in text:
        return
    for event in yaml.parse(text, Loader=_Reader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise BadLawFile(file=name, line=line, field="", why=_("it contains a reference to another part of itself"))


def write_yaml(content: Any) -> str:
    """Return the canonical text of a content; reading and writing it again gives the same bytes."""
    return yaml.dump(
        content, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=LINE_WIDTH, default_flow_style=False
    )


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line (from 1) of the value at `path`, or of its nearest existing parent."""
    try:
        node: Node | None = yaml.compose(text, Loader=_Reader)
    except yaml.YAMLError:
        return 1
    line = 0
    for step in path:
        if node is None:
            break
        node, line = _child(node, step, line)
    return line + 1


def _child(node: Node, step: str | int, line: int) -> tuple[Node | None, int]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        found = node.value[step]
        return found, found.start_mark.line
    return None, line
