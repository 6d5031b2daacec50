"""A small pretty printer after Wadler's and Prettier's: groups are set flat where they fit, fills break only where they must."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    flat: str
    is_hard: bool = False


@dataclass(eq=False)
class Node:
    kind: str  # group indent fill
    inside: "Doc"
    breaks: bool


type Doc = str | Line | Node | list[Doc]

soft, line, hard = Line(""), Line(" "), Line("", is_hard=True)
INDENT = 2


def must_break(doc: Doc) -> bool:
    if isinstance(doc, str):
        return "\n" in doc
    if isinstance(doc, Line):
        return doc.is_hard
    if isinstance(doc, Node):
        return doc.breaks
    return any(must_break(one) for one in doc)


def group(inside: Doc) -> Node:
    return Node("group", inside, must_break(inside))


def indent(inside: Doc) -> Node:
    return Node("indent", inside, must_break(inside))


def fill(parts: list[Doc]) -> Node:
    """Contents and separators by turns."""
    return Node("fill", parts, must_break(parts))


Command = tuple[int, bool, Doc]  # indent, flat, what


def _fits(first: Command, rest: list[Command], room: int) -> bool:
    commands = [first]
    at = len(rest)
    while room >= 0:
        if not commands:
            if not at:
                return True
            at -= 1
            commands.append(rest[at])
            continue
        level, flat, doc = commands.pop()
        if isinstance(doc, str):
            if "\n" in doc:
                return room >= len(doc.split("\n", 1)[0])
            room -= len(doc)
        elif isinstance(doc, Line):
            if not flat or doc.is_hard:
                return True
            room -= len(doc.flat)
        elif isinstance(doc, Node):
            commands.append((level, flat and not (doc.breaks and doc.kind == "group"), doc.inside))
        else:
            commands += [(level, flat, one) for one in reversed(doc)]
    return False


def render(doc: Doc, width: int) -> str:
    out: list[str] = []
    at = 0
    commands: list[Command] = [(0, False, doc)]
    while commands:
        level, flat, now = commands.pop()
        if isinstance(now, str):
            out.append(now)
            at = at + len(now) if "\n" not in now else len(now) - now.rindex("\n") - 1
        elif isinstance(now, Line):
            if flat and not now.is_hard:
                out.append(now.flat)
                at += len(now.flat)
            else:
                out.append("\n" + " " * level)
                at = level
        elif isinstance(now, list):
            commands += [(level, flat, one) for one in reversed(now)]
        elif now.kind == "indent":
            commands.append((level + INDENT, flat, now.inside))
        elif now.kind == "group":
            fits = not now.breaks and (flat or _fits((level, True, now.inside), commands, width - at))
            commands.append((level, fits, now.inside))
        else:
            _fill(now, commands, level, width - at, flat=flat)
    return "\n".join(one.rstrip() if not one.strip() else one for one in "".join(out).split("\n"))


def _fill(node: Node, commands: list[Command], level: int, room: int, *, flat: bool) -> None:
    parts = node.inside
    assert isinstance(parts, list)
    if not parts:
        return
    first, rest = parts[0], parts[1:]
    alone = len(rest) < 2
    fits = not must_break(first) and _fits((level, True, first), commands if alone else [], room)
    if alone:
        commands.append((level, flat or fits, parts))
        return
    separator, second = rest[0], rest[1]
    pair = [first, separator, second]
    both = not must_break(pair) and _fits((level, True, pair), commands if len(rest) == 2 else [], room)
    commands.append((level, flat, Node("fill", rest[1:], must_break(rest[1:]))))
    commands.append((level, flat or both, separator))
    commands.append((level, flat or fits, first))
