"""The table of transitions rendered for the documents: a diagram and a matrix."""

from collections.abc import Mapping

from leeward.casework.rules.states import FIRST_STATE, LAST_STATES, STATES
from leeward.casework.rules.transitions import SYSTEM, TABLE


def diagram() -> str:
    """Return the table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST_STATE}"]
    joined: dict[tuple[str, str], list[str]] = {}
    for line in TABLE:
        joined.setdefault((line.source, line.target), []).append(line.act)
    lines += [f"    {source} --> {target}: {', '.join(acts)}" for (source, target), acts in joined.items()]
    lines += [f"    {state} --> [*]" for state in sorted(LAST_STATES)]
    return "\n".join(lines)


def matrix(roles: Mapping[str, frozenset[str]]) -> str:
    """Return the table as Markdown; `roles` maps permissions to the roles that have them."""
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


def records() -> str:
    """Return as Markdown what each state means for the desk, the reporter and the clocks."""
    rows = [
        "| state | on the desk | lane of the queue | for the reporter | work in it stops the clock |",
        "|---|---|---|---|---|",
    ]
    for state in STATES.values():
        stops = state.stops.replace("_", " ")
        rows.append(f"| {state.name} | {state.label.message} | {state.lane.name} | {state.reporter} | {stops} |")
    return "\n".join(rows)


def as_markdown(roles: Mapping[str, frozenset[str]]) -> str:
    """Return the records, the diagram and the matrix as one piece of Markdown for the generated reference."""
    return f"{records()}\n\n```mermaid\n{diagram()}\n```\n\n{matrix(roles)}\n"
