"""`leeward export`: a case in the format of another organisation, or the figures of a quarter."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from leeward.cli.arguments import json_content
from leeward.cli.arguments import text as read_text
from leeward.cli.hotline import in_hotline
from leeward.cli.output import NotWritten, complain, show
from leeward.foundation.errors import BadInput


def export(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="xarf, xarf-3, cybertipline, iccam, dsa16, goaml, police, police-pdf, bundle or stats-inhope.",
        ),
    ],
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's number; for figures a quarter, as 2026Q3.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; one that exists is left alone.")],
    exploitation: Annotated[
        str,
        typer.Option(
            "--exploitation",
            help="For xarf and cybertipline: a kind of exploitation, as grooming; for goaml live_streamed or extortion.",
        ),
    ] = "",
    key: Annotated[Path | None, typer.Option("--key", help="The officer's OpenPGP key: encrypt to it.")] = None,
    vocabulary: Annotated[
        Path | None, typer.Option("--vocabulary", help="For iccam: labels and the facts they follow from, as JSON.")
    ] = None,
    hotline: Annotated[
        str, typer.Option("--hotline", help="The hotline's short name; needed where there are several.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> int:
    """Export a case in the format of another organisation, validated before it is written.

    The verdict is kept with the case. The exit code is 1 if the export is refused; then no file is written.
    Example: leeward export xarf 2026-0001 --out report.json
    """
    if out.exists():
        raise NotWritten(path=out, why="it exists already")
    certificate = read_text(key) if key else ""
    labels = json_content(vocabulary) if vocabulary else None
    with in_hotline(hotline) as actor:
        from leeward.outputs import services

        assert actor.hotline_id is not None
        if form == services.STATS:
            made = services.export_quarter(case, hotline_id=actor.hotline_id, actor=actor)
        else:
            options = services.Options(exploitation, certificate, vocabulary=_vocabulary(labels))
            made = services.export_case(form, case, options=options, actor=actor)
        for refusal in made.refusals:
            complain(services.sentence(refusal))
    if made.refusals:
        return 1
    _write(out, made.content)
    show([{"file": str(out), "bytes": len(made.content), "media_type": made.media_type}], as_json=as_json)
    return 0


def _write(out: Path, content: bytes) -> None:
    """Write a file whole or not at all: half a bundle on a full disk would be taken for one that was tampered with."""
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if out.exists():
            raise NotWritten(path=out, why="it exists already")
        part.replace(out)
    except OSError as error:
        raise NotWritten.of(out, error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _vocabulary(found: Any) -> str:
    """Return a vocabulary as text, which an option can hold."""
    if found is None:
        return ""
    labels = found.get("labels") if isinstance(found, dict) else None
    if not isinstance(labels, list) or not all(map(_is_label, labels)):
        raise BadInput(what="--vocabulary", why='it needs "labels", each with "code" and "when"')
    return json.dumps(found)


def _is_label(found: Any) -> bool:
    when = found.get("when") if isinstance(found, dict) else None
    return (
        isinstance(when, dict)
        and isinstance(found.get("code"), str)
        and all(isinstance(values, list) for values in when.values())
    )
