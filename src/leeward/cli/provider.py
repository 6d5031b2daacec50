"""`leeward provider`: those who must report; receipts are checked without any database."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leeward.cli.hotline import in_hotline
from leeward.cli.output import show
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.audit.rules.policy import Policy

app = typer.Typer()
MOST_BYTES = 32_000_000
COLUMNS = ("id", "legal_name", "kind", "state", "countries", "asked_at")


@app.callback()
def provider() -> None:
    """Those who must report, and the receipts that they get."""


@app.command("list")
def list_providers(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    hotline: Annotated[
        str, typer.Option("--hotline", help="Our hotline's short name; needed where there are several.")
    ] = "",
) -> int:
    """List the newest providers of a hotline.

    Example: leeward provider list --json
    """
    with in_hotline(hotline):
        from leeward.providers.queries.providers import providers

        rows = [{name: getattr(row, name) for name in COLUMNS} for row in providers("", None).rows]
    show(rows, as_json=as_json, columns=COLUMNS)
    return 0


@app.command("verify-receipt")
def verify_receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt, or the whole answer that it came in.")],
    key: Annotated[str, typer.Option("--key", help="The hotline's public key (base64), from its page /proof.")] = "",
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="Whose log you trust: a file with lines log VKEY, witness VKEY, need NUMBER."),
    ] = None,
    lines: Annotated[
        Path | None, typer.Option("--lines", help="The JSON lines as you sent them: were they the same?")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> int:
    """Check offline that reports were filed and not altered; exit with 1 if that isn't shown.

    Without --key and --policy the keys in the receipt are used: that shows that its parts belong together, not whose they are.

    Example: leeward provider verify-receipt receipt.json --policy trusted.txt --lines reports.jsonl
    """
    from leeward.providers.rules.receipt import verified

    try:
        found = json.loads(_bytes(file))
    except (ValueError, RecursionError):
        raise BadInput(what=str(file), why="it is not JSON") from None
    if isinstance(found, dict) and isinstance(found.get("receipt"), dict):
        found = found["receipt"]
    verdict = verified(
        found, key=key, policy=_policy(policy) if policy else None, digests=_digests(lines) if lines else None
    )
    if as_json:
        show([verdict], as_json=True)
    else:
        print(verdict.sentence)
    return 0 if verdict.ok else 1


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(what=str(path), why=error.strerror or str(error)) from error
    if len(raw) > MOST_BYTES:
        raise BadInput(what=str(path), why="it is larger than a receipt or a batch can be")
    return raw


def _policy(path: Path) -> "Policy":
    from leeward.audit.rules.notes import NoteRefused
    from leeward.audit.rules.policy import Policy

    try:
        return Policy.read(_bytes(path).decode("utf-8"))
    except (NoteRefused, UnicodeDecodeError) as refused:
        raise BadInput(what=str(path), why=str(refused)) from None


def _digests(path: Path) -> list[str]:
    """Return the digests of lines as they were sent, as far as they are lines."""
    from leeward.providers.rules.line import LineRefused, canonical_of, digest_of, parsed

    found = []
    for raw in _bytes(path).splitlines():
        try:
            one = parsed(raw) if raw.strip() else None
        except LineRefused:
            continue
        if isinstance(one, dict):
            found.append(digest_of(canonical_of(one)))
    return found
