"""Make docs/reference from the code; with --check only tell whether it is up to date. Usage: make_docs.py [--check]"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("LEEWARD_DATA", tempfile.mkdtemp(prefix="leeward-docs-"))
os.environ.setdefault("LEEWARD_SECRET", "documents need none")

import click
import typer

from leeward.site.start import start

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "reference"
NOTE = "<!-- Made by tools/make_docs.py from the code: change the code, then run make docs. -->\n\n"


def settings() -> str:
    """Every setting with its default and its sentence."""
    from pydantic_core import PydanticUndefined

    from leeward.site.config import Config

    lines = ["# Settings", "", "Each is an environment variable; `NAME_FILE` names a file that holds the value.", ""]
    lines += ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Config.model_fields.items():
        default = "" if field.default in ("", (), PydanticUndefined) else f"`{field.default}`"
        lines.append(f"| `LEEWARD_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def commands() -> str:
    """Every command with its options."""
    from leeward.cli.main import build

    root = typer.main.get_command(build())
    lines = [
        "# Commands",
        "",
        "Exit codes: 0 good, 1 found something, 2 wrong use, 130 Ctrl-C. `--data DIR` works everywhere.",
        "",
    ]
    for path, command in walk(root, "leeward"):
        lines += [f"## {path}", "", clean(command.help or ""), ""]
        options = [
            parameter
            for parameter in command.params
            if not (isinstance(parameter, click.Option) and parameter.name == "help")
        ]
        for parameter in options:
            names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
            help_text = getattr(parameter, "help", None) or ""
            lines.append(f"- {names}: {help_text}" if help_text else f"- {names}")
        lines += [""] if options else []
    return "\n".join(lines)


def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its path."""
    inner = getattr(command, "commands", None)  # typer brings its own copy of click, so classes tell nothing
    if inner:
        for name in sorted(inner):
            yield from walk(inner[name], f"{path} {name}")
    else:
        yield path, command


