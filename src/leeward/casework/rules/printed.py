"""The table of transitions as text for the documents: a diagram and a matrix."""

from collections.abc import Mapping

from leeward.casework.rules.transitions import FIRST_STATE, LAST_STATES, SYSTEM, TABLE


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST_STATE}"]
    joined: dict[tuple[str, str], list[str]] = {}
    for line in TABLE:
        joined.setdefault((line.source, line.target), []).append(line.act)
    lines += [f"    {source} --> {target}: {', '.join(acts)}" for (source, target), acts in joined.items()]
    lines += [f"    {state} --> [*]" for state in sorted(LAST_STATES)]
    return "\n".join(lines)


def matrix(roles: Mapping[str, frozenset[str]]) -> str:
    """The table as Markdown; `roles` says which roles have which permission."""
    rows = [
        "| in state | act | leads to | who | guard | not whoever had a part | reason |",
        "|---|---|---|---|---|---|---|",
    ]
    for line in TABLE:
        who = "the system" if line.permission == SYSTEM else ", ".join(sorted(roles[line.permission])).replace("_", " ")
        barred, reason = str(line.barred), "yes" if line.reason_required else ""
        guard = line.guard.replace("_", " ")
        rows.append(f"| {line.source} | {line.act} | {line.target} | {who} | {guard} | {barred} | {reason} |")
    return "\n".join(rows)


def as_markdown(roles: Mapping[str, frozenset[str]]) -> str:
    """Diagram and matrix as one piece of Markdown, for the generated reference."""
    return f"```mermaid\n{diagram()}\n```\n\n{matrix(roles)}\n"
