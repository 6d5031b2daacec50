"""`leeward bank export|lists|open-list|publish|sign|verify`: giving lists out, and proving that a file is what was given out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.hotline import in_hotline
from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput

HotlineName = Annotated[
    str, typer.Option("--hotline", help="The hotline's short name; needed where there are several.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
ListName = Annotated[str, typer.Argument(metavar="LIST", help="The list's name.")]


def export_list(
    name: Annotated[str, typer.Argument(metavar="[LIST]", help="A list's name; without it, every record in use.")] = "",
    form: Annotated[
        str, typer.Option("--format", help="csv, vics, ncmec, threatexchange, threatexchange-csv or plain.")
    ] = "csv",
    since: Annotated[int, typer.Option("--since", help="Only what changed since this version of the list.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write; it is signed as FILE.sig.")] = None,
    harmless: Annotated[
        bool, typer.Option("--harmless", help="Without a list: the harmless look-alikes, and nothing else.")
    ] = False,
    hotline: HotlineName = "",
) -> int:
    """Write a list, or what changed on it since a version; records that a format can't hold are counted.

    Example: leeward bank export national --format ncmec --since 3 --out changes.xml
    """
    if since and not name:
        raise BadInput(what="--since", why="it needs a list")
    if harmless and name:
        raise BadInput(what="--harmless", why="what a list holds is said when it is made: leeward bank open-list")
    with in_hotline(hotline) as actor:
        from leeward.hashbank.lists.services import exporting

        selection = (
            exporting.selection_of(exporting.list_named(name), since)
            if name
            else exporting.Selection(harmless=harmless)
        )
        if out is None:
            _, skipped = exporting.export_list(sys.stdout.buffer, format_name=form, selection=selection, actor=actor)
        else:
            fresh = out.with_name(f".{out.name}.new")
            with readable(out), fresh.open("wb") as stream:
                count, skipped = exporting.export_list(stream, format_name=form, selection=selection, actor=actor)
            fresh.replace(out)
            print(f"{out}: {count} records, signed in {exporting.sign_file(out).name}")
    if skipped.count:
        complain(f"{skipped.count} records are not in it: {skipped.why}.")
    return 0


def lists(hotline: HotlineName = "", as_json: AsJson = False) -> int:
    """List the lists for subscribers with their newest versions.

    Example: leeward bank lists --json
    """
    with in_hotline(hotline):
        from leeward.hashbank.lists.services.exporting import list_rows

        columns = None if as_json else ("name", "title", "version", "entries", "made_at")
        show(list_rows(), as_json=as_json, columns=columns)
    return 0


def open_list(
    name: ListName,
    title: Annotated[str | None, typer.Option("--title", help="What people read.")] = None,
    bank: Annotated[list[str] | None, typer.Option("--bank", help="Only this bank; may be repeated.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind of hash; may be repeated.")] = None,
    baseline: Annotated[
        bool | None, typer.Option("--baseline/--every-record", help="Only what two sources confirm, or all.")
    ] = None,
    harmless: Annotated[
        bool | None,
        typer.Option("--harmless/--illegal", help="A list of harmless look-alikes, or of illegal material."),
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--format", help="Publish each version in this format; may be repeated.")
    ] = None,
    reader: Annotated[
        list[int] | None, typer.Option("--key", help="The number of a key that may fetch it; may be repeated.")
    ] = None,
    clear: Annotated[
        list[str] | None,
        typer.Option("--clear", help="Clear what was set before: bank, kind, format or key; may be repeated."),
    ] = None,
    hotline: HotlineName = "",
) -> int:
    """Create a list for subscribers, or change its contents, the formats of its versions and which keys may fetch them.

    Options that are not given stay as they are; those given replace the old values. Example: leeward bank open-list national --key 7 --key 9
    """
    for one in clear or []:
        if one not in ("bank", "kind", "format", "key"):
            raise BadInput(what=f"--clear {one[:20]}", why="choose from bank, kind, format, key")
    cleared = set(clear or [])
    with in_hotline(hotline) as actor:
        from leeward.hashbank.lists.services.exporting import open_list as make

        row = make(
            name,
            title=title,
            banks=bank or ([] if "bank" in cleared else None),
            kinds=kind or ([] if "kind" in cleared else None),
            baseline_only=baseline,
            harmless=harmless,
            formats=form or ([] if "format" in cleared else None),
            readers=reader or ([] if "key" in cleared else None),
            actor=actor,
        )
        held = {
            "banks": row.banks or ["all"],
            "kinds": row.kinds or ["all"],
            "formats": row.formats,
            "keys": row.readers,
        }
    held_text = "; ".join(f"{what}: {' '.join(map(str, values)) or 'none'}" for what, values in held.items())
    sort = "harmless look-alikes" if row.harmless else "confirmed records"
    print(f"{name}: {sort}{', only what two sources say' if row.baseline_only else ''}; {held_text}")
    print(f"Write its next version with: leeward bank publish {name}")
    return 0


def publish(name: ListName, hotline: HotlineName = "") -> int:
    """Publish a list as a signed snapshot that scanners and upload checks load; prints the folder and its key.

    Example: leeward bank publish national
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.lists.services import exporting, publishing

        version = publishing.publish_list(name, actor=actor)
        print(f"version {version}\t{exporting.list_folder(name)}\t{exporting.signer().public_key}")
    return 0


def sign(file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to sign.")]) -> int:
    """Sign a file with this installation's key; the signature is written beside it as FILE.sig.

    Example: leeward bank sign list.csv
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.fingerprints import problems
    from leeward.audit.keys import DOCUMENTS
    from leeward.hashbank.lists.services.exporting import sign_file

    for found in problems((DOCUMENTS,)):
        raise found
    with readable(file):
        print(sign_file(file))
    return 0


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A signed file, or the folder of a published list.")],
    key: Annotated[str, typer.Option("--key", help="The only key that is trusted, in base 64.")] = "",
) -> int:
    """Check a signed file, or the folder of a published list with every file in it; exits with 1 if it is not what was signed.

    Example: leeward bank verify list.csv --key BASE64
    """
    from leeward.site.start import start

    start()
    from leeward.hashbank.errors import SignatureRefused
    from leeward.hashbank.lists.services.exporting import verify_file
    from leeward.matching.lists import HashListRefused, open_list

    try:
        with readable(file):
            if file.is_dir():
                opened = open_list(file, key=key or None, verify=True)
                print(f"{file}: good, version {opened.manifest.serial}, {opened.manifest.entries} records")
            else:
                print(f"{file}: good, signed by {verify_file(file, key=key)}")
    except (SignatureRefused, HashListRefused) as refusal:
        complain(refusal.text, str(refusal.hint))
        return 1
    return 0


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn a system error about a file into one clear line."""
    try:
        yield
    except OSError as error:
        raise BadInput(what=str(path), why=(error.strerror or str(error)).lower()) from error