def clean(text: str) -> str:
    """A docstring as running text."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def basis() -> str:
    """On what a message or a block may rest, and where each basis is used."""
    from leeward.laws.labels import BASES
    from leeward.laws.rules.basis import USED, USES

    heads = {
        "notice": "notice to a host",
        "abroad": "message abroad",
        "referral": "referral to our police",
        "national_block": "national list",
        "worst_of_block": "worst-of list",
    }
    lines = ["# What a notice, a referral or a block rests on", ""]
    lines += ["The first that holds is cited; a notice without a law names all that hold.", ""]
    lines += [f"| basis | {' | '.join(heads[use] for use in USES)} |", "|---|" + "---|" * len(USES)]
    lines += [
        f"| {BASES[base]} | " + " | ".join("yes" if use in uses else "" for use in USES) + " |"
        for base, uses in USED.items()
    ]
    lines += ["", *_BASIS_NOTES]
    return "\n".join(lines) + "\n"


_BASIS_NOTES = (
    (
        "- *The law of this country* holds for a notice only where it is hosted here; for a block, where that law likely makes it illegal, "
        "or where somebody read the text of a provision in force and the material meets the baseline; somebody else’s "
        "account of a law blocks nothing."
    ),
    "- *The law of the country where it is hosted* blocks nothing here.",
    "- *The international baseline* is INTERPOL’s: a real child before puberty, and an act or focus that it names.",
    (
        "- *The operators’ agreement* is recorded on the page of the list, with its date; it reaches only what meets the baseline, and "
        "nothing that this country’s law was found not to reach."
    ),
    "- A law that does not reach the facts is never cited. A heading, a memory or a bill is no law that can be cited.",
    "- Where nothing holds, a referral goes out and says so; a block is refused, with what is lacking and what would mend it.",
)


def permissions() -> str:
    """Who may do what."""
    from leeward.people.rules.permissions import ACTS, ROLES

    lines = ["# Permissions", "", "Only in one’s own hotline.", ""]
    lines += ["| act | " + " | ".join(role.replace("_", " ") for role in ROLES) + " |", "|---|" + "---|" * len(ROLES)]
    lines += [
        f"| `{act}` | " + " | ".join("yes" if role in allowed else "" for role in ROLES) + " |"
        for act, allowed in ACTS.items()
    ]
    return "\n".join(lines) + "\n"


def jobs() -> str:
    """What the worker does, and what it listens to."""
    from leeward.jobs.registry import HANDLERS, SUBSCRIBERS, load

    load()
    heard = {kind: event for event, kinds in SUBSCRIBERS.items() for kind in kinds}
    lines = ["# Duties", "", "What the worker does. A duty that fails is tried again with growing delays.", ""]
    lines += ["| duty | when | tries | what it does |", "|---|---|---|---|"]
    for kind, handler in sorted(HANDLERS.items()):
        when = f"every {handler.every}" if handler.every else f"on `{heard[kind]}`" if kind in heard else "when due"
        says = (handler.run.__doc__ or "").strip().splitlines()
        lines.append(f"| `{kind}` | {when} | {'' if handler.every else handler.tries} | {says[0] if says else ''} |")
    return "\n".join(lines) + "\n"


def rights() -> str:
    """What the role of the public face may do in PostgreSQL."""
    from leeward.site.rights import as_markdown

    head = "What the role of the public face (`LEEWARD_PUBLIC_ROLE`) may do in a PostgreSQL database."
    how = (
        "Each start of another process gives these rights anew, takes away all others that the owner of the tables gave the role or everybody "
        "(`PUBLIC`), and asks the database what the role can do then. If it can do anything else, by a grant of somebody else, a membership or an "
        "attribute, neither that process nor the face starts: [how to run it](../how-to/faces.md)."
    )
    return f"# Rights of the public face\n\n{head}\n{how}\n\n{as_markdown()}"


def states() -> str:
    """The life of a case."""
    from leeward.casework.rules.printed import as_markdown
    from leeward.people.rules.permissions import ACTS

    return f"# The life of a case\n\n{as_markdown(ACTS)}"


def exchange() -> str:
    """What two hotlines may write to each other about one item."""
    from leeward.exchange.rules.printed import as_markdown

    head = "What two hotlines write to each other about one item, and the stage that follows. Each message is judged by what its author could know."
    wire = "The body of a request as JSON Schema: [exchange.json](exchange.json). A request is signed by HTTP message signatures (RFC 9421, Ed25519)."
    return f"# Hotline to hotline\n\n{head}\n\n{wire}\n\n{as_markdown()}"


def exchange_json() -> str:
    """What travels, as JSON Schema."""
    from leeward.exchange.rules.schema import BATCH

    return json.dumps(BATCH, indent=1, ensure_ascii=False) + "\n"


def hash_records() -> str:
    """What a record of a known image means, and what the categories of other lists are taken for."""
    from leeward.hashbank.rules import categories, standing

    words = {code: name for name, code in categories.NAMES.items()}
    lines = [
        "# Records of known images",
        "",
        "What a record counts for follows from its votes and from nothing else, in whatever order they came. One source is one vote.",
        "`known` here is the answer for equal hashes; for pictures that look alike it is `near`.",
        "What sources disagree about is for a person, who settles it on the desk.",
        "",
        "| sources say | state | match | upload check advises | may decide a case unseen | goes out in lists |",
        "|---|---|---|---|---|---|",
    ]
    for row in standing.table():
        said = " and ".join(f"`{verdict}`" for verdict in row.verdicts) + f", {row.only_by}" * bool(row.only_by)
        lines.append(
            f"| {said} | `{row.state}` | `{row.match}` | {row.advice} | {row.may_decide} | {row.is_exported} |"
        )
    lines += [
        "",
        "## Categories of other lists",
        "",
        "An import stops, before anything is written, at a category that has no row here and that nobody has mapped with `--category`.",
        "",
        "| profile | category | means | facts |",
        "|---|---|---|---|",
    ]
    for profile in categories.PROFILES.values():
        for category, meaning in profile.categories.items():
            facts = ", ".join(f"{name} {value}" for name, value in meaning.facts.items())
            lines.append(f"| `{profile.name}` | {category} | {words[meaning.what]} | {facts} |")
    return "\n".join(lines) + "\n"


def openapi() -> str:
    """The API as OpenAPI 3.1."""
    from leeward.api.app import api

    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), indent=1, sort_keys=True, default=str) + "\n"


def webhook() -> str:
    """What is posted to contacts' own servers, field by field."""
    schema = webhook_schema()
    lines = [
        "# What is posted to a webhook",
        "",
        f"{schema['description']} As JSON Schema: [webhook.json](webhook.json).",
        "",
    ]
    lines += ["How a receiver checks and answers it: [../how-to/webhook.md](../how-to/webhook.md).", ""]
    data = schema["properties"]["data"]
    tables = [
        ("The body", schema),
        ("`data`", data),
        ("`data.hotline`", data["properties"]["hotline"]),
        ("`data.items[]`", schema["$defs"]["item"]),
    ]
    notices_only = schema["then"]["properties"]["data"]["required"]
    for title, part in tables:
        lines += [f"## {title}", "", "| field | type | there | what it is |", "|---|---|---|---|"]
        for name, field in part["properties"].items():
            there = "always" if name in part["required"] else "in a `notice`" if name in notices_only else "sometimes"
            lines.append(f"| `{name}` | {type_word(field)} | {there} | {field.get('description', '')} |")
        lines.append("")
    return "\n".join(lines)


def webhook_schema() -> dict[str, Any]:
    """The schema of the bodies."""
    path = ROOT / "src" / "leeward" / "notices" / "channels" / "webhook" / "schema.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def type_word(field: dict[str, Any]) -> str:
    """The type of a field, in a word or the values it can have."""
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    kind = field.get("type", "object")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def webhook_json() -> str:
    """The same as JSON Schema."""
    return json.dumps(webhook_schema(), indent=1, ensure_ascii=False) + "\n"


def processing() -> str:
    """What is kept about people, with the times that hold where nobody sets others."""
    from leeward.administration.processing.paper import as_markdown
    from leeward.site.config import Config

    return as_markdown(Config.model_construct())


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "commands.md": commands,
    "permissions.md": permissions,
    "basis.md": basis,
    "jobs.md": jobs,
    "rights.md": rights,
    "states.md": states,
    "exchange.md": exchange,
    "exchange.json": exchange_json,
    "hash-records.md": hash_records,
    "processing.md": processing,
    "openapi.json": openapi,
    "webhook.md": webhook,
    "webhook.json": webhook_json,
}


def main() -> int:
    """Write or check every page."""
    start()
    stale = []
    OUT.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        text = make() if name.endswith(".json") else NOTE + make()
        path = OUT / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"{'Out of date' if '--check' in sys.argv else 'Made'}: {', '.join(stale)}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
