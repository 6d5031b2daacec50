"""The table of messages rendered for the documents: a diagram and a matrix."""

from leeward.exchange.rules.standing import STAGES
from leeward.exchange.rules.steps import ACTIONS, KINDS
from leeward.exchange.rules.table import REFUSALS, TABLE
from leeward.exchange.rules.wire import FAULTS, MESSAGE_FAULTS


def diagram() -> str:
    """Return the table as a Mermaid state diagram."""
    joined: dict[tuple[str, str], list[str]] = {}
    for line in TABLE:
        for stage in line.stages if line.leads_to else ():
            joined.setdefault((stage or "[*]", line.leads_to), []).append(line.what or line.kind)
    lines = [f"    {source} --> {target}: {', '.join(labels)}" for (source, target), labels in joined.items()]
    return "\n".join(["stateDiagram-v2", *lines])


def matrix() -> str:
    """Return the table as Markdown."""
    rows = ["| message | says | sent by | at stage | leads to | guard |", "|---|---|---|---|---|---|"]
    for line in TABLE:
        label = ACTIONS[line.what].message if line.what else ""
        stages = ", ".join(stage or "nothing reported" for stage in line.stages)
        guard = line.guard.replace("_", " ")
        rows.append(
            f"| {KINDS[line.kind].message} | {label} | {' or '.join(line.sides)} | {stages} | {line.leads_to} | {guard} |"
        )
    return "\n".join(rows)


def as_markdown() -> str:
    """Return stages, diagram, table and refusals as one piece of Markdown for the generated reference."""
    stages = ["| stage | on the desk |", "|---|---|"]
    stages += [f"| {name} | {label.message} |" for name, label in STAGES.items() if name]
    refusals = ["| code | why a message has no effect |", "|---|---|"]
    refusals += [f"| `{code}` | {reason.message} |" for code, reason in REFUSALS.items()]
    faults = ["| code | why a request, or one message of it, is refused |", "|---|---|"]
    faults += [f"| `{code}` | {reason.message} |" for code, reason in (FAULTS | MESSAGE_FAULTS).items()]
    parts = ("\n".join(stages), f"```mermaid\n{diagram()}\n```", matrix(), "\n".join(refusals), "\n".join(faults))
    return "\n\n".join(parts) + "\n"
